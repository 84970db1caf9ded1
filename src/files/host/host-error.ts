import { systemCode, WinkError } from "../../base/index.ts";
import { fileError, shownPath } from "../file-error.ts";

/** The system's name for an error, such as `EACCES`, for a sentence. */
export const codeOf = (error: unknown): string => systemCode(error) ?? "nothing more";

/** Makes the error of something that must not be touched. */
export function forbidden(path: string, why: string): WinkError {
  return new WinkError("PATH_FORBIDDEN", {
    at: shownPath(path),
    problem: `This cannot be used: ${why}`,
    details: { path },
  });
}

/** Makes the error of what the system refuses. A `WinkError` stays as it is. */
export function systemError(path: string, doing: string, error: unknown): WinkError {
  if (WinkError.is(error)) return error;
  const code = codeOf(error);
  const words = systemWords[code];
  return fileError("FILE_FAILED", path, `The system refuses to ${doing}: ${words ?? `it says ${code}`}`, {
    cause: error,
  });
}

/** Does what the system may refuse; throws a {@link systemError} then. */
export function attempt<Result>(path: string, doing: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw systemError(path, doing, error);
  }
}

const systemWords: Readonly<Record<string, string | undefined>> = {
  EACCES: "permission is missing (EACCES)",
  EPERM: "permission is missing (EPERM)",
  EROFS: "the disk may only be read (EROFS)",
  ENOSPC: "the disk is full (ENOSPC)",
  EDQUOT: "the quota of the disk is used up (EDQUOT)",
  EFBIG: "the file would be too large (EFBIG)",
  EMFILE: "too many files are open (EMFILE)",
  ENFILE: "too many files are open (ENFILE)",
  EIO: "the disk does not work (EIO)",
};

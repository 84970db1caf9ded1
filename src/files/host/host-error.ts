import { systemCode, WinkError } from "../../base/index.ts";
import { fileError, shownPath } from "../file-error.ts";

/** The system's name for an error, such as `EACCES`, for a sentence. */
export const codeOf = (error: unknown): string => systemCode(error) ?? "nothing more";

/** Makes the error of something that must not be touched. */
export function forbidden(path: string, received: string): WinkError {
  return new WinkError("PATH_FORBIDDEN", {
    at: shownPath(path),
    problem: "This cannot be used",
    expected: "a file or directory of the folder itself",
    received,
    details: { path },
  });
}

/** Makes the error of what the system refuses. A `WinkError` stays as it is. */
export function systemError(path: string, doing: string, error: unknown): WinkError {
  if (WinkError.is(error)) return error;
  const code = codeOf(error);
  const words = systemWords[code];
  return fileError("FILE_FAILED", path, `The system refuses to ${doing}`, {
    received: words === undefined ? code : `${code}: ${words}`,
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
  EACCES: "permission is missing",
  EPERM: "permission is missing",
  EROFS: "the disk may only be read",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file would be too large",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the disk does not work",
};

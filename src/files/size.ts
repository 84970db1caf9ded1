import { fileError } from "./file-error.ts";

/** The largest file that is read or written at once, in bytes: 32 MiB. */
export const largestFile: number = 32 * 1024 * 1024;

/** Throws `FILE_TOO_LARGE` for a size over {@link largestFile}. */
export function checkSize(size: number, path: string): void {
  if (size <= largestFile) return;
  throw fileError("FILE_TOO_LARGE", path, "The file is too large to be read or written at once", {
    expected: `at most ${largestFile} bytes`,
    received: `${size}`,
  });
}

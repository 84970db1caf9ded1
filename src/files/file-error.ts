import { type ErrorCode, WinkError } from "../base/index.ts";

/** The codes that tell what stands, or does not stand, at a path. */
type FileCode = Extract<ErrorCode, `FILE_${string}` | "FILES_READ_ONLY">;

/** What an error about one path says besides the path. */
interface FileErrorParts {
  readonly expected?: string;
  readonly received?: string;
  readonly fix?: string;
  readonly cause?: unknown;
}

/** Makes an error about the file or directory at a path. */
export function fileError(code: FileCode, path: string, problem: string, parts: FileErrorParts = {}): WinkError {
  return new WinkError(code, { at: shownPath(path), problem, details: { path }, ...parts });
}

/** The error of a change where nothing may be changed. */
export const readOnlyError = (
  path: string,
  expected = "files that may be written",
  received = "files that may only be read",
): WinkError => fileError("FILES_READ_ONLY", path, "It cannot be changed", { expected, received });

/** The error of a directory that was to be read as a file. */
export const notFile = (path: string): WinkError =>
  fileError("FILE_IS_DIRECTORY", path, "It cannot be read", { expected: "a file", received: "a directory" });

/** The error of bytes that were to be read as text. */
export const notText = (path: string): WinkError =>
  fileError("FILE_NOT_TEXT", path, "It cannot be read as text", { expected: "UTF-8", received: "other bytes" });

/** A path as it stands in messages: quoted, what cannot be seen or turns the text around escaped, very long ones cut. */
export function shownPath(path: string): string {
  const quoted = JSON.stringify(path.length > longestShown ? `${path.slice(0, longestShown)}…` : path);
  return quoted.replace(unseen, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

/** What `JSON.stringify` leaves as it is: controls beyond ASCII, format characters, separators of lines. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const longestShown = 200;

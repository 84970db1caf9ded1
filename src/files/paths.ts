/**
 * Paths of a workspace: relative, with `/`, the root is `""`. Nothing here touches a disk, and no path leaves the root.
 *
 * Two rules say which paths may be used:
 * - Any path: at most 16 segments of at most 80 characters, no control characters ({@link checkPath}).
 * - A name that is to be made: printable ASCII without a backslash as well ({@link validatePath}), so that it means the same
 *   file on every system. A name that is already there, such as `é.txt` of a mounted folder, may be read, overwritten,
 *   moved from, removed and kept.
 */
import { WinkError } from "../base/index.ts";
import { shownPath } from "./file-error.ts";

/** The deepest path, in segments. */
export const deepestPath = 16;

/** The longest name of a file or directory, in UTF-16 units. */
const longestSegment = 80;

/** Writes a path in its one form: no empty or `.` segments, `..` resolved and held at the root, no outer space or `/`. */
export function normalizePath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.trim().split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return kept.join("/");
}

/** Gives the normal form of a path that may be there already. Throws `PATH_INVALID` when it cannot be. */
export function checkPath(path: string): string {
  if (path.length > longestPath)
    throw pathError(path, "The path is too long", `at most ${longestPath} characters`, `${path.length}`);
  const normal = normalizePath(path);
  const segments = splitPath(normal);
  if (segments.length > deepestPath) {
    throw pathError(path, "The path is too deep", `at most ${deepestPath} segments`, `${segments.length}`);
  }
  for (const segment of segments) {
    if (segment.length > longestSegment) {
      throw pathError(
        path,
        "A name in the path is too long",
        `at most ${longestSegment} characters`,
        `${segment.length}`,
      );
    }
    const at = firstUnit(segment, isControl);
    if (at !== undefined) throw pathError(path, "The path has a control character", "visible characters", at);
    if (!segment.isWellFormed())
      throw pathError(path, "The path is not valid Unicode", "text without lone surrogates", "a lone surrogate");
  }
  return normal;
}

/** Tells whether a text is a path in its one form: what {@link checkPath} gives for it is the text itself. */
export function isNormalPath(path: string): boolean {
  try {
    return checkPath(path) === path;
  } catch {
    return false; // it is no path at all
  }
}

/** Tells whether a path that a host lists names what it stands for: one that is not UTF-8 comes with U+FFFD in its place. */
export function isUsablePath(path: string): boolean {
  return isNormalPath(path) && !path.includes("\uFFFD");
}

/** Gives the normal form of a path that is to be made. Throws `PATH_INVALID` when it must not be. */
export function validatePath(path: string): string {
  const normal = checkPath(path);
  checkNewName(normal, path);
  return normal;
}

/** Throws `PATH_INVALID` unless a name may be made: printable ASCII without a backslash. */
export function checkNewName(name: string, path: string): void {
  const at = firstUnit(name, isUnportable);
  if (at === undefined) return;
  const backslash = name.includes("\\");
  throw pathError(
    path,
    "A new file or directory cannot have this name",
    backslash ? "names parted by `/`" : "printable ASCII",
    at,
  );
}

/** Tells whether a path is `base` or below it. */
export function isUnder(path: string, base: string): boolean {
  const inner = normalizePath(path);
  const outer = normalizePath(base);
  return outer === "" || inner === outer || inner.startsWith(`${outer}/`);
}

/** Puts two normal paths together. */
export function joinPath(base: string, path: string): string {
  if (base === "") return path;
  return path === "" ? base : `${base}/${path}`;
}

/** The segments of a normal path; none for the root. */
export function splitPath(path: string): readonly string[] {
  return path === "" ? [] : path.split("/");
}

/** Makes a `PATH_INVALID`. */
export function pathError(path: string, problem: string, expected: string, received: string): WinkError {
  const cut = path.slice(0, longestPath);
  return new WinkError("PATH_INVALID", { at: shownPath(path), problem, expected, received, details: { path: cut } });
}

/** Longer texts are refused before they are split. */
const longestPath = 4_096;

const isControl = (unit: number): boolean => unit < 0x20 || (unit >= 0x7f && unit < 0xa0);
const isUnportable = (unit: number): boolean => unit < 0x20 || unit > 0x7e || unit === 0x5c;

/** Names the first UTF-16 unit of a text that fails, as `U+00E9 at position 3`. */
function firstUnit(text: string, fails: (unit: number) => boolean): string | undefined {
  for (let index = 0; index < text.length; index++) {
    if (!fails(text.charCodeAt(index))) continue;
    const point = text.codePointAt(index) ?? 0;
    return `U+${point.toString(16).toUpperCase().padStart(4, "0")} at position ${index + 1}`;
  }
  return undefined;
}

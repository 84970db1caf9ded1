import { isAbsolute, relative } from "node:path";

/** A path for people: what lies in the current folder is named from there on. Data have the whole path. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return /^(\.\.([/\\]|$)|$)/.test(inside) || isAbsolute(inside) ? path : inside;
}

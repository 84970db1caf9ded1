/** What must hold before files are changed, in one place for all who change them. */
import type { WinkError } from "../base/index.ts";
import { fileError } from "./file-error.ts";
import type { WriteMode } from "./filesystem.ts";
import { checkNewName, deepestPath, isUnder, pathError, splitPath } from "./paths.ts";

/** What may stand at a path. */
type Kind = "file" | "directory" | undefined;

/** Tells what stands at a normal path. */
export type KindAt = (path: string) => Kind;

/** Which names may be made: those of `validatePath`, or any that may be read; or this one besides. */
type NewNames = "portable" | "any" | { readonly kept: string };

const rootError = (path: string, done: string): WinkError =>
  pathError(path, `The root cannot be ${done}`, "the path of a file or directory below it", "the root");

/** Throws unless a file or directory may be made or overwritten at a path: its parents are directories or missing, its new names allowed. */
export function checkTarget(kindAt: KindAt, path: string, names: NewNames = "portable"): void {
  if (path === "") throw rootError(path, "written");
  const segments = splitPath(path);
  let depth = segments.length;
  let kind = kindAt(path);
  if (kind === "directory")
    throw fileError("FILE_IS_DIRECTORY", path, "It cannot be written", {
      expected: "a file, or nothing",
      received: "a directory",
    });
  if (kind === "file") return;
  while (kind === undefined && depth > 0) {
    depth -= 1;
    kind = kindAt(segments.slice(0, depth).join("/"));
  }
  if (kind === "file") {
    throw fileError("FILE_NOT_DIRECTORY", path, "Nothing can be below a file", {
      expected: "directories above it",
      received: `the file ${JSON.stringify(segments.slice(0, depth).join("/"))}`,
    });
  }
  if (names === "any") return;
  for (const [index, name] of segments.entries()) {
    const kept = typeof names === "object" && index === segments.length - 1 && name === names.kept;
    if (index >= depth && !kept) checkNewName(name, path);
  }
}

/** Throws `FILE_EXISTS` for a write that must not find a file, and does. */
export function checkMode(kind: Kind, path: string, mode: WriteMode): void {
  if (kind === undefined || mode !== "create") return;
  throw fileError("FILE_EXISTS", path, "It cannot be created", { expected: "nothing here", received: `a ${kind}` });
}

/** Throws `FILE_MISSING` or `FILE_NOT_DIRECTORY` unless there is a directory. */
export function checkDirectory(kind: Kind, path: string): void {
  if (kind === undefined) throw fileError("FILE_MISSING", path, "There is no such directory");
  if (kind === "file")
    throw fileError("FILE_NOT_DIRECTORY", path, "This is no directory", { expected: "one", received: "a file" });
}

/** Tells whether a directory is to be made at a path; throws unless there is one, or may be. */
export function checkNewDirectory(kindAt: KindAt, path: string): boolean {
  const kind = kindAt(path);
  if (kind === "directory") return false;
  if (kind === "file")
    throw fileError("FILE_EXISTS", path, "No directory can be made", {
      expected: "a directory, or nothing",
      received: "a file",
    });
  checkTarget(kindAt, path);
  return true;
}

/** Throws unless what stands at a path may be removed. */
export function checkRemoval(kind: Kind, path: string, isAllowed: () => boolean): void {
  if (path === "") throw rootError(path, "removed");
  if (kind === undefined) throw fileError("FILE_MISSING", path, "There is no such file or directory");
  if (kind === "directory" && !isAllowed()) {
    throw fileError("FILE_IS_DIRECTORY", path, "It cannot be removed", {
      expected: "a file, or an empty directory",
      received: "a directory that is not empty",
      fix: "Remove what is in it, or pass `recursive: true`.",
    });
  }
}

/** Throws unless something is there to be moved, and the target is free and not below it. `depthBelow` counts the levels of names below `from`. */
export function checkMove(kindAt: KindAt, from: string, to: string, depthBelow: () => number): void {
  if (from === "") throw rootError(from, "moved");
  if (kindAt(from) === undefined) throw fileError("FILE_MISSING", from, "There is no such file or directory");
  const there = kindAt(to);
  if (there !== undefined)
    throw fileError("FILE_EXISTS", to, "Nothing can be moved here", {
      expected: "a free target",
      received: `a ${there}`,
    });
  if (isUnder(to, from))
    throw pathError(to, "A directory cannot be moved into itself", "a target outside it", "one below it");
  checkTarget(kindAt, to, { kept: splitPath(from).at(-1) ?? "" });
  const depth = splitPath(to).length + depthBelow();
  if (depth > deepestPath)
    throw pathError(
      to,
      "The path is too deep with what is in the directory",
      `at most ${deepestPath} segments`,
      `${depth}`,
    );
}

/** What must hold before a tree is changed, in one place for all who change it. */
import { fileError } from "./file-error.ts";
import { checkNewName, deepestPath, isUnder, pathError, splitPath } from "./paths.ts";
import { type DirectoryNode, depthBelow, findDeepest, findNode, type TreeNode } from "./tree.ts";

/** Which names may be made: those of `validatePath`, or any that may be read; or this one besides. */
type NewNames = "portable" | "any" | { readonly kept: string };

/** Throws unless a file or directory may be made or overwritten at a path: its parents are directories or missing, its new names allowed. */
export function checkTarget(root: DirectoryNode, path: string, names: NewNames = "portable"): void {
  if (path === "") throw pathError(path, "The root cannot be written", "the path of a file or directory below it");
  const segments = splitPath(path);
  const { depth, node } = findDeepest(root, path);
  if (depth === segments.length) {
    if (node.kind === "directory") throw fileError("FILE_IS_DIRECTORY", path, "There is a directory of this name");
    return;
  }
  if (node.kind === "file") {
    throw fileError(
      "FILE_NOT_DIRECTORY",
      path,
      `${JSON.stringify(segments.slice(0, depth).join("/"))} is a file, so nothing can be below it`,
    );
  }
  if (names === "any") return;
  for (const [index, name] of segments.entries()) {
    const kept = typeof names === "object" && index === segments.length - 1 && name === names.kept;
    if (index >= depth && !kept) checkNewName(name, path);
  }
}

/** Gives the directory that must be there; throws `FILE_MISSING` or `FILE_NOT_DIRECTORY`. */
export function requireDirectory(node: TreeNode | undefined, path: string): DirectoryNode {
  if (node === undefined) throw fileError("FILE_MISSING", path, "There is no such directory");
  if (node.kind === "file") throw fileError("FILE_NOT_DIRECTORY", path, "This is a file, and a directory was expected");
  return node;
}

/** Throws unless what stands at a path may be removed. */
export function checkRemoval(node: TreeNode | undefined, path: string, recursive: boolean): void {
  if (path === "") throw pathError(path, "The root cannot be removed", "the path of a file or directory below it");
  if (node === undefined) throw fileError("FILE_MISSING", path, "There is no such file or directory");
  if (node.kind === "directory" && node.entries.size > 0 && !recursive) {
    throw fileError("FILE_IS_DIRECTORY", path, "The directory is not empty", {
      fix: "Remove what is in it, or pass `recursive: true`.",
    });
  }
}

/** Gives what is to be moved; throws unless it is there and the target is free and not below it. */
export function checkMove(root: DirectoryNode, from: string, to: string): TreeNode {
  if (from === "") throw pathError(from, "The root cannot be moved", "the path of a file or directory below it");
  const node = findNode(root, from);
  if (node === undefined) throw fileError("FILE_MISSING", from, "There is no such file or directory");
  if (findNode(root, to) !== undefined) throw fileError("FILE_EXISTS", to, "Something stands at the target");
  if (isUnder(to, from)) throw pathError(to, "A directory cannot be moved into itself", "a target outside it");
  checkTarget(root, to, { kept: splitPath(from).at(-1) ?? "" });
  const depth = splitPath(to).length + depthBelow(node);
  if (depth > deepestPath)
    throw pathError(
      to,
      "The path is too deep with what is in the directory",
      `at most ${deepestPath} segments`,
      `${depth}`,
    );
  return node;
}

/**
 * A persistent tree of files. Whoever holds a root sees one state for ever, as long as the owner that made its nodes is not
 * used to change it further: a change copies each directory on its path once per owner and shares all the rest.
 */
import { type FileContent, sameContent } from "./content.ts";
import type { FileChange, FileStat } from "./filesystem.ts";
import { joinPath, splitPath } from "./paths.ts";

/** A file in the tree. */
interface FileNode {
  readonly kind: "file";
  readonly content: FileContent;
}

/** A directory in the tree; only its owner changes `entries`. */
export interface DirectoryNode {
  readonly kind: "directory";
  readonly owner: Owner;
  readonly entries: Map<string, TreeNode>;
  /** The names in the order of paths, once asked for. */
  order: readonly string[] | undefined;
}

/** A file or directory. */
export type TreeNode = FileNode | DirectoryNode;

/** What is told of a node. */
export const statOf = (path: string, node: TreeNode): FileStat => ({
  path,
  kind: node.kind,
  size: node.kind === "file" ? node.content.size : 0,
});

/** The right to change nodes in place; a new one is taken when a root is handed out. */
export interface Owner {
  readonly owner: true;
}

/** A file with its path. */
export interface FoundFile {
  readonly path: string;
  readonly content: FileContent;
}

/** Makes a right to change. */
export const newOwner = (): Owner => ({ owner: true });

/** Makes an empty directory. */
export function emptyDirectory(owner: Owner): DirectoryNode {
  return { kind: "directory", owner, entries: new Map(), order: undefined };
}

/** Finds what stands at a normal path; undefined also where a file stands in the way. */
export function findNode(root: DirectoryNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const name of splitPath(path)) {
    if (node?.kind !== "directory") return undefined;
    node = node.entries.get(name);
  }
  return node;
}

/** Finds the longest part of a normal path that is there: how many segments, and what stands there. */
export function findDeepest(root: DirectoryNode, path: string): { readonly depth: number; readonly node: TreeNode } {
  let node: TreeNode = root;
  let depth = 0;
  for (const name of splitPath(path)) {
    const next: TreeNode | undefined = node.kind === "directory" ? node.entries.get(name) : undefined;
    if (next === undefined) break;
    node = next;
    depth += 1;
  }
  return { depth, node };
}

/** Puts a node at a normal path, or takes away what is there; missing parents are made. Gives the new root. */
export function withNode(root: DirectoryNode, owner: Owner, path: string, node: TreeNode | undefined): DirectoryNode {
  const names = [...splitPath(path)];
  const last = names.pop() ?? "";
  const changed = owned(root, owner);
  let directory = changed;
  for (const name of names) {
    const next = directory.entries.get(name);
    const child = next?.kind === "directory" ? owned(next, owner) : emptyDirectory(owner);
    if (child !== next) put(directory, name, child);
    directory = child;
  }
  put(directory, last, node);
  return changed;
}

function owned(directory: DirectoryNode, owner: Owner): DirectoryNode {
  return directory.owner === owner ? directory : { ...directory, owner, entries: new Map(directory.entries) };
}

function put(directory: DirectoryNode, name: string, node: TreeNode | undefined): void {
  if (directory.entries.get(name)?.kind !== node?.kind) directory.order = undefined;
  if (node === undefined) directory.entries.delete(name);
  else directory.entries.set(name, node);
}

/** All files at or below a node, sorted by path. */
export function filesBelow(node: TreeNode, path: string): readonly FoundFile[] {
  const found: FoundFile[] = [];
  collect(node, path, found);
  return found;
}

function collect(node: TreeNode, path: string, found: FoundFile[]): void {
  if (node.kind === "file") {
    found.push({ path, content: node.content });
    return;
  }
  for (const name of orderOf(node)) {
    const child = node.entries.get(name);
    if (child !== undefined) collect(child, joinPath(path, name), found);
  }
}

/** A directory counts as its name with `/`: then a walk gives whole paths in the order that sorting them would. */
function orderOf(directory: DirectoryNode): readonly string[] {
  directory.order ??= [...directory.entries]
    .map(([name, { kind }]) => ({ name, key: kind === "directory" ? `${name}/` : name }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ name }) => name);
  return directory.order;
}

/** How many levels of names are below a node. */
export function depthBelow(node: TreeNode): number {
  if (node.kind === "file") return 0;
  let deepest = 0;
  for (const child of node.entries.values()) deepest = Math.max(deepest, 1 + depthBelow(child));
  return deepest;
}

/** The files that differ between two roots, sorted by path. What the two share is not looked at. */
export function compareTrees(before: DirectoryNode, after: DirectoryNode): readonly FileChange[] {
  const changes: FileChange[] = [];
  compare(before, after, "", changes);
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function compare(before: TreeNode | undefined, after: TreeNode | undefined, path: string, changes: FileChange[]): void {
  if (before === after) return;
  if (before?.kind === "file" && after?.kind === "file") {
    if (!sameContent(before.content, after.content)) changes.push({ path, kind: "modified" });
    return;
  }
  if (before?.kind === "directory" && after?.kind === "directory") {
    for (const [name, child] of before.entries) compare(child, after.entries.get(name), joinPath(path, name), changes);
    for (const [name, child] of after.entries) {
      if (!before.entries.has(name)) compare(undefined, child, joinPath(path, name), changes);
    }
    return;
  }
  if (before !== undefined)
    for (const file of filesBelow(before, path)) changes.push({ path: file.path, kind: "removed" });
  if (after !== undefined) for (const file of filesBelow(after, path)) changes.push({ path: file.path, kind: "added" });
}

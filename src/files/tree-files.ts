/**
 * Files on a persistent tree in memory: a snapshot is a reference to the root, a write copies only the directories on its
 * path, once per snapshot. Every change is done at once within the call, before anything is awaited, so that no call can
 * change files after it was refused or its context was closed.
 */
import { WinkError } from "../base/index.ts";
import { appended, byteContent, bytesOf, type FileContent, textContent, textOf } from "./content.ts";
import { fileError, notFile, notText, readOnlyError } from "./file-error.ts";
import type { FileChange, FileSnapshot, Filesystem, ReadTextOptions, Waiting, WriteOptions } from "./filesystem.ts";
import { compileGlob } from "./glob.ts";
import { grepFiles } from "./grep.ts";
import { type InstantSnapshots, withInstant } from "./instant.ts";
import { linesOf } from "./lines.ts";
import { checkPath, joinPath } from "./paths.ts";
import { checkSize } from "./size.ts";
import { checkedBytes, largestPiece, rangeOf, takenBack, untilAborted } from "./stream.ts";
import {
  compareTrees,
  type DirectoryNode,
  depthBelow,
  emptyDirectory,
  filesBelow,
  findNode,
  newOwner,
  statOf,
  type TreeNode,
  withNode,
} from "./tree.ts";
import {
  checkDirectory,
  checkMode,
  checkMove,
  checkNewDirectory,
  checkRemoval,
  checkTarget,
  type KindAt,
} from "./tree-checks.ts";

/** A filesystem in memory, which can show what its snapshots hold. */
export interface MemoryFilesystem extends Filesystem {
  /** The content at a snapshot, as files that may only be read; O(1). Throws `SNAPSHOT_FOREIGN`. */
  view(snapshot: FileSnapshot): Filesystem;
}

/** Files on a tree that nobody else changes. */
interface TreeFiles {
  readonly files: MemoryFilesystem;
  readonly instant: InstantSnapshots;
}

/** What a file holds, and its path in the normal form. */
interface FoundContent {
  readonly at: string;
  readonly content: FileContent;
}

const noChanges: readonly FileChange[] = Object.freeze([]);

/** Makes files on a tree. */
export function treeFiles(start: DirectoryNode, readOnly = false): TreeFiles {
  let root = start;
  let owner = newOwner();
  let count = 0;
  let restores = 0;
  let clean: FileSnapshot | undefined;
  const roots = new WeakMap<FileSnapshot, DirectoryNode>();

  const rootOf = (snapshot: FileSnapshot): DirectoryNode => {
    const found = roots.get(snapshot);
    if (found !== undefined) return found;
    throw new WinkError("SNAPSHOT_FOREIGN", {
      at: "snapshot",
      problem: "It was not taken from these files",
      expected: "one that these files gave",
      received: JSON.stringify(snapshot.id),
      details: { id: snapshot.id },
    });
  };
  const kindAt: KindAt = (path) => findNode(root, path)?.kind;
  const look = (
    path: string,
    options: Waiting | undefined,
  ): { readonly at: string; readonly node: TreeNode | undefined } => {
    options?.signal?.throwIfAborted();
    const at = checkPath(path);
    return { at, node: findNode(root, at) };
  };
  const lookForWrite = (path: string, options: Waiting | undefined): ReturnType<typeof look> => {
    const found = look(path, options);
    if (readOnly) throw readOnlyError(found.at);
    return found;
  };
  const change = (path: string, node: TreeNode | undefined): void => {
    root = withNode(root, owner, path, node);
    clean = undefined;
  };
  const read = (path: string, options: Waiting | undefined): FoundContent | undefined => {
    const { at, node } = look(path, options);
    if (node?.kind === "directory") throw notFile(at);
    return node === undefined ? undefined : { at, content: node.content };
  };
  const write = (path: string, options: WriteOptions | undefined, makeContent: (at: string) => FileContent): void => {
    const { at, node } = lookForWrite(path, options);
    checkTarget(kindAt, at);
    const { mode = "overwrite" } = options ?? {};
    checkMode(node?.kind, at, mode);
    const made = makeContent(at);
    const content = node?.kind === "file" && mode === "append" ? appended(node.content, made) : made;
    checkSize(content.size, at);
    change(at, { kind: "file", content });
  };
  const takeSnapshot = (): FileSnapshot => {
    if (clean !== undefined) return clean;
    count += 1;
    clean = Object.freeze({ id: `files-${count}` });
    roots.set(clean, root);
    owner = newOwner();
    return clean;
  };
  const changes = (since: FileSnapshot, until?: FileSnapshot): readonly FileChange[] =>
    since === clean && until === undefined
      ? noChanges
      : compareTrees(rootOf(since), until === undefined ? root : rootOf(until));

  const files: MemoryFilesystem = {
    readOnly,
    async readText(path, options: ReadTextOptions = {}) {
      const found = read(path, options);
      if (found === undefined) return undefined;
      return linesOf(textAt(found), options);
    },
    async readBytes(path, options) {
      const found = read(path, options);
      return found === undefined ? undefined : bytesOf(found.content);
    },
    async stat(path, options) {
      const { at, node } = look(path, options);
      return node === undefined ? undefined : statOf(at, node);
    },
    async list(path = "", options) {
      const { at, node } = look(path, options);
      const names = [...requireDirectory(node, at).entries].sort(([a], [b]) => (a < b ? -1 : 1));
      return names.map(([name, child]) => statOf(joinPath(at, name), child));
    },
    async glob(pattern, options) {
      const { at, node } = look(options?.path ?? "", options);
      const fits = compileGlob(pattern);
      const skipped = at === "" ? 0 : at.length + 1;
      const paths = filesBelow(requireDirectory(node, at), at).map(({ path }) => path);
      return paths.filter((path) => fits(path.slice(skipped)));
    },
    async grep(pattern, options = {}) {
      const { at, node } = look(options.path ?? "", options);
      return await grepFiles(filesBelow(node ?? requireDirectory(node, at), at), at, pattern, options);
    },
    async writeText(path, text, options) {
      write(path, options, (at) => textContent(text, at));
    },
    async writeBytes(path, bytes, options) {
      write(path, options, () => byteContent(checkedBytes(bytes).slice()));
    },
    async *readStream(path, options = {}) {
      const found = read(path, options);
      if (found === undefined) throw fileError("FILE_MISSING", checkPath(path), "There is no such file");
      const bytes = bytesOf(found.content);
      const { start, end } = rangeOf(options, bytes.byteLength);
      for (let at = start; at < end; at += largestPiece) {
        options.signal?.throwIfAborted();
        yield bytes.slice(at, Math.min(at + largestPiece, end));
      }
    },
    async writeStream(path, pieces, options) {
      const { at } = lookForWrite(path, options);
      const begun = restores;
      const gathered: Uint8Array[] = [];
      let size = 0;
      for await (const piece of untilAborted(pieces, options?.signal)) {
        size += piece.byteLength;
        checkSize(size, at);
        gathered.push(piece.slice());
      }
      if (restores !== begun) throw takenBack(at);
      write(path, options, () => byteContent(Buffer.concat(gathered)));
    },
    async editText(path, change, options) {
      const found = read(path, options);
      if (found === undefined) throw fileError("FILE_MISSING", checkPath(path), "There is no such file");
      if (readOnly) throw readOnlyError(found.at);
      const before = textAt(found);
      const text = change(before);
      if (text !== before) write(path, options, (at) => textContent(text, at));
    },
    async makeDirectory(path, options) {
      const { at } = lookForWrite(path, options);
      if (checkNewDirectory(kindAt, at)) change(at, emptyDirectory(owner));
    },
    async move(from, to, options) {
      const { at, node } = lookForWrite(from, options);
      const target = look(to, options);
      checkMove(kindAt, at, target.at, () => (node === undefined ? 0 : depthBelow(node)));
      change(at, undefined);
      change(target.at, node);
    },
    async remove(path, options = {}) {
      const { at, node } = lookForWrite(path, options);
      const isEmpty = node?.kind === "directory" && node.entries.size === 0;
      checkRemoval(node?.kind, at, () => isEmpty || options.recursive === true);
      change(at, undefined);
    },
    async snapshot() {
      return takeSnapshot();
    },
    async changedOutside(options) {
      options?.signal?.throwIfAborted();
    },
    async restore(snapshot) {
      const target = rootOf(snapshot);
      if (readOnly) throw readOnlyError("");
      root = target;
      owner = newOwner();
      clean = snapshot;
      restores += 1;
    },
    async changes(since, until) {
      return changes(since, until);
    },
    view: (snapshot) => treeFiles(rootOf(snapshot), true).files,
  };
  const instant = { snapshot: takeSnapshot, changes };
  return { files: withInstant(files, instant), instant };
}

/** Gives the directory that must be there. */
function requireDirectory(node: TreeNode | undefined, path: string): DirectoryNode {
  checkDirectory(node?.kind, path);
  return node as DirectoryNode; // as: it was just checked
}

function textAt({ at, content }: FoundContent): string {
  const text = textOf(content);
  if (text === undefined) throw notText(at);
  return text;
}

import { type Dirent, readdirSync } from "node:fs";
import { pause } from "../base/index.ts";
import { decodeText } from "./content.ts";
import { codeOf } from "./host/host-error.ts";
import { type HostFolder, type HostHandle, hasOneName, listingPath, openBelow, readInto } from "./host/host-open.ts";
import { inPathOrder } from "./host/walk.ts";
import { checkPath, joinPath } from "./paths.ts";

/** How much of a folder is taken. */
export interface MountLimits {
  readonly maxBytes: number;
  readonly maxFileBytes: number;
  readonly maxEntries: number;
}

/** What {@link walkFolder} takes, and where to. The paths it asks about are relative to the folder. */
interface WalkOptions {
  readonly at: string;
  readonly limits: MountLimits;
  readonly signal: AbortSignal | undefined;
  readonly hardLinks: boolean;
  readonly isIncluded: (path: string) => boolean;
  readonly isExcluded: (path: string) => boolean;
}

/** Why a file or directory was left out. */
export type SkipReason =
  | "symlink"
  | "special"
  | "hard-link"
  | "unreadable"
  | "changed"
  | "binary"
  | "not-utf8"
  | "file-too-large"
  | "total-too-large"
  | "path"
  | "too-many";

/** Something that was left out, though it was not excluded. */
export interface SkippedFile {
  /** Its path in the workspace, with invisible characters escaped. */
  readonly path: string;
  readonly reason: SkipReason;
  /** The reason in words. */
  readonly detail: string;
  /** Bytes, when known. */
  readonly size?: number;
}

/** A file that was taken. */
export interface MountedFile {
  /** Its path in the workspace. */
  readonly path: string;
  /** Its text, exactly. */
  readonly text: string;
}

/** What was found in a folder, in the order of paths. */
export interface Walked {
  readonly files: readonly MountedFile[];
  /** The directories, also empty ones. */
  readonly directories: readonly string[];
  readonly skipped: readonly SkippedFile[];
  /** Bytes of all files together. */
  readonly bytes: number;
}

interface Walk extends WalkOptions {
  readonly folder: HostFolder;
  readonly files: MountedFile[];
  readonly directories: string[];
  readonly skipped: SkippedFile[];
  readonly buffer: Uint8Array;
  bytes: number;
  entries: number;
  work: number;
}

/** Bytes read, and as much for each entry, until other work of the process gets its turn. */
const workWithoutPause = 4 * 1024 * 1024;
const workOfEntry = 32 * 1024;

/**
 * Reads the text files below a folder. Reading is synchronous, because for many small files that takes less than half the
 * time; pauses in between let other work go on.
 */
export async function walkFolder(folder: HostFolder, options: WalkOptions): Promise<Walked> {
  const walk: Walk = {
    ...options,
    folder,
    files: [],
    directories: [],
    skipped: [],
    bytes: 0,
    entries: 0,
    work: 0,
    buffer: Buffer.allocUnsafe(Math.min(options.limits.maxFileBytes, 1024 * 1024) + 1),
  };
  await walkDirectory(walk, "");
  return { files: walk.files, directories: walk.directories, skipped: walk.skipped, bytes: walk.bytes };
}

async function walkDirectory(walk: Walk, path: string): Promise<void> {
  const entries = listDirectory(walk, path);
  if (entries === undefined) return;
  if (joinPath(walk.at, path) !== "") walk.directories.push(joinPath(walk.at, path));
  for (const entry of entries) {
    if (walk.entries > walk.limits.maxEntries) return;
    const below = joinPath(path, entry.name);
    if (walk.isExcluded(below)) continue;
    walk.entries += 1;
    if (walk.entries > walk.limits.maxEntries) {
      skip(
        walk,
        below,
        "too-many",
        `the limit of ${walk.limits.maxEntries} files and directories is reached; nothing from here on was looked at`,
      );
      return;
    }
    if (entry.isDirectory()) {
      if (isUsable(walk, below)) await walkDirectory(walk, below);
    } else if (walk.isIncluded(below)) takeEntry(walk, below, entry);
    await maybePause(walk, workOfEntry);
  }
}

/** The entries in the order of paths, where a directory counts as its name with `/`. */
function listDirectory(walk: Walk, path: string): readonly Dirent[] | undefined {
  try {
    using handle = openBelow(walk.folder, path, "directory");
    if (handle === undefined) return skip(walk, path, "changed", "the directory was replaced while it was being read");
    return inPathOrder(readdirSync(listingPath(walk.folder, path, handle), { withFileTypes: true }));
  } catch (error) {
    return skip(walk, path, "unreadable", `the directory cannot be read (the system says ${codeOf(error)})`);
  }
}

function takeEntry(walk: Walk, path: string, entry: Dirent): undefined {
  if (entry.isSymbolicLink()) return skip(walk, path, "symlink", "symbolic links are not followed");
  if (!entry.isFile()) return skip(walk, path, "special", "not a regular file (a device, pipe or socket)");
  if (!isUsable(walk, path)) return undefined;
  try {
    using handle = openBelow(walk.folder, path, "file");
    if (handle === undefined) return skip(walk, path, "changed", "the file was replaced while it was being read");
    return takeFile(walk, path, handle);
  } catch (error) {
    return skip(walk, path, "unreadable", `the file cannot be read (the system says ${codeOf(error)})`);
  }
}

function takeFile(walk: Walk, path: string, handle: HostHandle): undefined {
  const { maxBytes, maxFileBytes } = walk.limits;
  const { size } = handle.stats;
  if (!walk.hardLinks && !hasOneName(walk.folder, path, handle))
    return skip(walk, path, "hard-link", "it has another name (a hard link), which may lie outside", size);
  if (size > maxFileBytes)
    return skip(walk, path, "file-too-large", `larger than the limit of ${maxFileBytes} bytes for one file`, size);
  if (walk.bytes + size > maxBytes)
    return skip(walk, path, "total-too-large", `over the limit of ${maxBytes} bytes for all files`, size);
  const buffer = size < walk.buffer.byteLength ? walk.buffer : Buffer.allocUnsafe(size + 1);
  const read = readInto(handle, buffer);
  walk.work += read;
  if (read === buffer.byteLength || walk.bytes + read > maxBytes) {
    return skip(walk, path, "changed", "the file grew while it was being read", size);
  }
  const bytes = buffer.subarray(0, read);
  if (bytes.includes(0)) return skip(walk, path, "binary", "a binary file (it has a NUL byte)", size);
  const text = decodeText(bytes);
  if (text === undefined) return skip(walk, path, "not-utf8", "not UTF-8 text", size);
  walk.files.push({ path: joinPath(walk.at, path), text });
  walk.bytes += read;
  return undefined;
}

/** Whether a workspace can name this path; it is skipped otherwise. */
function isUsable(walk: Walk, path: string): boolean {
  const full = joinPath(walk.at, path);
  let problem: string | undefined;
  try {
    if (path.includes("\uFFFD")) problem = "its name is not UTF-8";
    else if (checkPath(full) !== full) problem = "its name begins or ends with a space";
  } catch (error) {
    problem = error instanceof Error ? error.message : "its path cannot be used";
  }
  if (problem !== undefined) skip(walk, path, "path", problem);
  return problem === undefined;
}

function skip(walk: Walk, path: string, reason: SkipReason, detail: string, size?: number): undefined {
  const shown = visible(joinPath(walk.at, path));
  walk.skipped.push({ path: shown, reason, detail, ...(size === undefined ? {} : { size }) });
  return undefined;
}

/** Names come from outside and end on terminals: what cannot be seen is written as its number. */
function visible(text: string): string {
  return text.replace(/\p{C}/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

async function maybePause(walk: Walk, work: number): Promise<void> {
  walk.work += work;
  if (walk.work < workWithoutPause) return;
  walk.work = 0;
  await pause();
  walk.signal?.throwIfAborted();
}

/**
 * Opens what lies in a folder of the host, and nothing else: no symbolic link is followed, and what was opened is checked
 * afterwards, so that a swap between looking and opening cannot lead out of the folder. On Linux the kernel itself tells
 * where an open file lies; elsewhere its path is resolved and its identity compared.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { systemRandom } from "../../base/index.ts";

/** A folder of the host that is open. */
export interface HostFolder {
  /** Its path with all links resolved. */
  readonly path: string;
}

/** Something of the host that is open. Whoever opened it closes it. */
export interface HostHandle extends Disposable {
  readonly descriptor: number;
  readonly stats: Stats;
}

// Not every system has these flags; without them the checks after opening stand alone.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0, O_RDONLY } = constants;

/**
 * Opens a file or directory below a folder for reading; undefined when something else than what was asked for lies there.
 * Throws what the system throws. `locate` tells where an open file lies, where the system can.
 */
export function openBelow(
  folder: HostFolder,
  path: string,
  kind: "file" | "directory",
  locate: (descriptor: number) => string | undefined = kernelPath,
): HostHandle | undefined {
  const full = path === "" ? folder.path : `${folder.path}/${path}`;
  const descriptor = openSync(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | (kind === "directory" ? O_DIRECTORY : 0));
  let kept = false;
  try {
    const stats = fstatSync(descriptor);
    kept = (kind === "file" ? stats.isFile() : stats.isDirectory()) && liesAt(locate(descriptor), stats, full);
    return kept ? { descriptor, stats, [Symbol.dispose]: () => closeSync(descriptor) } : undefined;
  } finally {
    if (!kept) closeSync(descriptor);
  }
}

/**
 * Whether an open file has no other name and still lies where it was opened, though a rename may be under way: for a moment
 * the kernel counts the other name only and still tells the old place. Looking for a name that nobody has asked for waits for
 * the directory, and so for the end of the rename.
 */
export function hasOneName(folder: HostFolder, path: string, { descriptor, stats }: HostHandle): boolean {
  if (stats.nlink > 1) return false;
  const full = `${folder.path}/${path}`;
  try {
    lstatSync(`${dirname(full)}/${ownPrefix}${systemRandom().toString(36).slice(2)}`, { throwIfNoEntry: false });
    const now = fstatSync(descriptor);
    return now.nlink === 1 && liesAt(kernelPath(descriptor), now, full);
  } catch {
    return false; // the directory has just gone
  }
}

/** On Linux, opens what may not be read, only to say which one is meant. */
const O_PATH = process.platform === "linux" ? 0o10000000 : 0;

/** Changes the permissions of a directory below a folder; false when something else lies there. Throws what the system throws. */
export function changeModeBelow(folder: HostFolder, path: string, mode: number): boolean {
  const full = `${folder.path}/${path}`;
  const descriptor = openSync(full, O_PATH | O_RDONLY | O_NOFOLLOW | O_DIRECTORY);
  try {
    const told = kernelPath(descriptor);
    const stats = fstatSync(descriptor);
    if (!stats.isDirectory() || !liesAt(told, stats, full)) return false;
    if (O_PATH === 0 || told === undefined) fchmodSync(descriptor, mode);
    else chmodSync(`/proc/self/fd/${descriptor}`, mode);
    return true;
  } finally {
    closeSync(descriptor);
  }
}

/** How names of files begin that this library makes in the folder for a moment. */
export const ownPrefix = ".wink-";

function liesAt(told: string | undefined, stats: Stats, full: string): boolean {
  if (told !== undefined) return told === full;
  if (realpathSync.native(full) !== full) return false;
  const there = statSync(full);
  return there.ino === stats.ino && there.dev === stats.dev;
}

/** Where an open file lies, as the kernel tells it; undefined on systems that do not. */
function kernelPath(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined; // no such file system: not Linux
  }
}

/** The path under which an open directory can be listed: by its descriptor where that is possible, so that a swap cannot matter. */
export function listingPath(folder: HostFolder, path: string, handle: HostHandle): string {
  const full = path === "" ? folder.path : `${folder.path}/${path}`;
  return kernelPath(handle.descriptor) === undefined ? full : `/proc/self/fd/${handle.descriptor}`;
}

/** Reads an open file into a buffer, up to the buffer's end; gives how many bytes. */
export function readInto(handle: HostHandle, buffer: Uint8Array): number {
  let length = 0;
  while (length < buffer.byteLength) {
    const read = readSync(handle.descriptor, buffer, length, buffer.byteLength - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}

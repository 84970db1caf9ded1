/** The folder of overrides on disk: what lies where, safe reading, and writing that leaves an old file or a new one. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { messageFrom, pause, syncFolder, systemCode, WinkError } from "../../base/index.ts";
import { largestFile } from "./override-file.ts";
import { isSegment, type OverrideId } from "./override-id.ts";
import { overridesInvalid } from "./overrides-error.ts";

/** Where overrides lie below a folder, such as that of a repository. Throws `OVERRIDES_INVALID` when that is not there. */
export function overridesFolder(root: string): string {
  return failing(root, "read", () => join(realpathSync.native(root), ".weakincentives", "prompts", "overrides"));
}

/** The path of a file. */
export function pathOf(folder: string, { ns, key, tag }: OverrideId): string {
  return join(folder, ...ns.split("/"), key, `${tag}.json`);
}

/** Reads the bytes of a file; undefined when there is none. */
export function readBytes(path: string): Uint8Array | undefined {
  return failing(path, "read", () => {
    try {
      refuseLinks(dirname(path));
      const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const stats = fstatSync(descriptor);
        if (!stats.isFile()) throw notFile(path, stats.isDirectory() ? "a folder" : "a device or pipe");
        return readAll(descriptor, stats.size, path);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      if (systemCode(error) === "ELOOP") throw notFile(path, "a symbolic link");
      throw error;
    }
  });
}

/** Reads the text of a file; undefined when there is none. */
export function readText(path: string): string | undefined {
  const bytes = readBytes(path);
  return bytes === undefined ? undefined : decoded(bytes, path);
}

/** The text of a file whose bytes were read. */
export function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw overridesInvalid(path, [], {
      problem: "The file is not text",
      expected: "JSON in UTF-8",
      received: `${bytes.byteLength} bytes that are not UTF-8`,
      fix: "Save it as UTF-8.",
    });
  }
}

/** When a file was last written, in milliseconds since 1970 (UTC); undefined when there is none. */
export function modifiedAt(path: string): number | undefined {
  return failing(path, "read", () => lstatSync(path, { throwIfNoEntry: false })?.mtimeMs);
}

/**
 * Puts a text in the place of a file. There is one temporary file for the whole folder, because whoever writes holds its lock:
 * one that lies there was left by a writer that died. It is on the disk before it gets its name.
 */
export function writeWhole(folder: string, path: string, text: string): void {
  failing(path, "written", () => {
    makeFolder(dirname(path));
    const temporary = join(folder, ".unfinished");
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { flag: "wx", flush: true });
    renameSync(temporary, path);
    syncFolder(dirname(path));
  });
}

/** Takes a file away. */
export function removeFile(path: string): void {
  failing(path, "deleted", () => {
    refuseLinks(dirname(path));
    unlinkSync(path);
    syncFolder(dirname(path));
  });
}

/** Makes a folder and those above it, durably. Throws `OVERRIDES_INVALID`, also when one of them is a symbolic link. */
export function makeFolder(directory: string): void {
  failing(directory, "made", () => {
    const missing: string[] = [];
    let there = directory;
    for (; lstatSync(there, { throwIfNoEntry: false }) === undefined; there = dirname(there)) missing.push(there);
    refuseLinks(there);
    for (const folder of missing.reverse()) makeOne(folder);
  });
}

/** The ids of all files below the folder. What has another name is no file of overrides. */
export async function idsBelow(folder: string, signal: AbortSignal | undefined): Promise<readonly OverrideId[]> {
  const ids: OverrideId[] = [];
  const directories = [folder];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    signal?.throwIfAborted();
    const here = directory;
    const segments = relative(folder, here).split(sep);
    for (const entry of failing(here, "read", () => entriesOf(here))) {
      const tag = entry.name.replace(/\.json$/, "");
      if (entry.isDirectory() && isSegment(entry.name)) directories.push(join(here, entry.name));
      else if (!entry.isDirectory() && segments.length > 1 && tag !== entry.name && isSegment(tag)) {
        ids.push({ ns: segments.slice(0, -1).join("/"), key: segments.at(-1) ?? "", tag });
      }
    }
    await pause();
  }
  return ids;
}

/** Turns what the operating system says into `OVERRIDES_INVALID`. */
export function failing<T>(path: string, done: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (WinkError.is(cause)) throw cause;
    throw overridesInvalid(path, [], {
      problem: `It cannot be ${done}: ${messageFrom(cause)}`,
      expected: "a folder and files that this process may read, and write when it changes overrides",
      received: systemCode(cause) ?? "an error",
      fix: "Check that it exists, and its permissions.",
      cause,
    });
  }
}

// Not every system has these flags.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants;

function entriesOf(directory: string) {
  try {
    refuseLinks(directory);
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** Not by `recursive`, which tries for ever where the system says of a new folder that there is no place for it. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
    syncFolder(dirname(folder));
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error; // another process may have made it meanwhile
  }
}

/** A link would lead out of the folder, to a file that somebody else gave and that would be read or replaced. */
function refuseLinks(directory: string): void {
  const real = realpathSync.native(directory);
  if (real !== directory) throw notFile(directory, `a way over a symbolic link to ${real}`);
}

function notFile(path: string, received: string): WinkError {
  return overridesInvalid(path, [], {
    problem: "This is not a file of overrides",
    expected: "a regular file, in folders that are no symbolic links",
    received,
    fix: "Move what is there to another place.",
  });
}

function readAll(descriptor: number, size: number, path: string): Uint8Array {
  const buffer = Buffer.allocUnsafe(Math.min(size, largestFile) + 1);
  let length = 0;
  while (length < buffer.byteLength) {
    const read = readSync(descriptor, buffer, length, buffer.byteLength - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
  }
  throw overridesInvalid(path, [], {
    problem: "The file is too large, or grows while it is read",
    expected: `at most ${largestFile} bytes`,
    received: `more than ${length - 1} bytes`,
    fix: "Use another tag for texts that are not needed together.",
  });
}

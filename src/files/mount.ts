/**
 * Takes the text files of a host folder into memory, once; the host is only read. What is left out is named with its reason.
 * Links are not followed and nothing outside the folder is read, also when it is changed meanwhile.
 */

import { checkCount } from "./count.ts";
import { compileGlob } from "./glob.ts";
import { openHostFolder } from "./host/host-folder.ts";
import { type MountLimits, type Walked, walkFolder } from "./mount-walk.ts";
import { checkPath } from "./paths.ts";

/** Which folder to mount, and how much of it. */
export interface MountOptions {
  /** The host folder. */
  readonly root: string;
  /** Globs on paths below the folder, of which a file must match one; every file unless told. */
  readonly include?: readonly string[] | undefined;
  /** Globs of files and directories to leave out; {@link defaultExclude} unless told. */
  readonly exclude?: readonly string[] | undefined;
  /** Whether files with several names (hard links) are taken, whose other names may lie outside; `false` unless told. */
  readonly hardLinks?: boolean | undefined;
  /** Bytes of all files together; 64 MiB unless told. */
  readonly maxBytes?: number | undefined;
  /** Bytes of one file; 1 MiB unless told. */
  readonly maxFileBytes?: number | undefined;
  /** How many files and directories are looked at; 200,000 unless told. */
  readonly maxEntries?: number | undefined;
  /** The directory of the workspace that the folder becomes; the root unless told. */
  readonly at?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is left out of a mount unless `exclude` is given: `.git` and `node_modules`, wherever they are. */
export const defaultExclude: readonly string[] = [".git", "node_modules"];

/** The content of a host folder at the time of its mounting; plain data. */
export interface Mount extends Walked {
  /** The host folder, with links resolved. */
  readonly root: string;
}

/** Reads a host folder for a workspace. Throws `MOUNT_INVALID`, `PATTERN_INVALID`, `PATH_INVALID` or `INPUT_INVALID`, or the signal's reason. */
export async function mountHost(options: MountOptions): Promise<Mount> {
  options.signal?.throwIfAborted();
  const includes = options.include?.map(compileGlob);
  const excludes = (options.exclude ?? defaultExclude).map(compileGlob);
  const at = checkPath(options.at ?? "");
  const limits: MountLimits = {
    maxBytes: countOf(options.maxBytes ?? 64 * 1024 * 1024, "maxBytes"),
    maxFileBytes: countOf(options.maxFileBytes ?? 1024 * 1024, "maxFileBytes"),
    maxEntries: countOf(options.maxEntries ?? 200_000, "maxEntries"),
  };
  const folder = openHostFolder(options.root);
  const taken = await walkFolder(folder, {
    at,
    limits,
    signal: options.signal,
    hardLinks: options.hardLinks ?? false,
    isIncluded: (path) => includes === undefined || includes.some((fits) => fits(path)),
    isExcluded: (path) => excludes.some((fits) => fits(path)),
  });
  return { root: folder.path, ...taken };
}

function countOf(value: number, name: string): number {
  checkCount(value, name);
  return value;
}

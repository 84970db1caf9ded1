/**
 * The files that an agent works on. Paths are relative to the filesystem's root, with `/`; the root itself is `""`.
 * A missing file reads as `undefined`; every other failure throws a `WinkError`. A snapshot is a reference, O(1) on
 * filesystems in memory. What every backend promises, `conformance.ts` proves by these numbers:
 *
 * - F1: Text is read back exactly: final line end, `\r\n`, byte order mark, NUL and all. F2: So are bytes; nobody else holds them.
 * - F3: `offset` and `limit` count lines, which only `\n` ends. F4: Neither may be negative (`INPUT_INVALID`).
 * - F5: What is missing is `undefined`, also below a file. F6: Bytes that are not UTF-8 are no text (`FILE_NOT_TEXT`).
 * - F7: Text with a lone surrogate is refused (`FILE_NOT_TEXT`). F8: A directory is no file (`FILE_IS_DIRECTORY`).
 * - F9: A file is no directory (`FILE_NOT_DIRECTORY`). F10: `create` keeps what is there, `append` adds, parents are made.
 * - F11: No path leaves the root, and hostile ones are refused (`PATH_INVALID`). F12: The root cannot be written, moved or removed.
 * - F13: A listing is sorted by name. F14: Making a directory twice is fine, over a file it is `FILE_EXISTS`.
 * - F15: Removing needs something there, and `recursive` for a directory that is not empty. F16: A move keeps content, needs a
 *   free target, and never goes into itself.
 * - F17: A glob finds files, sorted by path. F18: A grep gives the first match of each line, in order of path and line, with
 *   the lines around it that are asked for.
 * - F19: It passes over binary files. F20: It stops at `most` and says so. F21: A wrong pattern is `PATTERN_INVALID`.
 * - F22: A snapshot may be restored any number of times, in any order. F23: `changes` tells what differs, and nothing that does not.
 * - F24: A snapshot from elsewhere is `SNAPSHOT_FOREIGN`. F25: An aborted call throws the signal's reason and changes nothing.
 * - F26: A file over the limit is refused (`FILE_TOO_LARGE`) and changes nothing.
 * - F27: A change that was begun before a `restore` changes nothing after it: a change is done before anything is awaited, or
 *   `restore` waits for the changes under way. A call that settles while it writes is taken back in this way.
 * - F28: Nothing comes between the reading and the writing of an edit. F29: A stream gives the bytes that are asked for.
 * - F30: A stream is written when all of it has come, and not when it breaks or files are taken back meanwhile.
 */

/** Ends a wait early. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
}

/** Which lines of a text to read. */
export interface ReadTextOptions extends Waiting {
  /** Lines to skip; 0 unless told. */
  readonly offset?: number | undefined;
  /** Lines to give; all unless told. */
  readonly limit?: number | undefined;
}

/** What is known of a file or directory without reading it. */
export interface FileStat {
  readonly path: string;
  readonly kind: "file" | "directory";
  /** Bytes; 0 for directories. */
  readonly size: number;
}

/** How an existing file is treated by a write. */
export type WriteMode = "create" | "overwrite" | "append";

/** How to write; missing parent directories are made. */
export interface WriteOptions extends Waiting {
  /** `create` refuses an existing file; `overwrite` unless told. */
  readonly mode?: WriteMode | undefined;
}

/** Which bytes of a file to read, piece by piece. */
export interface ReadStreamOptions extends Waiting {
  /** The first byte; 0 unless told. */
  readonly start?: number | undefined;
  /** The byte to stop before; the end of the file unless told. */
  readonly end?: number | undefined;
}

/** Where to look. */
export interface GlobOptions extends Waiting {
  /** The directory to look below; the root unless told. */
  readonly path?: string | undefined;
}

/** Where to look, and how. */
export interface GrepOptions extends Waiting {
  /** The directory to look below, or the one file to look into; the root unless told. */
  readonly path?: string | undefined;
  /** Only files whose path below `path` matches this glob. */
  readonly glob?: string | undefined;
  /** Whether upper and lower case are the same; false unless told. */
  readonly ignoreCase?: boolean | undefined;
  /** How many matches are given at most; 1,000 unless told. */
  readonly most?: number | undefined;
  /** How many lines before and after each match are given; 0 unless told, at most 50 (`INPUT_INVALID`). */
  readonly context?: number | undefined;
}

/** One line that a pattern matches. */
export interface GrepMatch {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** The line without its line end; of one longer than 1,000 UTF-16 units, the part around the match. */
  readonly text: string;
  /** Where the first match begins and ends in `text`, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The lines before it, as many as were asked for or are there; long ones are cut. */
  readonly before: readonly string[];
  /** The lines after it. */
  readonly after: readonly string[];
}

/** Matches in order of path and line. */
export interface GrepResult {
  readonly matches: readonly GrepMatch[];
  /** Whether more matches were left off. */
  readonly truncated: boolean;
}

/** A path that differs between two snapshots. */
export interface FileChange {
  readonly path: string;
  readonly kind: "added" | "modified" | "removed";
}

/** A reference to all content at one moment; only the filesystem that gave it can read it. */
export interface FileSnapshot {
  /** Names the snapshot in a journal. */
  readonly id: string;
}

/** The port. All methods throw the signal's reason when it is aborted. */
export interface Filesystem {
  /** Whether every write throws `FILES_READ_ONLY`. */
  readonly readOnly: boolean;
  /** What tells these files from all others, where they outlive the process; missing for files in memory. */
  readonly identity?: Readonly<Record<string, string>> | undefined;
  /** Reads lines of UTF-8 text, exactly as written (line ends kept); `undefined` when there is no such file. */
  readText(path: string, options?: ReadTextOptions): Promise<string | undefined>;
  /** Reads the bytes of a file; `undefined` when there is no such file. The bytes are the caller's own. */
  readBytes(path: string, options?: Waiting): Promise<Uint8Array | undefined>;
  /** Tells what stands at a path; `undefined` when nothing does. */
  stat(path: string, options?: Waiting): Promise<FileStat | undefined>;
  /** Lists a directory, sorted by name. */
  list(path?: string, options?: Waiting): Promise<readonly FileStat[]>;
  /** Finds files by glob (the dialect of `glob.ts`) on their path below `path`, sorted by path. */
  glob(pattern: string, options?: GlobOptions): Promise<readonly string[]>;
  /** Finds lines by a regular expression (RE2 syntax, linear time) in text files; others are passed over. */
  grep(pattern: string, options?: GrepOptions): Promise<GrepResult>;
  /** Writes UTF-8 text. */
  writeText(path: string, text: string, options?: WriteOptions): Promise<void>;
  /** Writes bytes. */
  writeBytes(path: string, bytes: Uint8Array, options?: WriteOptions): Promise<void>;
  /** Reads a file piece by piece, pieces of at most 64 KiB that are the caller's own. Throws `FILE_MISSING`. */
  readStream(path: string, options?: ReadStreamOptions): AsyncIterable<Uint8Array>;
  /** Writes bytes piece by piece; the file is changed when all have come, and not when one of them fails. */
  writeStream(
    path: string,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: WriteOptions,
  ): Promise<void>;
  /** Writes what `change` makes of a file's text, if it differs; nothing comes between reading and writing. Throws `FILE_MISSING`. */
  editText(path: string, change: (text: string) => string, options?: Waiting): Promise<void>;
  /** Makes a directory and its parents; an existing directory is fine. */
  makeDirectory(path: string, options?: Waiting): Promise<void>;
  /** Renames a file or directory; the target must not exist, its missing parents are made. */
  move(from: string, to: string, options?: Waiting): Promise<void>;
  /** Removes a file or directory; one that is not empty only with `recursive`. */
  remove(path: string, options?: Waiting & { readonly recursive?: boolean | undefined }): Promise<void>;
  /** Takes a reference to all content. */
  snapshot(): Promise<FileSnapshot>;
  /**
   * Must be awaited before something else changes the files, such as a command that is about to run: what is there is kept, so
   * that going back takes back what it does. Files in memory, which nothing else can change, have nothing to do.
   */
  changedOutside(options?: Waiting): Promise<void>;
  /** Goes back to a snapshot; no change that was begun before comes after it. */
  restore(snapshot: FileSnapshot): Promise<void>;
  /** Gives a snapshot that an earlier process took of these files; undefined when there is none. Only where there is an `identity`. */
  findSnapshot?(id: string): FileSnapshot | undefined;
  /** Tells which files differ between a snapshot and now (or `until`), sorted by path; cost grows with the changes only. */
  changes(since: FileSnapshot, until?: FileSnapshot): Promise<readonly FileChange[]>;
}

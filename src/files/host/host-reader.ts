/** Reads what lies in a host folder. */
import { readSync } from "node:fs";
import { pause, WinkError } from "../../base/index.ts";
import { byteContent, decodeText, type FileContent } from "../content.ts";
import { fileError, notFile, notText } from "../file-error.ts";
import type { FileStat, GlobOptions, GrepOptions, GrepResult, ReadStreamOptions } from "../filesystem.ts";
import { compileGlob } from "../glob.ts";
import { grepFiles } from "../grep.ts";
import { checkPath, isUsablePath, joinPath } from "../paths.ts";
import { checkSize, largestFile } from "../size.ts";
import { largestPiece, rangeOf } from "../stream.ts";
import type { FoundFile } from "../tree.ts";
import { checkDirectory } from "../tree-checks.ts";
import { systemError } from "./host-error.ts";
import { type HostHandle, readInto } from "./host-open.ts";
import type { Place, Places } from "./places.ts";
import { entriesIn, entriesWithoutPause, walkHost } from "./walk.ts";

/** The reading half of host files. Paths are in any form; what may not be touched is `PATH_FORBIDDEN`. */
export class HostReader {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /** Reads a whole file; undefined when there is none. */
  bytes(path: string): Uint8Array | undefined {
    const at = checkPath(path);
    using handle = this.#open(at);
    if (handle === undefined) return undefined;
    checkSize(handle.stats.size, at);
    return readWhole(at, handle);
  }

  /** Reads a whole file as text; undefined when there is none. */
  text(path: string): string | undefined {
    const bytes = this.bytes(path);
    if (bytes === undefined) return undefined;
    const text = decodeText(bytes);
    if (text === undefined) throw notText(checkPath(path));
    return text;
  }

  /** Reads a file piece by piece. */
  async *stream(path: string, options: ReadStreamOptions): AsyncGenerator<Uint8Array> {
    options.signal?.throwIfAborted();
    const at = checkPath(path);
    using handle = this.#open(at);
    if (handle === undefined) throw fileError("FILE_MISSING", at, "There is no such file");
    const { start, end } = rangeOf(options, handle.stats.size);
    for (let from = start; from < end; ) {
      options.signal?.throwIfAborted();
      const piece = new Uint8Array(Math.min(largestPiece, end - from));
      const length = readSync(handle.descriptor, piece, 0, piece.byteLength, from);
      if (length === 0) return;
      from += length;
      yield piece.subarray(0, length);
      await pause();
    }
  }

  /** Tells what stands at a path. */
  stat(path: string): FileStat | undefined {
    const at = checkPath(path);
    return this.#places.kindAt(at) === undefined ? undefined : statOf(at, this.#places.look(at));
  }

  /** Lists a directory; what may not be touched is left out. */
  list(path: string): readonly FileStat[] {
    const at = checkPath(path);
    checkDirectory(this.#places.kindAt(at), at);
    using directory = this.#places.open(at);
    if (directory === undefined) return [];
    const found: FileStat[] = [];
    for (const { name } of entriesIn(this.#places, at)) {
      const below = joinPath(at, name);
      if (!isUsablePath(below) || this.#places.excluded(below) !== undefined) continue;
      const stat = statOf(below, this.#places.lookIn(directory, name));
      if (stat !== undefined) found.push(stat);
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Finds files by glob. */
  async glob(pattern: string, { path = "", signal }: GlobOptions): Promise<readonly string[]> {
    const at = checkPath(path);
    checkDirectory(this.#places.kindAt(at), at);
    const fits = compileGlob(pattern);
    const skipped = at === "" ? 0 : at.length + 1;
    const found: string[] = [];
    let count = 0;
    for (const met of walkHost(this.#places, at, "pass-over")) {
      if (
        met.kind === "file" &&
        isUsablePath(met.path) &&
        fits(met.path.slice(skipped)) &&
        met.look().kind === "file"
      ) {
        found.push(met.path);
      }
      count += 1;
      if (count % entriesWithoutPause > 0) continue;
      await pause();
      signal?.throwIfAborted();
    }
    return found;
  }

  /** Finds lines. */
  async grep(pattern: string, options: GrepOptions): Promise<GrepResult> {
    const at = checkPath(options.path ?? "");
    const kind = this.#places.kindAt(at);
    if (kind === undefined) checkDirectory(kind, at);
    return await grepFiles(this.#files(at, kind), at, pattern, options);
  }

  *#files(at: string, kind: "file" | "directory" | undefined): Generator<FoundFile> {
    if (kind === "file") yield this.#found(at);
    if (kind !== "directory") return;
    for (const met of walkHost(this.#places, at, "pass-over")) {
      if (met.kind === "file" && isUsablePath(met.path)) yield this.#found(met.path);
    }
  }

  /** A file whose content is read when it is asked for: most are not, when there is a glob. */
  #found(path: string): FoundFile {
    const read = (): FileContent => this.#searchable(path);
    return {
      path,
      get content() {
        return read();
      },
    };
  }

  /** What a search looks into: nothing in files that are too large, may not be touched, cannot be read, or have just gone. */
  #searchable(path: string): FileContent {
    try {
      using handle = this.#places.openFile(path);
      if (handle !== undefined && handle.stats.size <= largestFile) return byteContent(readWhole(path, handle));
    } catch (error) {
      if (!WinkError.is(error)) throw error;
    }
    return nothingInside;
  }

  #open(at: string): HostHandle | undefined {
    if (this.#places.kindAt(at) === "directory") throw notFile(at);
    return this.#places.openFile(at);
  }
}

const nothingInside: FileContent = byteContent(new Uint8Array());

function readWhole(path: string, handle: HostHandle): Uint8Array {
  try {
    const buffer = new Uint8Array(handle.stats.size);
    return buffer.subarray(0, readInto(handle, buffer));
  } catch (error) {
    throw systemError(path, "read this", error);
  }
}

function statOf(path: string, place: Place): FileStat | undefined {
  if (place.kind !== "file" && place.kind !== "directory") return undefined;
  return { path, kind: place.kind, size: place.kind === "file" ? place.stats.size : 0 };
}

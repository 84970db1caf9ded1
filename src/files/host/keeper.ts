/**
 * What is kept of a host folder, in a folder of its own: the history as lines of JSON, contents that a snapshot may need, and
 * the repository of the captures. An entry is in the file before what it tells of happens, so that whoever opens the
 * folder after a crash finds all that was changed.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { type JsonValue, makeFolder, parseJson, WinkError, writeAll } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import { History, type HistoryEntry } from "./history.ts";
import { entryOf, headerOf, type KeptHeader } from "./history-line.ts";
import { attempt, systemError } from "./host-error.ts";
import type { HostHandle } from "./host-open.ts";
import { hashPieces, readPieces } from "./read-pieces.ts";

/** A content on its way. */
export interface Spool extends Disposable {
  write(piece: Uint8Array): void;
  /** What has been written so far. A piece is good until the next one is asked for. */
  pieces(): Generator<Uint8Array>;
}

/** The state of a host folder that outlives the process. Closed by whoever opened it. */
export class Keeper implements Disposable {
  /** Begins the names of snapshots. */
  readonly id: string;
  readonly history: History;
  readonly #folder: string;
  readonly #log: number;
  /** Bytes of whole lines. */
  #length: number;
  #parts = 0;

  private constructor(folder: string, log: number, { id, history, length }: ReadHistory) {
    this.#folder = folder;
    this.#log = log;
    this.#length = length;
    this.id = id;
    this.history = history;
  }

  /**
   * Opens the state of a folder, or begins one. Throws `SNAPSHOT_FOREIGN` for that of another folder, `SNAPSHOT_INVALID` and
   * `SNAPSHOT_NEWER` for one that cannot be read, `FILE_FAILED`.
   */
  static open(folder: string, header: KeptHeader): Keeper {
    let log: number | undefined;
    try {
      makeFolder(join(folder, "kept"));
      const path = join(folder, "history.jsonl");
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      const read = readHistory(path, text, header);
      log = openSync(path, "a", 0o600);
      ftruncateSync(log, read.length);
      const begun = read.length === 0 ? writeAll(log, `${JSON.stringify(header)}\n`) : 0;
      for (const name of readdirSync(join(folder, "kept"))) {
        if (name.endsWith(".part")) rmSync(join(folder, "kept", name));
      }
      return new Keeper(folder, log, { ...read, length: read.length + begun });
    } catch (error) {
      if (log !== undefined) closeSync(log);
      throw systemError(folder, "use the folder `state`", error);
    }
  }

  /** The folder for the repository of captures. */
  get repository(): string {
    return join(this.#folder, "captures.git");
  }

  /** Writes down what is about to happen. */
  add(entry: HistoryEntry): void {
    try {
      this.#length += writeAll(this.#log, `${JSON.stringify(entry)}\n`);
    } catch (error) {
      ftruncateSync(this.#log, this.#length); // half a line would spoil the next one
      throw systemError(this.#folder, "keep what is about to change", error);
    }
    this.history.add(entry);
  }

  /** Keeps the content of an open file, and gives its name. Throws `FILE_CHANGED` for one that is being written. */
  keep(path: string, handle: HostHandle): string {
    return this.#store(path, (output) => hashPieces(path, handle, (piece) => writeAll(output, piece)));
  }

  /** Where a kept content lies; undefined when it is not kept here. */
  find(blob: string): string | undefined {
    const path = this.#pathOf(blob);
    return existsSync(path) ? path : undefined;
  }

  /** Keeps a content that comes from elsewhere. */
  put(blob: string, content: Uint8Array): void {
    this.#store(this.#folder, (output) => {
      writeAll(output, content);
      return blob;
    });
  }

  /** Gives a content its name, which `write` tells, when it is whole: so what bears the name is. */
  #store(path: string, write: (output: number) => string): string {
    using part = this.#part(path);
    return attempt(path, "keep what is there before it is changed", () => {
      const blob = write(part.descriptor);
      renameSync(part.path, this.#pathOf(blob));
      return blob;
    });
  }

  /** Takes a content that comes piece by piece. Closed by whoever began it. */
  spool(): Spool {
    const { descriptor, [Symbol.dispose]: end } = this.#part(this.#folder);
    return {
      write: (piece) => void attempt(this.#folder, "keep what is being written", () => writeAll(descriptor, piece)),
      pieces: () => readPieces({ descriptor, stats: fstatSync(descriptor) }),
      [Symbol.dispose]: end,
    };
  }

  /** Makes a file for a content on its way; what is left of it at its end goes. */
  #part(path: string): Disposable & { readonly path: string; readonly descriptor: number } {
    this.#parts += 1;
    const part = join(this.#folder, "kept", `${this.#parts}.part`);
    const descriptor = attempt(path, "keep what is there", () => openSync(part, "wx+", 0o600));
    return {
      path: part,
      descriptor,
      [Symbol.dispose]: () => {
        closeSync(descriptor);
        rmSync(part, { force: true });
      },
    };
  }

  #pathOf(blob: string): string {
    return join(this.#folder, "kept", blob);
  }

  [Symbol.dispose](): void {
    closeSync(this.#log);
  }
}

interface ReadHistory {
  readonly id: string;
  readonly history: History;
  /** The bytes of whole lines; what follows was cut off by a crash. */
  readonly length: number;
}

function readHistory(path: string, text: string, header: KeptHeader): ReadHistory {
  const history = new History();
  const end = text.lastIndexOf("\n") + 1;
  if (end === 0) return { id: header.id, history, length: 0 };
  const [first = "", ...lines] = text.slice(0, end - 1).split("\n");
  const kept = readLine(path, 1, first, headerOf);
  if (kept.version > header.version) {
    throw new WinkError("SNAPSHOT_NEWER", {
      at: shownPath(path),
      problem: "The kept state is newer",
      expected: `at most version ${header.version}`,
      received: `version ${kept.version}`,
    });
  }
  if (kept.root !== header.root || kept.inode !== header.inode) {
    throw new WinkError("SNAPSHOT_FOREIGN", {
      at: shownPath(path),
      problem: "The kept state is one of another folder",
      expected: JSON.stringify(header.root),
      received: JSON.stringify(kept.root),
      fix: "Give each folder a state of its own.",
    });
  }
  for (const [index, line] of lines.entries()) history.add(readLine(path, index + 2, line, entryOf));
  return { id: kept.id, history, length: Buffer.byteLength(text.slice(0, end)) };
}

function readLine<T>(path: string, number: number, line: string, read: (value: JsonValue) => T | undefined): T {
  const json = parseJson(line);
  const found = json.ok ? read(json.value) : undefined;
  if (found !== undefined) return found;
  throw new WinkError("SNAPSHOT_INVALID", {
    at: `${shownPath(path)}, line ${number}`,
    problem: "The kept state cannot be read",
    expected: "an entry of it",
    received: json.ok ? "other JSON" : json.problem,
    fix: "Move the folder away and begin anew; nothing was overwritten.",
  });
}

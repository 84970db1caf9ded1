/**
 * A journal as one JSON-lines file a run, for one machine. With `flush` an acknowledged entry is in the operating system's
 * hands and survives `kill -9` of the process; with `sync` it is on the disk and survives a power cut as well.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Clock, messageFrom, systemClock, toJson, WinkError } from "../base/index.ts";
import { entryVersion, type JournalStep } from "./entry.ts";
import type { Journal, JournalWriter } from "./journal.ts";
import { parseLines } from "./parse-lines.ts";
import { checkRunId, fenced, isRunId, missing } from "./run-id.ts";

/** What {@link jsonlJournal} takes. */
export interface JsonlJournalOptions {
  /** The folder of the files `RUN.jsonl`; made with mode 0700 when it is not there. */
  readonly directory: string;
  /** `flush` unless told. */
  readonly durability?: "flush" | "sync";
  readonly clock?: Clock;
}

/** Makes a journal in a folder. Each run's writer is closed by whoever opened it. */
export function jsonlJournal(options: JsonlJournalOptions): Journal {
  const { directory, durability = "flush", clock = systemClock } = options;
  const pathOf = (runId: string): string => join(directory, `${runId}.jsonl`);
  const runs = (): readonly string[] => listRuns(directory);
  return {
    driver: "jsonl",
    async open(runId) {
      checkRunId(runId);
      return failing(pathOf(runId), () => {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        return openWriter(pathOf(runId), runId, durability === "sync", clock);
      });
    },
    async read(runId) {
      checkRunId(runId);
      const bytes = contentOf(pathOf(runId));
      if (bytes === undefined) throw missing(runId, runs());
      return parseLines(bytes, pathOf(runId)).entries;
    },
    runs: async () => runs(),
    address: (runId) => ({ driver: "jsonl", runId, location: pathOf(runId) }),
  };
}

function openWriter(path: string, runId: string, sync: boolean, clock: Clock): JournalWriter {
  const handle = openSync(path, "a+", 0o600);
  let size: number;
  let seq: number;
  let epoch: number;
  try {
    const { entries, whole, epochs } = parseLines(readFileSync(handle), path);
    ftruncateSync(handle, whole); // a torn last entry was never acknowledged
    seq = entries.length;
    epoch = epochs + 1;
    size = whole;
    size += writeAll(
      handle,
      `${JSON.stringify({ type: "journal/opened", v: entryVersion, epoch, at: clock.now() })}\n`,
    );
    if (sync) {
      fdatasyncSync(handle);
      syncDirectory(dirname(path));
    }
  } catch (error) {
    closeSync(handle);
    throw error;
  }
  const length = seq;
  let state: "open" | "broken" | "closed" = "open";
  return {
    epoch,
    length,
    async append(step: JournalStep) {
      if (state === "closed") throw new WinkError("JOURNAL_FAILED", { at: path, problem: "The journal is closed" });
      if (state === "broken")
        throw new WinkError("JOURNAL_FAILED", {
          at: path,
          problem: "An earlier append was cut off",
          fix: "Open the journal anew: that cuts the torn entry.",
        });
      const line = `${toJson({ v: entryVersion, seq, epoch, at: clock.now(), ...step }, `journal entry ${step.type}`)}\n`;
      failing(path, () => {
        if (fstatSync(handle).size !== size) {
          const { epochs } = parseLines(readFileSync(path), path);
          throw epochs > epoch
            ? fenced(runId, epoch, epochs)
            : new WinkError("JOURNAL_INVALID", { at: path, problem: "Another program has changed the journal" });
        }
        state = "broken";
        size += writeAll(handle, line);
        if (sync) fdatasyncSync(handle);
        state = "open";
      });
      return seq++;
    },
    async [Symbol.asyncDispose]() {
      if (state !== "closed") closeSync(handle);
      state = "closed";
    },
  };
}

/** Writes a whole text; gives its bytes. */
function writeAll(handle: number, text: string): number {
  const bytes = Buffer.from(text, "utf8");
  let written = 0;
  while (written < bytes.length) written += writeSync(handle, bytes, written);
  return bytes.length;
}

/** Writes a folder's list of files to the disk, so that a new file is found after a power cut. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new WinkError("JOURNAL_INVALID", {
      at: path,
      problem: `The journal cannot be read: ${messageFrom(error)}`,
      cause: error,
    });
  }
}

function listRuns(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
    return names
      .map((name) => name.slice(0, -".jsonl".length))
      .filter(isRunId)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw new WinkError("JOURNAL_INVALID", {
      at: directory,
      problem: `The folder of the journals cannot be read: ${messageFrom(error)}`,
      cause: error,
    });
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Turns what the operating system says into `JOURNAL_FAILED`. */
function failing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (WinkError.is(cause)) throw cause;
    throw new WinkError("JOURNAL_FAILED", {
      at: path,
      problem: `The journal cannot be written: ${messageFrom(cause)}`,
      cause,
    });
  }
}

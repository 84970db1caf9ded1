/**
 * A journal as one JSON-lines file a run, for one machine. With `flush` an acknowledged entry is in the operating system's
 * hands and survives `kill -9` of the process; with `sync` it is on the disk and survives a power cut as well.
 */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type Clock,
  makeFolder,
  messageFrom,
  syncFolder,
  systemClock,
  systemCode,
  toJson,
  WinkError,
  writeAll,
} from "../base/index.ts";
import { entryVersion, type JournalStep } from "./entry.ts";
import type { Journal, JournalWriter } from "./journal.ts";
import { openingsFrom, parseLines } from "./parse-lines.ts";
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
        makeFolder(directory);
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

/** How often opening is tried while other processes write to the same run. */
const mostAttempts = 10;

function openWriter(path: string, runId: string, sync: boolean, clock: Clock): JournalWriter {
  const handle = openSync(path, "a+", 0o600);
  let opened: Opened;
  try {
    opened = writeOpening(handle, path, runId, clock);
    if (sync) {
      fdatasyncSync(handle);
      syncFolder(dirname(path));
    }
  } catch (error) {
    closeSync(handle);
    throw error;
  }
  const { epoch, length } = opened;
  let { size } = opened;
  let seq = length;
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
        const { nlink, size: present } = fstatSync(handle);
        // an entry in a file that nobody can open any more would be acknowledged and lost
        if (nlink === 0) throw new WinkError("JOURNAL_FAILED", { at: path, problem: "The journal was deleted" });
        if (present !== size) throw changed(path, runId, epoch);
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

interface Opened {
  readonly epoch: number;
  /** Entries in the file. */
  readonly length: number;
  /** Bytes of the file, the opening included. */
  readonly size: number;
}

/** Begins a new epoch; when another process has written between reading and writing, once more from what it has written. */
function writeOpening(handle: number, path: string, runId: string, clock: Clock): Opened {
  let newest = 0;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const bytes = readFileSync(path);
    const { entries, whole, epochs } = parseLines(bytes, path);
    if (whole < bytes.length) ftruncateSync(handle, whole); // a torn last entry was never acknowledged
    newest = epochs + 1;
    const line = `${JSON.stringify({ type: "journal/opened", v: entryVersion, epoch: newest, at: clock.now() })}\n`;
    const size = whole + writeAll(handle, line);
    if (fstatSync(handle).size === size) return { epoch: newest, length: entries.length, size };
  }
  throw fenced(runId, newest, newest + 1);
}

/** The error for a writer that finds the file longer or shorter than it has left it. */
function changed(path: string, runId: string, epoch: number): WinkError {
  const openings = openingsFrom(readFileSync(path), epoch);
  const newest = Math.max(epoch, ...openings);
  // one opening of the own epoch is the writer's own; a second one came from a process that opened at the same moment
  if (openings.length > 1 || newest > epoch) return fenced(runId, epoch, newest);
  return new WinkError("JOURNAL_INVALID", { at: path, problem: "Another program has changed the journal" });
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

const isMissing = (error: unknown): boolean => systemCode(error) === "ENOENT";

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

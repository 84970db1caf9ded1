import { closeSync, fdatasyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { type Clock, type IdSource, messageFrom, syncFolder, toJson, WinkError } from "../base/index.ts";
import { entryVersion, type JournalStep } from "./entry.ts";
import type { JournalWriter } from "./journal.ts";
import {
  endOfTorn,
  type OpenFile,
  openingLine,
  type Present,
  readFile,
  sizeOf,
  writeLine,
  writeOpening,
} from "./jsonl-opening.ts";
import { closed, fenced } from "./run-id.ts";

/** What a writer takes. */
export interface JsonlWriterOptions {
  readonly path: string;
  readonly runId: string;
  /** Whether each entry is on the disk before it is acknowledged. */
  readonly sync: boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** How often one entry is written while fenced writers are cut off in its way. */
const mostAttempts = 10;

/**
 * Opens the file of a run. Each append looks at the length of the file before it writes and after: when another wrote
 * meanwhile, what stands there decides (decision 0007).
 */
export function openJsonlWriter({ path, runId, sync, clock, ids }: JsonlWriterOptions): JournalWriter {
  const handle = openSync(path, "a+", 0o600);
  const file: OpenFile = { handle, path, runId, clock, ids };
  const opened = closingOnError(handle, () => {
    const first = writeOpening(file);
    if (sync) {
      fdatasyncSync(handle);
      syncFolder(dirname(path));
    }
    return first;
  });
  const { epoch, id, length } = opened;
  let { size } = opened;
  let seq = length;
  let state: "open" | "broken" | "closed" = "open";
  /** The epoch of the writer that has come instead. */
  let newest: number | undefined;

  /** Learns of a newer opening; throws when the file is not what this writer and fenced ones have written. */
  const look = (): Present => {
    const present = readFile(file);
    const { opening, entries } = present.parsed;
    if (opening !== undefined && opening.epoch > epoch) newest = opening.epoch;
    else if (opening?.id !== id || present.size < size || entries.length < seq || entries.length > seq + 1)
      throw changed(path);
    return present;
  };
  const throwIfFenced = (): void => {
    if (newest !== undefined) throw fenced(runId, epoch, newest);
  };

  /** What has to stand before the next entry: a torn line of another writer is closed by this writer's opening. */
  const prepare = (): string => {
    throwIfFenced();
    if (sizeOf(file) === size) return "";
    const present = look();
    throwIfFenced();
    if (present.parsed.entries.length !== seq) throw changed(path);
    size = present.size;
    const end = endOfTorn(present);
    return end === "" && present.parsed.unclosed === undefined ? "" : `${end}${openingLine(epoch, id, clock)}`;
  };

  /** Whether the entry that was just written counts. */
  const counts = (written: number): boolean => {
    if (sizeOf(file) === size + written) {
      size += written;
      return true;
    }
    const present = look();
    // no other writer has this epoch, so an entry of this number and epoch is the one
    if (present.parsed.entries[seq]?.epoch === epoch) {
      size = present.size;
      return true;
    }
    throwIfFenced();
    return false;
  };

  const write = (step: JournalStep): void => {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const before = prepare();
      const entry = { v: entryVersion, seq, epoch, at: clock.now(), ...step };
      const line = `${before}${toJson(entry, `journal entry ${step.type}`)}\n`;
      state = "broken";
      const written = writeLine(file, line);
      state = "open";
      if (!counts(written)) continue;
      state = "broken";
      if (sync) fdatasyncSync(handle);
      state = "open";
      return;
    }
    throw new WinkError("JOURNAL_FAILED", {
      at: path,
      problem: "Other writers were cut off in the way of the entry",
      expected: "a line of its own",
      received: `${mostAttempts} torn ones`,
    });
  };

  return {
    epoch,
    length,
    async append(step) {
      if (state === "closed") throw closed(path);
      if (state === "broken")
        throw new WinkError("JOURNAL_FAILED", {
          at: path,
          problem: "An earlier append was cut off",
          expected: "whole entries",
          received: "a torn one",
          fix: "Open the journal anew: the torn entry is left out.",
        });
      failing(path, () => write(step));
      return seq++;
    },
    async [Symbol.asyncDispose]() {
      if (state !== "closed") closeSync(handle);
      state = "closed";
    },
  };
}

function closingOnError<T>(handle: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

const changed = (path: string): WinkError =>
  new WinkError("JOURNAL_INVALID", {
    at: path,
    problem: "Another program has changed the journal",
    expected: "what its writers have written",
    received: "other lines",
  });

/** Turns what the operating system says into `JOURNAL_FAILED`. */
export function failing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (WinkError.is(cause)) throw cause;
    throw new WinkError("JOURNAL_FAILED", {
      at: path,
      problem: "The journal cannot be written",
      expected: "a file that can be written",
      received: messageFrom(cause),
      cause,
    });
  }
}

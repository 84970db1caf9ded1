import { fstatSync, readSync, writeSync } from "node:fs";
import { type Clock, type IdSource, WinkError } from "../base/index.ts";
import { entryVersion } from "./entry.ts";
import { invalidLine, openingType, type ParsedLines, parseLines } from "./parse-lines.ts";
import { deleted, fenced } from "./run-id.ts";

/** The file of a run as a writer has it. */
export interface OpenFile {
  readonly handle: number;
  readonly path: string;
  readonly runId: string;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** What a writer knows of its file. */
export interface Opened {
  readonly epoch: number;
  /** The id of the opening. */
  readonly id: string;
  /** Entries in the file. */
  readonly length: number;
  /** Bytes of the file. */
  readonly size: number;
}

/** How often opening is tried while other processes open the same run. */
const mostAttempts = 100;

/**
 * Begins a new epoch: writes its opening, and reads afterwards whether it is the newest. Once more when another opener has
 * taken the same epoch. Nothing is cut: what looks torn may be a line that a living writer is writing.
 */
export function writeOpening(file: OpenFile): Opened {
  const { path, runId, clock, ids } = file;
  let present = readFile(file);
  if (present.parsed.unclosed !== undefined) present = readFile(file); // half of an opening may have been read
  if (present.parsed.unclosed !== undefined) throw invalidLine(path, present.parsed.unclosed);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const epoch = (present.parsed.opening?.epoch ?? 0) + 1;
    const id = ids.next("opening");
    writeLine(file, `${endOfTorn(present)}${openingLine(epoch, id, clock)}`);
    sizeOf(file);
    present = readOn(file, present);
    const { opening, entries } = present.parsed;
    if (opening?.id === id) return { epoch, id, length: entries.length, size: present.size };
    // a newer one is valid, so this one may have been too: the first append would say the same
    if (opening !== undefined && opening.epoch > epoch) throw fenced(runId, epoch, opening.epoch);
  }
  throw fenced(runId, present.parsed.opening?.epoch ?? 0, (present.parsed.opening?.epoch ?? 0) + 1);
}

/** An opening as a line. One that does not raise the epoch changes nothing, and closes a torn line before it all the same. */
export function openingLine(epoch: number, id: string, clock: Clock): string {
  return `${JSON.stringify({ type: openingType, v: entryVersion, epoch, at: clock.now(), id })}\n`;
}

/** The content of a file now. */
export interface Present {
  readonly parsed: ParsedLines;
  readonly size: number;
}

/** Reads the file through its handle, so that it is the one that is written. */
export function readFile(file: OpenFile): Present {
  return readOn(file, undefined);
}

/** Reads what stands behind what was read before: nothing of that changes, because everybody only adds. */
function readOn({ handle, path }: OpenFile, before: Present | undefined): Present {
  const from = before?.parsed.whole ?? 0;
  const size = Math.max(0, fstatSync(handle).size - from);
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  while (read < size) {
    const count = readSync(handle, bytes, read, size - read, from + read);
    if (count === 0) break; // somebody has cut it
    read += count;
  }
  return { parsed: parseLines(bytes.subarray(0, read), path, before?.parsed), size: from + read };
}

/**
 * Writes in one go, and gives how many bytes; what is left of a line must not follow later, behind what another has written.
 * Throws `JOURNAL_FAILED` when the system takes a part only.
 */
export function writeLine({ handle, path }: OpenFile, text: string): number {
  const bytes = Buffer.from(text, "utf8");
  const written = writeSync(handle, bytes);
  if (written === bytes.length) return written;
  throw new WinkError("JOURNAL_FAILED", {
    at: path,
    problem: "The line was not written whole",
    expected: `${bytes.length} bytes`,
    received: `${written}, as on a full disk (ENOSPC)`,
  });
}

/** A line's end, when the last line has none. */
export function endOfTorn({ parsed, size }: Present): string {
  return parsed.whole < size ? "\n" : "";
}

/** The size of the file. Throws `JOURNAL_FAILED` when it was deleted: an entry in it would be acknowledged and lost. */
export function sizeOf({ handle, path }: OpenFile): number {
  const { nlink, size } = fstatSync(handle);
  if (nlink === 0) throw deleted(path);
  return size;
}

/**
 * Reads the lines of a journal file. Writers that race leave lines that do not count, so what counts is decided here, the
 * same for everyone: an opening is valid when it raises the epoch, and an entry counts when its epoch is that of the newest
 * valid opening before it. Why that is enough stands in decision 0007.
 */
import { isUtf8 } from "node:buffer";
import { type JsonObject, WinkError } from "../base/index.ts";
import type { JournalEntry } from "./entry.ts";
import {
  asEntry,
  different,
  type EntryProblem,
  numberProblem,
  type ParsedObject,
  parseObject,
  versionProblem,
} from "./parse-entry.ts";

/** The type of the line by which a writer begins an epoch. */
export const openingType = "journal/opened";

/** The newest valid opening. */
export interface Opening {
  readonly epoch: number;
  /** Tells it from an opening of the same epoch; missing in files of the first release. */
  readonly id: string | undefined;
}

/** A line that is no JSON object, and that no opening behind it has closed. */
export interface UnclosedLine extends EntryProblem {
  readonly line: number;
}

/** The content of a journal file. */
export interface ParsedLines {
  /** Those that count. */
  readonly entries: readonly JournalEntry[];
  /** Bytes up to the end of the last whole line; behind them stands one that was torn, or is being written. */
  readonly whole: number;
  /** Missing as long as the file has none. */
  readonly opening: Opening | undefined;
  /** The first such line, when there are only openings and lines that do not count behind it. */
  readonly unclosed: UnclosedLine | undefined;
  /** How many whole lines there are. */
  readonly lines: number;
}

/**
 * Parses the lines of a journal. Left out are a torn last line, lines that an opening has closed, and what fenced writers
 * wrote. Anything else that is wrong throws `JOURNAL_INVALID` naming the line, but for an unclosed line at the end, which is given.
 * `before` is what was parsed of the lines before these.
 */
export function parseLines(bytes: Buffer, path: string, before: ParsedLines = nothing): ParsedLines {
  const whole = bytes.lastIndexOf("\n") + 1;
  const entries: JournalEntry[] = before.entries.slice();
  let { opening, unclosed, lines: line } = before;
  const text = isUtf8(bytes) ? bytes.toString("utf8", 0, whole) : undefined;
  for (let start = 0, at = 0; start < whole; ) {
    line += 1;
    let parsed: ParsedObject;
    if (text === undefined) {
      const end = bytes.indexOf("\n", start);
      parsed = parseObject(bytes.subarray(start, end), "line");
      start = end + 1;
    } else {
      const end = text.indexOf("\n", at);
      parsed = parseObject(text.slice(at, end), "line");
      at = end + 1;
      if (at === text.length) start = whole;
    }
    if (!parsed.ok) {
      unclosed ??= { line, ...parsed.wrong };
      continue;
    }
    const { value } = parsed;
    const current = opening?.epoch ?? 0;
    const problem = versionProblem(value) ?? epochProblem(value, opening);
    if (problem !== undefined) throw invalidLine(path, { line, ...problem });
    const epoch = Number(value.epoch);
    if (value.type === openingType) {
      unclosed = undefined;
      if (epoch > current) opening = { epoch, id: typeof value.id === "string" ? value.id : undefined };
    } else if (epoch === current) {
      if (unclosed !== undefined) throw invalidLine(path, unclosed);
      const wrong = numberProblem(value, entries.length);
      if (wrong !== undefined) throw invalidLine(path, { line, ...wrong });
      entries.push(asEntry(value));
    }
  }
  return { entries, whole: before.whole + whole, opening, unclosed, lines: line };
}

const nothing: ParsedLines = { entries: [], whole: 0, opening: undefined, unclosed: undefined, lines: 0 };

function epochProblem({ type, epoch }: JsonObject, opening: Opening | undefined): EntryProblem | undefined {
  if (typeof epoch !== "number" || !Number.isInteger(epoch) || epoch < 1)
    return different("epoch", "a whole number from 1", epoch);
  if (type === openingType) return undefined;
  if (opening === undefined) {
    return {
      problem: "No line before the entry opens the journal",
      expected: `a line of type "${openingType}" first`,
      received: `an entry of epoch ${epoch}`,
    };
  }
  return epoch <= opening.epoch ? undefined : different("epoch", `${opening.epoch}, the last that was opened`, epoch);
}

/** The error for a line. */
export function invalidLine(path: string, { line, ...wrong }: UnclosedLine): WinkError {
  return new WinkError("JOURNAL_INVALID", { ...wrong, at: `${path}, line ${line}`, details: { path, line } });
}

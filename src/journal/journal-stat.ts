import type { JournalEntry } from "./entry.ts";
import type { JournalStat } from "./journal.ts";

/** Counts what has been read. */
export function statOf(entries: readonly JournalEntry[], bytes: number): JournalStat {
  return { entries: entries.length, bytes, first: entries[0]?.at, last: entries.at(-1)?.at };
}

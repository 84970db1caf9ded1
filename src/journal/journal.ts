/**
 * The append-only record of runs, the only durable truth about them. Guarantees:
 * J1 an append that has resolved is read back, in order, by every later reader, also after `kill -9` for durable drivers;
 * J2 what is read back is a prefix of what was appended: a torn last entry is left out;
 * J3 opening a run again begins a new epoch, and an append by an older one throws `JOURNAL_FENCED` and writes nothing;
 *   two processes that write to one run at the very same moment are excluded: a run has one writer (decision 0007);
 * J4 entries are exact and private: a driver on disk writes mode 0600, and nothing redacts them;
 * J5 what is wrong is told: an id of another form `INPUT_INVALID`, a run never opened `JOURNAL_MISSING`, a closed writer
 *   `JOURNAL_FAILED`; `runs()` gives every run that was opened.
 * Drivers prove this with `conformance.ts`.
 */
import type { JournalEntry, JournalStep } from "./entry.ts";

/** Writes one run. */
export interface JournalWriter extends AsyncDisposable {
  readonly epoch: number;
  /** How many entries the run had when it was opened; 0 for a new run. */
  readonly length: number;
  /** Adds a step and gives its number. When it throws, the run must not go on. */
  append(step: JournalStep): Promise<number>;
}

/** Where the journal of a run is, for people. */
export interface JournalAddress {
  readonly driver: string;
  readonly runId: string;
  /** A path or another place, when there is one. */
  readonly location?: string | undefined;
}

/** The port. A run's id is 1 to 128 letters, digits, `.`, `_` and `-`. */
export interface Journal {
  readonly driver: string;
  /** Opens a run for writing; a run that is there is continued. */
  open(runId: string): Promise<JournalWriter>;
  /** Reads the entries of a run; throws `JOURNAL_MISSING`, or `JOURNAL_INVALID` naming the entry. */
  read(runId: string): Promise<readonly JournalEntry[]>;
  /** The ids of all runs, sorted. */
  runs(): Promise<readonly string[]>;
  address(runId: string): JournalAddress;
}

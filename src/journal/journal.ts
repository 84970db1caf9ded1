/**
 * The append-only record of runs, the only durable truth about them. Guarantees:
 * J1 an append that has resolved is read back, in order, by every later reader, also after `kill -9` for durable drivers;
 * J2 what is read back is a prefix of what was appended: a torn last entry is left out;
 * J3 opening a run again begins a new epoch, and an append by an older one throws `JOURNAL_FENCED` and adds nothing that is
 *   read; also of writers at the very same moment, an older one's append that has resolved stands before the newer opening,
 *   so whoever reads after opening knows of it (decision 0007);
 * J4 entries are exact and private: a driver on disk writes mode 0600, and nothing redacts them;
 * J5 what is wrong is told: an id of another form `INPUT_INVALID`, a run never opened `JOURNAL_MISSING`, a closed writer
 *   `JOURNAL_FAILED`; `runs()` gives every run that was opened;
 * J6 a removed run is gone for every reader; a writer that had it open adds nothing to it, nor to a new run of that id, and
 *   throws `JOURNAL_FENCED` or `JOURNAL_FAILED`;
 * J7 `stat` tells how much a run holds, and from when to when, as a reader would find it.
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

/** How much a run holds. */
export interface JournalStat {
  readonly entries: number;
  /** What the entries take up where they are kept, as nearly as the driver can tell without reading them. */
  readonly bytes: number;
  /** When the first entry was appended, in milliseconds since 1970; undefined for a run without entries. */
  readonly first: number | undefined;
  /** The same of the last entry. */
  readonly last: number | undefined;
}

/** The port. A run's id is 1 to 128 letters, digits, `.`, `_` and `-`. */
export interface Journal {
  readonly driver: string;
  /**
   * Opens a run for writing; a run that is there is continued. What other writers have appended is read after this, not
   * before. Throws `JOURNAL_FENCED` when a newer writer has opened it meanwhile.
   */
  open(runId: string): Promise<JournalWriter>;
  /** Reads the entries of a run; throws `JOURNAL_MISSING`, or `JOURNAL_INVALID` naming the entry. */
  read(runId: string): Promise<readonly JournalEntry[]>;
  /** Counts the entries of a run; throws as `read` does. */
  stat(runId: string): Promise<JournalStat>;
  /** Takes a run away for good, whether it is finished or not; throws `JOURNAL_MISSING`. See {@link pruneRuns}. */
  remove(runId: string): Promise<void>;
  /** The ids of all runs, sorted. */
  runs(): Promise<readonly string[]>;
  address(runId: string): JournalAddress;
}

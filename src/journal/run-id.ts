import { didYouMean, WinkError } from "../base/index.ts";

/** Tells whether a run's id can stand in the name of a file. */
export function isRunId(runId: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(runId);
}

/** Throws `INPUT_INVALID` unless a run's id can stand in the name of a file. */
export function checkRunId(runId: string): void {
  if (isRunId(runId)) return;
  throw new WinkError("INPUT_INVALID", {
    at: "runId",
    problem: "The id of a run is not well formed",
    expected: '1 to 128 letters, digits, ".", "_" and "-", not beginning with "."',
    received: JSON.stringify(runId.slice(0, 200)),
  });
}

/** The error for a writer that a newer one has replaced. */
export function fenced(runId: string, own: number, newest: number): WinkError {
  return new WinkError("JOURNAL_FENCED", {
    at: `run "${runId}"`,
    problem: "A newer writer has opened the journal",
    expected: `epoch ${newest}`,
    received: `an append of epoch ${own}`,
    details: { run: runId, epoch: own, newest },
  });
}

/** How many runs there are in the place of one that is not, for errors. */
export const otherRuns = (known: readonly string[]): string =>
  known.length === 0 ? "no runs at all" : `${known.length} other run${known.length === 1 ? "" : "s"}`;

/** The error for a run that has no journal. */
export function missing(runId: string, known: readonly string[], at: string): WinkError {
  return new WinkError("JOURNAL_MISSING", {
    at,
    problem: `There is no journal of run "${runId}"`,
    expected: "a run that is there",
    received: otherRuns(known),
    fix: didYouMean(runId, known) || undefined,
    details: { run: runId },
  });
}

const unwritable = "Nothing can be appended";

/** The error for a writer that is closed. */
export function closed(at: string): WinkError {
  return new WinkError("JOURNAL_FAILED", {
    at,
    problem: unwritable,
    expected: "an open journal",
    received: "a closed one",
    fix: "Open it anew.",
  });
}

/** The error for a writer whose run was taken away. */
export function deleted(at: string): WinkError {
  return new WinkError("JOURNAL_FAILED", {
    at,
    problem: unwritable,
    expected: "the journal that was opened",
    received: "nothing: it was deleted",
    fix: "Begin a new run; what was in the journal is gone.",
  });
}

import { messageFrom, WinkError } from "../../base/index.ts";
import { keysForm } from "./scripts.ts";

/** The error for what a client throws. It names no address and no password; texts are redacted as in every error. */
export function redisError(at: string, cause: unknown): WinkError {
  if (WinkError.is(cause)) return cause;
  const said = messageFrom(cause);
  if (said.includes("WRONGTYPE"))
    return new WinkError("JOURNAL_INVALID", {
      at,
      problem: "The keys of the run are another program's",
      expected: "keys of the types that a journal makes",
      received: "WRONGTYPE",
      fix: "Give the journal a prefix of its own.",
    });
  return new WinkError("JOURNAL_FAILED", {
    at,
    problem: "Redis could not be asked",
    expected: "an answer",
    received: said,
    fix: "Look whether Redis can be reached, and has room.",
    cause,
  });
}

/** The error for a run that another release has written. */
export function foreignForm(at: string, form: string): WinkError {
  return new WinkError("JOURNAL_INVALID", {
    at,
    problem: "The run is kept in another form",
    expected: `form ${keysForm}, which this release reads`,
    received: `form ${form}`,
    fix: "Use the release that wrote it, or a newer one; nothing was changed.",
  });
}

/** The error for a run whose keys do not fit each other. */
export function changedRun(at: string, expected: unknown, received: unknown): WinkError {
  return new WinkError("JOURNAL_INVALID", {
    at,
    problem: "Another program has changed the journal",
    expected: `${expected} entries`,
    received: `${received}`,
  });
}

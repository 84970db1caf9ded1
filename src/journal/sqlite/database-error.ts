import { longestWait, messageFrom, WinkError } from "../../base/index.ts";
import type { EntryProblem } from "../parse-entry.ts";

/** SQLite's own codes; what the higher bytes add is not looked at. */
const [generic, busy, locked, corrupt, constraint, notADatabase] = [1, 5, 6, 11, 19, 26];

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;
}

/** Whether another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === busy || code === locked;
}

/** The error for a lock that another process holds too long. */
export function lockedTooLong(path: string, cause: unknown): WinkError {
  return new WinkError("JOURNAL_FAILED", {
    at: path,
    problem: "The database is locked",
    expected: "writers that are done after a few milliseconds",
    received: `one that has been writing for ${longestWait / 1_000} seconds`,
    fix: "Look which program holds the file open, and try again.",
    cause,
  });
}

/** The error for a database that this release cannot use. */
export function invalidDatabase(path: string, wrong: EntryProblem & { readonly fix?: string }): WinkError {
  return new WinkError("JOURNAL_INVALID", { ...wrong, at: path, details: { path } });
}

/** What SQLite or the system says, as an error of the library. */
export function databaseError(path: string, cause: unknown): WinkError {
  if (WinkError.is(cause)) return cause;
  const said = messageFrom(cause);
  const code = codeOf(cause);
  if (code === corrupt || code === notADatabase)
    return invalidDatabase(path, {
      problem: "The file is damaged, or is no database",
      expected: "a database that is whole",
      received: said,
      fix: "Put a copy in its place, or another path; nothing was overwritten.",
    });
  const ours = { expected: "the tables of a journal, as it wrote them", received: said };
  if (code === constraint)
    return invalidDatabase(path, { problem: "Another program has changed the journal", ...ours });
  if (code === generic) return invalidDatabase(path, { problem: "The database is not a journal's", ...ours });
  return new WinkError("JOURNAL_FAILED", {
    at: path,
    problem: "The database cannot be used",
    expected: "a file that can be written",
    received: said,
    cause,
  });
}

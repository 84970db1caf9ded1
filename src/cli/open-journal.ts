/** Opens the journal that a command names. This is the one place where the path decides about the driver. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { didYouMean, WinkError } from "../base/index.ts";
import type { Journal } from "../journal/index.ts";
import { folderJournal } from "./folder-journal.ts";
import type { Io } from "./io.ts";

/** The folder that is looked into unless another is named. */
export const defaultJournal = ".wink/runs";

/** The options of every command that looks at runs. */
export interface JournalOptions {
  readonly journal: string;
  readonly json?: boolean;
}

/** A journal, closed by whoever opened it. */
export interface OpenedJournal extends AsyncDisposable {
  readonly journal: Journal;
}

/** Opens the journal. Throws `INPUT_INVALID` when there is none where one was named; the usual folder may be yet to come. */
export async function openJournal({ journal: named }: JournalOptions, io: Io): Promise<OpenedJournal> {
  const path = resolve(io.cwd, named);
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind?.isFile() && /\.(sqlite3?|db)$/.test(path)) {
    const { sqliteJournal } = await import("../journal/sqlite/index.ts");
    const journal = sqliteJournal({ path });
    return { journal: helpful(journal, path), [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose]() };
  }
  if (kind === undefined ? named !== defaultJournal : !kind.isDirectory()) throw noJournal(named, path);
  return { journal: helpful(folderJournal(path), path), [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** The same journal; for a run that it does not hold it tells which one may have been meant. */
function helpful(journal: Journal, path: string): Journal {
  return {
    ...journal,
    async read(runId) {
      try {
        return await journal.read(runId);
      } catch (error) {
        throw WinkError.is(error, "JOURNAL_MISSING") ? unknownRun(runId, path, await journal.runs()) : error;
      }
    },
  };
}

function noJournal(named: string, path: string): WinkError {
  return new WinkError("INPUT_INVALID", {
    at: `--journal ${named}`,
    problem: "There is no journal",
    expected:
      "the folder with the journals of runs, RUN.jsonl or RUN/RUN.jsonl, or a SQLite file, NAME.sqlite or NAME.db",
    received: `${path}, ${existsSync(path) ? "which is neither" : "where nothing is"}`,
    fix: "",
    example: `--journal ${defaultJournal}`,
  });
}

function unknownRun(runId: string, path: string, known: readonly string[]): WinkError {
  return new WinkError("JOURNAL_MISSING", {
    at: path,
    problem: `There is no run "${runId}"`,
    expected: "one of those that `wink runs list` shows",
    received:
      known.length === 0
        ? "a journal without runs"
        : `a journal of ${known.length} other${known.length === 1 ? "" : "s"}`,
    fix: didYouMean(runId, known),
    details: { run: runId },
  });
}

/**
 * Opens the journal that a command names: for now a folder of JSON-lines files. This is the one place where the form of the
 * path decides about the driver.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { didYouMean, WinkError } from "../base/index.ts";
import { type Journal, jsonlJournal } from "../journal/index.ts";
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
export async function openJournal({ journal: path }: JournalOptions, io: Io): Promise<OpenedJournal> {
  const folder = resolve(io.cwd, path);
  // a driver for files of its own form is chosen here, by the end of the path
  const isThere = existsSync(folder);
  if (isThere ? !statSync(folder).isDirectory() : path !== defaultJournal) throw noFolder(path, folder, isThere);
  return { journal: folderJournal(folder), [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** The runs of a folder: files `RUN.jsonl` in it, and those that have a folder of their own, `RUN/RUN.jsonl`. */
function folderJournal(folder: string): Journal {
  const top = jsonlJournal({ directory: folder });
  const journalOf = (runId: string): Journal =>
    isOwnFolder(folder, runId) ? jsonlJournal({ directory: join(folder, runId) }) : top;
  const runs = async (): Promise<readonly string[]> => {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return [...new Set([...(await top.runs()), ...names.filter((name) => isOwnFolder(folder, name))])].sort();
  };
  return {
    driver: top.driver,
    open: (runId) => journalOf(runId).open(runId),
    async read(runId) {
      try {
        return await journalOf(runId).read(runId);
      } catch (error) {
        throw WinkError.is(error, "JOURNAL_MISSING") ? unknownRun(runId, folder, await runs()) : error;
      }
    },
    runs,
    address: (runId) => journalOf(runId).address(runId),
  };
}

const isOwnFolder = (folder: string, runId: string): boolean => existsSync(join(folder, runId, `${runId}.jsonl`));

function noFolder(path: string, folder: string, isThere: boolean): WinkError {
  return new WinkError("INPUT_INVALID", {
    at: `--journal ${path}`,
    problem: isThere ? `${folder} is not a folder` : `There is no folder ${folder}`,
    expected: "the folder with the journals of runs, RUN.jsonl or RUN/RUN.jsonl",
    fix: "",
    example: `--journal ${defaultJournal}`,
  });
}

function unknownRun(runId: string, folder: string, known: readonly string[]): WinkError {
  return new WinkError("JOURNAL_MISSING", {
    problem: `There is no run "${runId}" in ${folder}`,
    expected: known.length === 0 ? undefined : "one of those that `wink runs list` shows",
    received: known.length === 0 ? "a folder without runs" : undefined,
    fix: didYouMean(runId, known),
    details: { run: runId },
  });
}

/** `wink runs list`: tells which runs there are, the newest first. */
import { WinkError } from "../base/index.ts";
import { clipped } from "./clipped.ts";
import { type Io, report } from "./io.ts";
import { type JournalOptions, openJournal } from "./open-journal.ts";
import { type RunStatus, type RunSummary, readRun } from "./run-summary.ts";
import { type Row, table } from "./table.ts";
import { momentText } from "./times.ts";

/** The options of the command. */
export interface RunsListOptions extends JournalOptions {
  readonly status?: RunStatus;
  readonly prompt?: string;
  readonly limit?: number;
}

/** A run with the size of its journal. */
interface ListedRun extends Omit<RunSummary, "params"> {
  readonly bytes: number;
}

/** A run that cannot be told of, and why. */
interface UnreadableRun {
  readonly run: string;
  readonly problem: string;
}

/** Runs the command; gives 1 when a journal cannot be read. Throws `INPUT_INVALID`. */
export async function runsList(options: RunsListOptions, io: Io): Promise<number> {
  await using opened = await openJournal(options, io);
  const { journal } = opened;
  const runs: ListedRun[] = [];
  const unreadable: UnreadableRun[] = [];
  for (const runId of await journal.runs()) {
    try {
      const { params: _params, ...summary } = (await readRun(journal, runId)).summary;
      runs.push({ ...summary, bytes: (await journal.stat(runId)).bytes });
    } catch (error) {
      if (!WinkError.is(error)) throw error;
      unreadable.push({ run: runId, problem: error.message });
    }
  }
  const wanted = runs.filter((run) => isWanted(run, options));
  const shown = wanted.toSorted(newestFirst).slice(0, options.limit);
  report(io, options.json, { runs: shown, unreadable }, page(shown, unreadable, wanted.length, options));
  return unreadable.length === 0 ? 0 : 1;
}

function isWanted({ status, prompt }: ListedRun, wanted: RunsListOptions): boolean {
  if (wanted.status !== undefined && wanted.status !== status) return false;
  return wanted.prompt === undefined || prompt === wanted.prompt || prompt?.endsWith(`:${wanted.prompt}`) === true;
}

const newestFirst = (a: ListedRun, b: ListedRun): number =>
  (b.began ?? 0) - (a.began ?? 0) || (a.run < b.run ? -1 : a.run > b.run ? 1 : 0);

const head = ["run", "prompt", "status", "turns", "began (UTC)", "last (UTC)", "entries", "bytes", "tags"];

function page(
  runs: readonly ListedRun[],
  unreadable: readonly UnreadableRun[],
  found: number,
  { journal, status, prompt }: RunsListOptions,
): string {
  const isFiltered = status !== undefined || prompt !== undefined;
  if (runs.length === 0 && unreadable.length === 0) return `No runs${isFiltered ? " like these" : ""} in ${journal}.\n`;
  const rows: Row[] = runs.map(rowOf);
  rows.push(...unreadable.map(({ run, problem }) => `${run}  cannot be read: ${clipped(problem, 300)}`));
  const left = found - runs.length;
  return table(head, rows) + (left > 0 ? `and ${left} older; --limit shows more\n` : "");
}

const rowOf = ({ run, prompt, status, questions, turns, began, last, entries, bytes, tags }: ListedRun): Row => [
  run,
  prompt ?? "",
  status === "suspended" ? (questions === 0 ? "suspended, answered" : `suspended, ${questions} open`) : status,
  turns,
  began === null ? "" : momentText(began),
  last === null ? "" : momentText(last),
  entries,
  bytes,
  tags.join(", "),
];

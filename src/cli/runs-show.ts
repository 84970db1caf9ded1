/** `wink runs show`: tells what a run did, step by step, and what it waits for. */
import type { JournalEntry } from "../journal/index.ts";
import { costsOf, openQuestions } from "../run/index.ts";
import { clipped } from "./clipped.ts";
import { type Io, report } from "./io.ts";
import { type JournalOptions, openJournal } from "./open-journal.ts";
import { type RunLine, runLines } from "./run-lines.ts";
import { questionsText, resumeCommand, type ShownQuestion, shownQuestions } from "./run-questions.ts";
import { type RunSummary, readRun, wellFormed } from "./run-summary.ts";
import { shownPath } from "./shown-path.ts";
import { countText, momentText } from "./times.ts";

/** The options of the command. */
export interface RunsShowOptions extends JournalOptions {
  readonly full?: boolean;
}

/** Runs the command. Throws `INPUT_INVALID`, `JOURNAL_MISSING`, `JOURNAL_INVALID`. */
export async function runsShow(runId: string, options: RunsShowOptions, io: Io): Promise<number> {
  await using opened = await openJournal(options, io);
  const { journal } = opened;
  const { entries, record, summary } = await readRun(journal, runId);
  const steps = wellFormed(runId, () => runLines(entries, record));
  const cost = wellFormed(runId, () => toldCost(entries));
  const questions = shownQuestions(runId, await openQuestions(journal, runId), options);
  const { location = journal.driver } = journal.address(runId);
  const text = [
    header(summary, shownPath(location, io.cwd), cost),
    steps.map((line) => stepText(line, options.full === true)).join(""),
    ending(summary, questions, options),
  ];
  const told = { ...summary, cost, journal: location, steps, open: questions };
  report(io, options.json, told, text.filter(Boolean).join("\n"));
  return 0;
}

/** What the run has cost by what providers said of each answer, which is in the journal; prices are not. Null when nobody knows. */
function toldCost(entries: readonly JournalEntry[]): number | null {
  const { total, turns } = costsOf(entries);
  return turns.length === 0 ? null : (total ?? null);
}

function header(
  { run, prompt, status, model, turns, began, tags, parent, branched, entries }: RunSummary,
  at: string,
  cost: number | null,
): string {
  const lines = [
    `${run}  ${prompt ?? "not begun"}  ${status}`,
    `${model ?? "no model"}, ${countText(turns, "turn")}, ${entries} entries in ${at}`,
    ...(began === null ? [] : [`began ${momentText(began)} UTC`]),
    ...(cost === null ? [] : [`cost ${Number(cost.toPrecision(6))}, as the provider told it`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.join(", ")}`]),
    ...(parent === null ? [] : [`a part of run ${parent}`]),
    ...(branched === null ? [] : [`branched from run ${branched}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** How much of a text, and of what a call was made with, is shown unless all is asked for. */
const mostShown = 100;
const mostGiven = 60;

function stepText({ after, what, given, text }: RunLine, isFull: boolean): string {
  const head = `${`+${(after / 1000).toFixed(3)} s`.padStart(11)}  ${what.padEnd(14)}  `;
  if (!isFull) return `${head}${given === null ? "" : `${clipped(given, mostGiven)} `}${clipped(text, mostShown)}\n`;
  const [first = "", ...more] = `${given === null ? "" : `${given} `}${text}`.split(/\r?\n/);
  return [`${head}${first}`, ...more.map((line) => `${" ".repeat(13)}${line}`)].map((line) => `${line}\n`).join("");
}

function ending(
  { run, status, questions }: RunSummary,
  open: readonly ShownQuestion[],
  options: RunsShowOptions,
): string {
  if (open.length > 0) return questionsText(open);
  if (status === "completed" || status === "refused") return "";
  const late = status === "suspended" && questions > 0 ? "The time for an answer is over. " : "";
  return `${late}To go on: ${resumeCommand(run, options)}\n`;
}

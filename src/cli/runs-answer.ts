/** `wink runs answer`: answers a question of a run that waits. */
import { redactDeep, WinkError } from "../base/index.ts";
import { answer, openQuestions } from "../run/index.ts";
import { clipped } from "./clipped.ts";
import { type Io, report } from "./io.ts";
import { type JournalOptions, openJournal } from "./open-journal.ts";
import { readAnswer } from "./read-answer.ts";
import { questionsText, resumeCommand, shownQuestions } from "./run-questions.ts";
import { readRun } from "./run-summary.ts";

/** The options of the command. */
export interface RunsAnswerOptions extends JournalOptions {
  readonly question?: string;
}

/** Runs the command. Throws `INPUT_INVALID`, `JOURNAL_MISSING`, `JOURNAL_INVALID`, `QUESTION_CLOSED`. */
export async function runsAnswer(runId: string, given: string, options: RunsAnswerOptions, io: Io): Promise<number> {
  const value = await readAnswer(given, io);
  await using opened = await openJournal(options, io);
  const { journal } = opened;
  await readRun(journal, runId);
  const before = await openQuestions(journal, runId);
  const { question = before[0]?.question } = options;
  await answer(journal, runId, value, options).catch((error) => {
    throw asUsage(error);
  });
  const open = shownQuestions(runId, await openQuestions(journal, runId), options);
  const shown = redactDeep(value);
  const next =
    open.length === 0
      ? `Its form is checked when the run goes on: ${resumeCommand(runId, options)}\n`
      : `These are still open:\n${questionsText(open)}`;
  const text = `Answered ${question} of run ${runId}: ${clipped(JSON.stringify(shown), 200)}\n${next}`;
  report(io, options.json, { run: runId, question, answer: shown, open }, text);
  return 0;
}

/** The same error, with an example for the command line. */
function asUsage(thrown: unknown): unknown {
  if (!WinkError.is(thrown, "QUESTION_CLOSED")) return thrown;
  const { parts, details } = thrown;
  const open = Array.isArray(details.open) ? details.open : [];
  const received = parts.received === "no `question`" ? "no --question" : parts.received;
  const example = open.length === 0 ? undefined : `--question ${String(open[0])}`;
  const fix = open.length === 0 ? "`wink runs show` tells what the run waits for." : "Say which one.";
  return new WinkError("QUESTION_CLOSED", { ...parts, received, fix, example, details, cause: thrown });
}

/** `wink runs resume`: goes on with a run where its journal ends, and shows what it does. */
import { type AutoProvider, autoAdapter, autoProviders } from "../adapter/auto.ts";
import { resume } from "../adapter/index.ts";
import { isJsonObject, redact, redactDeep } from "../base/index.ts";
import type { OnChange, Outcome } from "../run/index.ts";
import { bindForRun, bindRecorded, type PromptOptions } from "./bind-recorded.ts";
import { type Io, report } from "./io.ts";
import { type JournalOptions, openJournal } from "./open-journal.ts";
import { createProgress } from "./run-progress.ts";
import { questionsText, resumeCommand, shownQuestions } from "./run-questions.ts";
import { readRun } from "./run-summary.ts";
import { shownPath } from "./shown-path.ts";
import { countText } from "./times.ts";

/** The options of the command. */
export interface RunsResumeOptions extends JournalOptions, PromptOptions {
  readonly model: string;
  readonly provider?: AutoProvider;
  readonly maxTurns?: number;
  readonly onChange?: OnChange;
}

/**
 * Runs the command; gives 0 when the run completes, 130 when the user stops it, else 1. Throws `INPUT_INVALID`,
 * `JOURNAL_MISSING`, `JOURNAL_INVALID`, `JOURNAL_FENCED`, `RESUME_REFUSED`, `MODEL_MISSING`, `PARAMS_INVALID`.
 */
export async function runsResume(runId: string, options: RunsResumeOptions, io: Io): Promise<number> {
  const { model, maxTurns, onChange } = options;
  await using opened = await openJournal(options, io);
  const { journal } = opened;
  const { record } = await readRun(journal, runId);
  const prompt = await bindRecorded(options, record, io, bindForRun);
  const provider = options.provider ?? autoProviders.find((name) => name === record.started?.model.provider);
  const adapter = await autoAdapter({ model, provider, env: io.env });
  const run = await resume(journal, runId, { adapter, prompt, onChange, ...(maxTurns !== undefined && { maxTurns }) });
  const listenNoLonger = io.onInterrupt(() => {
    io.err("Stopping …\n");
    run.abort("stopped by the user");
  });
  try {
    const lineOf = createProgress();
    for await (const event of run.events()) {
      const line = options.json === true ? undefined : lineOf(event);
      if (line !== undefined) io.out(`${line}\n`);
    }
    const outcome = await run.outcome;
    report(io, options.json, dataOf(outcome, options), endText(outcome, options, io));
    if (outcome.status === "aborted") return 130;
    return outcome.status === "completed" ? 0 : 1;
  } finally {
    listenNoLonger();
  }
}

function dataOf(outcome: Outcome<unknown>, options: RunsResumeOptions): object {
  const { runId, journal, ...rest } = outcome;
  const error = outcome.status === "failed" ? { error: outcome.error.toJSON() } : {};
  const open = outcome.status === "suspended" ? { questions: shownQuestions(runId, outcome.questions, options) } : {};
  const data = redactDeep({ run: runId, ...rest, ...error, ...open, journal: journal.location ?? journal.driver });
  return isJsonObject(data) ? data : {};
}

/** How the run ended, for people, and what can be done then. */
function endText(outcome: Outcome<unknown>, options: RunsResumeOptions, io: Io): string {
  const { status, runId, turns, journal } = outcome;
  const head = `${status} after ${countText(turns, "turn")}`;
  const goOn = `To go on: ${resumeCommand(runId, options)}\n`;
  switch (outcome.status) {
    case "completed": {
      const output = outcome.output === undefined ? outcome.text : JSON.stringify(redactDeep(outcome.output), null, 2);
      return `${head}\n\n${redact(output)}\n`;
    }
    case "refused":
      return `${head}: ${redact(outcome.text)}\n`;
    case "partial":
      return `${head}: ${outcome.reason}: ${redact(outcome.problem)}\n${redact(outcome.text)}\n${goOn}`;
    case "failed":
      return `${head}: ${outcome.error.code}: ${outcome.error.message}\n${goOn}`;
    case "aborted":
      return `${head}; the journal is whole: ${shownPath(journal.location ?? journal.driver, io.cwd)}\n${goOn}`;
    case "suspended":
      return `${head}, it waits for answers:\n${questionsText(shownQuestions(runId, outcome.questions, options))}`;
  }
}

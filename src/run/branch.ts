/** Branches: runs that go on from a turn of another one. */
import { systemIds } from "../base/index.ts";
import type { Journal, JournalEntry } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { type Prompt, requirePrompt } from "../prompt/index.ts";
import { checkRunOptions } from "./check-run-options.ts";
import { type ContinueOptions, requireSamePrompt, requireTools, requireUnused, sessionOf } from "./continue-run.ts";
import { stepOf } from "./record/recorded.ts";
import { RunRecord } from "./record/run-record.ts";
import { refuseKnown } from "./refuse-known.ts";
import { beginOrResume, type Run } from "./run.ts";

/** Where a branch begins. */
export interface BranchOptions extends ContinueOptions {
  /** How many turns of the run are taken over, with their calls: a whole number from 0 on. Left out, all that are whole. */
  readonly at?: number | undefined;
  /** The id of the new run; a new one of `ids` unless given. */
  readonly runId?: string | undefined;
}

/**
 * Goes on from a turn of a run as a new run, with another model or prompt; the old one stays as it is. The prompt is not rendered
 * again. Throws `JOURNAL_MISSING`, `JOURNAL_INVALID`, `RESUME_REFUSED`, and `INPUT_INVALID` for an id that is taken and for wrong options.
 */
export async function branchRun<Output>(
  prompt: Prompt<Output>,
  model: Model,
  journal: Journal,
  from: string,
  branchOptions: BranchOptions = {},
): Promise<Run<Output>> {
  requirePrompt(prompt);
  checkRunOptions(model, branchOptions, "branch");
  const { at = Number.POSITIVE_INFINITY, ids = systemIds, runId = ids.next("run"), ...options } = branchOptions;
  const steps = stepsUpTo(await journal.read(from), at);
  const taken = new RunRecord(steps);
  requireSamePrompt(prompt, taken, from);
  requireTools(prompt, taken, from);
  const session = options.session ?? sessionOf(taken, from, prompt, ids);
  requireUnused(session, taken, from);
  await refuseKnown(journal, runId);
  const writer = await journal.open(runId);
  try {
    const turns = steps.reduce((most, step) => ("turn" in step ? Math.max(most, step.turn) : most), 0);
    for (const step of steps.map(stepOf)) {
      await writer.append(step.type === "run/started" ? { ...step, branched: { run: from, turns } } : step);
    }
    const record = new RunRecord(await journal.read(runId));
    return beginOrResume(prompt, model, { ...options, ids, session, journal, runId }, { record, writer, mode: "live" });
  } catch (error) {
    await writer[Symbol.asyncDispose]();
    await journal.remove(runId).catch(() => undefined); // half of a branch is none
    throw error;
  }
}

/** Journals of whole turns only: an answer whose calls are not all at their end would be gone on with in both runs. */
function stepsUpTo(all: readonly JournalEntry[], most: number): readonly JournalEntry[] {
  const begun = all.findLastIndex(({ type }) => type === "run/started"); // what a restart has left behind is not the run
  const entries = all.filter(({ type }, index) => index >= begun || type === "content/kept");
  const lasts = entries.findLastIndex((entry) => entry.type === "model/responded" && entry.turn <= most);
  const turn = entries[lasts];
  const record = new RunRecord(entries);
  const whole =
    turn?.type !== "model/responded" ||
    turn.message.content
      .filter(({ type }) => type === "tool-call")
      .every((_call, index) => record.call(turn.turn, index).finished !== undefined);
  const lastTurn = turn?.type === "model/responded" ? (whole ? turn.turn : turn.turn - 1) : 0;
  const next = entries.findIndex((entry) => entry.type === "model/requested" && entry.turn > lastTurn);
  return entries.slice(0, next === -1 ? entries.length : next).filter(({ type }) => type !== "run/finished");
}

/**
 * Runs that go on: what the journal holds is not done again, and the run continues where it ends. The turn loop goes through
 * the record as through new steps, so that a run that was cut off and one that was not come by the same way.
 */
import { systemClock, systemIds } from "../base/index.ts";
import type { Journal } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { type Prompt, requirePrompt } from "../prompt/index.ts";
import { branchRun } from "./branch.ts";
import {
  type ContinueOptions,
  changeOf,
  requireSamePrompt,
  requireTools,
  requireUnused,
  sessionOf,
} from "./continue-run.ts";
import type { Continued } from "./execute.ts";
import { RecordEnds } from "./record/record-ends.ts";
import { awaitedQuestion, RunRecord } from "./record/run-record.ts";
import { beginOrResume, checkStart, type Run } from "./run.ts";
import type { RunOptions } from "./run-options.ts";
import { abortable } from "./signals.ts";

/**
 * What is done when the definition of a prompt has changed since a run began.
 * - `continue`: go on, unless a tool that the run was cut off in is gone.
 * - `restart`: begin anew in the same journal.
 * - `branch`: go on in a new run, and leave the old one as it is.
 * - `refuse`: throw `RESUME_REFUSED`.
 */
export type OnChange = "continue" | "restart" | "branch" | "refuse";

/** How a run goes on. What is not told is as for a new run: deadline, budget and turns are not remembered. */
export interface ResumeOptions extends ContinueOptions {
  /** `continue` unless told. */
  readonly onChange?: OnChange | undefined;
}

/**
 * Goes on with a run. Gives one that has ended as it ended, and one that waits for answers as it waits: neither asks the model, runs
 * a tool, changes a file or writes to the journal. `session` is made of the journal unless given; `overrides` are needed where sections
 * are opened, and when the run begins anew. Throws `JOURNAL_MISSING`, `JOURNAL_INVALID`, `JOURNAL_FENCED`, `JOURNAL_FAILED`,
 * `RESUME_REFUSED`, `SNAPSHOT_INVALID`, `SNAPSHOT_NEWER`, `BUDGET_INVALID`, `BUDGET_UNBOUNDED`, `INPUT_INVALID`, and the signal's reason.
 */
export async function resumeRun<Output>(
  prompt: Prompt<Output>,
  model: Model,
  journal: Journal,
  runId: string,
  resumeOptions: ResumeOptions = {},
): Promise<Run<Output>> {
  requirePrompt(prompt);
  checkStart(model, resumeOptions, "resume");
  const { onChange = "continue", ...options } = resumeOptions;
  const { clock = systemClock, ids = systemIds, signal } = options;
  const waiting = <T>(work: Promise<T>): Promise<T> => (signal === undefined ? work : abortable(work, signal));
  const known = await waiting(journal.read(runId));
  const seen = new RunRecord(known);
  requireSamePrompt(prompt, seen, runId);
  const change = changeOf(prompt, seen, runId);
  const session = options.session ?? sessionOf(seen, runId, prompt, ids);
  requireUnused(session, seen, runId);
  const given = { ...options, session, journal, runId };
  // all that can be refused is refused before the journal is opened, which would end the writer of a run that is under way
  if (hasEnded(seen)) return recall(prompt, model, given, seen);
  if (change !== undefined && onChange === "refuse") throw change;
  if (change !== undefined && onChange === "branch") {
    return branchRun(prompt, model, journal, runId, { ...options, ids });
  }
  const restarts = change !== undefined && onChange === "restart";
  if (!restarts) requireTools(prompt, seen, runId);
  if (!restarts && isWaiting(seen, clock.now())) return recall(prompt, model, given, seen);
  const writer = await waiting(journal.open(runId));
  try {
    // from the opening on nobody else adds to it, so it is read once more only when somebody has meanwhile
    const entries = writer.length === known.length ? known : await waiting(journal.read(runId));
    const whole = entries === known ? seen : new RunRecord(entries);
    const record = restarts ? new RunRecord(entries.filter(({ type }) => type === "content/kept")) : whole;
    const { tags, parent } = whole.started ?? {};
    const begun = restarts ? { ...given, tags, parent } : given;
    return beginOrResume(prompt, model, begun, { record, writer, mode: "live" });
  } catch (error) {
    await writer[Symbol.asyncDispose]();
    throw error;
  }
}

/** Goes through a run that has ended, or waits, and does nothing. What it has used counts, where nobody has counted it. */
function recall<Output>(
  prompt: Prompt<Output>,
  model: Model,
  { deadline: _deadline, signal: _signal, ...given }: RunOptions,
  record: RunRecord,
): Run<Output> {
  const writer: Continued["writer"] = {
    async append({ type }) {
      if (type === "run/finished") return 0;
      throw new RecordEnds(record.finished);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const options = { ...given, maxTurns: Number.MAX_SAFE_INTEGER }; // its own limits are over
  return beginOrResume(prompt, model, options, { record, writer, mode: "recall" });
}

/** A completed or refused run has nothing to go on with; one that failed, was aborted or came to a limit may. */
const hasEnded = ({ finished }: RunRecord): boolean =>
  finished?.status === "completed" || finished?.status === "refused";

/** Whether all of the calls that have not ended wait for an answer: without one nothing can be done. */
function isWaiting(record: RunRecord, now: number): boolean {
  if (!record.isSuspended) return false;
  const open = [...record.calls()].filter(({ finished }) => finished === undefined);
  return open.length > 0 && open.every((call) => awaitedQuestion(call, now) !== undefined);
}

/** Going on with runs: from where their journal ends, or from one of their turns. */
import { anObject, checkKind, kind, WinkError } from "../base/index.ts";
import type { Journal } from "../journal/index.ts";
import type { Prompt } from "../prompt/index.ts";
import type { BranchOptions, GoingOn, ResumeOptions, Run } from "../run/index.ts";
import type { Adapter } from "./adapter.ts";

/** With what a run goes on. */
export interface Continuation<Output> {
  readonly adapter: Adapter;
  /** The prompt that began the run; its code may have changed since. */
  readonly prompt: Prompt<Output>;
}

/**
 * Goes on with a run where its journal ends. What is in the journal is not done again: answers of the model, results of calls; the
 * prompt is not rendered again. A call that was cut off is run again, undone, reconciled or told as unknown, by the effects that its
 * tool declares. A run that has completed is given as it ended, one that waits for answers as it waits. Throws `JOURNAL_MISSING`,
 * `JOURNAL_INVALID`, `JOURNAL_FENCED`, `RESUME_REFUSED`, `WORKSPACE_MISSING` (as the run's error), and `INPUT_INVALID` for wrong options,
 * among them those of new runs: a run goes on under its own id and tags.
 *
 * @example
 * const run = await resume(journal, "run-1", { adapter, prompt });
 * const outcome = await run.outcome;
 */
export async function resume<Output>(
  journal: Journal,
  runId: string,
  continuation: Continuation<Output> & ResumeOptions,
): Promise<Run<Output>> {
  checkContinuation(continuation, "resume");
  const { adapter, prompt, ...options } = continuation;
  if (adapter.resume === undefined) throw cannot(adapter, runId);
  return adapter.resume(prompt, journal, runId, options);
}

/**
 * Goes on from a turn of a run as a new run, with another model or prompt; the old run stays as it is. Throws as {@link resume} does.
 */
export async function branch<Output>(
  journal: Journal,
  runId: string,
  continuation: Continuation<Output> & BranchOptions,
): Promise<Run<Output>> {
  checkContinuation(continuation, "branch");
  const { adapter, prompt, ...options } = continuation;
  if (adapter.branch === undefined) throw cannot(adapter, runId);
  return adapter.branch(prompt, journal, runId, options);
}

const anAdapter = kind("an adapter, as modelAdapter makes it", anObject.fits);

function checkContinuation<Output>(given: Continuation<Output>, how: GoingOn): void {
  checkKind(`options of ${how}`, given, anObject);
  checkKind(`options of ${how}, adapter`, given.adapter, anAdapter);
}

function cannot({ name }: Adapter, runId: string): WinkError {
  return new WinkError("RESUME_REFUSED", {
    at: `run "${runId}"`,
    problem: "The adapter cannot go on with runs",
    expected: "an adapter with `resume` and `branch`, such as that of `modelAdapter`",
    received: `the adapter ${name}, without them`,
    details: { run: runId, adapter: name },
  });
}

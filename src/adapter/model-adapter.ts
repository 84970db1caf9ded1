import { anObject, checkKind, WinkError } from "../base/index.ts";
import type { Model } from "../model/index.ts";
import type { Prompt } from "../prompt/index.ts";
import {
  branchRun,
  type ContinueOptions,
  checkGoingOn,
  checkStart,
  type GoingOn,
  type Outcome,
  type RunOptions,
  resumeRun,
  shownName,
  startRun,
} from "../run/index.ts";
import type { Adapter, RunResult } from "./adapter.ts";

/**
 * Makes an adapter that runs prompts over a model. `defaults` stand where a run does not say otherwise. Throws `BUDGET_INVALID`
 * and `BUDGET_UNBOUNDED` for a budget that cannot be kept, `INPUT_INVALID` for wrong options.
 */
export function modelAdapter(model: Model, defaults: RunOptions = {}): Adapter {
  checkStart(model, defaults);
  const withDefaults = (options: RunOptions): RunOptions => {
    checkKind("options of the run", options, anObject); // a text would be spread
    return { ...defaults, ...options };
  };
  /** The defaults may have what is of new runs only; what is given for a run that goes on must not. */
  const goingOn = <Options extends ContinueOptions>(options: Options, how: GoingOn): RunOptions & Options => {
    checkGoingOn(options, how);
    return { ...defaults, ...options };
  };
  return {
    name: shownName(model),
    run: (prompt, options = {}) => startRun(prompt, model, withDefaults(options)),
    resume: async (prompt, journal, runId, options = {}) =>
      resumeRun(prompt, model, journal, runId, goingOn(options, "resume")),
    branch: async (prompt, journal, runId, options = {}) =>
      branchRun(prompt, model, journal, runId, goingOn(options, "branch")),
    async evaluate<Output>(prompt: Prompt<Output>, options: RunOptions = {}): Promise<RunResult<Output>> {
      return completed(await startRun(prompt, model, withDefaults(options)).outcome);
    },
  };
}

function completed<Output>(outcome: Outcome<Output>): RunResult<Output> {
  if (outcome.status === "completed") return { output: outcome.output, text: outcome.text, runId: outcome.runId };
  if (outcome.status === "failed") throw outcome.error;
  const limit = outcome.status === "partial" ? `: ${outcome.problem}` : "";
  const reason =
    "reason" in outcome ? `${outcome.reason}${limit}` : "text" in outcome ? outcome.text.slice(0, 200) : "";
  throw new WinkError("RUN_NOT_COMPLETED", {
    at: `run "${outcome.runId}"`,
    problem: `The run ended ${outcome.status}${reason === "" ? "" : `: ${reason}`}`,
    expected: "a completed run",
    received: outcome.status,
    details: { status: outcome.status, runId: outcome.runId, turns: outcome.turns },
  });
}

/** What runs a prompt. A model adapter runs the turn loop over a model; a harness adapter bridges a vendor's runtime. */
import type { Journal } from "../journal/index.ts";
import type { Prompt } from "../prompt/index.ts";
import type { BranchOptions, ResumeOptions, Run, RunOptions } from "../run/index.ts";

/** What {@link Adapter.evaluate} gives. */
export interface RunResult<Output> {
  /** The typed answer; undefined when the prompt declares no output. */
  readonly output: Output;
  /** The answer as the model wrote it. */
  readonly text: string;
  readonly runId: string;
}

/** Runs prompts. Keeps nothing between runs. */
export interface Adapter {
  readonly name: string;
  /** Begins a run, to be watched and awaited. */
  run<Output>(prompt: Prompt<Output>, options?: RunOptions): Run<Output>;
  /** Goes on with a run from its journal; see {@link resume}. Missing where runs cannot be gone on with. */
  resume?<Output>(
    prompt: Prompt<Output>,
    journal: Journal,
    runId: string,
    options?: ResumeOptions,
  ): Promise<Run<Output>>;
  /** Goes on from a turn of a run as a new run; see {@link branch}. Missing likewise. */
  branch?<Output>(
    prompt: Prompt<Output>,
    journal: Journal,
    runId: string,
    options?: BranchOptions,
  ): Promise<Run<Output>>;
  /** Runs to the end; throws the run's error, or `RUN_NOT_COMPLETED` when it ended otherwise than completed. */
  evaluate<Output>(prompt: Prompt<Output>, options?: RunOptions): Promise<RunResult<Output>>;
}

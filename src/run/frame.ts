/** What one run carries from step to step. */
import type { Clock, Logger, RandomSource } from "../base/index.ts";
import type { Journal } from "../journal/index.ts";
import type { Deadline, RateLimiter, ThrottlePolicy } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import type { Prompt, RenderedPrompt } from "../prompt/index.ts";
import type { ResourcePool } from "../resources/index.ts";
import type { Session } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import type { ContextWindow } from "./context/context-window.ts";
import type { EventFeed } from "./event-feed.ts";
import type { Mode } from "./mode.ts";
import type { ModelLine } from "./model-line.ts";
import type { RunJournal } from "./record/run-journal.ts";
import type { RunRecord } from "./record/run-record.ts";
import type { RunLog } from "./run-log.ts";
import type { RunSpans } from "./run-spans.ts";
import type { Spending } from "./spending.ts";
import type { Transcript } from "./transcript.ts";
import type { WrapUp } from "./wrap-up.ts";

/** The tools, state and ports of one run. Made once when the run begins. */
export interface Frame {
  readonly runId: string;
  readonly prompt: Prompt;
  readonly rendered: RenderedPrompt;
  readonly models: ModelLine;
  /** What the model is offered, by name, in order: tools of the rendered prompt, then those of sections that it opened. */
  readonly tools: Map<string, Tool>;
  readonly session: Session;
  /** What the run uses of its models, and may use. */
  readonly spending: Spending;
  /** When a model that gave no answer is asked again; undefined for never. */
  readonly throttle: ThrottlePolicy | undefined;
  /** How long nothing may come of an answer, in milliseconds; undefined for ever. */
  readonly idleTimeoutMs: number | undefined;
  /** The limiter of a model; undefined when the run has none at all. */
  readonly limiterOf: ((model: Model) => RateLimiter | undefined) | undefined;
  /** How requests are kept within the model's window; undefined when they are not. */
  readonly context: ContextWindow | undefined;
  /** How far the run wraps up because a limit is near. */
  readonly wrapUp: WrapUp;
  /** What tools borrow. Closed when the run ends. */
  readonly resources: ResourcePool;
  readonly transcript: Transcript;
  readonly journal: RunJournal;
  /** The whole journal, for the runs of subagents. */
  readonly journals: Journal;
  readonly deadline: Deadline | undefined;
  /** By which name the stores of the session know the run: begun anew in the same journal, it is another. */
  readonly storedAs: string;
  /** What was done before and is not done again; empty for a run that begins. */
  readonly record: RunRecord;
  readonly mode: Mode;
  readonly feed: EventFeed;
  /** Undefined when nobody wants spans, and for runs that are only gone through. */
  readonly spans: RunSpans | undefined;
  /** Aborts when the run must end: `abort`, the caller's signal, the deadline. */
  readonly signal: AbortSignal;
  /** Lets timers, signals and other work have their turn, when it was not so for some time. */
  readonly breathe: () => Promise<void>;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** For handlers and what they borrow. */
  readonly logger: Logger;
  readonly log: RunLog;
}

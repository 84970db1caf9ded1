/** What a run may be given. */
import type { Clock, IdSource, Logger, RandomSource, Telemetry } from "../base/index.ts";
import type { Journal, ModelName } from "../journal/index.ts";
import type { Budget, BudgetLedger, Deadline, FactsOf, Prices, RateLimiter, ThrottlePolicy } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import type { Session } from "../session/index.ts";
import type { OverrideChoice } from "./begin-run.ts";
import type { ContextOptions } from "./context/context-window.ts";

/** How a run is made; everything has a default. */
export interface RunOptions {
  /** A new session unless given. A session serves one run at a time. */
  readonly session?: Session | undefined;
  /** A journal in memory unless given. */
  readonly journal?: Journal | undefined;
  /** The run ends as `partial` when it passes. */
  readonly deadline?: Deadline | undefined;
  /** Aborts the run. */
  readonly signal?: AbortSignal | undefined;
  /** Model calls at most; 50 unless told. The run then ends as `partial`. */
  readonly maxTurns?: number | undefined;
  /** What the run may use, or a ledger that several runs may share; unlimited unless given. The run then ends as `partial`. */
  readonly budget?: Budget | BudgetLedger | undefined;
  /** The longest that one answer may be, in tokens; what the model's settings say unless given. */
  readonly maxOutputTokens?: number | undefined;
  /** Needed by a budget of money; without one they only tell what the run has cost. */
  readonly prices?: Prices | undefined;
  /** What is known of models; stands in where `prices`, `maxOutputTokens` and the model's settings say nothing. None unless given. */
  readonly facts?: FactsOf | undefined;
  /** How often and after what waits a model is asked again that fails for a time; `false` for never. */
  readonly throttle?: Partial<ThrottlePolicy> | false | undefined;
  /**
   * How long nothing may come of an answer, in milliseconds, before the model is given up and asked again; for ever unless given. When
   * it is given, drivers that can stream do so, and the run tells `model/progress`; others must give the whole answer in that time.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Models that stand in, one for the other, when the one before can no longer answer; none unless given. */
  readonly fallbacks?: readonly Model[] | undefined;
  /** What is done when the conversation grows towards the model's context window, if that is known; `false` for nothing. */
  readonly context?: ContextOptions | false | undefined;
  /**
   * Keeps the calls of all runs that share it below what a provider allows; none unless given. A limiter is for the run's own model; a
   * function gives each model its limiter, fallbacks too.
   */
  readonly limiter?: RateLimiter | ((model: ModelName) => RateLimiter | undefined) | undefined;
  /** A new id of `ids` unless given. */
  readonly runId?: string | undefined;
  /** Stand in the journal, for finding runs and for keeping them longer; none unless given. */
  readonly tags?: readonly string[] | undefined;
  /** The call whose work the run is, for that of a subagent. */
  readonly parent?: { readonly run: string; readonly call: string } | undefined;
  /** Stored texts that stand for those in the code, as far as they were written against them; none unless given. */
  readonly overrides?: OverrideChoice | undefined;
  readonly clock?: Clock | undefined;
  readonly ids?: IdSource | undefined;
  /** Draws how long the waits between attempts are; the machine's unless given. */
  readonly random?: RandomSource | undefined;
  readonly logger?: Logger | undefined;
  /** Where the spans of the run go: itself, its calls of models, its handlers. None unless given. */
  readonly telemetry?: Telemetry | undefined;
}

/** How a run ended. Every end is a value; `evaluate` is what throws. */
import type { JsonObject, JsonValue, WinkError } from "../base/index.ts";
import type { JournalAddress } from "../journal/index.ts";
import type { Usage } from "../limits/index.ts";

/** What every outcome tells. */
export interface OutcomeBase {
  readonly runId: string;
  /** Model calls that were answered. */
  readonly turns: number;
  /** Times that a model was asked, answered or not, by all processes that have worked on the run; as the journal has them. */
  readonly attempts: number;
  readonly usage: Usage;
  /** Money spent; undefined while no prices are known. */
  readonly cost?: number | undefined;
  readonly journal: JournalAddress;
}

/** The model gave a final answer and it fits the output schema. */
export interface CompletedOutcome<Output> extends OutcomeBase {
  readonly status: "completed";
  /** The typed answer; undefined when the prompt declares no output. */
  readonly output: Output;
  /** The answer as the model wrote it. */
  readonly text: string;
}

/** A limit ended the run before the final answer. */
export interface PartialOutcome extends OutcomeBase {
  readonly status: "partial";
  /**
   * `output-length`: the answer was cut off at the limit for one answer, so raise it or ask for less. `context-window`: what the model
   * would be asked does not fit its window, whatever is left out.
   */
  readonly reason: "max-turns" | "deadline" | "budget" | "output-length" | "context-window";
  /** The limit in numbers: what there may be, what was used, what was wanted. For people; its words may change. */
  readonly problem: string;
  /** The last text of the model. */
  readonly text: string;
}

/** What a run waits for. */
export interface OpenQuestion {
  /** Its id, for `answer`. */
  readonly question: string;
  readonly call: string;
  readonly tool: string;
  /** `ask`: what the handler asks. `outcome`: whether the call took effect, of which it is not known. */
  readonly kind: "ask" | "outcome";
  /** What is asked. */
  readonly ask: JsonValue;
  /** The JSON Schema of the answer. */
  readonly schema: JsonObject;
  /** When nobody need answer any more, in milliseconds since 1970; undefined for never. */
  readonly expires?: number | undefined;
  /** How many answers did not have the form that is asked for. */
  readonly refused?: number | undefined;
  /** What was wrong with the last of them. */
  readonly problem?: string | undefined;
}

/** The run waits for answers from outside, and goes on with `answer` and `resume`. */
export interface SuspendedOutcome extends OutcomeBase {
  readonly status: "suspended";
  readonly questions: readonly OpenQuestion[];
}

/** The model, or its provider, would not answer. */
export interface RefusedOutcome extends OutcomeBase {
  readonly status: "refused";
  readonly text: string;
}

/** An error ended the run. */
export interface FailedOutcome extends OutcomeBase {
  readonly status: "failed";
  readonly error: WinkError;
}

/** `abort` or the signal ended the run. */
export interface AbortedOutcome extends OutcomeBase {
  readonly status: "aborted";
  readonly reason: string;
}

/** How a run ended: look at `status`. */
export type Outcome<Output> =
  | CompletedOutcome<Output>
  | PartialOutcome
  | SuspendedOutcome
  | RefusedOutcome
  | FailedOutcome
  | AbortedOutcome;

/** A limit that ends a run. */
export type LimitReached = Pick<PartialOutcome, "reason" | "problem">;

/** The part of an outcome that is its own. */
export type Ending =
  | Pick<CompletedOutcome<unknown>, "status" | "output" | "text">
  | Pick<PartialOutcome, "status" | "reason" | "problem" | "text">
  | Pick<SuspendedOutcome, "status" | "questions">
  | Pick<RefusedOutcome, "status" | "text">
  | Pick<FailedOutcome, "status" | "error">
  | Pick<AbortedOutcome, "status" | "reason">;

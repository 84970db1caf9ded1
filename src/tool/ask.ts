/** Questions that a handler asks the world outside: the run waits for the answer without a process. */
import type { JsonValue, Schema } from "../base/index.ts";

/** A question and the form of its answer. */
export interface Ask<Answer> {
  /** What is asked: a sentence, or data that whoever shows it understands. */
  readonly question: JsonValue;
  /** The form of the answer. */
  readonly answer: Schema<any, Answer>; // any: what the schema takes in is JSON from outside
  /** Names the question, for handlers that do not ask the same in the same order each time; its number unless told. */
  readonly id?: string | undefined;
  /** Milliseconds from now until nobody need answer any more; never unless told. */
  readonly expiresInMs?: number | undefined;
}

/** The answer, or that none came in time: nobody has refused then. */
export type Answered<Answer> =
  | { readonly expired: false; readonly value: Answer }
  | { readonly expired: true; readonly value?: undefined };

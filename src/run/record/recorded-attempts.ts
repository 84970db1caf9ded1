import type { ModelFailed, ModelName, ModelRequested } from "../../journal/index.ts";
import type { Recorded } from "./recorded.ts";

/** One time that a model was asked. */
export interface RecordedAttempt {
  readonly requested: Recorded<ModelRequested>;
  /** Why it gave no answer; undefined when it gave one, and when the attempt was cut off. */
  readonly failed: Recorded<ModelFailed> | undefined;
}

const none: readonly RecordedAttempt[] = [];

/** All times that models were asked in a run, whether they answered or not. */
export class RecordedAttempts {
  /** How many there are. */
  count = 0;
  /** The models that have come to stand in, one for the other, since the run began or last ended. */
  readonly fallbacks: ModelName[] = [];
  readonly #byTurn = new Map<number, RecordedAttempt[]>();
  /** What is before this entry counts for no policy any more: the run ended there, or another model came to stand in. */
  #countsFrom = 0;

  /** The attempts at the answer of a turn, in order. */
  of(turn: number): readonly RecordedAttempt[] {
    return this.#byTurn.get(turn) ?? none;
  }

  /** Those of them that one who goes on must count: of the present model, since the run last ended. */
  counting(turn: number): readonly RecordedAttempt[] {
    return this.of(turn).filter(({ requested }) => requested.seq >= this.#countsFrom);
  }

  begin(requested: Recorded<ModelRequested>): void {
    const attempts = this.#byTurn.get(requested.turn);
    const attempt = { requested, failed: undefined };
    if (attempts === undefined) this.#byTurn.set(requested.turn, [attempt]);
    else attempts.push(attempt);
    this.count++;
  }

  /** Notes why the last attempt has failed. Who stood in counts for the run itself, not for one that was branched from it since. */
  fail(failed: Recorded<ModelFailed>, isOfBranched: boolean): void {
    const attempts = this.#byTurn.get(failed.turn);
    const last = attempts?.pop();
    if (last !== undefined) attempts?.push({ ...last, failed });
    if (failed.fallback === undefined || isOfBranched) return;
    this.fallbacks.push(failed.fallback);
    this.#countsFrom = failed.seq;
  }

  /** Notes that the run has ended: whoever goes on from there begins with the first model, and counts anew. */
  end(seq: number): void {
    this.fallbacks.length = 0;
    this.#countsFrom = seq;
  }
}

import type { ModelFailed } from "../../journal/index.ts";
import type { Recorded } from "./recorded.ts";

/** A time that a model was asked for a summary, and gave none. */
export type FailedSummary = Recorded<ModelFailed> & { readonly summary: NonNullable<ModelFailed["summary"]> };

/** Tells a failed attempt at a summary from one at an answer. */
export const isOfSummary = (failed: Recorded<ModelFailed>): failed is FailedSummary => failed.summary !== undefined;

/** The failed attempts at the summaries of a run. */
export class RecordedSummaries {
  readonly #byTurn = new Map<number, FailedSummary[]>();

  /** Those after a turn, in order. */
  after(turn: number): readonly FailedSummary[] {
    return this.#byTurn.get(turn) ?? [];
  }

  /** Those at one summary, in order. */
  of({ turn, messages }: { readonly turn: number; readonly messages: number }): readonly FailedSummary[] {
    return this.after(turn).filter(({ summary }) => summary.messages === messages);
  }

  add(failed: FailedSummary): void {
    this.#byTurn.set(failed.turn, [...this.after(failed.turn), failed]);
  }
}

import type { Budget } from "./budget.ts";

/** What a model call uses, or may use at most. */
export interface Amount {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Money, in the currency of the prices given. */
  readonly cost: number;
  /** Model calls. */
  readonly turns: number;
}

/** Nothing at all. */
export const noAmount: Amount = { inputTokens: 0, outputTokens: 0, cost: 0, turns: 0 };

/** What an amount is by the measure of a limit. */
export function measured(amount: Amount, limit: keyof Budget): number {
  return limit === "totalTokens" ? amount.inputTokens + amount.outputTokens : amount[limit];
}

/** Adds amounts, or takes the second away; money to the billionth, so that sums do not drift. */
export function sum(a: Amount, b: Amount, sign: 1 | -1 = 1): Amount {
  return {
    inputTokens: a.inputTokens + sign * b.inputTokens,
    outputTokens: a.outputTokens + sign * b.outputTokens,
    cost: Math.round((a.cost + sign * b.cost) * 1e9) / 1e9,
    turns: a.turns + sign * b.turns,
  };
}

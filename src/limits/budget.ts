import { checkOptions, namesOnly, shownValue, WinkError } from "../base/index.ts";

/** Limits on what a run may use. A limit that is left out does not limit; one at least is there. */
export interface Budget {
  /** Tokens of all requests together. */
  readonly inputTokens?: number | undefined;
  /** Tokens of all answers together. */
  readonly outputTokens?: number | undefined;
  /** Tokens of requests and answers together. */
  readonly totalTokens?: number | undefined;
  /** Money, in the currency of the prices given; a billionth is the smallest part that counts. */
  readonly cost?: number | undefined;
  /** Model calls. */
  readonly turns?: number | undefined;
}

/** The limits of a budget, in the order in which they are checked. */
export const budgetLimits = ["inputTokens", "outputTokens", "totalTokens", "cost", "turns"] as const;

const kinds = namesOnly(...budgetLimits);

/** Throws `BUDGET_INVALID` for a budget that limits nothing, or by what is no limit; `INPUT_INVALID` for a name that is none of a limit. */
export function checkBudget(budget: Budget): void {
  checkOptions("budget", budget, kinds);
  const known = budgetLimits.filter((name) => budget[name] !== undefined);
  if (known.length === 0) {
    throw new WinkError("BUDGET_INVALID", {
      at: "budget",
      problem: "The budget limits nothing",
      expected: `one of ${budgetLimits.join(", ")}`,
      received: shownValue(budget),
      fix: "Leave the budget out where nothing is to be limited.",
      example: "budget: { totalTokens: 200_000 }",
    });
  }
  for (const name of known) {
    const limit = budget[name];
    const isLimit =
      name === "cost" ? Number.isFinite(limit) && Number(limit) > 0 : Number.isSafeInteger(limit) && Number(limit) > 0;
    if (isLimit) continue;
    throw new WinkError("BUDGET_INVALID", {
      at: `budget, ${name}`,
      problem: "This is no limit",
      expected: name === "cost" ? "an amount above 0" : "a whole number from 1 on",
      received: shownValue(limit),
      example: `budget: { ${name}: ${name === "cost" ? 2.5 : name === "turns" ? 20 : 200_000} }`,
    });
  }
}

/**
 * The account of a budget. Before a model call what it may use at most is reserved, and after it what it has used is put in
 * the place of that. So calls at the same time cannot together use what only one of them may, and what is consumed goes over
 * a limit by no more than calls have used beyond their reservations.
 */
import { shownValue, WinkError } from "../base/index.ts";
import { type Amount, noAmount, sum } from "./amount.ts";
import { type Budget, budgetLimits, checkBudget } from "./budget.ts";

/** What is held back for one model call. It is settled once; what comes later changes nothing. */
export interface Reservation {
  readonly amount: Amount;
  /** Puts what was used in the place of the reservation: more or less. Nothing, when the call was never made. Throws `INPUT_INVALID`. */
  settle(used: Amount): void;
}

/** The account of one run, or of several that share it. */
export class BudgetLedger {
  /** What is limited, here or at the parent. */
  readonly limits: readonly (keyof Budget)[];
  readonly #budget: Budget;
  readonly #parent: BudgetLedger | undefined;
  #used: Amount = noAmount;
  #reserved: Amount = noAmount;

  /** A ledger with a parent reserves there too: what it uses counts for both. Throws `BUDGET_INVALID`. */
  constructor(budget: Budget, parent?: BudgetLedger) {
    checkBudget(budget);
    this.#budget = { ...budget };
    this.#parent = parent;
    this.limits = budgetLimits.filter((name) => budget[name] !== undefined || parent?.limits.includes(name));
  }

  /** What settled calls have used. */
  get used(): Amount {
    return this.#used;
  }

  /** What may still be reserved of each limit, here and at the parent; below 0 never, undefined where there is no limit. */
  left(): Budget {
    const taken = sum(this.#used, this.#reserved);
    const above = this.#parent?.left();
    const left: { -readonly [Name in keyof Budget]: number } = {};
    for (const name of budgetLimits) {
      const limit = this.#budget[name];
      const own =
        limit === undefined ? undefined : Math.max(0, Math.round((limit - measured(taken, name)) * 1e9) / 1e9);
      const both = [own, above?.[name]].filter((one) => one !== undefined);
      if (both.length > 0) left[name] = Math.min(...both);
    }
    return left;
  }

  /** Reserves an amount, here and at the parent. Throws `BUDGET_EXCEEDED`, and reserves nothing, when a limit forbids it. */
  reserve(amount: Amount): Reservation {
    checkAmount(amount);
    this.#require(amount);
    const above = this.#parent?.reserve(amount);
    this.#reserved = sum(this.#reserved, amount);
    let isOpen = true;
    return {
      amount,
      settle: (used) => {
        if (!isOpen) return;
        checkAmount(used);
        isOpen = false;
        this.#reserved = sum(this.#reserved, amount, -1);
        this.#used = sum(this.#used, used);
        above?.settle(used);
      },
    };
  }

  #require(amount: Amount): void {
    const taken = sum(sum(this.#used, this.#reserved), amount);
    for (const name of budgetLimits) {
      const limit = this.#budget[name];
      if (limit === undefined || measured(taken, name) <= limit) continue;
      const [used, reserved, wanted] = [this.#used, this.#reserved, amount].map((one) => measured(one, name));
      throw new WinkError("BUDGET_EXCEEDED", {
        at: `budget, ${name}`,
        problem: "The next model call could go over the limit",
        expected: `${limit} at most`,
        received: `${used} used, ${reserved} reserved, ${wanted} wanted`,
        details: { limit: name, most: limit, used: used ?? 0, reserved: reserved ?? 0, wanted: wanted ?? 0 },
      });
    }
  }
}

/** Throws `INPUT_INVALID` for an amount that would make the account wrong. */
function checkAmount(amount: Amount): void {
  for (const [name, value] of Object.entries(amount)) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new WinkError("INPUT_INVALID", {
      at: `amount, ${name}`,
      problem: "This cannot be used",
      expected: "a number from 0 on",
      received: shownValue(value),
    });
  }
}

/** What an amount is by the measure of a limit. */
function measured(amount: Amount, name: (typeof budgetLimits)[number]): number {
  return name === "totalTokens" ? amount.inputTokens + amount.outputTokens : amount[name];
}

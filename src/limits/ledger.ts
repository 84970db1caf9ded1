/**
 * The account of a budget. Before a model call what it may use at most is reserved, and after it what it has used is put in
 * the place of that. So calls at the same time cannot together use what only one of them may, and what is consumed goes over
 * a limit by no more than calls have used beyond their reservations.
 */
import { shownValue, WinkError } from "../base/index.ts";
import { type Amount, measured, noAmount, sum } from "./amount.ts";
import { type Budget, budgetLimits, checkBudget } from "./budget.ts";

/** What is held back for one model call. It is settled once; what comes later changes nothing. */
export interface Reservation {
  readonly amount: Amount;
  /** Puts what was used in the place of the reservation: more or less. Nothing, when the call was never made. Throws `INPUT_INVALID`. */
  settle(used: Amount): void;
}

/** How one limit of a ledger stands, by its own measure: tokens, money or model calls. */
export interface Room {
  readonly limit: keyof Budget;
  /** All that there may be used. */
  readonly most: number;
  /** What settled calls have used; more than `most` when calls have gone over their reservations. */
  readonly used: number;
  /** What may still be reserved; never below 0. */
  readonly left: number;
}

/** The account of one run, or of several that share it. */
export class BudgetLedger {
  /** What is limited, here or at the parent. */
  readonly limits: readonly (keyof Budget)[];
  readonly #budget: Budget;
  readonly #parent: BudgetLedger | undefined;
  #used: Amount = noAmount;
  #reserved: Amount = noAmount;
  readonly #calls = new Set<string>();

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

  /** How each limit stands, here and at the parent: a limit that both have is there twice. */
  rooms(): readonly Room[] {
    const taken = sum(this.#used, this.#reserved);
    const own = budgetLimits.flatMap((limit): readonly Room[] => {
      const most = this.#budget[limit];
      if (most === undefined) return [];
      const left = Math.max(0, Math.round((most - measured(taken, limit)) * 1e9) / 1e9);
      return [{ limit, most, used: measured(this.#used, limit), left }];
    });
    return [...own, ...(this.#parent?.rooms() ?? [])];
  }

  /** What may still be reserved of each limit, here and at the parent; below 0 never, undefined where there is no limit. */
  left(): Budget {
    const least: { -readonly [Name in keyof Budget]: number } = {};
    for (const { limit, left } of this.rooms()) least[limit] = Math.min(left, least[limit] ?? left);
    return least;
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

  /**
   * Counts a call that was made before, by this process or an earlier one, unless it is known here; the same at the parent. Also when
   * that is over a limit. `call` is its name. Throws `INPUT_INVALID`.
   */
  count(used: Amount, call: string): void {
    checkAmount(used);
    if (!this.#calls.has(call)) this.#used = sum(this.#used, used);
    this.#calls.add(call);
    this.#parent?.count(used, call);
  }

  /** Notes that a call was reserved and settled, so that it is not counted again when its run goes on. */
  note(call: string): void {
    this.#calls.add(call);
    this.#parent?.note(call);
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

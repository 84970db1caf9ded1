import { WinkError } from "../base/index.ts";
import {
  type Amount,
  type Budget,
  BudgetLedger,
  costOf,
  type LimitState,
  measured,
  noAmount,
  type Price,
  type Prices,
  type Reservation,
  type Usage,
} from "../limits/index.ts";
import type { Message, Model, ModelRequest } from "../model/index.ts";

/** Those of a run. */
interface SpendingOptions {
  readonly budget?: Budget | BudgetLedger | undefined;
  readonly prices?: Prices | undefined;
  readonly maxOutputTokens?: number | undefined;
}

/** A model call for which there is room. */
export interface SpentCall {
  /** Counts what was used; what the provider did not tell counts as much as it may have been. */
  settle(usage: Usage): void;
  /** Counts a call that failed: nothing when the provider has refused it, else as much as it may have used. */
  fail(error: WinkError): void;
}

/**
 * What a run uses of its model. Before each call the most that it may use is reserved: its answer is bounded, and its request
 * is counted by the model's own counter, or taken as a token for every two bytes of its JSON.
 */
export class Spending {
  /** The longest that one answer may be; undefined when nobody says. */
  readonly maxOutputTokens: number | undefined;
  readonly #model: Model;
  readonly #ledger: BudgetLedger | undefined;
  readonly #price: Price | undefined;
  /** The bytes of messages as JSON. */
  readonly #bytes = new WeakMap<Message, number>();
  /** The request that was counted last, which grows with each message, and what it came to. */
  #counted: { readonly request: ModelRequest; readonly messages: number; readonly tokens: number } | undefined;
  /** Of each measure, the most that one call has used. */
  #largest = noAmount;
  #cost = 0;

  /** Throws `BUDGET_INVALID`, and `BUDGET_UNBOUNDED` when the budget cannot be kept: no longest answer, no price. */
  constructor(model: Model, { budget, prices, maxOutputTokens = model.maxOutputTokens }: SpendingOptions) {
    this.#model = model;
    this.#ledger = budget === undefined || budget instanceof BudgetLedger ? budget : new BudgetLedger(budget);
    this.#price = prices?.({ provider: model.provider, name: model.name });
    this.maxOutputTokens = maxOutputTokens;
    const limits = new Set(this.#ledger?.limits);
    const at = `model ${model.provider}/${model.name}`;
    const isBounded = maxOutputTokens !== undefined && maxOutputTokens > 0;
    if (!isBounded && (limits.has("outputTokens") || limits.has("totalTokens") || limits.has("cost"))) {
      throw new WinkError("BUDGET_UNBOUNDED", {
        at,
        problem: "Nobody says how long an answer of the model may be, so it could go over the budget at once",
        expected: "`maxOutputTokens`, among the options or of the model",
        example: "{ budget, maxOutputTokens: 4_096 }",
      });
    }
    if (this.#price === undefined && limits.has("cost")) {
      throw new WinkError("BUDGET_UNBOUNDED", {
        at,
        problem: "Nobody knows the price of the model, so a budget of money cannot be kept",
        expected: "`prices` that know it",
        example: "{ budget: { cost: 2 }, prices: () => ({ input: 1.25, output: 10 }) }",
      });
    }
  }

  /** The account of the budget, if there is one. */
  get ledger(): BudgetLedger | undefined {
    return this.#ledger;
  }

  /** What the calls have cost; undefined while no price is known. */
  get cost(): number | undefined {
    return this.#price === undefined ? undefined : this.#cost;
  }

  /** Makes room for a call of this name. Throws `BUDGET_EXCEEDED` when there is none. */
  reserve(request: ModelRequest, call: string): SpentCall {
    if (this.#ledger === undefined && this.#price === undefined) return uncounted;
    const most = this.#most(request);
    const reservation = this.#ledger?.reserve(this.#amount({}, most));
    return {
      settle: (usage) => {
        this.#settle(reservation, this.#amount(usage, most));
        this.#ledger?.note(call);
      },
      fail: ({ code }) => {
        const isRefused = code === "MODEL_REJECTED" || code === "MODEL_THROTTLED";
        this.#settle(reservation, isRefused ? noAmount : this.#amount({}, most));
      },
    };
  }

  /** Counts a call that was made before the run went on; what the provider did not tell of it counts as nothing. */
  count(usage: Usage, call: string): void {
    if (this.#ledger === undefined && this.#price === undefined) return;
    const used = this.#amount(usage, nothingTold);
    this.#ledger?.count(used, call);
    this.#settle(undefined, used);
  }

  /** How the limits of the budget stand before a request; none without a budget. */
  standings(request: ModelRequest): readonly LimitState[] {
    if (this.#ledger === undefined) return [];
    const next = this.#amount({}, this.#most(request));
    return this.#ledger.rooms().map((room) => ({
      ...room,
      call: measured(next, room.limit),
      turn: measured(this.#largest, room.limit),
    }));
  }

  /** The most that a call may use, in tokens. */
  #most(request: ModelRequest): { readonly inputTokens: number; readonly outputTokens: number } {
    return { inputTokens: this.#inputTokens(request), outputTokens: this.maxOutputTokens ?? 0 };
  }

  #settle(reservation: Reservation | undefined, used: Amount): void {
    this.#cost += used.cost;
    this.#largest = larger(this.#largest, used);
    reservation?.settle(used);
  }

  #amount(usage: Usage, most: { readonly inputTokens: number; readonly outputTokens: number }): Amount {
    const { inputTokens = most.inputTokens, outputTokens = most.outputTokens } = usage;
    const cost = this.#price === undefined ? 0 : costOf(usage, this.#price, most);
    return { inputTokens, outputTokens, cost, turns: 1 };
  }

  #inputTokens(request: ModelRequest): number {
    const messages = request.messages.length;
    const known = this.#counted;
    if (known?.request === request && known.messages === messages) return known.tokens;
    const tokens = this.#model.countTokens?.(request) ?? Math.ceil(this.#bytesOf(request) / 2);
    this.#counted = { request, messages, tokens };
    return tokens;
  }

  /** Messages are counted once each: they do not change, and every request of a run holds those of the one before. */
  #bytesOf({ messages, ...rest }: ModelRequest): number {
    let bytes = Buffer.byteLength(JSON.stringify(rest));
    for (const message of messages) {
      const known = this.#bytes.get(message) ?? Buffer.byteLength(JSON.stringify(message)) + 1;
      this.#bytes.set(message, known);
      bytes += known;
    }
    return bytes;
  }
}

/** Of each measure the larger one. */
const larger = (a: Amount, b: Amount): Amount => ({
  inputTokens: Math.max(a.inputTokens, b.inputTokens),
  outputTokens: Math.max(a.outputTokens, b.outputTokens),
  cost: Math.max(a.cost, b.cost),
  turns: Math.max(a.turns, b.turns),
});

const nothingTold = { inputTokens: 0, outputTokens: 0 };

/** A call that nothing limits and nobody has a price for. */
const uncounted: SpentCall = { settle: () => undefined, fail: () => undefined };

/** Throws as the constructor of {@link Spending} does, before there is a run. */
export function checkSpending(model: Model, options: SpendingOptions): void {
  new Spending(model, options);
}

import { isJsonObject, type WinkError } from "../base/index.ts";
import type { ModelFailed, ModelName, ModelResponded, TokensAtMost } from "../journal/index.ts";
import {
  type Amount,
  type Budget,
  BudgetLedger,
  costOf,
  type LimitState,
  measured,
  mostCost,
  noAmount,
  type Price,
  type PriceSources,
  priceOf,
  type Reservation,
  type Usage,
} from "../limits/index.ts";
import type { Message, Model, ModelRequest } from "../model/index.ts";
import { countedBy } from "./counted-by.ts";
import { type ModelLine, nameOf } from "./model-line.ts";
import { requireBounded } from "./require-bounded.ts";

/** Those of a run. */
interface SpendingOptions extends PriceSources {
  readonly budget?: Budget | BudgetLedger | undefined;
  readonly maxOutputTokens?: number | undefined;
}

/** What an answer counts. */
export interface SettledCall {
  /** What it cost, if that is known. */
  readonly cost: number | undefined;
  /** What the call may have used at most, when that was counted and the provider did not tell all of it. */
  readonly atMost: TokensAtMost | undefined;
}

/** A model call for which there is room. */
export interface SpentCall {
  /** Counts what was used; what the provider did not tell counts as much as it may have been. */
  settle(usage: Usage, cost?: number): SettledCall;
  /** Counts a call that failed: nothing when the provider has refused it or was not reached, else as much as it may have used, which it gives if it was counted. */
  fail(error: WinkError): TokensAtMost | undefined;
  /** Counts nothing: the call was never made. */
  cancel(): void;
}

/**
 * What a run uses of its model. Before each call the most that it may use is reserved: its answer is bounded, and its request
 * is counted by the model's own counter, or taken as a token for every two bytes of its JSON.
 */
export class Spending {
  readonly #models: ModelLine;
  readonly #maxOutputTokens: number | undefined;
  readonly #ledger: BudgetLedger | undefined;
  readonly #sources: PriceSources;
  readonly #priceOf: ReadonlyMap<Model, Price | undefined>;
  /** Whether a call was counted of which nobody knows what it cost. */
  #isUnpriced = false;
  /** Whether one was of which somebody does. */
  #isPriced: boolean;
  /** The bytes of messages as JSON. */
  readonly #bytes = new WeakMap<Message, number>();
  /** The request that was counted last, which grows with each message, and what it came to. */
  #counted: (Counted & { readonly tokens: number }) | undefined;
  /** Of each measure, the most that one call has used. */
  #largest = noAmount;
  #cost = 0;

  /** Throws `BUDGET_INVALID`, and `BUDGET_UNBOUNDED` when the budget cannot be kept: no longest answer, no price. */
  constructor(models: ModelLine, { budget, maxOutputTokens, prices, facts }: SpendingOptions) {
    this.#models = models;
    this.#ledger = budget === undefined || budget instanceof BudgetLedger ? budget : new BudgetLedger(budget);
    const sources = { prices, facts };
    this.#sources = sources;
    this.#priceOf = new Map(models.all.map((model) => [model, priceOf(nameOf(model), sources)]));
    this.#isPriced = this.#priceOf.get(models.first) !== undefined;
    this.#maxOutputTokens = maxOutputTokens;
    const limits = new Set(this.#ledger?.limits);
    for (const model of models.all)
      requireBounded(limits, model, { longest: this.#longestOf(model), price: this.#priceOf.get(model) });
  }

  /** What the present model is told of how long its answer may be; undefined for nothing. */
  get maxOutputTokens(): number | undefined {
    return this.#maxOutputTokens ?? this.#models.current.maxOutputTokens;
  }

  /** The longest that one answer of the present model can be; undefined when nobody says. */
  get longestAnswer(): number | undefined {
    return this.#longestOf(this.#models.current);
  }

  /** What a model is told counts before what is known of it, which need not be told. */
  #longestOf(model: Model): number | undefined {
    return this.#maxOutputTokens ?? model.maxOutputTokens ?? this.#sources.facts?.(nameOf(model))?.maxOutputTokens;
  }

  /** The account of the budget, if there is one. */
  get ledger(): BudgetLedger | undefined {
    return this.#ledger;
  }

  /** What the answers have cost, as the provider says or by its price; undefined when neither is known of one of them. */
  get cost(): number | undefined {
    return this.#isPriced && !this.#isUnpriced ? this.#cost : undefined;
  }

  /** Makes room for a call of this name. Throws `BUDGET_EXCEEDED` when there is none. */
  reserve(request: ModelRequest, call: string): SpentCall {
    const price = this.#priceOf.get(this.#models.current);
    const isCounted = price !== undefined || this.#ledger !== undefined;
    const most = isCounted ? this.#most(request) : nothingTold;
    const reservation = this.#ledger?.reserve(amountOf({}, most, price));
    return {
      settle: (usage, cost) => {
        const isPriced = price !== undefined || cost !== undefined;
        const told = this.#settle(reservation, amountOf(usage, most, price, cost), isPriced);
        this.#ledger?.note(call);
        const isTold = usage.inputTokens !== undefined && usage.outputTokens !== undefined;
        return { cost: told, atMost: isTold || !isCounted ? undefined : most };
      },
      fail: (error) => {
        const isFree = isRefused(error);
        const used = isFree ? noAmount : amountOf({}, most, price);
        this.#largest = larger(this.#largest, used);
        reservation?.settle(used);
        this.#ledger?.note(call);
        return isFree || !isCounted ? undefined : most;
      },
      cancel: () => reservation?.settle(noAmount),
    };
  }

  /**
   * Counts a call that was made before the run went on, and gives what it cost if that is known. What the provider did not tell of it
   * counts as much as it may have been, as far as somebody has counted that. `model` is who was asked.
   */
  count({ usage, cost, atMost = nothingTold }: CountedBefore, call: string, model: ModelName): number | undefined {
    const price = priceOf(nameOf(model), this.#sources);
    const used = amountOf(usage, atMost, price, cost);
    this.#ledger?.count(used, call);
    return this.#settle(undefined, used, price !== undefined || cost !== undefined);
  }

  /** Counts a call without an answer that was made before the run went on: as much as it may have used, as far as somebody has counted that. */
  countFailed(call: string, model: ModelName, { error, atMost = nothingTold }: Partial<ModelFailed> = {}): void {
    if (error !== undefined && isRefused(error)) return;
    const used = amountOf({}, atMost, priceOf(nameOf(model), this.#sources));
    this.#largest = larger(this.#largest, used);
    this.#ledger?.count(used, call);
  }

  /** How many tokens a call uses, of request and answer: at most, or, when its usage is known, as far as that tells. */
  tokensOf(request: ModelRequest, usage: Usage = {}): number {
    const most = this.#most(request);
    const { inputTokens = most.inputTokens, outputTokens = most.outputTokens } = usage;
    return inputTokens + outputTokens;
  }

  /** How the limits of the budget stand before a request; none without a budget. */
  standings(request: ModelRequest): readonly LimitState[] {
    if (this.#ledger === undefined) return [];
    const next = amountOf({}, this.#most(request), this.#priceOf.get(this.#models.current));
    return this.#ledger.rooms().map((room) => ({
      ...room,
      call: measured(next, room.limit),
      turn: measured(this.#largest, room.limit),
    }));
  }

  /** The most that a call may use, in tokens. */
  #most(request: ModelRequest): TokensAtMost {
    return { inputTokens: this.#inputTokens(request), outputTokens: this.longestAnswer ?? 0 };
  }

  /** Gives what was spent, if that is known. */
  #settle(reservation: Reservation | undefined, used: Amount, isPriced: boolean): number | undefined {
    this.#isPriced ||= isPriced;
    this.#isUnpriced ||= !isPriced;
    this.#cost += used.cost;
    this.#largest = larger(this.#largest, used);
    reservation?.settle(used);
    return isPriced ? used.cost : undefined;
  }

  #inputTokens(request: ModelRequest): number {
    const messages = request.messages.length;
    const model = this.#models.current;
    const known = this.#counted;
    if (known?.request === request && known.messages === messages && known.model === model) return known.tokens;
    const tokens = countedBy(model, request) ?? Math.ceil(this.#bytesOf(request) / 2);
    this.#counted = { request, messages, model, tokens };
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

/** An answer as a journal has it. */
type CountedBefore = Pick<ModelResponded, "usage" | "cost" | "atMost">;

/** What a request was counted for. */
interface Counted {
  readonly request: ModelRequest;
  readonly messages: number;
  readonly model: Model;
}

/** What a call comes to. What the provider says of its cost counts before what its price makes it. */
function amountOf(usage: Usage, most: TokensAtMost, price: Price | undefined, told?: number): Amount {
  const { inputTokens = most.inputTokens, outputTokens = most.outputTokens } = usage;
  const reckoned = (price: Price): number =>
    usage.inputTokens === undefined ? mostCost(price, inputTokens, outputTokens) : costOf(usage, price, most);
  const cost = told ?? (price === undefined ? 0 : reckoned(price));
  return { inputTokens, outputTokens, cost, turns: 1 };
}

/** Whether the provider would not take the request at all, or never saw it, so that it has used nothing. */
export const isRefused = ({ code, details }: { readonly code?: unknown; readonly details?: unknown }): boolean =>
  code === "MODEL_REJECTED" ||
  code === "MODEL_THROTTLED" ||
  (code === "MODEL_UNAVAILABLE" && isJsonObject(details) && details.reason === "unreachable");

/** Of each measure the larger one. */
const larger = (a: Amount, b: Amount): Amount => ({
  inputTokens: Math.max(a.inputTokens, b.inputTokens),
  outputTokens: Math.max(a.outputTokens, b.outputTokens),
  cost: Math.max(a.cost, b.cost),
  turns: Math.max(a.turns, b.turns),
});

const nothingTold = { inputTokens: 0, outputTokens: 0 };

import { aList, anObject, checkKind, checkOptions, from1, kind, namesOnly, type OptionKind } from "../base/index.ts";
import type { Usage } from "./usage.ts";

/** What a million tokens of each kind cost, in any one currency. */
export interface Rates {
  readonly input: number;
  /** For tokens that the provider reads from its cache; as `input` unless told. */
  readonly cachedInput?: number | undefined;
  /** For tokens that the provider writes to its cache; as `input` unless told. */
  readonly cacheWrite?: number | undefined;
  readonly output: number;
}

/** What a model costs. */
export interface Price extends Rates {
  /** Other rates for the whole of a call with much input, answer included; of those that fit, the one with the highest `above` holds. */
  readonly tiers?: readonly PriceTier[] | undefined;
}

/** Rates for calls of more than `above` tokens of input, cached ones included. */
export interface PriceTier extends Rates {
  readonly above: number;
}

/** Knows prices. Passed in: they change, and each customer has their own. */
export type Prices = (model: { readonly provider: string; readonly name: string }) => Price | undefined;

/** What a function gives that knows something of models. */
export const atOnce: OptionKind = kind(
  "an object, given at once: the function must not be async",
  (value) => anObject.fits(value) && !(value instanceof Promise),
);

const aRate = kind("a number from 0 on", (value) => Number.isFinite(value) && Number(value) >= 0);

const rateNames = ["input", "cachedInput", "cacheWrite", "output"];
const priceNames = namesOnly(...rateNames, "tiers");
const tierNames = namesOnly("above", ...rateNames);

/**
 * Throws `INPUT_INVALID` for a price that cannot be true, and for rates that there are none of; `at` says whose it is. A price is looked
 * at each time that it is given: it may have changed.
 */
export function checkPrice(price: Price, at: string, problem?: string): void {
  checkKind(at, price, atOnce, problem);
  const { tiers = [] } = price;
  checkKind(`${at}.tiers`, tiers, aList, problem);
  for (const [index, rates] of [price, ...tiers].entries()) {
    const { input, cachedInput = 0, cacheWrite = 0, output } = rates;
    const place = index === 0 ? at : `${at}.tiers[${index - 1}]`;
    checkOptions(place, rates, index === 0 ? priceNames : tierNames);
    for (const [name, rate] of Object.entries({ input, cachedInput, cacheWrite, output }))
      checkKind(`${place}.${name}`, rate, aRate, problem);
  }
  for (const [index, { above }] of tiers.entries()) {
    const isNew = tiers.findIndex((tier) => tier.above === above) === index;
    checkKind(`${at}.tiers[${index}].above`, above, isNew ? from1 : anotherAbove, problem);
  }
}

const anotherAbove = kind("another number of tokens for each tier", () => false);

/** The rates for a call with so many tokens of input. */
export function ratesOf(price: Price, inputTokens: number): Rates {
  let rates: Rates & { readonly above?: number } = price;
  for (const tier of price.tiers ?? []) if (inputTokens > tier.above && tier.above >= (rates.above ?? 0)) rates = tier;
  return rates;
}

/** What the first tokens of a call's input cost, in millionths: cached ones come first, then those that were written, then others. */
export function inputCost(usage: Usage, inputTokens: number, rates: Rates): (tokens: number) => number {
  const { cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  const { input, cachedInput = input, cacheWrite = input } = rates;
  const cachedEnd = Math.min(cachedInputTokens, inputTokens);
  const writtenEnd = Math.min(cachedEnd + cacheWriteTokens, inputTokens);
  return (tokens) => {
    const cached = Math.min(tokens, cachedEnd);
    const written = Math.min(tokens, writtenEnd) - cached;
    return (tokens - cached - written) * input + cached * cachedInput + written * cacheWrite;
  };
}

/** What a model call costs; numbers that the provider did not tell are counted as `most` says. */
export function costOf(
  usage: Usage,
  price: Price,
  most: { readonly inputTokens: number; readonly outputTokens: number },
): number {
  const { inputTokens = most.inputTokens, outputTokens = most.outputTokens } = usage;
  const rates = ratesOf(price, inputTokens);
  return (inputCost(usage, inputTokens, rates)(inputTokens) + outputTokens * rates.output) / 1e6;
}

/** The most that a call of no more than so many tokens can cost, whatever the provider's cache does. */
export function mostCost(price: Price, inputTokens: number, outputTokens: number): number {
  const costs = [price, ...(price.tiers ?? []).filter(({ above }) => inputTokens > above)].map(
    ({ input, cachedInput = input, cacheWrite = input, output }) =>
      inputTokens * Math.max(input, cachedInput, cacheWrite) + outputTokens * output,
  );
  return Math.max(...costs) / 1e6;
}

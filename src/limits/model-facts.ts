import type { Price, Prices } from "./price.ts";

/** What is known of a model from outside, of lists and documents. What is not known is undefined, never zero. */
export interface ModelFacts {
  /** How many tokens a request and its answer may have together. */
  readonly window?: number | undefined;
  /** The longest answer that the model gives, in tokens. */
  readonly maxOutputTokens?: number | undefined;
  readonly price?: Price | undefined;
  /** The day on which that was so, as `2026-11-27`. */
  readonly asOf?: string | undefined;
}

/** Knows facts of models. Passed in: they change. */
export type FactsOf = (model: { readonly provider: string; readonly name: string }) => ModelFacts | undefined;

/** Who is asked for the price of a model. */
export interface PriceSources {
  readonly prices?: Prices | undefined;
  /** Asked when `prices` do not know it. */
  readonly facts?: FactsOf | undefined;
}

/** The price of a model, as the first says who knows it. */
export const priceOf = (model: Parameters<Prices>[0], { prices, facts }: PriceSources): Price | undefined =>
  prices?.(model) ?? facts?.(model)?.price;

import { checkKind, from1 } from "../base/index.ts";
import { atOnce, checkPrice, type Price, type Prices } from "./price.ts";

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

type Named = Parameters<FactsOf>[0];

/** The price of a model, as the first says who knows it. Throws `INPUT_INVALID` for one that cannot be true. */
export function priceOf(model: Named, { prices, facts }: PriceSources): Price | undefined {
  const price = prices?.(model) ?? undefined;
  if (price === undefined) return factsFor(model, facts)?.price;
  checkPrice(price, atOf("prices", model));
  return price;
}

/** What is known of a model. Throws `INPUT_INVALID` for what cannot be true: it comes from outside. */
export function factsFor(model: Named, facts: FactsOf | undefined): ModelFacts | undefined {
  const known = facts?.(model) ?? undefined;
  if (known === undefined) return undefined;
  const at = atOf("facts", model);
  checkKind(at, known, atOnce);
  const { window, maxOutputTokens, price } = known;
  for (const [name, tokens] of Object.entries({ window, maxOutputTokens }))
    if (tokens !== undefined) checkKind(`${at}, ${name}`, tokens, from1);
  if (price !== undefined) checkPrice(price, `${at}, price`);
  return known;
}

const atOf = (source: string, { provider, name }: Named): string => `${source} of ${provider}/${name}`;

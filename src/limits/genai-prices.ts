/** The maintained list of prices `@pydantic/genai-prices` as facts. It is passed in, so that it can be as new as its user wants. */
import { anObject, type Clock, checkKind, checkOptions, having, kind, systemClock } from "../base/index.ts";
import type { FactsOf } from "./model-facts.ts";
import type { Price, Rates } from "./price.ts";

/** The part of the package that is needed: `import * as list from "@pydantic/genai-prices"`. */
export interface GenaiPricesPackage {
  calcPrice(
    usage: Record<string, number | undefined>,
    modelId: string,
    options: { providerId?: string; timestamp: Date },
  ): null | { readonly model: { readonly context_window?: number }; readonly model_price: PriceList };
  /** Tells whether there is a provider of a name; newer versions have it. */
  findProvider?(options: { readonly providerId: string }): unknown;
}

/** For each kind of token a price of a million; with tiers, that of the last one whose `start` the input of the call is above. */
type PriceList = Readonly<Record<string, number | Tiered | undefined>>;

interface Tiered {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

/** Options of {@link genaiPrices}. */
export interface GenaiPricesOptions {
  /** Prices change by day, and some by hour; the machine's clock unless given. */
  readonly clock?: Pick<Clock, "now"> | undefined;
  /**
   * What the package calls those who are behind a driver: `{ "ai-sdk": "azure", openai: "openrouter" }`. Unless told, `ai-sdk` is
   * whoever made the model of that name, and each other driver is who it is named after.
   */
  readonly providers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Makes facts of the package's list: windows and prices, in US dollars, as they are at the moment of asking. Unknown is a price that
 * tokens alone do not make. The list has no longest answers. Throws `INPUT_INVALID`.
 */
export function genaiPrices(list: GenaiPricesPackage, options: GenaiPricesOptions = {}): FactsOf {
  checkKind("genaiPrices", list, aPackage);
  checkOptions("genaiPrices", options, kinds);
  const { clock = systemClock, providers = {} } = options;
  const aProvider = kind(
    "a provider of the list",
    (id) =>
      typeof id === "string" &&
      (list.findProvider === undefined || list.findProvider({ providerId: id }) !== undefined),
  );
  for (const [driver, id] of Object.entries(providers)) checkKind(`genaiPrices, providers, ${driver}`, id, aProvider);
  return ({ provider, name }) => {
    const told = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
    const providerId = told ?? (provider === "ai-sdk" ? undefined : provider);
    const timestamp = new Date(clock.now());
    const found = list.calcPrice({}, name, { ...(providerId !== undefined && { providerId }), timestamp });
    return found === null ? undefined : { window: found.model.context_window, price: priceFrom(found.model_price) };
  };
}

const aPackage = kind('`import * as list from "@pydantic/genai-prices"`', having("calcPrice").fits);
const kinds = { clock: having("now"), providers: anObject };

/** Prices of requests, and of parts of an answer by themselves. */
const notOfTokens = /^requests_|_messages_|_reasoning_|_citation_/;

function priceFrom(list: PriceList): Price | undefined {
  const { input_mtok, output_mtok, cache_read_mtok, cache_write_mtok } = list;
  if (input_mtok === undefined || output_mtok === undefined) return undefined;
  if (Object.keys(list).some((name) => notOfTokens.test(name))) return undefined;
  const ratesAbove = (start: number): Rates => ({
    input: rateAbove(input_mtok, start),
    cachedInput: cache_read_mtok && rateAbove(cache_read_mtok, start),
    cacheWrite: cache_write_mtok && rateAbove(cache_write_mtok, start),
    output: rateAbove(output_mtok, start),
  });
  const rates = [input_mtok, output_mtok, cache_read_mtok, cache_write_mtok];
  const starts = new Set(
    rates.flatMap((rate) => (typeof rate === "object" ? rate.tiers : [])).map(({ start }) => start),
  );
  return { ...ratesAbove(-1), tiers: [...starts].map((above) => ({ above, ...ratesAbove(above) })) };
}

function rateAbove(rate: number | Tiered, start: number): number {
  if (typeof rate === "number") return rate;
  return rate.tiers.filter((tier) => tier.start <= start).sort((a, b) => b.start - a.start)[0]?.price ?? rate.base;
}

import type { Usage } from "./usage.ts";

/** What a model costs, in any one currency, for a million tokens each. */
export interface Price {
  readonly input: number;
  /** For tokens that the provider reads from its cache; as `input` unless told. */
  readonly cachedInput?: number | undefined;
  /** For tokens that the provider writes to its cache; as `input` unless told. */
  readonly cacheWrite?: number | undefined;
  readonly output: number;
}

/** Knows prices. Passed in: they change, and each customer has their own. */
export type Prices = (model: { readonly provider: string; readonly name: string }) => Price | undefined;

/** What a model call costs; numbers that the provider did not tell are counted as `most` says. */
export function costOf(
  usage: Usage,
  price: Price,
  most: { readonly inputTokens: number; readonly outputTokens: number },
): number {
  const { inputTokens = most.inputTokens, outputTokens = most.outputTokens } = usage;
  const { cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  const cached = Math.min(cachedInputTokens, inputTokens);
  const written = Math.min(cacheWriteTokens, inputTokens - cached);
  const { input, cachedInput = input, cacheWrite = input, output } = price;
  const plain = inputTokens - cached - written;
  return (plain * input + cached * cachedInput + written * cacheWrite + outputTokens * output) / 1e6;
}

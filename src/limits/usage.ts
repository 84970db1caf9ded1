/** What model calls used, in tokens. A number that a provider did not tell is unknown (`undefined`), never zero. */
export interface Usage {
  /** Tokens of the request, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Tokens of the request that the provider read from its cache. */
  readonly cachedInputTokens?: number | undefined;
  /** Tokens of the request that the provider wrote to its cache; some charge more for them. */
  readonly cacheWriteTokens?: number | undefined;
  /** Tokens of the answer, reasoning included. */
  readonly outputTokens?: number | undefined;
  /** Tokens of the answer that were reasoning. */
  readonly reasoningTokens?: number | undefined;
}

/** Whether a value can be counted: a number from 0 on, and no larger than numbers are exact. */
export const isAmount = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;

/** A usage without what cannot be counted; the same when all can. */
export function countable(usage: Usage): Usage {
  const isWhole = counts.every((name) => usage[name] === undefined || isAmount(usage[name]));
  return isWhole ? usage : Object.fromEntries(Object.entries(usage).filter(([, count]) => isAmount(count)));
}

/** Adds two usages; a number known on one side only is kept. */
export function addUsage(a: Usage, b: Usage): Usage {
  const total: { -readonly [Name in keyof Usage]: Usage[Name] } = {};
  for (const name of counts) {
    const [one, other] = [a[name], b[name]];
    if (one !== undefined || other !== undefined) total[name] = (one ?? 0) + (other ?? 0);
  }
  return total;
}

const counts = ["inputTokens", "cachedInputTokens", "cacheWriteTokens", "outputTokens", "reasoningTokens"] as const;

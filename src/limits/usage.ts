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

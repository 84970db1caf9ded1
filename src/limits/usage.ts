/** What model calls used, in tokens. A number that a provider did not tell is unknown (`undefined`), never zero. */
export interface Usage {
  /** Tokens of the request, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Tokens of the request that the provider read from its cache. */
  readonly cachedInputTokens?: number | undefined;
  /** Tokens of the answer, reasoning included. */
  readonly outputTokens?: number | undefined;
  /** Tokens of the answer that were reasoning. */
  readonly reasoningTokens?: number | undefined;
}

/** Adds two usages; a number known on one side only is kept. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: sum(a.inputTokens, b.inputTokens),
    cachedInputTokens: sum(a.cachedInputTokens, b.cachedInputTokens),
    outputTokens: sum(a.outputTokens, b.outputTokens),
    reasoningTokens: sum(a.reasoningTokens, b.reasoningTokens),
  };
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : a + b;

/** Tokens of requests and answers, reckoned: four characters are one. */
import type { Usage } from "../../limits/index.ts";
import type { LoopbackSaid } from "./answer.ts";
import type { Spoken } from "./spoken.ts";

/** Every number of a usage. */
export type Tokens = { readonly [Name in keyof Usage]-?: number };

/** How many tokens a text has; at least one. */
export const tokensOf = (characters: number): number => Math.max(1, Math.ceil(characters / 4));

/** What an answer used; numbers of the script go before those that are counted. */
export function tokensUsed(
  said: LoopbackSaid,
  { length, thinking = "" }: Spoken,
  request: Pick<Tokens, "inputTokens" | "cachedInputTokens" | "cacheWriteTokens">,
): Tokens {
  const { usage = {} } = said;
  return {
    inputTokens: usage.inputTokens ?? request.inputTokens,
    cachedInputTokens: usage.cachedInputTokens ?? request.cachedInputTokens,
    cacheWriteTokens: usage.cacheWriteTokens ?? request.cacheWriteTokens,
    outputTokens: usage.outputTokens ?? tokensOf(length),
    reasoningTokens: usage.reasoningTokens ?? Math.ceil(thinking.length / 4),
  };
}

/** How many earlier requests are remembered. */
export const remembered = 16;

/** Makes a count of requests: what one has in common with an earlier one, from its beginning, is cached by 16 tokens. */
export function promptCounter(): (
  text: string,
) => Pick<Tokens, "inputTokens" | "cachedInputTokens" | "cacheWriteTokens"> {
  const earlier: string[] = [];
  return (text) => {
    const common = Math.max(0, ...earlier.map((other) => commonLength(text, other)));
    earlier.push(text);
    if (earlier.length > remembered) earlier.shift();
    return { inputTokens: tokensOf(text.length), cachedInputTokens: (common >> 6) * 16, cacheWriteTokens: 0 };
  };
}

function commonLength(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

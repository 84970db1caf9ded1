import type { GlobToken } from "./glob-parse.ts";

/** Tells whether one name fits one segment of a glob. */
export type SegmentMatcher = (name: string) => boolean;

type SegmentToken = Exclude<GlobToken, { readonly kind: "slash" }>;

/**
 * Makes the matcher of one segment. Its time is at most the length of the name times that of the segment, whatever the
 * pattern: a `*` that has matched once is never tried again further left, because the last `*` can always take more.
 */
export function segmentMatcher(tokens: readonly GlobToken[]): SegmentMatcher {
  const merged = merge(tokens);
  const [first, second, third] = merged;
  if (first === undefined) return (name) => name === "";
  if (merged.length === 1 && first.kind === "text") return (name) => name === first.text;
  if (merged.length === 1 && first.kind === "any") return () => true;
  if (merged.length === 2 && first.kind === "any" && second?.kind === "text")
    return (name) => name.endsWith(second.text);
  if (merged.length === 2 && first.kind === "text" && second?.kind === "any")
    return (name) => name.startsWith(first.text);
  if (merged.length === 3 && first.kind === "any" && second?.kind === "text" && third?.kind === "any") {
    return (name) => name.includes(second.text);
  }
  return (name) => matches(merged, name);
}

/** Joins neighbouring texts and neighbouring stars. */
function merge(tokens: readonly GlobToken[]): readonly SegmentToken[] {
  const merged: SegmentToken[] = [];
  for (const token of tokens) {
    const last = merged.at(-1);
    if (token.kind === "slash" || (token.kind === "any" && last?.kind === "any")) continue;
    if (token.kind === "text" && last?.kind === "text") {
      merged[merged.length - 1] = { kind: "text", text: last.text + token.text };
    } else merged.push(token);
  }
  return merged;
}

function matches(tokens: readonly SegmentToken[], name: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length || token < tokens.length) {
    const current = tokens[token];
    if (current?.kind === "any") {
      star = token;
      resume = at;
      token += 1;
      continue;
    }
    const length = current === undefined ? -1 : lengthAt(current, name, at);
    if (length >= 0) {
      token += 1;
      at += length;
    } else {
      if (star < 0 || resume >= name.length) return false;
      resume += 1;
      token = star + 1;
      at = resume;
    }
  }
  return true;
}

/** How many units of the name a token takes at a position; -1 when it does not fit. */
function lengthAt(token: SegmentToken, name: string, at: number): number {
  if (token.kind === "text") return name.startsWith(token.text, at) ? token.text.length : -1;
  const point = name.codePointAt(at);
  if (point === undefined || token.kind === "any") return -1;
  const length = point > 0xffff ? 2 : 1;
  if (token.kind === "one") return length;
  const inside = token.ranges.some(([from, to]) => point >= from && point <= to);
  return inside === token.negated ? -1 : length;
}

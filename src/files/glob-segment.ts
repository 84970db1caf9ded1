import type { GlobToken } from "./glob-parse.ts";

/** A segment of a glob, compiled. */
export interface GlobSegment {
  /** The text that a name must begin with; the whole name when `isText`. */
  readonly lead: string;
  /** The text that a name must end with, behind what `lead` takes. */
  readonly trail: string;
  /** Whether the segment is `lead` and nothing else. */
  readonly isText: boolean;
  /** Whether the segment is `lead`, any characters, and `trail`. */
  readonly isSimple: boolean;
  /** Whether the name that stands in a path from one position to another fits. */
  fits(path: string, from: number, to: number): boolean;
}

type SegmentToken = Exclude<GlobToken, { readonly kind: "slash" }>;

/**
 * Compiles one segment. The texts at its two ends are compared first. What is between them takes at most the length of the
 * name times that of the segment, whatever the pattern: a `*` that has matched once is never tried again further left,
 * because the last `*` can always take more.
 */
export function compileSegment(tokens: readonly GlobToken[]): GlobSegment {
  const merged = merge(tokens);
  const [first] = merged;
  const last = merged.at(-1);
  const lead = first?.kind === "text" ? first.text : "";
  const isText = merged.length === (lead === "" ? 0 : 1);
  const hasStar = merged.some(({ kind }) => kind === "any");
  const trail = hasStar && last?.kind === "text" ? last.text : "";
  const inner = merged.slice(lead === "" ? 0 : 1, trail === "" ? merged.length : -1);
  const isSimple = inner.length === 1 && inner[0]?.kind === "any";
  const shortest = lead.length + trail.length;
  return {
    lead,
    trail,
    isText,
    isSimple,
    fits(path, from, to) {
      if (to - from < shortest) return false;
      if (lead !== "" && !path.startsWith(lead, from)) return false;
      if (trail !== "" && !path.startsWith(trail, to - trail.length)) return false;
      return isSimple || matches(inner, path, from + lead.length, to - trail.length);
    },
  };
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

function matches(tokens: readonly SegmentToken[], path: string, from: number, to: number): boolean {
  let token = 0;
  let at = from;
  let star = -1;
  let resume = 0;
  while (at < to || token < tokens.length) {
    const current = tokens[token];
    if (current?.kind === "any") {
      star = token;
      resume = at;
      token += 1;
      continue;
    }
    const length = current === undefined ? -1 : lengthAt(current, path, at, to);
    if (length >= 0) {
      token += 1;
      at += length;
    } else {
      if (star < 0 || resume >= to) return false;
      resume += 1;
      token = star + 1;
      at = resume;
    }
  }
  return true;
}

/** How many units a token takes at a position of the path, none beyond `to`; -1 when it does not fit. */
function lengthAt(token: SegmentToken, path: string, at: number, to: number): number {
  if (token.kind === "text") {
    return at + token.text.length <= to && path.startsWith(token.text, at) ? token.text.length : -1;
  }
  const point = at < to ? path.codePointAt(at) : undefined;
  if (point === undefined || token.kind === "any") return -1;
  const length = point > 0xffff ? 2 : 1;
  if (at + length > to) return -1;
  if (token.kind === "one") return length;
  const inside = token.ranges.some(([low, high]) => point >= low && point <= high);
  return inside === token.negated ? -1 : length;
}

import { type LineSearch, lineEnd, lineStart, lineText } from "./grep-lines.ts";

/** Signs of program texts from the most common to the rarest; a sign that is not among them is rarer than all of them. */
const commonSigns = " etnaorislcdupmfhg.,()_by;=/\"'vw:-xk0123456789jzq";

/** How much of a literal is looked for at first; for a text of 7 characters and more V8 takes a slower way. */
const longestKey = 6;

/** How many characters must be passed over for each place that has the key only; else the whole literal is looked for. */
const leastPerMiss = 64;

/**
 * Looks for lines with a plain text. What is looked for first is a piece of it that begins at its rarest sign: V8 goes from
 * one place of the first sign to the next, and so has fewer to look at.
 */
export function literalSearch(literal: string): LineSearch {
  const place = rarestSign(literal);
  const key = literal.slice(place, place + longestKey);
  const next = (text: string, from: number): number => {
    let at = from;
    for (let misses = 0; misses * leastPerMiss <= at - from; misses++) {
      const hit = text.indexOf(key, at + place);
      if (hit < 0) return -1;
      at = hit - place;
      if (text.startsWith(literal, at)) return at;
      at += 1;
    }
    return text.indexOf(literal, at);
  };
  return {
    cost: 1,
    find(text, from) {
      for (let begin = from; ; ) {
        const hit = next(text, begin);
        if (hit < 0) return undefined;
        const at = lineStart(text, hit);
        const end = lineEnd(text, hit);
        const line = lineText(text, at, end);
        const start = hit - at;
        if (start + literal.length <= line.length) return { line, at, start, end: start + literal.length };
        begin = end + 1;
      }
    },
  };
}

function rarestSign(literal: string): number {
  const rank = (place: number): number => {
    const found = commonSigns.indexOf(literal.charAt(place));
    return found < 0 ? commonSigns.length : found;
  };
  let rarest = 0;
  for (let place = 1; place < literal.length; place++) if (rank(place) > rank(rarest)) rarest = place;
  return rarest;
}

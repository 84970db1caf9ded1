import { lineEnd, lineStart, lineText } from "./grep-lines.ts";

/** The longest text of a line that is given, in UTF-16 units; of a longer line a part is given. */
const longestText = 1_000;

/** What is kept of a cut line before its match. */
const keptBefore = 200;

/** A line as it is given, and where its match stands in it. */
export interface CutLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Cuts a line that is too long to the part around its match. */
export function cutLine(line: string, start: number, end: number): CutLine {
  if (line.length <= longestText) return { text: line, start, end };
  let from = Math.max(0, Math.min(start - keptBefore, line.length - longestText));
  let to = from + longestText;
  if (isInsidePair(line, from)) from += 1;
  if (isInsidePair(line, to)) to -= 1;
  return { text: line.slice(from, to), start: start - from, end: Math.min(end, to) - from };
}

/** Whether a cut at this position would part the two halves of one character. */
function isInsidePair(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

/** The lines around a line. */
export interface Context {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** How many characters were gone through. */
  readonly walked: number;
}

const none: Context = Object.freeze({ before: Object.freeze([]), after: Object.freeze([]), walked: 0 });

/** The whole lines around the line that begins at `at`, `count` on each side or as many as there are; long ones are cut. */
export function contextOf(text: string, at: number, count: number): Context {
  if (count === 0) return none;
  const before: string[] = [];
  const after: string[] = [];
  let first = at;
  for (let end = at - 1; before.length < count && end >= 0; end = first - 1) {
    first = lineStart(text, end);
    before.unshift(cutLine(lineText(text, first, end), 0, 0).text);
  }
  let last = lineEnd(text, at);
  while (after.length < count && last + 1 < text.length) {
    const start = last + 1;
    last = lineEnd(text, start);
    after.push(cutLine(lineText(text, start, last), 0, 0).text);
  }
  return { before, after, walked: last - first };
}

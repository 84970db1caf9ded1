import { redact, WinkError } from "../base/index.ts";

/** One step of a glob: a text, any characters (`*`), one character (`?`), one of a class, or the `/` between segments. */
export type GlobToken =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "one" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: "slash" };

/** The longest pattern, in UTF-16 units. */
const longestGlob = 1_000;

/** How many patterns the braces of one pattern may stand for. */
const mostAlternatives = 100;

/** How many steps the patterns that the braces stand for may have together. */
const longestExpanded = 10_000;

type Alternatives = { readonly kind: "alternatives"; readonly of: readonly Sequence[] };
type Sequence = readonly (GlobToken | Alternatives)[];

/** Parses a glob into the plain sequences that its braces stand for; throws `PATTERN_INVALID` with the position. */
export function parseGlob(pattern: string): readonly (readonly GlobToken[])[] {
  if (pattern === "") throw globError(pattern, "The glob is empty", 0, "for example `*.ts`");
  if (pattern.length > longestGlob) {
    throw globError(pattern, "The glob is too long", longestGlob, `at most ${longestGlob} characters`);
  }
  if (pattern.startsWith("!")) {
    throw globError(pattern, "A glob cannot exclude", 0, "what to find; write `\\!` for the character");
  }
  const found = expand(readSequence({ pattern, at: 0 }, false), pattern);
  const length = found.reduce((sum, tokens) => sum + tokens.length, 0);
  if (length > longestExpanded) throw globError(pattern, "The glob is too large", 0, "fewer or shorter alternatives");
  return found;
}

interface Reader {
  readonly pattern: string;
  at: number;
}

function readSequence(reader: Reader, inBraces: boolean): Sequence {
  const { pattern } = reader;
  const found: (GlobToken | Alternatives)[] = [];
  while (reader.at < pattern.length) {
    const start = reader.at;
    const sign = pattern.charAt(start);
    if (inBraces && (sign === "," || sign === "}")) break;
    reader.at += 1;
    if (sign === "*") found.push({ kind: "any" });
    else if (sign === "?") found.push({ kind: "one" });
    else if (sign === "/") found.push({ kind: "slash" });
    else if (sign === "[") found.push(readClass(reader));
    else if (sign === "{") found.push(readBraces(reader));
    else if (sign === "\\") found.push(readEscaped(reader));
    else {
      if (sign === "(") refuseExtended(pattern, start);
      found.push({ kind: "text", text: sign });
    }
  }
  return found;
}

function readEscaped(reader: Reader): GlobToken {
  const next = reader.pattern.charAt(reader.at);
  if (next === "")
    throw globError(reader.pattern, "The glob ends with a lone backslash", reader.at - 1, "a character after it");
  reader.at += 1;
  return next === "/" ? { kind: "slash" } : { kind: "text", text: next };
}

function readBraces(reader: Reader): Alternatives {
  const start = reader.at - 1;
  const of: Sequence[] = [];
  for (;;) {
    of.push(readSequence(reader, true));
    const sign = reader.pattern.charAt(reader.at);
    reader.at += 1;
    if (sign === "")
      throw globError(reader.pattern, "A `{` is not closed", start, "`{a,b}`; write `\\{` for the character");
    if (sign === "}") break;
  }
  if (of.length === 1) {
    throw globError(
      reader.pattern,
      "Braces need alternatives parted by commas",
      start,
      "`{a,b}`; write `\\{` for the character",
    );
  }
  return { kind: "alternatives", of };
}

/** Reads what follows a `[`: ranges and single characters up to the closing `]`; a `]` that comes first is a character. */
function readClass(reader: Reader): GlobToken {
  const { pattern } = reader;
  const start = reader.at - 1;
  const negated = pattern.charAt(reader.at) === "!" || pattern.charAt(reader.at) === "^";
  if (negated) reader.at += 1;
  const ranges: [number, number][] = [];
  for (let first = true; first || pattern.charAt(reader.at) !== "]"; first = false) {
    const from = readMember(reader, start);
    if (pattern.charAt(reader.at) === "-" && pattern.charAt(reader.at + 1) !== "]") {
      reader.at += 1;
      const to = readMember(reader, start);
      if (to < from) throw globError(pattern, "A range of a class is the wrong way round", start, "`[a-z]`");
      ranges.push([from, to]);
    } else ranges.push([from, from]);
  }
  reader.at += 1;
  return { kind: "class", negated, ranges };
}

function readMember(reader: Reader, start: number): number {
  const { pattern } = reader;
  if (pattern.startsWith("[:", reader.at)) {
    throw globError(pattern, "Named classes are not supported", reader.at, "ranges such as `[a-z0-9]`");
  }
  if (pattern.charAt(reader.at) === "\\") reader.at += 1;
  const point = pattern.codePointAt(reader.at);
  if (point === undefined)
    throw globError(pattern, "A `[` is not closed", start, "`[abc]`; write `\\[` for the character");
  if (point === 0x2f) throw globError(pattern, "A class cannot hold `/`", reader.at, "characters of one name");
  reader.at += point > 0xffff ? 2 : 1;
  return point;
}

/** Parentheses are plain characters, but `@(a|b)` is surely meant otherwise and would silently find nothing. */
function refuseExtended(pattern: string, at: number): void {
  if (at === 0 || !"@+?*!".includes(pattern.charAt(at - 1))) return;
  const end = pattern.indexOf(")", at);
  if (end < 0 || !pattern.slice(at, end).includes("|")) return;
  throw globError(pattern, "Extended globs are not supported", at - 1, "alternatives in braces: `{a,b}`");
}

function expand(sequence: Sequence, pattern: string): GlobToken[][] {
  let found: GlobToken[][] = [[]];
  for (const part of sequence) {
    if (part.kind !== "alternatives") {
      for (const tokens of found) tokens.push(part);
      continue;
    }
    const endings = part.of.flatMap((inner) => expand(inner, pattern));
    if (found.length * endings.length > mostAlternatives) {
      throw globError(pattern, "The braces stand for too many patterns", 0, `at most ${mostAlternatives}`);
    }
    found = found.flatMap((tokens) => endings.map((ending) => [...tokens, ...ending]));
  }
  return found;
}

/** What stands at a place of a pattern, for errors. Of a secret that is one character: a longer piece would be known as one no more. */
export function signsAt(pattern: string, at: number): string {
  if (pattern === "") return "nothing";
  return JSON.stringify(pattern.slice(at, at + (redact(pattern) === pattern ? 10 : 1)));
}

/** A pattern as errors show it; its secrets go before it is cut. */
export function shownPattern(pattern: string): string {
  const text = redact(pattern);
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** Makes a `PATTERN_INVALID` for a glob; `at` counts from 0. */
export function globError(pattern: string, problem: string, at: number, expected: string): WinkError {
  return new WinkError("PATTERN_INVALID", {
    at: `glob ${shownPattern(pattern)}, character ${at + 1}`,
    problem,
    expected,
    received: signsAt(pattern, at),
    fix: "",
    details: { pattern: redact(pattern).slice(0, longestGlob), position: at + 1 },
  });
}

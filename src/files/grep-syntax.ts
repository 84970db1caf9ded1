import { either, empty, join, nothing, one, type Required, repeat } from "./grep-required.ts";
import { anyChar, type CharSet, charRange, charsOf, otherChars, withBothCases } from "./grep-set.ts";

interface Reader {
  readonly pattern: string;
  readonly ignoreCase: boolean;
  at: number;
  /** Whether there is a construct that is not read here. */
  unknown: boolean;
}

/**
 * What every match of a pattern has, as far as it can be told from the commoner part of RE2's syntax; undefined when there is
 * anything else. The pattern must be one that RE2 takes.
 */
export function readRequired(pattern: string, ignoreCase: boolean): Required | undefined {
  // A flag for one part of a pattern is taken for all of it: sets may hold too much.
  const reader = { pattern, ignoreCase: ignoreCase || /\(\?[a-zA-Z]*i/.test(pattern), at: 0, unknown: false };
  const found = readAlternatives(reader);
  return reader.unknown || reader.at < pattern.length ? undefined : found;
}

function readAlternatives(reader: Reader): Required {
  let found = readSequence(reader);
  while (reader.pattern.charAt(reader.at) === "|") {
    reader.at += 1;
    found = either(found, readSequence(reader));
  }
  return found;
}

function readSequence(reader: Reader): Required {
  let found = empty;
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern.charAt(reader.at))) {
    found = join(found, readTimes(reader, readPart(reader)));
  }
  return found;
}

function readPart(reader: Reader): Required {
  const point = reader.pattern.codePointAt(reader.at) ?? 0;
  const sign = String.fromCodePoint(point);
  if (sign === "(") return readGroup(reader);
  if (sign === "[") return readClass(reader);
  if (sign === "\\") return readEscaped(reader);
  reader.at += sign.length;
  if (sign === "^" || sign === "$") return empty;
  if (sign === ".") return one(anyChar);
  if ("*+?{".includes(sign)) return unknown(reader);
  return oneOf(reader, charRange(point, point));
}

function unknown(reader: Reader): Required {
  reader.unknown = true;
  return nothing;
}

const oneOf = (reader: Reader, set: CharSet): Required => one(reader.ignoreCase ? withBothCases(set) : set);

/** Reads the `*`, `+`, `?` or `{2,3}` behind a part, with the `?` that makes it take as little as it can. */
function readTimes(reader: Reader, part: Required): Required {
  const times = /(?:[*+?]|\{(0|[1-9]\d{0,3})(,(0|[1-9]\d{0,3})?)?\})\??/y;
  times.lastIndex = reader.at;
  const found = times.exec(reader.pattern);
  if (found === null) return part;
  reader.at = times.lastIndex;
  const [text, least, more, most] = found;
  if (least !== undefined) {
    const unbounded = more === undefined ? Number(least) : Number.POSITIVE_INFINITY;
    return repeat(part, Number(least), most === undefined ? unbounded : Number(most));
  }
  return repeat(part, text.startsWith("+") ? 1 : 0, text.startsWith("?") ? 1 : Number.POSITIVE_INFINITY);
}

function readGroup(reader: Reader): Required {
  const opening = /\((?:\?(?:P?<\w+>|[a-zA-Z-]*(?=[:)])))?/y;
  opening.lastIndex = reader.at;
  const found = opening.exec(reader.pattern)?.[0] ?? "(";
  reader.at += found.length;
  const next = reader.pattern.charAt(reader.at);
  if (found === "(" && next === "?") return unknown(reader);
  const hasFlags = found.startsWith("(?") && !found.endsWith(">");
  if (hasFlags) reader.at += 1;
  if (hasFlags && next === ")") return isRepeated(reader) ? unknown(reader) : empty;
  const inner = readAlternatives(reader);
  reader.at += 1;
  return inner;
}

/** Whether a repetition stands behind a group of flags alone: RE2 then repeats what is before the group. */
const isRepeated = ({ pattern, at }: Reader): boolean => /[*+?{]/.test(pattern.charAt(at));

const digits = charsOf("0123456789");
const wordChars = charRange(0x61, 0x7a) | charRange(0x41, 0x5a) | digits | charsOf("_");
const spaces = charsOf("\t\f\r ");
const escapedSets = new Map<string, CharSet>([
  ["d", digits],
  ["w", wordChars],
  ["s", spaces],
  ["D", otherChars(digits)],
  ["W", otherChars(wordChars)],
  ["S", otherChars(spaces)],
  ["t", charsOf("\t")],
  ["r", charsOf("\r")],
  ["f", charsOf("\f")],
  ["v", charsOf("\v")],
]);

/** What a backslash and a sign behind it stand for; undefined when that is not one of some characters. */
function escapedSet(sign: string): CharSet | undefined {
  return escapedSets.get(sign) ?? (/^[!-/:-@[-`{-~]$/.test(sign) ? charsOf(sign) : undefined);
}

function readEscaped(reader: Reader): Required {
  const sign = reader.pattern.charAt(reader.at + 1);
  reader.at += 2;
  if (sign !== "" && "bBAz".includes(sign)) return empty;
  const set = escapedSet(sign);
  return set === undefined ? unknown(reader) : oneOf(reader, set);
}

/** Reads a class of characters, ranges and the escapes that are known here. */
function readClass(reader: Reader): Required {
  const { pattern } = reader;
  const negated = pattern.charAt(reader.at + 1) === "^";
  reader.at += negated ? 2 : 1;
  let set = 0n;
  for (let first = true; first || pattern.charAt(reader.at) !== "]"; first = false) {
    if (reader.at >= pattern.length || pattern.startsWith("[:", reader.at)) return unknown(reader);
    const [low, members] = readMember(reader);
    const isRange = low !== undefined && pattern.charAt(reader.at) === "-" && pattern.charAt(reader.at + 1) !== "]";
    if (isRange) {
      reader.at += 1;
      const [high] = readMember(reader);
      set |= charRange(low, high ?? 0x10ffff);
    } else set |= members;
  }
  reader.at += 1;
  // The other case of what a negated class names would only make it smaller.
  return negated ? one(otherChars(set)) : oneOf(reader, set);
}

/** The code point of a member, undefined for a set of several, and the set that it is. */
function readMember(reader: Reader): readonly [number | undefined, CharSet] {
  const { pattern, at } = reader;
  const point = pattern.codePointAt(at) ?? 0;
  reader.at += point > 0xffff ? 2 : 1;
  if (point !== 0x5c) return [point, charRange(point, point)];
  const sign = pattern.charAt(at + 1);
  reader.at += 1;
  const set = escapedSet(sign);
  if (set === undefined) reader.unknown = true;
  return [/\w/.test(sign) ? undefined : sign.codePointAt(0), set ?? anyChar];
}

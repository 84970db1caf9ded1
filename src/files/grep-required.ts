import { bitsOf, type CharSet, classOf } from "./grep-set.ts";

/** What every match of an expression has: one character each of these sets, next to each other. */
type Chars = readonly CharSet[];

/** What is known of the matches of an expression. */
export interface Required {
  /** What a match is as a whole, when all have the same length. */
  readonly exact: Chars | undefined;
  readonly prefix: Chars;
  readonly suffix: Chars;
  /** What tells most of all that stands somewhere in every match. */
  readonly inside: Chars;
}

/** The longest prefix, suffix or whole that is kept. */
const longest = 16;

/** An expression of which nothing is known. */
export const nothing: Required = { exact: undefined, prefix: [], suffix: [], inside: [] };

/** An expression that matches no character: an empty one, or an anchor. */
export const empty: Required = whole([]);

/** An expression that matches one character. */
export const one = (set: CharSet): Required => whole([set]);

/** One expression behind another. */
export function join(a: Required, b: Required): Required {
  if (a.exact !== undefined && b.exact !== undefined && a.exact.length + b.exact.length <= longest) {
    return whole([...a.exact, ...b.exact]);
  }
  return {
    exact: undefined,
    prefix: a.exact === undefined ? a.prefix : [...a.exact, ...b.prefix].slice(0, longest),
    suffix: b.exact === undefined ? b.suffix : [...a.suffix, ...b.exact].slice(-longest),
    inside: best(a.inside, b.inside, [...a.suffix, ...b.prefix]),
  };
}

/** One expression or another. */
export function either(a: Required, b: Required): Required {
  if (a.exact !== undefined && a.exact.length === b.exact?.length) return whole(both(a.exact, b.exact));
  const prefix = both(a.prefix, b.prefix);
  const suffix = both(a.suffix.toReversed(), b.suffix.toReversed()).toReversed();
  return { exact: undefined, prefix, suffix, inside: best(prefix, suffix) };
}

/** An expression `least` to `most` times in a row. */
export function repeat(part: Required, least: number, most: number): Required {
  if (most === 0) return empty;
  if (least === 0) return nothing;
  let found = part;
  for (let times = 2; times <= Math.min(least, longest); times++) found = join(found, part);
  return most === least && least <= longest ? found : { ...found, exact: undefined };
}

/**
 * The expression that finds what `inside` says; undefined when that is nothing. It is a row of classes, without alternatives
 * or repetitions, and so looks at no more characters from each position than it is long.
 */
export function requiredExpression({ inside }: Required): RegExp | undefined {
  return bits(inside) === 0 ? undefined : new RegExp(inside.map(classOf).join(""), "gu");
}

function whole(chars: Chars): Required {
  return { exact: chars, prefix: chars, suffix: chars, inside: chars };
}

function both(a: Chars, b: Chars): Chars {
  return a.slice(0, b.length).map((set, place) => set | (b[place] ?? 0n));
}

const bits = (chars: Chars): number => chars.reduce((sum, set) => sum + bitsOf(set), 0);

function best(...found: readonly Chars[]): Chars {
  return found.reduce((most, chars) => (bits(chars) > bits(most) ? chars : most));
}

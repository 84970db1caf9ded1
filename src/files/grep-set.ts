/**
 * Sets of characters: bit `c` stands for the ASCII character `c`, one more bit for all characters beyond ASCII. A set may hold
 * too much, never too little; a line end is in none, as patterns are for one line.
 */
export type CharSet = bigint;

const beyond = 1n << 128n;
const everything = (1n << 129n) - 1n;
const lineEnds = 1n << 10n;

/** Any character. */
export const anyChar: CharSet = everything & ~lineEnds;

/** The characters from one code point to another. */
export function charRange(low: number, high: number): CharSet {
  let set = high > 0x7f ? beyond : 0n;
  for (let point = low; point <= Math.min(high, 0x7f); point++) set |= 1n << BigInt(point);
  return set & ~lineEnds;
}

/** What is not in a set that holds exactly what it should of ASCII. */
export const otherChars = (set: CharSet): CharSet => (anyChar & ~set) | beyond;

/** A set with the other case of each of its letters. Beyond ASCII, only `ſ` and the Kelvin sign are cases of ASCII letters. */
export function withBothCases(set: CharSet): CharSet {
  const letters = charRange(0x41, 0x5a);
  let both = set | ((set & letters) << 32n) | ((set >> 32n) & letters);
  const foldedBeyond = charsOf("sSkK");
  if ((both & foldedBeyond) !== 0n) both |= beyond;
  return (both & beyond) === 0n ? both : both | foldedBeyond;
}

/** The characters of a text. */
export function charsOf(text: string): CharSet {
  let set = 0n;
  for (const sign of text) set |= charRange(sign.codePointAt(0) ?? 0, sign.codePointAt(0) ?? 0);
  return set;
}

/** How much a set tells, in bits: 0 for any character, about 7 for one of ASCII. */
export function bitsOf(set: CharSet): number {
  let size = 0;
  for (let rest = set; rest > 0n; rest >>= 1n) size += Number(rest & 1n);
  return Math.log2(129 / Math.max(1, size + 1));
}

/** A set as a class of a RegExp with the flag `u`. */
export function classOf(set: CharSet): string {
  let text = "";
  for (let point = 0; point <= 0x7f; point++) {
    if (((set >> BigInt(point)) & 1n) !== 0n) text += `\\x${point.toString(16).padStart(2, "0")}`;
  }
  return `[${text}${(set & beyond) === 0n ? "" : "\\x80-\\u{10ffff}"}]`;
}

/**
 * Patterns that hold up engines which try one way after the other, each with lines on which they do. What is told of them all
 * is whether the pattern matches the line.
 */
export interface HostilePattern {
  readonly pattern: string;
  /** A line of about this length. */
  readonly line: (length: number) => string;
  readonly matches: boolean;
}

const filled =
  (unit: string, end: string) =>
  (length: number): string =>
    unit.repeat(Math.ceil(length / unit.length)) + end;
const refused = (pattern: string, unit: string, end: string): HostilePattern => ({
  pattern,
  line: filled(unit, end),
  matches: false,
});
const found = (pattern: string, unit: string, end: string): HostilePattern => ({
  pattern,
  line: filled(unit, end),
  matches: true,
});

/** The corpus: nested repetitions, alternatives that overlap, neighbours that overlap, and searches begun anew at each place. */
export const hostilePatterns: readonly HostilePattern[] = [
  refused("(a+)+$", "a", "!"),
  refused("(a*)*b", "a", "!"),
  refused("(a|a)*b", "a", "!"),
  refused("(a|aa)+$", "a", "!"),
  found("(a|a?)+$", "a", "!"),
  found("([a-zA-Z]+)*$", "a", "!"),
  refused("(.*a){20}b", "a", "!"),
  refused("^(.*a){12}$", "a", "!"),
  refused("(\\w+\\s?)*!", "word ", "?"),
  refused("^(([a-z])+.)+[A-Z]([a-z])+$", "a", ""),
  refused("(x+x+)+y", "x", "!"),
  refused(".*.*.*=.*", "x", "!"),
  refused("(?:.*,){8}P", "1,", "!"),
  refused("a*b", "a", ""),
  refused("a*a*a*a*b", "a", "!"),
  refused("\\s+$", " ", "x"),
  refused("\\d+\\d+\\d+x", "1", "!"),
  refused("(\\w+\\W+){8,}status=503", "word ", "status=50"),
  refused("([^@]+@)*example$", "a@", "example!"),
  refused('^"(?:[^"\\\\]|\\\\.|\\\\)*"$', "\\\\", "!"),
  refused("<(\\w+)[^>]*>.*</b>", "<a>", "</a>"),
  refused("(?:a?){20}a{20}b", "a", "!"),
  refused("(?i)(?:k|K|s)+z", "ks", "!"),
  refused("[a-z]{16}[a-z]{16}[0-9]", "abcdefgh", "!"),
  found("(a+)+$", "a", ""),
  found("(a|b)+c", "ab", "c"),
  found("(.*a){20}", "a", "!"),
  found("(\\w+\\s?)*!", "word ", "!"),
];

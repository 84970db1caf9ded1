import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { hostilePatterns } from "../../test/support/hostile-patterns.ts";
import { requiredExpression } from "./grep-required.ts";
import { readRequired } from "./grep-syntax.ts";
import { memoryFiles } from "./memory.ts";

/** What is looked for, with the classes of one character written as the character. */
const required = (pattern: string, ignoreCase = false): string | undefined => {
  const found = readRequired(pattern, ignoreCase);
  const plain = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));
  return found && requiredExpression(found)?.source.replaceAll(/\[\\x(..)\]/g, (_, hex: string) => plain(hex));
};
const digit = "[\\x30\\x31\\x32\\x33\\x34\\x35\\x36\\x37\\x38\\x39]";

describe("what every match has", () => {
  it.each([
    ["needle", "needle"],
    ["\\bfoo\\w*\\(", "foo"],
    ["\\w*bar", "bar"],
    ["(a|b)+c", "[\\x61\\x62]c"],
    ["\\d{2}-\\d", `${digit}${digit}-${digit}`],
    ["(\\w+\\W+){8,}status=503", "[\\x00-W]status=503"],
    ["TODO|FIXME", "[\\x46\\x54][\\x49\\x4f][\\x44\\x58][\\x4d\\x4f]"],
    ["(?:foo|bar|x)yz", "[\\x6f\\x72\\x78]yz"],
    ["ab?cd", "cd"],
    ["ab{0}c", "ac"],
    ["(ab){2,3}", "abab"],
    ["(ab){2}c", "ababc"],
    ["a+b+", "ab"],
    ["(?P<name>ab)(?<other>c)(?:d)", "abcd"],
    ["^ab$|\\Aab\\z", "ab"],
    ["a{20}b", "aaaaaaaaaaaaaaaab"],
    ["a\\.b\\-c", "a.b-c"],
    ["a[b]c", "abc"],
    ["a[]]b[\\d]", `a]b${digit}`],
    ["[+--]x", "[\\x2b\\x2c\\x2d]x"],
    ["[a-]x", "[\\x2d\\x61]x"],
    ["\\t\\r\\f\\v", "\t\r\f\v"],
    ["(?i:x)", "[\\x58\\x78]"],
    ["(?s)x", "x"],
    ["(?i)s", "[\\x4b\\x53\\x6b\\x73\\x80-\\u{10ffff}]"],
  ])("%s", (pattern, expected) => {
    const all = required(pattern)?.replace(/\[\\x00(?:\\x..)*\\x80-\\u\{10ffff\}\]/, "[\\x00-W]");
    expect(all).toBe(expected);
    expect(() => RE2JS.compile(pattern)).not.toThrow();
  });

  it.each(["a*", "(a|)", "a?", "\\b", "^$", ".", ".*.+", "x|", "[^\\n]"])("nothing: %s", (pattern) => {
    expect(required(pattern)).toBeUndefined();
  });

  it.each(["\\x41b", "\\Qab\\E", "\\p{L}ab", "[[:alpha:]]ab", "[\\x41]ab", "\\101ab", "a{ab", "a{,5}b", "\\éab"])(
    "not known: %s",
    (pattern) => {
      expect(readRequired(pattern, false)).toBeUndefined();
    },
  );

  it("both cases", () => {
    expect(required("ab1", true)).toBe("[\\x41\\x61][\\x42\\x62]1");
    expect(required("[^a]b", true)).toContain("\\x41");
    expect(required("é", true)).toBe("[\\x4b\\x53\\x6b\\x73\\x80-\\u{10ffff}]");
  });
});

it("only two characters beyond ASCII are another case of a letter", () => {
  const letters = RE2JS.compile("[a-z]", RE2JS.CASE_INSENSITIVE);
  const found: string[] = [];
  for (let start = 0; start <= 0x10ffff; start += 0x400) {
    const points = Array.from({ length: 0x400 }, (_, place) => String.fromCodePoint(start + place));
    if (letters.test(points.join(""))) found.push(...points.filter((point) => letters.test(point)));
  }
  expect(found.filter((point) => point > "\x7f")).toEqual(["ſ", "\u212a"]);
});

describe("hostile patterns", () => {
  // nothing to compare times with: a search that took exponential time would never come to its end
  it.each(hostilePatterns.map((hostile) => [hostile.pattern, hostile] as const))(
    "%s",
    async (pattern, { line, matches }) => {
      const found = await memoryFiles({ a: `${line(5_000)}\n` }).grep(pattern);
      expect(found.matches).toHaveLength(matches ? 1 : 0);
    },
  );
});

/** Globs at their edges: all small patterns on all small paths, the words of errors, what is remembered. */
import { describe, expect, it } from "vitest";
import { fitsPath } from "../../test/support/glob-definition.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { compileGlob } from "./glob.ts";

/** All lists of up to so many of some things. */
function listsOf<T>(things: readonly T[], most: number): (readonly T[])[] {
  let lists: (readonly T[])[] = [[]];
  const all: (readonly T[])[] = [];
  for (let length = 1; length <= most; length++) {
    lists = lists.flatMap((list) => things.map((thing) => [...list, thing]));
    all.push(...lists);
  }
  return all;
}

describe("every small pattern agrees with the definition on every small path", () => {
  const disagreements = (
    segments: readonly (readonly string[])[],
    most: number,
    names: readonly string[],
  ): string[] => {
    const paths = listsOf(names, 3);
    return listsOf(segments, most).flatMap((list) => {
      if (list.length < 2) return [];
      const pattern = list.map((parts) => parts.join("")).join("/");
      const fits = compileGlob(pattern);
      return paths
        .filter((path) => fits(path.join("/")) !== fitsPath(list, path))
        .map((path) => `${pattern} on ${path.join("/")}`);
    });
  };

  it("of directories", () => {
    expect(disagreements([["a"], ["*"], ["**"], ["a", "*"]], 4, ["a", "ab", "b"])).toEqual([]);
  });

  it("of names", () => {
    const parts = ["a", "b", "*", "?", "[ab]", "[!a]"];
    const segments = listsOf(parts, 3).filter((list) => !list.join("").includes("**"));
    expect(disagreements(segments.slice(0, 30), 2, ["a", "ba", "aab"])).toEqual([]);
    const paths = ["", "a", "b", "c", "ab", "ba", "bb", "aba", "abab", "bbaa", "cab"];
    const wrong = segments.flatMap((list) => {
      const fits = compileGlob(`x/${list.join("")}`);
      return paths.filter((name) => name !== "" && fits(`x/${name}`) !== fitsPath([["x"], list], ["x", name]));
    });
    expect(wrong).toEqual([]);
  });
});

describe("a name", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["*ab*ab", ["abab", "xabyab", "ababab"], ["ab", "aba", "abba"]],
    ["a*a", ["aa", "aba"], ["a", "b", "ab"]],
    ["a*b*c", ["abc", "axbyc", "abbcc"], ["ac", "acb", "abcd"]],
    ["??", ["ab", "😀a", "a😀"], ["a", "😀", "abc"]],
    ["?", ["a", "😀", "é", "\uFFFF"], ["", "ab"]],
    ["[😀-😂]", ["😀", "😁", "😂"], ["a", "😃"]],
    ["[a-c-]", ["a", "c", "-"], ["d"]],
    ["[]a]", ["]", "a"], ["b"]],
    ["[!]a]", ["b"], ["]", "a"]],
    ["[^a]", ["b", "^"], ["a"]],
    ["[a^]", ["a", "^"], ["b"]],
    ["[b-b]", ["b"], ["a", "c"]],
    ["[\\]]", ["]"], ["\\"]],
    ["[\\-a]", ["-", "a"], ["b"]],
    ["[a\\-c]", ["a", "-", "c"], ["b"]],
    ["a\\*", ["a*"], ["ab", "a"]],
    ["\\{a,b\\}", ["{a,b}"], ["a", "b"]],
    ["a,b}", ["a,b}"], ["a"]],
    ["a(b", ["a(b"], ["ab"]],
    ["@(a)", ["@(a)"], ["a"]],
    ["(a|b)", ["(a|b)"], ["a"]],
    ["+(a", ["+(a"], ["a"]],
    ["a+(b)|c", ["a+(b)|c"], ["ab"]],
    ["{a,}b", ["ab", "b"], ["a"]],
    ["{a,b{c,d}}", ["a", "bc", "bd"], ["b", "{a"]],
  ])("that fits %s", (pattern, good, bad) => {
    const fits = compileGlob(pattern);
    expect(good.filter((name) => !fits(name))).toEqual([]);
    expect(bad.filter((name) => fits(name))).toEqual([]);
  });
});

describe("a path", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["a\\/b", ["a/b"], ["b", "a"]],
    ["a//b", ["a/b"], ["a"]],
    ["./a/./b", ["a/b"], ["a"]],
    ["/a", ["a"], ["b/a"]],
    ["a/", ["a/b", "a/b/c", "b/a/c"], ["a", "b/c"]],
    ["a/**", ["a/b", "a/b/c"], ["a"]],
    ["**", ["a", "a/b"], []],
    ["**/**", ["a", "a/b"], []],
    ["a/**/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/bb"]],
    ["**/a/**/b", ["a/b", "x/a/y/b", "a/a/b"], ["b", "a", "a/c"]],
    ["a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c"], ["a/c", "a/b", "a/c/b/c/d"]],
    ["a*/**/*.b", ["ax/y.b", "a/z/y.b"], ["x/y.b", "a.b"]],
    ["{a,b}/*.{c,d}", ["a/x.c", "b/x.d"], ["a/x", "c/x.c"]],
    ["{a,b/c}", ["a", "x/a", "b/c"], ["c", "x/b/c"]],
  ])("that fits %s", (pattern, good, bad) => {
    const fits = compileGlob(pattern);
    expect(good.filter((path) => !fits(path))).toEqual([]);
    expect(bad.filter((path) => fits(path))).toEqual([]);
  });
});

describe("what is wrong is said", () => {
  it.each<[string, string]>([
    ["", 'glob "", character 1: The glob is empty. Expected for example `*.ts`. Received nothing.'],
    [
      "!a",
      'glob "!a", character 1: A glob cannot exclude. Expected what to find; write `\\!` for the character. Received "!a".',
    ],
    [
      "a\\",
      'glob "a\\\\", character 2: The glob ends with a lone backslash. Expected a character after it. Received "\\\\".',
    ],
    [
      "a{b",
      'glob "a{b", character 2: A `{` is not closed. Expected `{a,b}`; write `\\{` for the character. Received "{b".',
    ],
    [
      "a{b}",
      'glob "a{b}", character 2: Braces need alternatives parted by commas. Expected `{a,b}`; write `\\{` for the character. Received "{b}".',
    ],
    [
      "a[b-a]",
      'glob "a[b-a]", character 2: A range of a class is the wrong way round. Expected `[a-z]`. Received "[b-a]".',
    ],
    [
      "a[[:x:]]",
      'glob "a[[:x:]]", character 3: Named classes are not supported. Expected ranges such as `[a-z0-9]`. Received "[:x:]]".',
    ],
    [
      "a[",
      'glob "a[", character 2: A `[` is not closed. Expected `[abc]`; write `\\[` for the character. Received "[".',
    ],
    ["[a/b]", 'glob "[a/b]", character 3: A class cannot hold `/`. Expected characters of one name. Received "/b]".'],
    [
      "a@(b|c)",
      'glob "a@(b|c)", character 2: Extended globs are not supported. Expected alternatives in braces: `{a,b}`. Received "@(b|c)".',
    ],
    [
      "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
      'The braces stand for too many patterns. Expected at most 100. Received "{a,b}{a,b}".',
    ],
    ["a/../b", 'glob "a/../b", character 3: A glob cannot leave its directory. Expected no `..`. Received "../b".'],
    [
      "{a,}",
      'glob "{a,}", character 1: An alternative of the glob is empty. Expected for example `*.ts`. Received "{a,}".',
    ],
    [
      "a".repeat(1_001),
      `glob "${"a".repeat(100)}…", character 1001: The glob is too long. Expected at most 1000 characters. Received "a".`,
    ],
    [
      `${"{a,b}".repeat(6)}${"x".repeat(900)}`,
      'The glob is too large. Expected fewer or shorter alternatives. Received "{a,b}{a,b}".',
    ],
  ])("of %s", (pattern, expected) => {
    const { message, details } = thrownBy(() => compileGlob(pattern));
    expect(message.endsWith(expected) || message === expected, message).toBe(true);
    expect(details).toMatchObject({ pattern: pattern.slice(0, 1_000), position: expect.any(Number) });
  });

  it("at the very limit nothing is", () => {
    expect(compileGlob("a".repeat(1_000))("a".repeat(1_000))).toBe(true);
    const hundred = `{${Array.from({ length: 100 }, (_, n) => n).join(",")}}`;
    expect([compileGlob(hundred)("99"), compileGlob(hundred)("100")]).toEqual([true, false]);
    expect(thrownBy(() => compileGlob(`[${"b".repeat(99)}`)).message).toContain(`"[${"b".repeat(99)}"`);
  });
});

it("the last hundred are remembered", () => {
  const first = compileGlob("first/of/all");
  expect(compileGlob("first/of/all")).toBe(first);
  for (let n = 0; n < 99; n++) compileGlob(`other/${n}`);
  expect(compileGlob("first/of/all")).toBe(first);
  compileGlob("one/more");
  expect(compileGlob("first/of/all")).not.toBe(first);
});

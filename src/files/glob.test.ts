import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { fitsPath } from "../../test/support/glob-definition.ts";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { WinkError } from "../base/index.ts";
import { compileGlob } from "./glob.ts";

const paths = [
  "main.py",
  "src/main.py",
  "src/a/b.py",
  "src/.env",
  "README.md",
  "x/.git/config",
  "app/[id]/page.tsx",
  "app/(auth)/a.ts",
  "é😀.txt",
];
const found = (pattern: string): readonly string[] => paths.filter(compileGlob(pattern));

describe("the dialect", () => {
  it.each([
    ["*.py", ["main.py", "src/main.py", "src/a/b.py"]],
    ["/*.py", ["main.py"]],
    ["./*.py", ["main.py"]],
    ["src/*.py", ["src/main.py"]],
    ["src/**/*.py", ["src/main.py", "src/a/b.py"]],
    ["**/*.py", ["main.py", "src/main.py", "src/a/b.py"]],
    ["src/**", ["src/main.py", "src/a/b.py", "src/.env"]],
    ["src/", ["src/main.py", "src/a/b.py", "src/.env"]],
    ["/a/", []],
    ["a/", ["src/a/b.py"]],
    ["**/a/*", ["src/a/b.py"]],
    ["*/*/*.py", ["src/a/b.py"]],
    ["src/a**/b.py", ["src/a/b.py"]],
    [".*", ["src/.env"]],
    ["?.py", ["src/a/b.py"]],
    ["[a-c].py", ["src/a/b.py"]],
    ["[!a-c]*.{py,md}", ["main.py", "src/main.py", "README.md"]],
    ["{src/,}main.py", ["main.py", "src/main.py"]],
    ["{src/{a,b}/*,*.md}", ["src/a/b.py", "README.md"]],
    ["app/\\[id\\]/*.tsx", ["app/[id]/page.tsx"]],
    ["app/[[]id]/*", ["app/[id]/page.tsx"]],
    ["app/(auth)/**", ["app/(auth)/a.ts"]],
    ["??.txt", ["é😀.txt"]],
    ["[à-ü][😀-😂].txt", ["é😀.txt"]],
    ["[^a][!b].txt", ["é😀.txt"]],
    ["*.PY", []],
    ["**", paths],
    ["*", paths],
    ["/", paths],
    ["README.md", ["README.md"]],
    ["src/./a/b.py", ["src/a/b.py"]],
  ])("%s", (pattern, expected) => {
    expect(found(pattern)).toEqual(expected);
  });
});

describe("the two ends of a path never overlap", () => {
  it.each([
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["a?*b", "ab", false],
    ["/src/**/src/a", "src/a", false],
    ["/src/**/src/a", "src/src/a", true],
    ["src/a*/**/*b", "src/ab", false],
    ["src/a*/**/*b", "src/ab/b", true],
    ["a/**/b/c/**/c/d", "a/b/c/d", false],
    ["a/**/b/c/**/c/d", "a/b/b/c/c/d", true],
    ["a/**/b/**/b/**/c", "a/b/x/c", false],
    ["a/**/b/**/b/**/c", "a/x/b/y/b/c", true],
    ["src/**/*.ts", "src/.ts", true],
    ["src/**/*rc.ts", "src.ts", false],
    ["src/**/*src/", "src/src/a", true],
    ["src/**", "src", false],
    ["a/b", "a/b/c", false],
    ["a/*", "a", false],
    ["a*/b*", "a/b/", false],
    ["{a,b,c}/d", "c/d", true],
    ["{a,b,c}/d", "d/d", false],
  ])("%s %s", (pattern, path, expected) => {
    expect(compileGlob(pattern)(path)).toBe(expected);
  });
});

describe("wrong patterns", () => {
  it.each([
    ["", "The glob is empty"],
    ["a[bc", "A `[` is not closed"],
    ["a[]", "A `[` is not closed"],
    ["[z-a]", "the wrong way round"],
    ["[a/b]", "A class cannot hold `/`"],
    ["[[:alpha:]]", "Named classes are not supported"],
    ["{a,b", "A `{` is not closed"],
    ["{a}", "Braces need alternatives"],
    ["{1..9}", "Braces need alternatives"],
    ["{,a/b}", "An alternative of the glob is empty"],
    ["!*.ts", "A glob cannot exclude"],
    ["../*.ts", "A glob cannot leave its directory"],
    ["+(a|b)", "Extended globs are not supported"],
    ["a\\", "ends with a lone backslash"],
    ["a".repeat(1_001), "The glob is too long"],
    ["{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "too many patterns"],
    [`${"{a,b}".repeat(6)}${"x".repeat(900)}`, "The glob is too large"],
  ])("%s is refused", (pattern, problem) => {
    expect(() => compileGlob(pattern)).toThrow(problem);
    expect(() => compileGlob(pattern)).toThrow(WinkError);
  });

  it("tells the position", () => {
    expect(() => compileGlob("src/[a")).toThrow('glob "src/[a", character 5: A `[` is not closed.');
  });
});

it("no pattern takes long on any path", () => {
  const name = "a".repeat(80);
  const path = Array.from({ length: 16 }, () => name).join("/");
  const hostile = [
    `${"*a".repeat(40)}b`,
    `${"*?".repeat(40)}b`,
    `${"**/".repeat(15)}${"*a".repeat(30)}b`,
    Array.from({ length: 30 }, () => "**/*a*a*a*b").join("/"),
    `{${Array.from({ length: 40 }, (_, index) => `${"*a".repeat(10)}${index}`).join(",")}}`,
    `${"[a-z]*".repeat(150)}0`,
  ];
  // nothing to compare times with: a search that took exponential time would never come to its end
  for (const pattern of hostile) expect(compileGlob(pattern)(path)).toBe(false);
});

const signs = fc.constantFrom("a", "b", "*", "*", "*", "?", "[ab]", "[!a]", "[^b.]");
const names = fc.array(fc.stringMatching(/^[ab]{0,2}[ab.]{1,2}$/), { minLength: 1, maxLength: 4 });

const segment = fc.oneof(
  { weight: 3, arbitrary: fc.array(signs, { minLength: 1, maxLength: 4 }) },
  fc.constant(["**"]),
);

/** The property: a matcher agrees with the definition of the dialect, tried in every way there is. */
const agreesWithDefinition = (compile: typeof compileGlob) =>
  fc.property(fc.array(segment, { minLength: 2, maxLength: 4 }), names, (segments, path) => {
    // `.` and `..` are no names, and two stars in a row would be something else.
    fc.pre(segments.every((parts) => parts[0] === "**" || !/^\.+$|\*\*/.test(parts.join(""))));
    const pattern = segments.map((parts) => parts.join("")).join("/");
    expect(compile(pattern)(path.join("/"))).toBe(fitsPath(segments, path));
  });

it("agrees with the definition", () => {
  fc.assert(agreesWithDefinition(compileGlob), { numRuns: propertyRuns });
});

it("the property fails when stars may not take more", () => {
  const reluctant = (pattern: string) => compileGlob(pattern.replaceAll("*b", "b"));
  expect(fc.check(agreesWithDefinition(reluctant), { numRuns: 1_000, seed: 1 }).failed).toBe(true);
});

it("agrees with picomatch on what both know", () => {
  const part = fc.constantFrom("a", "b", "*.b", "a*", "?", "*", "{a,b}", "{a,*.b}");
  const pattern = fc
    .tuple(
      fc.constantFrom("", "**/"),
      fc.array(fc.oneof(part, fc.constant("**")), { minLength: 1, maxLength: 3 }),
      part,
    )
    .map(([first, middle, last]) => `${first}${[...middle, last].join("/")}`);
  fc.assert(
    fc.property(pattern, names, (text, path) => {
      fc.pre(path.every((name) => name !== "." && name !== ".."));
      expect(compileGlob(text)(path.join("/"))).toBe(picomatch(text, { dot: true })(path.join("/")));
    }),
    { numRuns: propertyRuns },
  );
});

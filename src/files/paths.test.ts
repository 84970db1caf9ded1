import { describe, expect, it } from "vitest";
import { WinkError } from "../base/index.ts";
import { checkPath, isUnder, joinPath, normalizePath, validatePath } from "./paths.ts";

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return WinkError.is(error) ? error.code : String(error);
  }
  return undefined;
};

describe("normalizePath", () => {
  it.each([
    ["", ""],
    [".", ""],
    ["/", ""],
    ["..", ""],
    [" a/b ", "a/b"],
    ["/a//b/./", "a/b"],
    ["a/../b", "b"],
    ["../../a", "a"],
    ["a/b/../../c", "c"],
    ["...", "..."],
    [".hidden", ".hidden"],
    ["a b/c d", "a b/c d"],
  ])("%j is %j", (path, expected) => {
    expect(normalizePath(path)).toBe(expected);
  });
});

describe("validatePath", () => {
  it("takes the deepest and the longest path", () => {
    const deepest = Array.from({ length: 16 }, () => "a").join("/");
    expect(validatePath(`/${deepest}/`)).toBe(deepest);
    expect(validatePath("x".repeat(80))).toBe("x".repeat(80));
  });

  it.each([
    ["17 segments", "a/".repeat(17)],
    ["81 characters", "x".repeat(81)],
    ["a NUL", "a\0b"],
    ["a line break", "a\nb"],
    ["a C1 control character", "a\u0085b"],
    ["letters beyond ASCII", "é.txt"],
    ["a backslash", "src\\main.ts"],
    ["a lone surrogate", "a\uD800"],
    ["far too much text", "a/".repeat(100_000)],
  ])("refuses %s", (_what, path) => {
    expect(codeOf(() => validatePath(path))).toBe("PATH_INVALID");
  });

  it("says what is wrong, where, and what would be right", () => {
    expect(() => validatePath("src/é.txt")).toThrow(
      '"src/é.txt": A new file or directory cannot have this name. Expected printable ASCII. Received U+00E9 at position 5.',
    );
    expect(() => validatePath("a\\b")).toThrow("Expected names parted by `/`");
  });

  it("reads what it would not make", () => {
    expect(checkPath("données/é 😀.txt")).toBe("données/é 😀.txt");
    expect(codeOf(() => checkPath("a\u009bb"))).toBe("PATH_INVALID");
  });
});

it("isUnder compares whole segments", () => {
  expect(isUnder("a/b", "a")).toBe(true);
  expect(isUnder("a", "a")).toBe(true);
  expect(isUnder("/a/b/c/", "a/./b")).toBe(true);
  expect(isUnder("anything", "")).toBe(true);
  expect(isUnder("ab", "a")).toBe(false);
  expect(isUnder("a", "a/b")).toBe(false);
  expect(isUnder("a/../b", "a")).toBe(false);
});

it("joinPath leaves out the root", () => {
  expect([joinPath("", "a"), joinPath("a", ""), joinPath("a", "b/c"), joinPath("", "")]).toEqual([
    "a",
    "a",
    "a/b/c",
    "",
  ]);
});

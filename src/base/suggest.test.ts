import { describe, expect, it } from "vitest";
import { didYouMean, suggest } from "./suggest.ts";

const names = ["read_file", "write_file", "edit_file", "list_directory", "glob", "grep", "remove_file"];

describe("suggest", () => {
  it.each([
    ["raed_file", ["read_file"]],
    ["READ_FILE", ["read_file"]],
    ["grpe", ["grep"]],
    ["rite_file", ["write_file", "edit_file", "read_file"]],
    ["completely_else", []],
    ["xy", []],
    ["", []],
  ])("%j", (wrong, expected) => {
    expect(suggest(wrong, names)).toEqual(expected);
  });

  it("gives names at one distance in the order of the alphabet, each once, and as many as are wanted", () => {
    expect(suggest("ba", ["bd", "bc", "bb", "bb", "bc"])).toEqual(["bb", "bc", "bd"]);
    expect(suggest("ba", ["bd", "bc", "bb"], { most: 1 })).toEqual(["bb"]);
    expect(suggest("ba", ["bd", "bc", "bb"], { most: 0 })).toEqual([]);
  });

  it("counts swapped neighbours as one edit", () => {
    expect(suggest("abcd", ["badc", "bdca"])).toEqual(["badc"]);
  });

  it("compares the beginnings of long names only", () => {
    const long = "x".repeat(100_000);
    expect(suggest(`${long}1`, [`${long}2`, "y"])).toEqual([`${long}2`]);
  });
});

describe("didYouMean", () => {
  it.each([
    [[], ""],
    [["sections"], 'Did you mean "sections"?'],
    [["sections", "section"], 'Did you mean "section" or "sections"?'],
    [["sections", "section", "sectoin"], 'Did you mean "sectoin", "section" or "sections"?'],
  ])("of %j", (near, told) => {
    expect(didYouMean("sectoin", near)).toBe(told);
  });

  it("quotes names with signs of their own", () => {
    expect(didYouMean('a"b', ['a"c'])).toBe('Did you mean "a\\"c"?');
  });
});

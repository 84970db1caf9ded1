/** What the checks say: an agent reads it and must know what to do. */
import { describe, expect, it } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { linesOf } from "./lines.ts";
import { checkPath, isNormalPath, isUsablePath, validatePath } from "./paths.ts";
import { rangeOf, takenBack } from "./stream.ts";
import {
  checkDirectory,
  checkMode,
  checkMove,
  checkNewDirectory,
  checkRemoval,
  checkTarget,
  type KindAt,
} from "./tree-checks.ts";

const there = new Map<string, "file" | "directory">([
  ["", "directory"],
  ["d", "directory"],
  ["d/é", "directory"],
  ["d/é/f", "file"],
]);
const kindAt: KindAt = (path) => there.get(path);
const said = (use: () => unknown): string => {
  const { code, message } = thrownBy(use);
  return `${code} ${message}`;
};
const deep = "x/".repeat(15);

describe("what is wrong is said", () => {
  it.each<[string, () => unknown, string]>([
    [
      "the root as a target",
      () => checkTarget(kindAt, ""),
      'PATH_INVALID "": The root cannot be written. Expected the path of a file or directory below it. Received the root.',
    ],
    [
      "a directory as a target",
      () => checkTarget(kindAt, "d"),
      'FILE_IS_DIRECTORY "d": It cannot be written. Expected a file, or nothing. Received a directory.',
    ],
    [
      "a target below a file",
      () => checkTarget(kindAt, "d/é/f/g/h"),
      'FILE_NOT_DIRECTORY "d/é/f/g/h": Nothing can be below a file. Expected directories above it. Received the file "d/é/f".',
    ],
    [
      "a new name",
      () => checkTarget(kindAt, "d/ü"),
      'PATH_INVALID "d/ü": A new file or directory cannot have this name. Expected printable ASCII. Received U+00FC at position 1.',
    ],
    [
      "a kept name in another place",
      () => checkTarget(kindAt, "ü/a", { kept: "ü" }),
      'PATH_INVALID "ü/a": A new file or directory cannot have this name.',
    ],
    [
      "another name than the kept one",
      () => checkTarget(kindAt, "d/ü", { kept: "ö" }),
      'PATH_INVALID "d/ü": A new file or directory cannot have this name.',
    ],
    [
      "a file that must be new",
      () => checkMode("file", "a", "create"),
      'FILE_EXISTS "a": It cannot be created. Expected nothing here. Received a file.',
    ],
    ["no directory", () => checkDirectory(undefined, "a"), 'FILE_MISSING "a": There is no such directory.'],
    [
      "a file for a directory",
      () => checkDirectory("file", "a"),
      'FILE_NOT_DIRECTORY "a": This is no directory. Expected one. Received a file.',
    ],
    [
      "a file for a new directory",
      () => checkNewDirectory(kindAt, "d/é/f"),
      'FILE_EXISTS "d/é/f": No directory can be made. Expected a directory, or nothing. Received a file.',
    ],
    [
      "the root to be removed",
      () => checkRemoval("directory", "", () => true),
      'PATH_INVALID "": The root cannot be removed. Expected the path of a file or directory below it. Received the root.',
    ],
    [
      "nothing to be removed",
      () => checkRemoval(undefined, "a", () => true),
      'FILE_MISSING "a": There is no such file or directory.',
    ],
    [
      "a full directory",
      () => checkRemoval("directory", "d", () => false),
      'FILE_IS_DIRECTORY "d": It cannot be removed. Expected a file, or an empty directory. Received a directory that is not empty. Remove what is in it, or pass `recursive: true`.',
    ],
    [
      "the root to be moved",
      () => checkMove(kindAt, "", "a", () => 0),
      'PATH_INVALID "": The root cannot be moved. Expected the path of a file or directory below it. Received the root.',
    ],
    [
      "nothing to be moved",
      () => checkMove(kindAt, "a", "b", () => 0),
      'FILE_MISSING "a": There is no such file or directory.',
    ],
    [
      "a target that is taken",
      () => checkMove(kindAt, "d/é/f", "d", () => 0),
      'FILE_EXISTS "d": Nothing can be moved here. Expected a free target. Received a directory.',
    ],
    [
      "a target inside",
      () => checkMove(kindAt, "d", "d/x", () => 0),
      'PATH_INVALID "d/x": A directory cannot be moved into itself. Expected a target outside it. Received one below it.',
    ],
    [
      "a target too deep",
      () => checkMove(kindAt, "d", `${deep}d`, () => 1),
      `PATH_INVALID "${deep}d": The path is too deep with what is in the directory. Expected at most 16 segments. Received 17.`,
    ],
    [
      "a long path",
      () => checkPath("a/".repeat(2_049)),
      "The path is too long. Expected at most 4096 characters. Received 4098.",
    ],
    [
      "a deep path",
      () => checkPath("a/".repeat(17)),
      "The path is too deep. Expected at most 16 segments. Received 17.",
    ],
    [
      "a long name",
      () => checkPath("a".repeat(81)),
      "A name in the path is too long. Expected at most 80 characters. Received 81.",
    ],
    [
      "a control character",
      () => checkPath("a\u007f"),
      "The path has a control character. Expected visible characters. Received U+007F at position 2.",
    ],
    [
      "no Unicode",
      () => checkPath("\ud800"),
      "The path is not valid Unicode. Expected text without lone surrogates. Received a lone surrogate.",
    ],
    [
      "a negative offset",
      () => linesOf("", { offset: -1 }),
      "INPUT_INVALID offset: It is wrong. Expected a whole number, 0 or more. Received -1.",
    ],
    [
      "half a limit",
      () => linesOf("", { limit: 0.5 }),
      "INPUT_INVALID limit: It is wrong. Expected a whole number, 0 or more. Received 0.5.",
    ],
    [
      "no number for a start",
      () => rangeOf({ start: Number.NaN }, 1),
      "INPUT_INVALID start: It is wrong. Expected a whole number, 0 or more. Received NaN.",
    ],
    [
      "a negative end",
      () => rangeOf({ end: -1 }, 1),
      "INPUT_INVALID end: It is wrong. Expected a whole number, 0 or more. Received -1.",
    ],
    [
      "files taken back",
      () => {
        throw takenBack("a");
      },
      'FILE_CHANGED "a": The files were taken back while this was being written, so it was given up.',
    ],
  ])("of %s", (_what, use, expected) => {
    expect(said(use)).toContain(expected);
  });

  it("with a path in which nothing hides", () => {
    expect(said(() => checkTarget(kindAt, "a\u202Eb"))).toContain('"a\\u{202e}b": A new file');
    expect(said(() => checkPath("a\u007f"))).toContain('"a\\u{7f}": The path has a control');
    expect(said(() => checkPath("a\nb"))).toContain('"a\\nb": The path has a control');
  });

  it("the path is in the details, cut when it is long", () => {
    expect(thrownBy(() => checkPath("a/".repeat(3_000))).details).toEqual({ path: "a/".repeat(2_048) });
    expect(thrownBy(() => validatePath("ü")).details).toEqual({ path: "ü" });
  });
});

describe("what is allowed", () => {
  it("at the very limit", () => {
    expect(checkPath(`${"a/".repeat(16)}`)).toBe(`${"a/".repeat(15)}a`);
    expect(checkPath(`${"/".repeat(4_095)}a`)).toBe("a");
    expect(checkPath("a".repeat(80))).toHaveLength(80);
    expect([checkPath("\u00a0x"), validatePath("~"), validatePath("a b")]).toEqual(["x", "~", "a b"]);
    checkMove(kindAt, "d", `${"x/".repeat(14)}d`, () => 1);
    checkMove(kindAt, "d/é", "é", () => 1); // its own name goes with it
    checkTarget(kindAt, "d/é/g");
    checkTarget(kindAt, "ü/ö", "any");
    expect([checkNewDirectory(kindAt, "d"), checkNewDirectory(kindAt, "e/f")]).toEqual([false, true]);
    expect(rangeOf({ start: 5, end: 9 }, 7)).toEqual({ start: 5, end: 7 });
    expect(rangeOf({}, 7)).toEqual({ start: 0, end: 7 });
  });

  it("nothing where not even the root is: whoever writes then is told", () => {
    expect(said(() => checkTarget(() => undefined, "ü"))).toContain("cannot have this name");
    checkTarget(() => undefined, "a/b");
  });

  it("a path that names something as it is", () => {
    const paths = ["a/b", "ü", "", "\uFFFD", "a//b", " a", "a\u0000"];
    expect(paths.map(isUsablePath)).toEqual([true, true, true, false, false, false, false]);
    expect(paths.map(isNormalPath)).toEqual([true, true, true, true, false, false, false]);
  });

  it("any number of lines, also more than there are and of no text", () => {
    expect([linesOf("", { offset: 2 }), linesOf("\na", { offset: 1 }), linesOf("\n\na", { limit: 2 })]).toEqual([
      "",
      "a",
      "\n\n",
    ]);
  });
});

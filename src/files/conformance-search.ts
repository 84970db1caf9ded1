import assert from "node:assert/strict";
import { bytes, type FileConformanceCase, refuses } from "./conformance-case.ts";
import type { Filesystem } from "./filesystem.ts";

/** Globs and greps. */
export const searchConformance: readonly FileConformanceCase[] = [
  {
    id: "F17",
    claim: "a glob finds files, sorted by path",
    async check(fs) {
      for (const path of ["a/b.ts", "a.ts", "a-b.ts", "a/c/d.ts", "a/.x.ts", "z.md"]) await fs.writeText(path, "");
      assert.deepEqual(await fs.glob("*.ts"), ["a-b.ts", "a.ts", "a/.x.ts", "a/b.ts", "a/c/d.ts"]);
      assert.deepEqual(await fs.glob("a/*.ts"), ["a/.x.ts", "a/b.ts"]);
      assert.deepEqual(await fs.glob("**/*.ts", { path: "a" }), ["a/.x.ts", "a/b.ts", "a/c/d.ts"]);
      assert.deepEqual(await fs.glob("/*.{ts,md}"), ["a-b.ts", "a.ts", "z.md"]);
    },
  },
  {
    id: "F18",
    claim: "a grep gives the first match of each line, in order of path and line, with the lines around it",
    async check(fs) {
      await fs.writeText("b.ts", "x\r\nfoo Foo foo\r\nfo+\n");
      await fs.writeText("a/c.ts", "foo");
      await fs.writeText("a/c.md", "foo\n");
      const found = async (pattern: string, options?: Parameters<Filesystem["grep"]>[1]): Promise<readonly string[]> =>
        (await fs.grep(pattern, options)).matches.map(
          ({ path, line, text, start, end }) => `${path}:${line}:${text}:${start}-${end}`,
        );
      assert.deepEqual(await found("foo"), ["a/c.md:1:foo:0-3", "a/c.ts:1:foo:0-3", "b.ts:2:foo Foo foo:0-3"]);
      assert.deepEqual(await found("F\\w+", { glob: "*.ts" }), ["b.ts:2:foo Foo foo:4-7"]);
      assert.deepEqual(await found("FOO$", { ignoreCase: true, path: "b.ts" }), ["b.ts:2:foo Foo foo:8-11"]);
      assert.deepEqual(await found("fo\\+"), ["b.ts:3:fo+:0-3"]);
      assert.deepEqual(await found("^foo$", { path: "a", glob: "/*.md" }), ["a/c.md:1:foo:0-3"]);
      const around = async (pattern: string, context?: number): Promise<unknown> =>
        (await fs.grep(pattern, { path: "d", context })).matches.map(({ before, after }) => [before, after]);
      await fs.writeText("d", "1\r\n2\n\n4\n5");
      assert.deepEqual(await around("[15]", 2), [
        [[], ["2", ""]],
        [["", "4"], []],
      ]);
      assert.deepEqual(await around("[24]", 1), [
        [["1"], [""]],
        [[""], ["5"]],
      ]);
      assert.deepEqual(await around("2"), [[[], []]]);
      for (const context of [-1, 0.5, 51]) await refuses("INPUT_INVALID", fs.grep("2", { context }));
    },
  },
  {
    id: "F19",
    claim: "a grep passes over binary files",
    async check(fs) {
      await fs.writeBytes("a", bytes(0x66, 0x6f, 0x6f, 0xff));
      await fs.writeText("b", "foo\0");
      await fs.writeText("c", "foo");
      assert.deepEqual(
        (await fs.grep("foo")).matches.map(({ path }) => path),
        ["c"],
      );
    },
  },
  {
    id: "F20",
    claim: "a grep stops at most matches and says so",
    async check(fs) {
      await fs.writeText("a", "x\nx\nx\n");
      const counted = async (most: number): Promise<unknown> => {
        const { matches, truncated } = await fs.grep("x", { most });
        return [matches.length, truncated];
      };
      assert.deepEqual(await counted(2), [2, true]);
      assert.deepEqual(await counted(3), [3, false]);
      await refuses("INPUT_INVALID", fs.grep("x", { most: 0 }));
    },
  },
  {
    id: "F21",
    claim: "a wrong pattern is refused",
    async check(fs) {
      for (const pattern of ["(", "", "(?=a)", "(?<!a)b", "(a)\\1", "x{1,2000}", "a\\nb", "y".repeat(1_001)]) {
        await refuses("PATTERN_INVALID", fs.grep(pattern));
      }
      for (const pattern of ["", "[a", "{a", "!a", "../a", "@(a|b)", "{a,b}".repeat(20), "y".repeat(1_001)]) {
        await refuses("PATTERN_INVALID", fs.glob(pattern));
        await refuses("PATTERN_INVALID", fs.grep("a", { glob: pattern }));
      }
    },
  },
];

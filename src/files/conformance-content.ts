import assert from "node:assert/strict";
import { bytes, contents, type FileConformanceCase, refuses } from "./conformance-case.ts";

/** What is written is read back, and what is no file is told. */
export const contentConformance: readonly FileConformanceCase[] = [
  {
    id: "F1",
    claim: "text is read back exactly",
    async check(fs) {
      for (const text of ["", "a\n", "a", "a\r\nb\rc\n\n", "\uFEFFbom", "nul\0", "é 😀 \u2028\v\u0085"]) {
        await fs.writeText("a.txt", text);
        assert.equal(await fs.readText("a.txt"), text);
        assert.deepEqual(await fs.stat("a.txt"), { path: "a.txt", kind: "file", size: Buffer.byteLength(text) });
      }
    },
  },
  {
    id: "F2",
    claim: "bytes are read back exactly and belong to whoever holds them",
    async check(fs) {
      const given = bytes(0, 255, 128, 10);
      await fs.writeBytes("a", given);
      given.fill(1);
      const read = await fs.readBytes("a");
      assert.deepEqual([...(read ?? [])], [0, 255, 128, 10]);
      read?.fill(1);
      assert.deepEqual([...((await fs.readBytes("a")) ?? [])], [0, 255, 128, 10]);
      await fs.writeText("b", "é");
      assert.deepEqual([...((await fs.readBytes("b")) ?? [])], [0xc3, 0xa9]);
    },
  },
  {
    id: "F3",
    claim: "offset and limit count lines, which only \\n ends",
    async check(fs) {
      await fs.writeText("a", "1\r\n2\u2028x\v\n3\r4\nlast");
      const read = (offset?: number, limit?: number): Promise<string | undefined> =>
        fs.readText("a", { offset, limit });
      assert.equal(await read(1), "2\u2028x\v\n3\r4\nlast");
      assert.equal(await read(1, 1), "2\u2028x\v\n");
      assert.equal(await read(2, 5), "3\r4\nlast");
      assert.equal(await read(0, 0), "");
      assert.equal(await read(9), "");
    },
  },
  {
    id: "F4",
    claim: "offset and limit are whole numbers, 0 or more",
    async check(fs) {
      await fs.writeText("a", "1\n2\n");
      for (const wrong of [-1, 0.5, Number.NaN]) {
        await refuses("INPUT_INVALID", fs.readText("a", { offset: wrong }));
        await refuses("INPUT_INVALID", fs.readText("a", { limit: wrong }));
      }
    },
  },
  {
    id: "F5",
    claim: "what is missing reads as undefined, also below a file",
    async check(fs) {
      await fs.writeText("a", "");
      for (const path of ["b", "d/b", "a/b"]) {
        assert.equal(await fs.readText(path), undefined);
        assert.equal(await fs.readBytes(path), undefined);
        assert.equal(await fs.stat(path), undefined);
      }
    },
  },
  {
    id: "F6",
    claim: "bytes that are not UTF-8 are no text",
    async check(fs) {
      await fs.writeBytes("a", bytes(0x61, 0xff));
      await refuses("FILE_NOT_TEXT", fs.readText("a"));
      await fs.writeBytes("a", bytes(0xc3));
      await fs.writeBytes("a", bytes(0xa9), { mode: "append" });
      assert.equal(await fs.readText("a"), "é");
    },
  },
  {
    id: "F7",
    claim: "text with a lone surrogate is refused",
    async check(fs) {
      await refuses("FILE_NOT_TEXT", fs.writeText("a", "x\uD83D"));
      assert.equal(await fs.stat("a"), undefined);
    },
  },
  {
    id: "F8",
    claim: "a directory is no file",
    async check(fs) {
      await fs.writeText("d/a", "1");
      await refuses("FILE_IS_DIRECTORY", fs.readText("d"));
      await refuses("FILE_IS_DIRECTORY", fs.readBytes("d"));
      await refuses("FILE_IS_DIRECTORY", fs.writeText("d", "2"));
      assert.deepEqual(await contents(fs), { "d/a": "1" });
    },
  },
  {
    id: "F9",
    claim: "a file is no directory",
    async check(fs) {
      await fs.writeText("a", "1");
      await refuses("FILE_NOT_DIRECTORY", fs.writeText("a/b", "2"));
      await refuses("FILE_NOT_DIRECTORY", fs.makeDirectory("a/b/c"));
      await refuses("FILE_NOT_DIRECTORY", fs.list("a"));
      await refuses("FILE_NOT_DIRECTORY", fs.glob("*", { path: "a" }));
      await refuses("FILE_MISSING", fs.list("b"));
      await refuses("FILE_MISSING", fs.grep("x", { path: "b" }));
      assert.deepEqual(await contents(fs), { a: "1" });
    },
  },
  {
    id: "F10",
    claim: "create keeps what is there, append adds, overwrite replaces, parents are made",
    async check(fs) {
      await fs.writeText("d/e/a", "1", { mode: "create" });
      await refuses("FILE_EXISTS", fs.writeText("d/e/a", "2", { mode: "create" }));
      await fs.writeText("d/e/a", "3", { mode: "append" });
      await fs.writeText("d/new", "4", { mode: "append" });
      assert.deepEqual(await contents(fs), { "d/e/a": "13", "d/new": "4" });
      await fs.writeText("d/e/a", "5");
      assert.equal(await fs.readText("d/e/a"), "5");
    },
  },
];

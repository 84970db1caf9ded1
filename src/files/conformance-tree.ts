import assert from "node:assert/strict";
import { contents, type FileConformanceCase, refuses } from "./conformance-case.ts";

/** Paths, directories, removing and moving. */
export const treeConformance: readonly FileConformanceCase[] = [
  {
    id: "F11",
    claim: "no path leaves the root, and hostile paths are refused",
    async check(fs) {
      await fs.writeText("/../x/../a/./b/", "1");
      assert.deepEqual(await contents(fs), { "a/b": "1" });
      const deep = "a/".repeat(17);
      for (const path of [deep, "y".repeat(81), "nul\0", "line\nbreak", "esc\u001b[2J"]) {
        await refuses("PATH_INVALID", fs.writeText(path, ""));
        await refuses("PATH_INVALID", fs.readText(path));
        await refuses("PATH_INVALID", fs.stat(path));
        await refuses("PATH_INVALID", fs.move("a/b", path));
      }
      for (const path of ["é.txt", "a\\b", "\u202Etxt"]) await refuses("PATH_INVALID", fs.writeText(path, ""));
      assert.equal(await fs.readText("é.txt"), undefined);
    },
  },
  {
    id: "F12",
    claim: "the root cannot be written, moved or removed",
    async check(fs) {
      for (const root of ["", "/", "a/.."]) {
        await refuses("PATH_INVALID", fs.writeText(root, ""));
        await refuses("PATH_INVALID", fs.remove(root, { recursive: true }));
        await refuses("PATH_INVALID", fs.move(root, "b"));
        await fs.makeDirectory(root);
      }
      assert.deepEqual(await fs.stat("/"), { path: "", kind: "directory", size: 0 });
    },
  },
  {
    id: "F13",
    claim: "a listing is sorted by name and shows empty directories",
    async check(fs) {
      for (const path of ["b.txt", "b/x", "B", ".hidden", "a b"]) await fs.writeText(path, "12");
      await fs.makeDirectory("empty");
      assert.deepEqual(
        (await fs.list()).map(({ path, kind, size }) => `${path} ${kind} ${size}`),
        [".hidden file 2", "B file 2", "a b file 2", "b directory 0", "b.txt file 2", "empty directory 0"],
      );
      assert.deepEqual(await fs.list("b"), [{ path: "b/x", kind: "file", size: 2 }]);
    },
  },
  {
    id: "F14",
    claim: "making a directory twice is fine, over a file it is refused",
    async check(fs) {
      await fs.makeDirectory("d/e");
      await fs.makeDirectory("d/e");
      await fs.makeDirectory("d");
      await fs.writeText("a", "1");
      await refuses("FILE_EXISTS", fs.makeDirectory("a"));
      assert.deepEqual(await fs.list("d"), [{ path: "d/e", kind: "directory", size: 0 }]);
    },
  },
  {
    id: "F15",
    claim: "removing needs something there, and recursive for a directory that is not empty",
    async check(fs) {
      await fs.writeText("d/a", "1");
      await refuses("FILE_MISSING", fs.remove("d/b"));
      await refuses("FILE_IS_DIRECTORY", fs.remove("d"));
      await fs.makeDirectory("e");
      await fs.remove("e");
      await fs.remove("d/a");
      assert.deepEqual(await fs.list("d"), []);
      await fs.writeText("d/f/b", "1");
      await fs.remove("d", { recursive: true });
      assert.deepEqual(await fs.list(), []);
    },
  },
  {
    id: "F16",
    claim: "a move keeps content, needs a free target, and never goes into itself",
    async check(fs) {
      await fs.writeText("d/a", "1");
      await fs.writeText("b", "2");
      await refuses("FILE_MISSING", fs.move("c", "e"));
      await refuses("FILE_EXISTS", fs.move("d/a", "b"));
      await refuses("PATH_INVALID", fs.move("d", "d/e/f"));
      await refuses("FILE_NOT_DIRECTORY", fs.move("d", "b/d"));
      await refuses("PATH_INVALID", fs.move("d", `${"x/".repeat(15)}d`));
      await fs.move("d", "new/d");
      assert.deepEqual(await contents(fs), { b: "2", "new/d/a": "1" });
      assert.equal(await fs.stat("d"), undefined);
    },
  },
];

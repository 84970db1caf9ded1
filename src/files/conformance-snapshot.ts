import assert from "node:assert/strict";
import { bytes, contents, type FileConformanceCase, refuses } from "./conformance-case.ts";
import { largestFile } from "./size.ts";

/** Snapshots, changes, aborts and limits. */
export const snapshotConformance: readonly FileConformanceCase[] = [
  {
    id: "F22",
    claim: "a snapshot may be restored any number of times, in any order",
    async check(fs) {
      await fs.writeText("d/a", "1");
      const first = await fs.snapshot();
      await fs.writeText("d/a", "2");
      await fs.makeDirectory("e");
      const second = await fs.snapshot();
      for (let round = 0; round < 2; round++) {
        await fs.remove("d", { recursive: true });
        await fs.restore(first);
        assert.deepEqual(await contents(fs), { "d/a": "1" });
        assert.equal(await fs.stat("e"), undefined);
        await fs.writeText("d/b", "3");
        await fs.restore(second);
        assert.deepEqual(await contents(fs), { "d/a": "2" });
        assert.equal((await fs.stat("e"))?.kind, "directory");
      }
    },
  },
  {
    id: "F23",
    claim: "changes tells what differs, and nothing that does not",
    async check(fs) {
      for (const path of ["same", "gone", "d/old", "d/e/x", "swap"]) await fs.writeText(path, path);
      const before = await fs.snapshot();
      assert.deepEqual(await fs.changes(before), []);
      await fs.writeText("same", "other");
      await fs.writeText("same", "same");
      await fs.remove("gone");
      await fs.writeText("d/old", "new");
      await fs.move("d/e", "d/f");
      await fs.remove("swap");
      await fs.writeText("swap/in", "");
      const expected = [
        { path: "d/e/x", kind: "removed" },
        { path: "d/f/x", kind: "added" },
        { path: "d/old", kind: "modified" },
        { path: "gone", kind: "removed" },
        { path: "swap", kind: "removed" },
        { path: "swap/in", kind: "added" },
      ];
      assert.deepEqual(await fs.changes(before), expected);
      const after = await fs.snapshot();
      await fs.restore(before);
      assert.deepEqual(await fs.changes(before, after), expected);
      assert.deepEqual(await fs.changes(before), []);
    },
  },
  {
    id: "F24",
    claim: "a snapshot from elsewhere is refused",
    async check(fs) {
      const { id } = await fs.snapshot();
      await refuses("SNAPSHOT_FOREIGN", fs.restore({ id }));
      await refuses("SNAPSHOT_FOREIGN", fs.changes({ id }));
    },
  },
  {
    id: "F25",
    claim: "an aborted call throws the signal's reason and changes nothing",
    async check(fs) {
      await fs.writeText("a", "1");
      const before = await fs.snapshot();
      const reason = new Error("enough");
      const signal = AbortSignal.abort(reason);
      const calls: readonly (() => Promise<unknown>)[] = [
        () => fs.readText("a", { signal }),
        () => fs.readBytes("a", { signal }),
        () => fs.stat("a", { signal }),
        () => fs.list("", { signal }),
        () => fs.glob("*", { signal }),
        () => fs.grep("1", { signal }),
        () => fs.writeText("b", "", { signal }),
        () => fs.writeBytes("b", bytes(), { signal }),
        () => fs.makeDirectory("b", { signal }),
        () => fs.move("a", "b", { signal }),
        () => fs.remove("a", { signal }),
      ];
      for (const call of calls) await assert.rejects(call, reason);
      assert.deepEqual(await fs.changes(before), []);
    },
  },
  {
    id: "F26",
    claim: "a file over the limit is refused and changes nothing",
    async check(fs) {
      await fs.writeBytes("a", new Uint8Array(largestFile));
      const before = await fs.snapshot();
      await refuses("FILE_TOO_LARGE", fs.writeText("a", "x", { mode: "append" }));
      await refuses("FILE_TOO_LARGE", fs.writeBytes("b", new Uint8Array(largestFile + 1)));
      assert.deepEqual(await fs.changes(before), []);
    },
  },
  {
    id: "F27",
    claim: "a change that was begun before a restore changes nothing after it",
    async check(fs) {
      await fs.writeText("a", "1");
      await fs.writeText("d/b", "2");
      const before = await fs.snapshot();
      const changes: readonly (() => Promise<void>)[] = [
        () => fs.writeText("a", "x".repeat(100_000)),
        () => fs.writeText("new/deep/c", "3", { mode: "create" }),
        () => fs.writeText("a", "more", { mode: "append" }),
        () => fs.writeBytes("bytes", bytes(0, 255)),
        () => fs.makeDirectory("e/f"),
        () => fs.move("d", "g"),
        () => fs.remove("a"),
      ];
      for (const begun of [...changes.map((change) => [change]), changes]) {
        const underWay = begun.map((change) => change());
        await fs.restore(before);
        await Promise.allSettled(underWay);
        assert.deepEqual(await fs.changes(before), []);
        assert.deepEqual(await contents(fs), { a: "1", "d/b": "2" });
        assert.equal(await fs.stat("e"), undefined);
      }
    },
  },
];

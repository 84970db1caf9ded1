import assert from "node:assert/strict";
import { type JournalConformanceCase, numbers, refuses, step } from "./conformance-case.ts";

/** J3: one writer at a time. */
export const fenceConformance: readonly JournalConformanceCase[] = [
  {
    id: "J3",
    claim: "opening a run begins a newer epoch, a whole number, also when nothing was written",
    async check(make) {
      const { journal, again } = await make();
      let before = 0;
      for (const where of [journal, again(), journal, again()]) {
        await using writer = await where.open("run-1");
        assert(Number.isInteger(writer.epoch) && writer.epoch > before, `epoch ${writer.epoch} after ${before}`);
        before = writer.epoch;
      }
    },
  },
  {
    id: "J3",
    claim: "an append by an older epoch throws and writes nothing, however often, and the newer one is not disturbed",
    async check(make) {
      const { journal, again } = await make();
      await using old = await journal.open("run-1");
      await old.append(step(0));
      await using newer = await again().open("run-1");
      await refuses("JOURNAL_FENCED", old.append(step(66)));
      await newer.append(step(1));
      await refuses("JOURNAL_FENCED", old.append(step(67)));
      await newer.append(step(2));
      assert.deepEqual(await numbers(journal, "run-1"), [0, 1, 2]);
    },
  },
  {
    id: "J3",
    claim: "a fenced writer stays fenced when the newer one is closed, and other runs are not fenced",
    async check(make) {
      const { journal, again } = await make();
      await using old = await journal.open("run-1");
      await using other = await journal.open("run-2");
      await (await again().open("run-1"))[Symbol.asyncDispose]();
      await refuses("JOURNAL_FENCED", old.append(step(66)));
      await other.append(step(0));
      assert.deepEqual([await numbers(journal, "run-1"), await numbers(journal, "run-2")], [[], [0]]);
    },
  },
];

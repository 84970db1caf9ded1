import assert from "node:assert/strict";
import { type JournalConformanceCase, numbers, refuses, started, step } from "./conformance-case.ts";
import { entryVersion } from "./entry.ts";

/** J1 and J2: what was appended is read back, in order and without gaps. */
export const orderConformance: readonly JournalConformanceCase[] = [
  {
    id: "J1",
    claim: "what was appended is read back in order, by this journal and by another over the same storage",
    async check(make) {
      const { journal, again } = await make();
      await using writer = await journal.open("run-1");
      for (let count = 0; count < 50; count++) {
        assert.equal(await writer.append(step(count)), count);
        assert.equal((await again().read("run-1")).length, count + 1);
      }
      const expected = Array.from({ length: 50 }, (_, index) => index);
      assert.deepEqual(await numbers(journal, "run-1"), expected);
      assert.deepEqual(await numbers(again(), "run-1"), expected);
    },
  },
  {
    id: "J1",
    claim: "appends that are not waited for keep their order",
    async check(make) {
      const { journal } = await make();
      await using writer = await journal.open("run-1");
      const given = await Promise.all(Array.from({ length: 30 }, (_, index) => writer.append(step(index))));
      assert.deepEqual(
        given,
        Array.from({ length: 30 }, (_, index) => index),
      );
      assert.deepEqual(await numbers(journal, "run-1"), given);
    },
  },
  {
    id: "J1",
    claim: "each entry has its version, its number, its epoch and its time",
    async check(make) {
      const { journal } = await make();
      await using writer = await journal.open("run-1");
      for (const number of [7, 8]) await writer.append(step(number));
      for (const [index, entry] of (await journal.read("run-1")).entries()) {
        assert.deepEqual([entry.v, entry.seq, entry.epoch], [entryVersion, index, writer.epoch]);
        assert(Number.isFinite(entry.at));
      }
    },
  },
  {
    id: "J1",
    claim: "runs beside each other do not mix",
    async check(make) {
      const { journal } = await make();
      await using a = await journal.open("run-a");
      await using b = await journal.open("run-b");
      for (let count = 0; count < 10; count++) {
        await a.append(step(count));
        await b.append(step(100 + count));
      }
      assert.deepEqual(await numbers(journal, "run-a"), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      assert.deepEqual(await numbers(journal, "run-b"), [100, 101, 102, 103, 104, 105, 106, 107, 108, 109]);
    },
  },
  {
    id: "J2",
    claim: "a step that cannot be written is refused, leaves nothing, and the next one takes its number",
    async check(make) {
      const { journal } = await make();
      await using writer = await journal.open("run-1");
      await writer.append(step(0));
      const cyclic: { self?: unknown } = {};
      cyclic.self = cyclic;
      await refuses("JSON_INVALID", writer.append(started(cyclic)));
      await refuses("JSON_INVALID", writer.append(started(1n)));
      assert.equal(await writer.append(step(1)), 1);
      assert.deepEqual(await numbers(journal, "run-1"), [0, 1]);
    },
  },
  {
    id: "J2",
    claim: "a run that is opened again goes on behind its last entry",
    async check(make) {
      const { journal, again } = await make();
      for (const [round, where] of [journal, again(), journal].entries()) {
        await using writer = await where.open("run-1");
        assert.equal(writer.length, 2 * round);
        assert.equal(await writer.append(step(2 * round)), 2 * round);
        assert.equal(await writer.append(step(2 * round + 1)), 2 * round + 1);
      }
      assert.deepEqual(await numbers(journal, "run-1"), [0, 1, 2, 3, 4, 5]);
    },
  },
];

import assert from "node:assert/strict";
import { type JournalConformanceCase, numbers, refuses, step } from "./conformance-case.ts";

/** J5: what is wrong is told. */
export const refusalConformance: readonly JournalConformanceCase[] = [
  {
    id: "J5",
    claim: "an id that cannot stand in a file's name is refused, and makes nothing",
    async check(make) {
      const { journal } = await make();
      const wrong = ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "a\n", "é", "a\0", "a:b", "x".repeat(129)];
      for (const runId of wrong) {
        await refuses("INPUT_INVALID", journal.open(runId));
        await refuses("INPUT_INVALID", journal.read(runId));
      }
      assert.deepEqual(await journal.runs(), []);
      await using _longest = await journal.open("x".repeat(128));
      await using _odd = await journal.open("-A_z.9");
      assert.equal((await journal.runs()).length, 2);
    },
  },
  {
    id: "J5",
    claim: "a run that was never opened is missing, and one without entries is empty",
    async check(make) {
      const { journal, again } = await make();
      await refuses("JOURNAL_MISSING", journal.read("run-1"));
      await using _writer = await journal.open("run-1");
      assert.deepEqual(await again().read("run-1"), []);
      await refuses("JOURNAL_MISSING", journal.read("run-2"));
    },
  },
  {
    id: "J5",
    claim: "the ids of all runs are given, sorted",
    async check(make) {
      const { journal, again } = await make();
      assert.deepEqual(await journal.runs(), []);
      for (const runId of ["run-b", "run-a", "Run-c"]) await (await journal.open(runId))[Symbol.asyncDispose]();
      for (const reader of [journal, again()]) assert.deepEqual(await reader.runs(), ["Run-c", "run-a", "run-b"]);
    },
  },
  {
    id: "J5",
    claim: "a closed writer appends no more, and may be closed twice",
    async check(make) {
      const { journal } = await make();
      const writer = await journal.open("run-1");
      await writer.append(step(0));
      await writer[Symbol.asyncDispose]();
      await writer[Symbol.asyncDispose]();
      await refuses("JOURNAL_FAILED", writer.append(step(1)));
      assert.deepEqual(await numbers(journal, "run-1"), [0]);
    },
  },
];

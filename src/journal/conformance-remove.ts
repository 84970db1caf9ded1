import assert from "node:assert/strict";
import { WinkError } from "../base/index.ts";
import { type JournalConformanceCase, numbers, refuses, step } from "./conformance-case.ts";
import type { JournalWriter } from "./journal.ts";

/** J6 and J7: runs are taken away, and counted. */
export const removeConformance: readonly JournalConformanceCase[] = [
  {
    id: "J6",
    claim: "a removed run is missing for every reader, and the others stay",
    async check(make) {
      const { journal, again } = await make();
      for (const runId of ["run-1", "run-2"]) {
        await using writer = await journal.open(runId);
        await writer.append(step(0));
      }
      await again().remove("run-1");
      for (const reader of [journal, again()]) {
        await refuses("JOURNAL_MISSING", reader.read("run-1"));
        await refuses("JOURNAL_MISSING", reader.stat("run-1"));
        await refuses("JOURNAL_MISSING", reader.remove("run-1"));
        assert.deepEqual(await reader.runs(), ["run-2"]);
        assert.deepEqual(await numbers(reader, "run-2"), [0]);
      }
    },
  },
  {
    id: "J6",
    claim: "a run that was never opened cannot be removed, nor can one with an id of another form",
    async check(make) {
      const { journal } = await make();
      await refuses("JOURNAL_MISSING", journal.remove("run-1"));
      await refuses("INPUT_INVALID", journal.remove("../run-1"));
      await refuses("INPUT_INVALID", journal.stat("../run-1"));
      assert.deepEqual(await journal.runs(), []);
    },
  },
  {
    id: "J6",
    claim: "a writer of a removed run adds nothing, also when the run is begun anew",
    async check(make) {
      const { journal, again } = await make();
      await using old = await journal.open("run-1");
      await old.append(step(66));
      await journal.remove("run-1");
      await addsNothing(old);
      await refuses("JOURNAL_MISSING", journal.read("run-1"));
      await using next = await again().open("run-1");
      assert.equal(next.length, 0);
      await addsNothing(old);
      assert.equal(await next.append(step(0)), 0);
      await addsNothing(old);
      assert.equal(await next.append(step(1)), 1);
      assert.deepEqual(await numbers(journal, "run-1"), [0, 1]);
    },
  },
  {
    id: "J7",
    claim: "an empty run holds nothing, and each append counts",
    async check(make) {
      const { journal, again } = await make();
      await refuses("JOURNAL_MISSING", journal.stat("run-1"));
      await using writer = await journal.open("run-1");
      const empty = await journal.stat("run-1");
      assert.deepEqual([empty.entries, empty.first, empty.last], [0, undefined, undefined]);
      let { bytes } = empty;
      for (let count = 0; count < 3; count++) {
        await writer.append(step(count));
        const entries = await journal.read("run-1");
        for (const reader of [journal, again()]) {
          const stat = await reader.stat("run-1");
          assert.deepEqual([stat.entries, stat.first, stat.last], [count + 1, entries[0]?.at, entries.at(-1)?.at]);
          assert(stat.bytes > bytes, `${stat.bytes} bytes after ${bytes}`);
        }
        bytes = (await journal.stat("run-1")).bytes;
      }
    },
  },
];

async function addsNothing(writer: JournalWriter): Promise<void> {
  await assert.rejects(writer.append(step(67)), (error) => {
    assert(WinkError.is(error), String(error));
    assert(["JOURNAL_FENCED", "JOURNAL_FAILED"].includes(error.code), error.message);
    return true;
  });
}

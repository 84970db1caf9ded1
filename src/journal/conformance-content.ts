import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { type JournalConformanceCase, started, step } from "./conformance-case.ts";
import type { JournalEntry } from "./entry.ts";

/** What storage may bend: secrets, line ends, odd Unicode, keys with a meaning, numbers at the edge, depth, size. */
const exact: readonly unknown[] = [
  "Authorization: Bearer sk-aaaaaaaaaaaaaaaaaaaaaaaa",
  { password: "hunter2", token: "ghp_Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9" },
  "line\nline\r\nline\u2028line\u2029\u0085end",
  "\u0000\u001b\ufeff\ud800 lone \udfff, é, 😀",
  JSON.parse('{"__proto__":{"x":1},"constructor":1,"":2}'),
  [0, 1.5, -1e-7, 1e21, Number.MAX_SAFE_INTEGER, null, true, "", [], {}],
  Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], "deep"),
  "x".repeat(1_000_000),
];

/** J4: entries are exact and private. */
export const contentConformance: readonly JournalConformanceCase[] = [
  {
    id: "J4",
    claim: "entries are read back exactly: nothing is redacted, changed or cut",
    async check(make) {
      const { journal, again } = await make();
      await using writer = await journal.open("run-1");
      for (const value of exact) await writer.append(started(value));
      for (const reader of [journal, again()]) {
        const read = (await reader.read("run-1")).map((entry: JournalEntry) => "params" in entry && entry.params);
        assert.deepEqual(
          read.map((value) => JSON.stringify(value)),
          exact.map((value) => JSON.stringify(value)),
        );
      }
    },
  },
  {
    id: "J4",
    claim: "what is read is the reader's own, and what is changed after an append was not appended",
    async check(make) {
      const { journal } = await make();
      await using writer = await journal.open("run-1");
      const params = { list: [1] };
      await writer.append(started(params));
      params.list.push(2);
      const [first] = (await journal.read("run-1")) as readonly unknown[] as readonly { params: typeof params }[]; // as: it was written above
      assert.deepEqual(first?.params, { list: [1] });
      first?.params.list.push(3);
      assert.deepEqual(
        (await journal.read("run-1")).map((entry) => "params" in entry && entry.params),
        [{ list: [1] }],
      );
    },
  },
  {
    id: "J4",
    claim: "a file that it writes is the owner's only",
    async check(make) {
      const { journal } = await make();
      await using writer = await journal.open("run-1");
      await writer.append(step(0));
      const { driver, runId, location } = journal.address("run-1");
      assert.deepEqual([driver, runId], [journal.driver, "run-1"]);
      if (location === undefined || !existsSync(location)) return;
      assert.equal((statSync(location).mode & 0o777).toString(8), "600");
    },
  },
];

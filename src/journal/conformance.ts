/**
 * What every journal promises, as checks that any test runner can run: each throws when the promise does not hold, and is
 * given storage that is empty. The numbers are those in the header of `journal.ts`.
 */
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { type ErrorCode, WinkError } from "../base/index.ts";
import type { JournalEntry, JournalStep } from "./entry.ts";
import type { Journal, JournalWriter } from "./journal.ts";

/** A journal over storage that no one else uses. */
export interface JournalHarness {
  readonly journal: Journal;
  /** Another journal over the same storage, as another process would have it; the same one when there is no other way. */
  again(): Journal;
}

/** One promise of the port and its proof. */
export interface JournalConformanceCase {
  /** Its number in the header of the port. */
  readonly id: string;
  readonly claim: string;
  /** Throws when a journal does not keep the promise; `make` gives a new one each time. */
  check(make: () => Promise<JournalHarness>): Promise<void>;
}

/** A step that says no more than its number, and something that only exact storage gives back. */
function step(number: number, reason = ""): JournalStep {
  return { type: "run/finished", status: "partial", turns: number, usage: {}, reason };
}

/** The numbers of the steps that are read. */
async function numbers(journal: Journal, runId: string): Promise<readonly unknown[]> {
  return (await journal.read(runId)).map((entry) => "turns" in entry && entry.turns);
}

async function appendAll(writer: JournalWriter, steps: readonly JournalStep[]): Promise<void> {
  for (const each of steps) await writer.append(each);
}

/** Fails unless the work throws a `WinkError` of this code. */
async function refuses(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert(WinkError.is(error), `expected ${code}, got ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return true;
  });
}

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

function started(params: unknown): JournalStep {
  const about = {
    prompt: "a:b",
    definition: "hash",
    session: { id: "s", events: 0 },
    model: { provider: "p", name: "m" },
  };
  return { type: "run/started", ...about, params: params as never }; // as: each is JSON
}

/** All promises of the port. */
export const journalConformance: readonly JournalConformanceCase[] = [
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
      await appendAll(writer, [step(7), step(8)]);
      for (const [index, entry] of (await journal.read("run-1")).entries()) {
        assert.deepEqual([entry.v, entry.seq, entry.epoch], [1, index, writer.epoch]);
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

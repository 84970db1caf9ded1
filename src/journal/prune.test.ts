import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { type Journal, type JournalStep, jsonlJournal, memoryJournal, type PruneOptions, pruneRuns } from "./index.ts";

const day = 86_400_000;
let clock: FakeClock;
let journal: Journal;
beforeEach(() => {
  clock = createFakeClock(1_000 * day);
  journal = memoryJournal({ clock });
});

type Status = Extract<JournalStep, { type: "run/finished" }>["status"];

const started = (tags?: readonly string[]): JournalStep => ({
  type: "run/started",
  prompt: "a:b",
  definition: "hash",
  params: {},
  session: { id: "s", events: 0 },
  model: { provider: "p", name: "m" },
  tags,
});
const finished = (status: Status): JournalStep => ({ type: "run/finished", status, turns: 1, usage: {} });

/** Adds a run, a day after the one before. */
async function add(runId: string, steps: readonly JournalStep[]): Promise<void> {
  clock.advance(day);
  await using writer = await journal.open(runId);
  for (const step of steps) await writer.append(step);
}

const addDone = (runId: string, ...tags: string[]): Promise<void> => add(runId, [started(tags), finished("completed")]);

/** Prunes, and gives "run reason" of both lists. */
async function prune(options: PruneOptions): Promise<{ removed: string[]; kept: string[] }> {
  const { removed, kept } = await pruneRuns(journal, { clock, ...options });
  const told = (run: (typeof removed)[number]): string => `${run.runId} ${run.reason}`;
  return { removed: removed.map(told), kept: kept.map(told) };
}

describe("removes", () => {
  beforeEach(async () => {
    for (const runId of ["c", "a", "d", "b"]) await addDone(runId);
  });

  test("what is older", async () => {
    clock.advance(day / 2);
    expect(await prune({ olderThanMs: 2 * day })).toEqual({
      removed: ["c old", "a old"],
      kept: ["d within", "b within"],
    });
    expect(await journal.runs()).toEqual(["b", "d"]);
  });

  test("all but the newest", async () => {
    expect(await prune({ keepLast: 3 })).toEqual({
      removed: ["c surplus"],
      kept: ["a within", "d within", "b within"],
    });
    expect((await prune({ keepLast: 0 })).removed).toEqual(["a surplus", "d surplus", "b surplus"]);
    expect(await journal.runs()).toEqual([]);
  });

  test("the oldest until the rest is small enough", async () => {
    const { bytes } = await journal.stat("a");
    expect(await prune({ mostBytes: 2 * bytes })).toEqual({
      removed: ["c bytes", "a bytes"],
      kept: ["d within", "b within"],
    });
    expect(await prune({ mostBytes: 2 * bytes - 1 })).toEqual({ removed: ["d bytes"], kept: ["b within"] });
  });

  test("what any limit names", async () => {
    const { bytes } = await journal.stat("a");
    clock.advance(day / 2);
    const { removed } = await prune({ olderThanMs: 3 * day, keepLast: 2, mostBytes: bytes });
    expect(removed).toEqual(["c old", "a surplus", "d bytes"]);
  });

  test("nothing in a dry run, which tells the same", async () => {
    const told = await prune({ keepLast: 2, dryRun: true });
    expect(await journal.runs()).toHaveLength(4);
    expect(await prune({ keepLast: 2 })).toEqual(told);
    expect(await journal.runs()).toHaveLength(2);
  });

  test("and tells when each run was last written, and how much it held", async () => {
    const { bytes, last } = await journal.stat("c");
    const { removed } = await pruneRuns(journal, { keepLast: 3, clock });
    expect(removed).toEqual([{ runId: "c", bytes, last, reason: "surplus" }]);
  });
});

describe("keeps", () => {
  test("what has not ended or waits for an answer, whatever the limits are", async () => {
    await add("empty", []);
    await add("begun", [started()]);
    await add("resumed", [started(), finished("suspended"), started()]);
    await add("suspended", [started(), finished("suspended")]);
    for (const status of ["completed", "partial", "refused", "failed", "aborted"] as const) {
      await add(status, [started(), finished(status)]);
    }
    clock.advance(1_000 * day);
    const { removed, kept } = await prune({ olderThanMs: 0, keepLast: 0, mostBytes: 0 });
    expect(removed).toHaveLength(5);
    expect(kept).toEqual(["empty unfinished", "begun unfinished", "resumed unfinished", "suspended suspended"]);
    expect(await journal.runs()).toEqual(["begun", "empty", "resumed", "suspended"]);
  });

  test("what has none of the tags", async () => {
    await addDone("plain");
    await addDone("nightly", "nightly", "ci");
    await addDone("mine", "mine");
    await addDone("kept", "other");
    expect(await prune({ keepLast: 0, tags: ["ci", "mine"] })).toEqual({
      removed: ["nightly surplus", "mine surplus"],
      kept: ["plain tags", "kept tags"],
    });
    expect((await prune({ keepLast: 0, tags: [] })).removed).toEqual([]);
  });

  test("others, of which it counts only those with the tags", async () => {
    for (const runId of ["x1", "x2"]) await addDone(runId, "x");
    for (const runId of ["y1", "y2"]) await addDone(runId, "y");
    expect((await prune({ keepLast: 1, tags: ["x"] })).removed).toEqual(["x1 surplus"]);
  });
});

describe("on disk", async () => {
  const directory = await mkdtemp(join(tmpdir(), "wink-prune-"));
  afterAll(() => rm(directory, { recursive: true }));

  test("what cannot be read is kept, and told", async () => {
    journal = jsonlJournal({ directory, clock });
    await addDone("broken");
    await addDone("whole");
    appendFileSync(join(directory, "broken.jsonl"), "garbage\n");
    expect(await prune({ keepLast: 0 })).toEqual({ removed: ["whole surplus"], kept: ["broken unreadable"] });
    expect(await journal.runs()).toEqual(["broken"]);
  });
});

test("a run that somebody else removes meanwhile is in neither list", async () => {
  for (const runId of ["a", "b", "c"]) await addDone(runId);
  const racing: Journal = {
    ...journal,
    async read(runId) {
      if (runId === "b") await journal.remove("a");
      if (runId === "c") await journal.remove("c");
      return journal.read(runId);
    },
  };
  const { removed, kept } = await pruneRuns(racing, { keepLast: 0, clock });
  expect([removed.map(({ runId }) => runId), kept]).toEqual([["b"], []]);
});

test("other errors of the journal come out", async () => {
  await addDone("a");
  const read = async (): Promise<never> => {
    throw new Error("the disk is gone");
  };
  await expect(pruneRuns({ ...journal, read }, { keepLast: 0 })).rejects.toThrow("the disk is gone");
});

test.each([
  [{}, "Nothing says which runs are to go"],
  [{ tags: ["x"] }, "Nothing says which runs are to go"],
  [
    { keepLast: -1 },
    "keepLast: The limit is no count. Expected one of olderThanMs, keepLast and mostBytes, 0 or more. Received -1.",
  ],
  [
    { olderThanMs: Number.NaN },
    "olderThanMs: The limit is no count. Expected one of olderThanMs, keepLast and mostBytes, 0 or more. Received NaN.",
  ],
])("limits of %o are refused", async (options, problem) => {
  await addDone("a");
  const error = await rejectionOf(pruneRuns(journal, options));
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toContain(problem);
  expect(await journal.runs()).toEqual(["a"]);
});

describe("the run of a subagent", () => {
  const of = (parent: string, ...tags: string[]): JournalStep => ({
    ...(started(tags) as Extract<JournalStep, { type: "run/started" }>),
    parent: { run: parent, call: "call-1-1" },
  });

  test.each([
    ["unfinished", [started()]],
    ["suspended", [started(), finished("suspended")]],
  ] as const)("is kept as long as its parent is %s, and so is that of its own subagent", async (reason, steps) => {
    await add("parent", steps);
    await add("child", [of("parent"), finished("completed")]);
    await add("grandchild", [of("child"), finished("completed")]);
    await addDone("other");
    expect(await prune({ keepLast: 0 })).toEqual({
      removed: ["other surplus"],
      kept: [`parent ${reason}`, `child ${reason}`, `grandchild ${reason}`],
    });
  });

  test("is kept beside a parent that cannot be read, and goes with one that has ended or is gone", async () => {
    await addDone("parent");
    await add("child", [of("parent"), finished("completed")]);
    await add("orphan", [of("nobody"), finished("completed")]);
    const broken: Journal = {
      ...journal,
      stat: (id) =>
        id === "parent" ? Promise.reject(new WinkError("JOURNAL_INVALID", { problem: "broken" })) : journal.stat(id),
    };
    const { kept } = await pruneRuns(broken, { clock, keepLast: 0, dryRun: true });
    expect(kept.map(({ runId, reason }) => `${runId} ${reason}`)).toEqual(["parent unreadable", "child unreadable"]);
    expect((await prune({ keepLast: 0 })).removed).toEqual(["parent surplus", "child surplus", "orphan surplus"]);
  });

  test("goes by the tags of its topmost parent", async () => {
    await addDone("nightly", "nightly");
    await add("child", [of("nightly"), finished("completed")]);
    await addDone("manual");
    await add("tagged", [of("manual", "nightly"), finished("completed")]);
    expect(await prune({ keepLast: 0, tags: ["nightly"] })).toEqual({
      removed: ["nightly surplus", "child surplus"],
      kept: ["manual tags", "tagged tags"],
    });
  });

  test("that is said to be its own parent ends no search", async () => {
    await add("own", [of("own"), finished("completed")]);
    await add("a", [of("b"), finished("completed")]);
    await add("b", [of("a"), finished("completed")]);
    expect((await prune({ keepLast: 0 })).kept).toEqual([]);
  });
});

test("what is wrong with limits is told", async () => {
  const told = async (options: PruneOptions): Promise<string> => String(await rejectionOf(pruneRuns(journal, options)));
  expect(await told({})).toMatchInlineSnapshot(
    `"WinkError: prune: Nothing says which runs are to go. Expected one of olderThanMs, keepLast and mostBytes, 0 or more. Received none of them. Give a limit; keepLast: 0 removes every finished run."`,
  );
  expect(await told({ keepLast: -1 })).toMatchInlineSnapshot(
    `"WinkError: keepLast: The limit is no count. Expected one of olderThanMs, keepLast and mostBytes, 0 or more. Received -1. Give a limit; keepLast: 0 removes every finished run."`,
  );
});

test("a run that cannot be removed is told, and one that is gone meanwhile is not", async () => {
  await addDone("a");
  const failing = (code: "JOURNAL_FAILED" | "JOURNAL_MISSING"): Journal => ({
    ...journal,
    remove: () => Promise.reject(new WinkError(code, { problem: "no" })),
  });
  expect(await rejectionOf(pruneRuns(failing("JOURNAL_FAILED"), { keepLast: 0 }))).toMatchObject({
    code: "JOURNAL_FAILED",
  });
  expect(await pruneRuns(failing("JOURNAL_MISSING"), { keepLast: 0 })).toEqual({ removed: [], kept: [] });
});

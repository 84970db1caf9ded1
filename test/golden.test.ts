/** Journals that earlier releases have written, each in a folder of its version: they must open, be gone on with, and replay. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WinkError } from "../src/base/index.ts";
import { entryVersion, type Journal, type JournalEntry, jsonlJournal, memoryJournal } from "../src/journal/index.ts";
import { costsOf, resumeRun } from "../src/run/index.ts";
import { journalTest } from "../src/testing/index.ts";
import { endOf } from "./support/failing-models.ts";
import { goldenModel, goldenPrompt, notes } from "./support/golden.ts";
import { longAgent, longPrompt } from "./support/golden-long.ts";
import { root } from "./support/source-tree.ts";

const folder = join(root, "test/golden-journals");
const versions = readdirSync(folder);

/** A journal that holds the first entries of a run, and takes more. */
async function cutAfter(entries: readonly JournalEntry[], length: number, runId = "finished"): Promise<Journal> {
  const journal = memoryJournal();
  await using writer = await journal.open(runId);
  for (const { v: _v, seq: _seq, epoch: _epoch, at: _at, ...step } of entries.slice(0, length))
    await writer.append(step);
  return journal;
}

test("there is one of each version", () => {
  expect(versions).toEqual(Array.from({ length: entryVersion }, (_, index) => `v${index + 1}`));
});

describe.each(versions)("a journal of %s", async (version) => {
  const directory = join(folder, version);
  const entries = await jsonlJournal({ directory }).read("finished");

  test("replays", journalTest(join(directory, "finished.jsonl"), goldenPrompt));
  test("replays with its tools", journalTest(join(directory, "finished.jsonl"), goldenPrompt, { tools: "live" }));

  test("is gone on with from any of its entries", async () => {
    for (let length = 1; length <= entries.length; length++) {
      const known = entries.slice(0, length).filter(({ type }) => type === "model/responded").length;
      const journal = await cutAfter(entries, length);
      const run = await resumeRun(goldenPrompt(), goldenModel(known), journal, "finished");
      const outcome = await run.outcome;
      if (version === "v1" && length < entries.length && hasWritten(entries.slice(0, length))) {
        const error = outcome.status === "failed" ? outcome.error : undefined;
        expect(WinkError.is(error, "WORKSPACE_MISSING"), `${length} entries`).toBe(true);
      } else {
        expect(outcome, `${length} entries`).toMatchObject({ status: "completed", output: { done: true }, turns: 5 });
        expect(run.session.query(notes).all()).toEqual([{ text: "one" }, { text: "two" }]);
      }
    }
  });
});

/** Version 1 holds no contents of files. */
const hasWritten = (entries: readonly JournalEntry[]): boolean =>
  entries.some((entry) => entry.type === "tool/finished" && entry.status === "committed" && entry.name === "write");

describe("a journal of version 2 of a run that outgrew its window", async () => {
  const directory = join(folder, "v2");
  const entries = await jsonlJournal({ directory }).read("long");
  const { length } = entries;

  test("holds results that were left out, both kinds of summaries, a fallback, and attempts that failed", () => {
    const found = entries.flatMap((entry) => {
      if (entry.type === "context/summarised") return [entry.model === undefined ? "list" : "notes"];
      if (entry.type === "context/dropped") return ["dropped"];
      if (entry.type !== "model/failed") return [];
      return [entry.summary === undefined ? (entry.fallback === undefined ? "failed" : "fallback") : "no notes"];
    });
    expect(found).toEqual(["failed", "fallback", "dropped", "no notes", "notes", "dropped", "no notes", "list"]);
  });

  test("replays", journalTest(join(directory, "long.jsonl"), longPrompt));
  test("replays with its tools", journalTest(join(directory, "long.jsonl"), longPrompt, { tools: "live" }));

  test("tells what it has cost, and counts the same when it is opened again", async () => {
    const { model, options } = longAgent();
    const run = await resumeRun(longPrompt(), model, await cutAfter(entries, length, "long"), "long", options);
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ status: "completed", text: "read 12", turns: 13, attempts: 15 });
    const { total, calls } = costsOf(entries, options);
    expect(total).toBeCloseTo(outcome.cost ?? -1, 12);
    expect(calls.filter(({ purpose }) => purpose === "summary").map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
    const { used } = options.budget;
    expect(used.turns).toBe(13 + 1 + 2); // answers, one attempt at an answer, two at a summary; others were refused
  });

  test.each([1, 2, 3, 4])(
    "is gone on with from any of its entries, the %d. of four and every fourth behind",
    async (first) => {
      for (let cut = first; cut < length; cut += 4) {
        const { model, options } = longAgent();
        const journal = await cutAfter(entries, cut, "long");
        const outcome = await endOf(await resumeRun(longPrompt(), model, journal, "long", options), options.clock);
        expect(outcome, `${cut} entries`).toMatchObject({ status: "completed", text: "read 12", turns: 13 });
      }
    },
  );
});

/** Journals that earlier releases have written, each in a folder of its version: they must open, be gone on with, and replay. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WinkError } from "../src/base/index.ts";
import { entryVersion, type Journal, type JournalEntry, jsonlJournal, memoryJournal } from "../src/journal/index.ts";
import { resumeRun } from "../src/run/index.ts";
import { journalTest } from "../src/testing/index.ts";
import { goldenModel, goldenPrompt, notes } from "./support/golden.ts";
import { root } from "./support/source-tree.ts";

const folder = join(root, "test/golden-journals");
const versions = readdirSync(folder);

/** A journal that holds the first entries of a run, and takes more. */
async function cutAfter(entries: readonly JournalEntry[], length: number): Promise<Journal> {
  const journal = memoryJournal();
  await using writer = await journal.open("finished");
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

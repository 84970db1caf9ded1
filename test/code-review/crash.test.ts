import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type JournalEntry, type JournalStep, memoryJournal } from "weakincentives/journal";
import { countReused, dyingJournal, resumedLine } from "../../examples/code-review/crash.ts";
import { makeFolder, optionsOf, review } from "./harness.ts";

const usual = {
  type: "tool/finished",
  turn: 1,
  call: "c",
  name: "ls",
  status: "committed",
  events: [],
  changes: {},
} as const;
const result = { type: "tool-result", id: "c", name: "ls", text: "", failed: false } as const;
const finished = (index: number): JournalStep => ({ ...usual, index, result, milliseconds: 1 });

/** An entry of a call, as far as counting looks at it. */
const entry = (type: "tool/intended" | "tool/finished", epoch: number, index: number): JournalEntry =>
  ({ type, epoch, turn: 1, index }) as JournalEntry; // as: nothing else is looked at

describe("--crash", () => {
  test("the process dies behind the fifth finished call, and calls beside it write nothing more", async () => {
    const journal = memoryJournal();
    let deaths = 0;
    const dying = dyingJournal(journal, () => {
      deaths++;
    });
    const writer = await dying.open("run");
    const ended: number[] = [];
    for (let index = 0; index < 8; index++) void writer.append(finished(index)).then((seq) => ended.push(seq));
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect({ deaths, ended, written: (await journal.read("run")).length }).toEqual({
      deaths: 1,
      ended: [0, 1, 2, 3, 4],
      written: 5,
    });
  });

  test("counted are the calls that the first process finished, and those of them that were begun again", () => {
    const first = [entry("tool/intended", 1, 0), entry("tool/finished", 1, 0), entry("tool/intended", 1, 1)];
    const second = [entry("tool/intended", 2, 1), entry("tool/finished", 2, 1), entry("tool/finished", 2, 2)];
    expect(countReused([...first, ...second])).toEqual({ reused: 1, repeated: 0 });
    expect(resumedLine([...first, ...second])).toBe("resumed: 1 finished call reused, 0 repeated");
    expect(countReused([...first, entry("tool/intended", 2, 0), ...second])).toEqual({ reused: 0, repeated: 1 });
  });
});

describe("--replay", () => {
  /** Makes a review and gives the path of its journal. */
  async function journalIn(out: string): Promise<string> {
    await review(out);
    return join(out, readdirSync(out).find((name) => name.endsWith(".jsonl")) ?? "");
  }

  test("the journal of a review is identical, and no model is asked; --json prints the review", async () => {
    using folder = makeFolder();
    const path = await journalIn(folder.path);
    const ran = await review(folder.path, { args: ["--replay", path, "--json"] });
    expect(ran.exit).toBe(0);
    expect(ran.said).toMatch(/^identical, 0 model calls: 7 turns and 37 calls in \d+ ms; the run ended completed$/);
    expect(JSON.parse(ran.printed).issues).toHaveLength(14);
  });

  test("a journal whose prompt was another is told", async () => {
    using folder = makeFolder();
    const path = await journalIn(folder.path);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("Read before you judge", "Judge before you read"));
    const replayed = review(folder.path, { args: ["--replay", path] });
    await expect(replayed).rejects.toMatchObject({
      code: "REPLAY_DIVERGED",
      message: expect.stringMatching(/Expected .*Judge before you read.* Received .*Read before you judge/s),
    });
  });

  test.each([".", "nothing.jsonl", "review.md", "empty.jsonl"])("%s is no journal of a review", async (name) => {
    using folder = makeFolder();
    await journalIn(folder.path);
    writeFileSync(join(folder.path, "empty.jsonl"), "");
    await expect(review(folder.path, { args: ["--replay", name] })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test.each(["--crash", "--fault", "--model=m"])("does not stand beside %s", (other) => {
    expect(() => optionsOf(["--replay", "x.jsonl", other])).toThrow(/cannot be used with option/);
  });
});

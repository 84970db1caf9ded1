/**
 * Writers that race for one file, at the moments where it matters: what another process does there is done by the clock or
 * the ids that the writer asks in between. Processes that race for real: `race.deep.test.ts`.
 */
import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { countedIds } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { type Journal, type JournalStep, jsonlJournal } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "wink-jsonl-race-"));
afterAll(() => rm(root, { recursive: true }));

let journal: Journal;
let path: string;
let folders = 0;
/** What happens the next times that the writer under test asks for the time, or an id. */
let meanwhile: (() => void)[] = [];

beforeEach(() => {
  const directory = join(root, `${folders++}`);
  path = join(directory, "run-1.jsonl");
  meanwhile = [];
  const now = (): number => {
    meanwhile.shift()?.();
    return 1_000;
  };
  journal = jsonlJournal({ directory, clock: { ...createFakeClock(), now }, ids: countedIds() });
});

const step = (turns: number): JournalStep => ({ type: "run/finished", status: "partial", turns, usage: {} });
const opening = (epoch: number): string =>
  `${JSON.stringify({ type: "journal/opened", v: 1, epoch, at: 0, id: `other-${epoch}` })}\n`;
const entry = (epoch: number, seq: number, turns: number): string =>
  `${JSON.stringify({ v: 1, seq, epoch, at: 0, ...step(turns) })}\n`;
const add = (text: string): void => appendFileSync(path, text);
const turns = async (): Promise<unknown[]> =>
  (await journal.read("run-1")).map((each) => "turns" in each && each.turns);
const lines = (): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);

test("an opening between a writer's look and its entry fences it, and the entry does not count", async () => {
  await using writer = await journal.open("run-1");
  await writer.append(step(0));
  meanwhile = [() => add(opening(2))];
  const error = await rejectionOf(writer.append(step(66)));
  expect(error).toMatchObject({ code: "JOURNAL_FENCED", details: { epoch: 1, newest: 2 } });
  expect(lines()).toHaveLength(4);
  expect(await turns()).toEqual([0]);
  expect((await rejectionOf(writer.append(step(67)))).code).toBe("JOURNAL_FENCED");
  expect(lines()).toHaveLength(4);
  await using next = await journal.open("run-1");
  expect(next).toMatchObject({ epoch: 3, length: 1 });
  await next.append(step(1));
  expect(await turns()).toEqual([0, 1]);
});

test("a fenced writer stays so, whatever comes to stand in the file", async () => {
  await using writer = await journal.open("run-1");
  add(opening(2));
  expect((await rejectionOf(writer.append(step(0)))).code).toBe("JOURNAL_FENCED");
  add("disorder\n");
  expect((await rejectionOf(writer.append(step(0)))).code).toBe("JOURNAL_FENCED");
  expect(lines()).toHaveLength(3);
});

test("entries of fenced writers do not disturb the newest, before or during an append", async () => {
  await (await journal.open("run-1"))[Symbol.asyncDispose]();
  await using writer = await journal.open("run-1");
  add(entry(1, 0, 66));
  expect(await writer.append(step(0))).toBe(0);
  meanwhile = [() => add(entry(1, 0, 67))];
  expect(await writer.append(step(1))).toBe(1);
  expect(await writer.append(step(2))).toBe(2);
  expect(await turns()).toEqual([0, 1, 2]);
  expect(lines()).toHaveLength(7);
});

test("an opening that comes too late with an epoch fences nobody", async () => {
  await using writer = await journal.open("run-1");
  add(opening(1));
  meanwhile = [() => add(opening(1))];
  await writer.append(step(0));
  await writer.append(step(1));
  expect(await turns()).toEqual([0, 1]);
});

test("who finds its epoch taken opens once more, behind what was written", async () => {
  await (await journal.open("run-1"))[Symbol.asyncDispose]();
  meanwhile = [() => add(opening(2) + entry(2, 0, 0)), () => add(opening(3))];
  await using writer = await journal.open("run-1");
  expect(writer).toMatchObject({ epoch: 4, length: 1 });
  await writer.append(step(1));
  expect(await turns()).toEqual([0, 1]);
});

test("who finds a newer epoch than its own is fenced at once", async () => {
  meanwhile = [() => add(opening(7))];
  expect(await rejectionOf(journal.open("run-1"))).toMatchObject({ code: "JOURNAL_FENCED", details: { newest: 7 } });
});

test("opening ends, although the epoch is taken again and again", async () => {
  let epoch = 0;
  const taken = (): void => add(opening(++epoch));
  meanwhile = Array.from({ length: 1_000 }, () => taken);
  expect((await rejectionOf(journal.open("run-1"))).code).toBe("JOURNAL_FENCED");
  expect(meanwhile.length).toBeGreaterThan(500);
});

test("a fenced writer that is cut off in the middle of a line costs no entry of the newest", async () => {
  await (await journal.open("run-1"))[Symbol.asyncDispose]();
  await using writer = await journal.open("run-1");
  add(entry(1, 0, 66).slice(0, 30)); // before the look
  await writer.append(step(0));
  expect(await turns()).toEqual([0]);
  meanwhile = [() => add(entry(1, 0, 66).slice(0, 30))]; // between look and entry: they stand on one line
  await writer.append(step(1));
  expect(await turns()).toEqual([0, 1]);
  await writer.append(step(2));
  expect(await turns()).toEqual([0, 1, 2]);
  await using next = await journal.open("run-1");
  expect(next).toMatchObject({ epoch: 3, length: 3 });
});

test("nor an opening, when it is cut off just before one", async () => {
  await using old = await journal.open("run-1");
  await old.append(step(0));
  meanwhile = [() => add(entry(1, 1, 66).slice(0, 30))];
  await using writer = await journal.open("run-1");
  expect(writer).toMatchObject({ epoch: 2, length: 1 });
  await writer.append(step(1));
  expect(await turns()).toEqual([0, 1]);
});

test("a file that is deleted between look and entry fails the append", async () => {
  await using writer = await journal.open("run-1");
  meanwhile = [() => rmSync(path)];
  const error = await rejectionOf(writer.append(step(0)));
  expect(error.code).toBe("JOURNAL_FAILED");
  expect(error.message).toContain(
    "Nothing can be appended. Expected the journal that was opened. Received nothing: it was deleted.",
  );
  meanwhile = [() => rmSync(path)];
  const opened = await rejectionOf(journal.open("run-1"));
  expect(opened.message).toContain(
    "Nothing can be appended. Expected the journal that was opened. Received nothing: it was deleted.",
  );
});

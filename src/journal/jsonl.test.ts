import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { countedIds } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { entryVersion, type Journal, type JournalEntry, type JournalStep, jsonlJournal } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "wink-jsonl-"));
afterAll(() => rm(root, { recursive: true }));

let directory: string;
let journal: Journal;
let path: string;
let folders = 0;
beforeEach(() => {
  directory = join(root, `${folders++}`);
  journal = jsonlJournal({ directory, clock: createFakeClock(1_000), ids: countedIds() });
  path = join(directory, "run-1.jsonl");
});

const step = (turns: number, reason = ""): JournalStep => ({
  type: "run/finished",
  status: "partial",
  turns,
  usage: {},
  reason,
});

async function write(...steps: readonly JournalStep[]): Promise<void> {
  await using writer = await journal.open("run-1");
  for (const each of steps) await writer.append(each);
}

const turns = (entries: readonly JournalEntry[]): unknown[] => entries.map((entry) => "turns" in entry && entry.turns);
const linesOf = (text: string): string[] => text.split("\n").slice(0, -1);

describe("the file of a run", () => {
  test("is one JSON object a line, beginning with the opening", async () => {
    await write(step(1), step(2));
    expect(linesOf(readFileSync(path, "utf8")).map((line) => JSON.parse(line))).toEqual([
      { type: "journal/opened", v: entryVersion, epoch: 1, at: 1_000, id: "opening-1" },
      { v: entryVersion, seq: 0, epoch: 1, at: 1_000, ...step(1) },
      { v: entryVersion, seq: 1, epoch: 1, at: 1_000, ...step(2) },
    ]);
    expect(journal.address("run-1")).toEqual({ driver: "jsonl", runId: "run-1", location: path });
  });

  test("is the owner's only, and so is a folder that is made for it", async () => {
    directory = join(directory, "a", "b");
    journal = jsonlJournal({ directory });
    await write();
    const mode = (of: string): string => (statSync(of).mode & 0o777).toString(8);
    expect([mode(join(directory, "run-1.jsonl")), mode(directory), mode(dirname(directory))]).toEqual([
      "600",
      "700",
      "700",
    ]);
  });

  test("is not made by looking", async () => {
    expect((await rejectionOf(journal.read("run-1"))).code).toBe("JOURNAL_MISSING");
    expect(await journal.runs()).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });

  test("is missing beside others, whose number is told", async () => {
    await write();
    const error = await rejectionOf(journal.read("run-2"));
    expect(error).toMatchObject({ code: "JOURNAL_MISSING", details: { run: "run-2" } });
    expect(error.message).toContain("Received 1 other run.");
    await (await journal.open("run-3"))[Symbol.asyncDispose]();
    expect((await rejectionOf(journal.read("run-2"))).message).toContain("Received 2 other runs.");
  });

  test("stands among files that are none", async () => {
    await write();
    writeFileSync(join(directory, "notes.txt"), "");
    writeFileSync(join(directory, "not an id.jsonl"), "");
    expect(await journal.runs()).toEqual(["run-1"]);
  });
});

describe("a torn last entry", () => {
  const whole = { type: "journal/opened", v: 1, epoch: 1, at: 0 };
  const entry = (seq: number): object => ({ v: 1, seq, epoch: 1, at: 0, ...step(seq, "é😀") });

  test("is left out by readers and closed by the next writer, wherever it was torn", async () => {
    await write(step(0));
    const before = statSync(path).size;
    const next = Buffer.from(`${JSON.stringify(entry(1))}\n`);
    for (let length = 1; length < next.length; length++) {
      truncateSync(path, before);
      appendFileSync(path, next.subarray(0, length));
      expect(turns(await journal.read("run-1"))).toEqual([0]);
      await write(step(2));
      // one that lacks nothing but its end is there when a writer comes: it may have been written before the opening
      expect(turns(await journal.read("run-1"))).toEqual(length < next.length - 1 ? [0, 2] : [0, 1, 2]);
    }
  });

  test("may end in the middle of a character, or hold no text at all", async () => {
    for (const tail of [
      [0xf0, 0x9f],
      [0xff, 0xfe],
      [0, 0, 0, 0],
      [0xe2, 0x82],
    ]) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(path, `${JSON.stringify(whole)}\n${JSON.stringify(entry(0))}\n`);
      appendFileSync(path, Buffer.from(tail));
      const size = statSync(path).size - tail.length;
      expect(turns(await journal.read("run-1"))).toEqual([0]);
      await write();
      expect(readFileSync(path).subarray(0, size).toString()).toBe(
        `${JSON.stringify(whole)}\n${JSON.stringify(entry(0))}\n`,
      );
      expect(linesOf(readFileSync(path, "utf8"))).toHaveLength(4);
      await write(step(1));
      expect(turns(await journal.read("run-1"))).toEqual([0, 1]);
    }
  });

  test("may be all there is", async () => {
    mkdirSync(directory, { recursive: true });
    for (const text of ["", "{", JSON.stringify(whole)]) {
      writeFileSync(path, text);
      expect(await journal.read("run-1")).toEqual([]);
      await write(step(0));
      expect(turns(await journal.read("run-1"))).toEqual([0]);
    }
  });
});

describe("a file that is not a journal's", () => {
  const opened = '{"type":"journal/opened","v":1,"epoch":2,"at":0}';
  const entry = (changes: object): string => JSON.stringify({ v: 1, seq: 0, epoch: 2, at: 0, ...step(0), ...changes });
  const good = entry({});
  const stale = entry({ epoch: 1 });
  const opened3 = '{"type":"journal/opened","v":1,"epoch":3,"at":0,"id":"x"}';

  test.each([
    ["text", [opened, "garbage", good], 2, "The line cannot be read. Expected JSON. Received "],
    ["an empty line", [opened, "", good], 2, "The line cannot be read. Expected JSON. Received "],
    ["a list", [opened, "[]"], 2, "The line cannot be read. Expected an entry. Received other JSON."],
    [
      "an entry without a type",
      [opened, entry({ type: 7 })],
      2,
      "The line cannot be read. Expected an entry. Received other JSON.",
    ],
    [
      "a newer version",
      [opened, entry({ v: entryVersion + 1 })],
      2,
      `The version of the entry is not right. Expected ${entryVersion} or earlier. Received number ${entryVersion + 1}.`,
    ],
    [
      "no version",
      ['{"type":"journal/opened"}'],
      1,
      `The version of the entry is not right. Expected ${entryVersion} or earlier. Received nothing.`,
    ],
    [
      "an epoch that nobody opened",
      [opened, entry({ epoch: 3 })],
      2,
      "The epoch of the entry is not right. Expected 2, the last that was opened. Received number 3.",
    ],
    [
      "no opening",
      [good],
      1,
      'No line before the entry opens the journal. Expected a line of type "journal/opened" first. Received an entry of epoch 2.',
    ],
    [
      "a line that was cut off",
      [opened, good.slice(0, 21), good],
      2,
      "The line cannot be read. Expected JSON. Received unexpected end of JSON at column 22.",
    ],
    [
      "an epoch that is no number",
      [opened, entry({ epoch: "2" })],
      2,
      'The epoch of the entry is not right. Expected a whole number from 1. Received string "2".',
    ],
    [
      "an opening without an epoch",
      ['{"type":"journal/opened","v":1}'],
      1,
      "The epoch of the entry is not right. Expected a whole number from 1. Received nothing.",
    ],
    [
      "an epoch of no count",
      [opened, entry({ epoch: 1.5 })],
      2,
      "The epoch of the entry is not right. Expected a whole number from 1. Received number 1.5.",
    ],
    [
      "text before what counts",
      [opened, "garbage", stale, good],
      2,
      "The line cannot be read. Expected JSON. Received ",
    ],
    ["text at the end", [opened, good, "garbage"], 3, "The line cannot be read. Expected JSON. Received "],
    [
      "text before what does not count",
      [opened, "garbage", stale],
      2,
      "The line cannot be read. Expected JSON. Received ",
    ],
    [
      "a gap that an opening hides",
      [opened, "garbage", opened3, entry({ seq: 1, epoch: 3 })],
      4,
      "The number of the entry is not right. Expected 0. Received number 1.",
    ],
    [
      "a gap",
      [opened, good, entry({ seq: 2 })],
      3,
      "The number of the entry is not right. Expected 1. Received number 2.",
    ],
    ["a number twice", [opened, good, good], 3, "The number of the entry is not right. Expected 1. Received number 0."],
  ])("with %s is JOURNAL_INVALID, naming file and line", async (_what, lines, line, problem) => {
    mkdirSync(directory, { recursive: true });
    const text = `${lines.join("\n")}\n`;
    writeFileSync(path, text);
    for (const work of [() => journal.read("run-1"), () => journal.open("run-1")]) {
      const error = await rejectionOf(work());
      expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { path, line } });
      expect(error.message).toContain(`${path}, line ${line}: ${problem}`);
    }
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("with bytes that are no text inside is JOURNAL_INVALID, and nothing is cut or added", async () => {
    await write(step(0), step(1));
    const bytes = readFileSync(path);
    bytes[bytes.indexOf("partial")] = 0xff;
    writeFileSync(path, bytes);
    for (const work of [() => journal.read("run-1"), () => journal.open("run-1")]) {
      const error = await rejectionOf(work());
      expect(error.message).toContain(
        `${path}, line 2: The line cannot be read. Expected UTF-8. Received other bytes.`,
      );
    }
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("that grew under a writer's hands stops the writer", async () => {
    await using writer = await journal.open("run-1");
    appendFileSync(path, `${JSON.stringify({ v: 1, seq: 0, epoch: 1, at: 0, ...step(9) })}\n`);
    const error = await rejectionOf(writer.append(step(0)));
    expect(error.code).toBe("JOURNAL_INVALID");
    expect(error.message).toContain("Another program has changed the journal");
    expect(turns(await journal.read("run-1"))).toEqual([9]);
  });

  test("and is shorter than it was stops the writer", async () => {
    await using writer = await journal.open("run-1");
    await writer.append(step(0));
    await writer.append(step(1));
    const whole = readFileSync(path, "utf8");
    for (const text of ["", linesOf(whole)[0], `${linesOf(whole).slice(0, 2).join("\n")}\n`]) {
      writeFileSync(path, text ?? "");
      const error = await rejectionOf(writer.append(step(2)));
      expect(error).toMatchObject({ code: "JOURNAL_INVALID", message: expect.stringContaining("Another program") });
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });

  test("or was deleted, with its folder or without, is JOURNAL_FAILED", async () => {
    for (const deleted of [path, directory]) {
      await using writer = await journal.open("run-1");
      await writer.append(step(0));
      rmSync(deleted, { recursive: true });
      for (const _again of [1, 2]) {
        const error = await rejectionOf(writer.append(step(1)));
        expect(error.code).toBe("JOURNAL_FAILED");
        expect(error.message).toContain(
          "Nothing can be appended. Expected the journal that was opened. Received nothing: it was deleted.",
        );
      }
      await using next = await journal.open("run-1");
      await next.append(step(2));
      expect((await rejectionOf(writer.append(step(3)))).code).toBe("JOURNAL_FAILED");
      expect(turns(await journal.read("run-1"))).toEqual([2]);
    }
  });

  test("but a directory is told as such", async () => {
    mkdirSync(path, { recursive: true });
    expect((await rejectionOf(journal.read("run-1"))).code).toBe("JOURNAL_INVALID");
    expect((await rejectionOf(journal.open("run-1"))).code).toBe("JOURNAL_FAILED");
  });
});

describe("a folder that cannot be used", () => {
  test("because a file stands there is JOURNAL_FAILED, and reading says what is wrong", async () => {
    writeFileSync(directory, "");
    const error = await rejectionOf(journal.open("run-1"));
    expect(error).toMatchObject({ code: "JOURNAL_FAILED", retryable: true });
    expect(error.message).toContain(path);
    expect((await rejectionOf(journal.runs())).code).toBe("JOURNAL_INVALID");
  });

  test("because no folder can be made there is JOURNAL_FAILED, and nobody waits", async () => {
    for (const above of ["/proc", "/proc/self"].filter((folder) => existsSync(folder))) {
      const nowhere = jsonlJournal({ directory: join(above, "wink-none", "deeper") });
      expect((await rejectionOf(nowhere.open("run-1"))).code).toBe("JOURNAL_FAILED");
      expect(await nowhere.runs()).toEqual([]);
    }
  });

  test("because nobody may write there is JOURNAL_FAILED", async () => {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o500);
    const mayWrite = (() => {
      try {
        writeFileSync(join(directory, "try"), "");
        return true; // root may write everywhere
      } catch {
        return false;
      }
    })();
    if (!mayWrite) expect((await rejectionOf(journal.open("run-1"))).code).toBe("JOURNAL_FAILED");
    chmodSync(directory, 0o700);
  });
});

test("a writer that is closed takes nothing, and says so; closing it again is nothing", async () => {
  const writer = await journal.open("run-1");
  await writer[Symbol.asyncDispose]();
  await writer[Symbol.asyncDispose]();
  const error = await rejectionOf(writer.append(step(0)));
  expect(error).toMatchObject({
    code: "JOURNAL_FAILED",
    message: expect.stringContaining("Nothing can be appended. Expected an open journal. Received a closed one."),
  });
  expect(await journal.read("run-1")).toEqual([]);
});

test("a file that begins anew under a writer's hands, by another program, stops the writer", async () => {
  await using writer = await journal.open("run-1");
  await writer.append(step(0));
  const [opening = "", first = ""] = linesOf(readFileSync(path, "utf8"));
  writeFileSync(path, `${opening.replace(/"id":"[^"]*"/, '"id":"another"')}\n${first}\n${first}\n`);
  expect((await rejectionOf(writer.append(step(1)))).code).toBe("JOURNAL_INVALID");
});

test("no file stays open when a writer is closed or could not be opened", async () => {
  const openFiles = (): number =>
    existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").filter((fd) => isOpenAs(fd, path)).length : 0;
  for (let count = 0; count < 5; count++) await write(step(count));
  expect(openFiles()).toBe(0);
  await using _writer = await journal.open("run-1");
  if (existsSync("/proc/self/fd")) expect(openFiles()).toBe(1);
  appendFileSync(path, "garbage\n");
  for (let count = 0; count < 5; count++) await rejectionOf(journal.open("run-1"));
  expect(openFiles()).toBeLessThanOrEqual(1);
});

function isOpenAs(fd: string, file: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`) === file;
  } catch {
    return false; // closed meanwhile
  }
}

test("no hostile id reaches the disk", async () => {
  mkdirSync(directory, { recursive: true });
  for (const runId of ["../x", "../../etc/passwd", "/etc/passwd", "a/../../x", ".", "..", "", "x\0", "CON:"]) {
    const error = await rejectionOf(journal.open(runId));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(JSON.stringify(runId));
  }
  expect(readdirSync(directory)).toEqual([]);
  expect(readdirSync(root).filter((name) => name.startsWith("x"))).toEqual([]);
});

test("nesting deeper than what is taken from outside is read back", async () => {
  const params = JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`) as never;
  const about = { prompt: "a:b", definition: "", session: { id: "s", events: 0 }, model: { provider: "p", name: "m" } };
  await write({ type: "run/started", ...about, params });
  expect(await journal.read("run-1")).toMatchObject([{ params }]);
});

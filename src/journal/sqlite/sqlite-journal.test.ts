import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { pause } from "../../base/index.ts";
import { createFakeClock, type FakeClock } from "../../testing/fake-clock.ts";
import { entryVersion, type JournalStep } from "../index.ts";
import { type SqliteJournal, sqliteJournal } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "wink-sqlite-"));
afterAll(() => rm(root, { recursive: true }));

let folders = 0;
let path: string;
let clock: FakeClock;
let journal: SqliteJournal;
beforeEach(() => {
  path = join(root, `${folders++}`, "journals", "runs é#?%.sqlite");
  clock = createFakeClock(1_000);
  journal = sqliteJournal({ path, clock });
});
afterEach(() => journal[Symbol.asyncDispose]());

const step = (turns: number): JournalStep => ({ type: "run/finished", status: "partial", turns, usage: {} });

async function write(...numbers: readonly number[]): Promise<void> {
  await using writer = await journal.open("run-1");
  for (const number of numbers) await writer.append(step(number));
}

const turns = async (): Promise<unknown[]> =>
  (await journal.read("run-1")).map((entry) => "turns" in entry && entry.turns);

/** What another program does to the file; nobody has it open then. */
async function edit(sql: string): Promise<void> {
  await journal[Symbol.asyncDispose]();
  using database = new DatabaseSync(path);
  database.exec(sql);
  journal = sqliteJournal({ path, clock });
}

describe("the file", () => {
  test("is the owner's only, with its helpers and the folders that are made for it", async () => {
    await write(0);
    const mode = (of: string): string => (statSync(of).mode & 0o777).toString(8);
    const files = readdirSync(dirname(path)).map((name) => join(dirname(path), name));
    expect(files).toHaveLength(3);
    expect(files.map(mode)).toEqual(["600", "600", "600"]);
    expect([mode(dirname(path)), mode(dirname(dirname(path)))]).toEqual(["700", "700"]);
    expect(journal.address("run-1")).toEqual({ driver: "sqlite", runId: "run-1", location: path });
  });

  test("is not made by looking", async () => {
    expect((await rejectionOf(journal.read("run-1"))).code).toBe("JOURNAL_MISSING");
    expect((await rejectionOf(journal.stat("run-1"))).code).toBe("JOURNAL_MISSING");
    expect((await rejectionOf(journal.remove("run-1"))).code).toBe("JOURNAL_MISSING");
    expect(await journal.runs()).toEqual([]);
    expect(existsSync(dirname(path))).toBe(false);
  });

  test("may be empty, as a process leaves it that is killed at the beginning", async () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    expect(await journal.runs()).toEqual([]);
    expect(statSync(path).size).toBe(0);
    await write(0);
    expect(await turns()).toEqual([0]);
  });

  test("is closed with the journal, after which nothing is written or read", async () => {
    const writer = await journal.open("run-1");
    await journal[Symbol.asyncDispose]();
    await journal[Symbol.asyncDispose]();
    for (const work of [writer.append(step(0)), journal.read("run-1"), journal.runs(), journal.open("run-2")]) {
      const error = await rejectionOf(work);
      expect(error.code).toBe("JOURNAL_FAILED");
      expect(error.message).toContain("Nothing can be appended. Expected an open journal. Received a closed one.");
    }
    expect(readdirSync(dirname(path))).toEqual([path.slice(dirname(path).length + 1)]);
  });
});

describe("a database that cannot be used", () => {
  /** Reads, opens, counts and removes; gives what each says, which is the same, and leaves the file as it is. */
  async function refusal(): Promise<Awaited<ReturnType<typeof rejectionOf>>> {
    const before = readFileSync(path);
    const ways = [
      () => journal.read("run-1"),
      () => journal.stat("run-1"),
      () => journal.runs(),
      () => journal.remove("run-1"),
      () => journal.open("run-1"),
    ];
    const errors = [];
    for (const way of ways) errors.push(await rejectionOf(way()));
    expect(new Set(errors.map(({ message }) => message)).size).toBe(1);
    expect(readFileSync(path).equals(before)).toBe(true);
    const [error] = errors;
    if (error === undefined) throw new Error("nothing was refused");
    return error;
  }

  test("because a newer release wrote it is JOURNAL_INVALID, with the remedy", async () => {
    await write(0);
    await edit("PRAGMA user_version = 2");
    const error = await refusal();
    expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { path } });
    expect(error.message).toContain(
      "The database is newer than this release. Expected version 1 or earlier. Received version 2.",
    );
    expect(error.message).toContain("Use the release that wrote it, or a newer one");
  });

  test.each([
    ["with tables", "CREATE TABLE t (x)", 0],
    ["with a version", "PRAGMA user_version = 1", 0],
    ["with an id", "PRAGMA application_id = 7", 7],
  ])("because it is another program's, %s, is JOURNAL_INVALID", async (_how, sql, id) => {
    mkdirSync(dirname(path), { recursive: true });
    await edit(sql);
    const error = await refusal();
    expect(error.code).toBe("JOURNAL_INVALID");
    expect(error.message).toContain(
      `another program's. Expected application_id 1464421963. Received ${id}. Give the journal a path of its own.`,
    );
  });

  test("because its tables are gone is JOURNAL_INVALID", async () => {
    await write(0);
    await edit("DROP TABLE runs; DROP TABLE entries");
    for (const work of [journal.read("run-1"), journal.open("run-1")]) {
      const error = await rejectionOf(work);
      expect(error.code).toBe("JOURNAL_INVALID");
      expect(error.message).toContain(
        "The database is not a journal's. Expected the tables of a journal, as it wrote them. Received no such table",
      );
    }
  });

  test("because it is text is JOURNAL_INVALID", async () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "no database\n".repeat(500));
    expect((await refusal()).message).toContain("is no database");
  });

  test("because it was cut is JOURNAL_INVALID", async () => {
    await write(...Array.from({ length: 200 }, (_, index) => index));
    await journal[Symbol.asyncDispose]();
    truncateSync(path, 4_096 * 2);
    journal = sqliteJournal({ path, clock });
    for (const work of [journal.read("run-1"), journal.open("run-1")]) {
      expect((await rejectionOf(work)).code).toBe("JOURNAL_INVALID");
    }
  });

  test("because a folder stands there is JOURNAL_FAILED", async () => {
    mkdirSync(path, { recursive: true });
    const error = await rejectionOf(journal.open("run-1"));
    expect(error).toMatchObject({ code: "JOURNAL_FAILED", retryable: true });
    expect(error.message).toContain(path);
  });
});

describe("entries that another program changed", () => {
  const entry = (changes: object): string => JSON.stringify({ v: 1, seq: 1, epoch: 1, at: 0, ...step(1), ...changes });

  test.each([
    ["garbage", "The entry cannot be read. Expected JSON. Received "],
    ["[]", "The entry cannot be read. Expected an entry. Received other JSON."],
    [
      entry({ v: entryVersion + 1 }),
      `The version of the entry is not right. Expected ${entryVersion} or earlier. Received number ${entryVersion + 1}.`,
    ],
    [entry({ seq: 7 }), "The number of the entry is not right. Expected 1. Received number 7."],
    [entry({ epoch: "x" }), 'The epoch of the entry is not right. Expected a whole number. Received string "x".'],
  ])("to %s are JOURNAL_INVALID, naming the entry", async (text, problem) => {
    await write(0, 1, 2);
    await edit(`UPDATE entries SET entry = '${text}' WHERE seq = 1`);
    const error = await rejectionOf(journal.read("run-1"));
    expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { entry: 1 } });
    expect(error.message).toContain(`${path}, run "run-1", entry 1: ${problem}`);
  });

  test("by taking one away are JOURNAL_INVALID, for readers and writers", async () => {
    await write(0, 1, 2);
    await edit("DELETE FROM entries WHERE seq = 1");
    expect((await rejectionOf(journal.read("run-1"))).code).toBe("JOURNAL_INVALID");
    expect((await rejectionOf(journal.open("run-1"))).code).toBe("JOURNAL_INVALID");
  });

  test("by adding one stop the writer", async () => {
    await using writer = await journal.open("run-1");
    const other = new DatabaseSync(path);
    other.prepare("INSERT INTO entries VALUES ('run-1', 0, ?)").run(entry({ seq: 0 }));
    other.close();
    const error = await rejectionOf(writer.append(step(0)));
    expect(error.code).toBe("JOURNAL_INVALID");
    expect(error.message).toContain("Another program has changed the journal");
    expect(await turns()).toEqual([1]);
  });
});

describe("a database that another process has locked", () => {
  /** Lets time pass until a work that waits for the lock has ended. */
  async function waitedFor<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    work.then(done, done);
    while (!isDone) await clock.advanceAsync(1_000);
    return work;
  }

  test("is waited for, and others have their turn meanwhile", async () => {
    await using writer = await journal.open("run-1");
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const appends = [writer.append(step(0)), writer.append(step(1))];
    for (let turn = 0; turn < 3; turn++) await pause();
    expect(clock.pending()).toBe(1);
    await clock.advanceAsync(500);
    expect(clock.pending()).toBe(1);
    expect(await turns()).toEqual([]); // readers do not wait
    other.exec("ROLLBACK");
    expect(await waitedFor(Promise.all(appends))).toEqual([0, 1]);
    expect(await turns()).toEqual([0, 1]);
  });

  test("too long is JOURNAL_FAILED, which says so, and can be tried again", async () => {
    await using writer = await journal.open("run-1");
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const error = await rejectionOf(waitedFor(writer.append(step(0))));
    expect(error).toMatchObject({ code: "JOURNAL_FAILED", retryable: true });
    expect(error.message).toContain("The database is locked");
    other.exec("ROLLBACK");
    expect(await writer.append(step(0))).toBe(0);
    expect(await journal.runs()).toEqual(["run-1"]);
  });
});

describe("a file that is taken away", () => {
  test("fails its writers, and the next run begins a new one", async () => {
    await using writer = await journal.open("run-1");
    await writer.append(step(0));
    for (const name of readdirSync(dirname(path))) rmSync(join(dirname(path), name));
    for (const _again of [1, 2]) {
      const error = await rejectionOf(writer.append(step(1)));
      expect(error.code).toBe("JOURNAL_FAILED");
      expect(error.message).toContain(
        "Nothing can be appended. Expected the journal that was opened. Received nothing: it was deleted.",
      );
      expect(existsSync(path)).toBe(false);
    }
    expect((await rejectionOf(journal.read("run-1"))).code).toBe("JOURNAL_MISSING");
    await write(2);
    expect((await rejectionOf(writer.append(step(3)))).code).toBe("JOURNAL_FAILED");
    expect(await turns()).toEqual([2]);
  });

  test("and brought back serves them again", async () => {
    await using writer = await journal.open("run-1");
    renameSync(path, `${path}.moved`);
    expect((await rejectionOf(writer.append(step(0)))).message).toContain(
      "Nothing can be appended. Expected the journal that was opened. Received nothing: it was deleted.",
    );
    renameSync(`${path}.moved`, path);
    expect(await writer.append(step(1))).toBe(0);
    expect(await turns()).toEqual([1]);
  });
});

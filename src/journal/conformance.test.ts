import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type JournalHarness, journalConformance } from "./conformance.ts";
import { type Journal, jsonlJournal, memoryJournal } from "./index.ts";
import { type SqliteJournal, sqliteJournal } from "./sqlite/index.ts";

const root = await mkdtemp(join(tmpdir(), "wink-journal-"));
afterAll(() => rm(root, { recursive: true }));
let folders = 0;

async function memory(): Promise<JournalHarness> {
  const journal = memoryJournal();
  return { journal, again: () => journal };
}

/** Folders that are not there yet, as a new user has them. */
async function jsonl(durability: "flush" | "sync"): Promise<JournalHarness> {
  const directory = join(root, `${folders++}`, "journals");
  const open = (): Journal => jsonlJournal({ directory, durability });
  return { journal: open(), again: open };
}

/** Two connections to one file. They are closed after each case. */
async function sqlite(durability: "flush" | "sync"): Promise<JournalHarness> {
  const path = join(root, `${folders++}`, "journals", "runs.sqlite");
  const open = (): Journal => {
    const journal = sqliteJournal({ path, durability });
    opened.push(journal);
    return journal;
  };
  return { journal: open(), again: open };
}

const opened: SqliteJournal[] = [];
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal[Symbol.asyncDispose]();
});

describe.each([
  ["memory", memory],
  ["jsonl", () => jsonl("flush")],
  ["jsonl on the disk", () => jsonl("sync")],
  ["sqlite", () => sqlite("flush")],
  ["sqlite on the disk", () => sqlite("sync")],
] as const)("%s", (_name, make) => {
  test.each(journalConformance.map(({ id, claim, check }) => [id, claim, check] as const))(
    "%s: %s",
    async (_id, _claim, check) => {
      await check(make);
    },
  );
});

test("every promise of the port is proved, and nothing else", () => {
  const [header = ""] = readFileSync(new URL("./journal.ts", import.meta.url), "utf8").split("*/");
  const promised = [...header.matchAll(/^ \* (J\d+) /gm)].map(([, id]) => id);
  expect([...new Set(journalConformance.map(({ id }) => id))]).toEqual(promised);
});

/** Journals with one fault each. */
const faults: Readonly<Record<string, (journal: Journal) => Partial<Journal>>> = {
  "forgets the last entry": (journal) => ({ read: async (id) => (await journal.read(id)).slice(0, -1) }),
  "reads the newest first": (journal) => ({ read: async (id) => (await journal.read(id)).toReversed() }),
  "writes a step twice": (journal) => ({
    async open(id) {
      const writer = await journal.open(id);
      return Object.assign(Object.create(writer), {
        async append(step: never) {
          await writer.append(step);
          return writer.append(step);
        },
      });
    },
  }),
  "fences nobody": (journal) => {
    const first = new Map<string, ReturnType<Journal["open"]>>();
    return {
      open(id) {
        const writer = first.get(id) ?? journal.open(id);
        first.set(id, writer);
        return writer;
      },
    };
  },
  "takes any id": () => {
    const lenient = memoryJournal();
    return { open: (id) => lenient.open(`x${id.replaceAll(/[^a-z0-9]/gi, "").slice(0, 9)}`) };
  },
  "removes nothing": () => ({ remove: async () => undefined }),
  "counts one too many": (journal) => ({
    async stat(id) {
      const stat = await journal.stat(id);
      return { ...stat, entries: stat.entries + 1 };
    },
  }),
  "knows every run": () => ({ read: async () => [] }),
};

test.each(Object.entries(faults))("the suite sees a journal that %s", async (_fault, break_) => {
  const broken = async (): Promise<JournalHarness> => {
    const journal = memoryJournal();
    const faulty: Journal = { ...journal, ...break_(journal) };
    return { journal: faulty, again: () => faulty };
  };
  const ends = await Promise.allSettled(journalConformance.map(({ check }) => check(broken)));
  expect(ends.filter(({ status }) => status === "rejected")).not.toEqual([]);
});

/**
 * What the file of a slice keeps when its writers are killed at any moment: while they append, replace all items, or write
 * the file anew. Children write as fast as they can and tell of each item once its flush has returned; the parent kills
 * them, and then reads what is there. The same files are gone on with, so torn lines are met by writers too.
 * WINK_CRASH_SEED changes the moments.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { randomFrom, toldUntilKilled } from "../../../test/support/crash.ts";
import { isReplaced, type NumberedItem, numberedItem, numberedItems } from "../../../test/support/numbered-item.ts";
import { root } from "../../../test/support/source-tree.ts";
import { jsonlStore } from "./index.ts";

const seed = Number(process.env.WINK_CRASH_SEED ?? 20_260_801);
const program = join(root, "test/support/slice-writer.ts");
/** The longest that a child writes, in milliseconds. */
const longest = 25;
/** How often one file is gone on with. */
const killsOfFile = 5;
/** Where children find what one that ended by itself has compiled: they begin in half the time. */
const cache = await mkdtemp(join(tmpdir(), "wink-compiled-"));
spawnSync(process.execPath, ["--conditions=source", program], { env: { NODE_COMPILE_CACHE: cache } });
afterAll(() => rm(cache, { recursive: true }));
/** How many files are written at the same time. */
const lanes = 3;

interface Crash {
  readonly kills: number;
  /** One writer that also replaces all items, or two that only append and write the file anew. */
  readonly writers: readonly string[];
  readonly fault?: "acknowledge-first";
}

/** Kills writers until a file lacks something or holds too much, and says what. */
async function violationsAfter({ kills, writers, fault }: Crash): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), "wink-crash-"));
  const moment = randomFrom(seed);
  const found: string[] = [];
  let done = 0;
  try {
    const lane = async (first: number): Promise<void> => {
      const acknowledged = new Map<string, number>();
      for (let kill = 0; done < kills && found.length === 0; kill++) {
        const folder = join(directory, `${first}-${Math.floor(kill / killsOfFile)}`);
        if (kill % killsOfFile === 0) acknowledged.clear();
        done += writers.length;
        const write = async (writer: string): Promise<void> => {
          const alone = writers.length === 1 ? "alone" : "";
          const last = await toldUntilKilled([program, folder, writer, alone], moment() * longest, {
            WINK_FAULT: fault ?? "",
            NODE_COMPILE_CACHE: cache,
          });
          acknowledged.set(writer, Math.max(last, acknowledged.get(writer) ?? -1));
        };
        await Promise.all(writers.map(write));
        const problem = await problemOf(folder, writers, acknowledged);
        if (problem !== undefined) found.push(`${folder}, kill ${kill}: ${problem}`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
    return found;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What is wrong with a file of which the items up to these numbers were acknowledged. */
async function problemOf(
  directory: string,
  writers: readonly string[],
  acknowledged: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  await using store = await jsonlStore(numberedItems, { directory });
  const items = store.view().all();
  for (const writer of writers) {
    const own = items.filter((item) => item.writer === writer);
    const newest = own.at(-1)?.n ?? -1;
    const told = acknowledged.get(writer) ?? -1;
    if (newest < told) return `item ${told} of ${writer} was acknowledged, and the newest is ${newest}`;
    const problem = differenceOf(own, expectedUpTo(newest, writer, writers.length === 1));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** All items that must be there when the newest has a number. */
function expectedUpTo(newest: number, writer: string, alone: boolean): readonly NumberedItem[] {
  let first = 0;
  for (let n = 0; n <= newest; n++) if (alone && isReplaced(n)) first = n;
  return Array.from({ length: newest - first + 1 }, (_, place) => numberedItem(writer, first + place));
}

function differenceOf(items: readonly NumberedItem[], expected: readonly NumberedItem[]): string | undefined {
  for (let place = 0; place < Math.max(items.length, expected.length); place++) {
    const [one, other] = [items[place], expected[place]];
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    return `item ${place} is ${one?.writer} ${one?.n}, expected ${other?.writer} ${other?.n}`;
  }
  return undefined;
}

test(`one writer: a file holds every acknowledged item, in order, and nothing else, after 300 kills (seed ${seed})`, async () => {
  expect(await violationsAfter({ kills: 300, writers: ["a"] })).toEqual([]);
});

test(`two writers: a file holds every acknowledged item of both, each in order, after 200 kills (seed ${seed})`, async () => {
  expect(await violationsAfter({ kills: 200, writers: ["a", "b"] })).toEqual([]);
});

test("the suite sees a writer that acknowledges before it has written", async () => {
  expect(await violationsAfter({ kills: 100, writers: ["a"], fault: "acknowledge-first" })).not.toEqual([]);
});

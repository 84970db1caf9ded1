/**
 * What files of overrides keep when several processes write them, and when a writer is killed at any moment.
 * WINK_CRASH_SEED changes the moments.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { counted, countedId, countsIn } from "../../../test/support/counted-override.ts";
import { root as home } from "../../../test/support/source-tree.ts";
import { type Clock, messageFrom, systemClock } from "../../base/index.ts";
import { localOverrides } from "./index.ts";

const seed = Number(process.env.WINK_CRASH_SEED ?? 20_260_801);
const writer = join(home, "test/support/override-writer.ts");

type Fault = "no-lock" | "in-place" | "";

/** Starts a child that counts at its own sections, `times` times or until it is killed. */
function startWriter(root: string, prefix: string, times: number, fault: Fault) {
  const child = spawn(process.execPath, ["--conditions=source", writer, root, prefix, String(times)], {
    env: { PATH: process.env.PATH, WINK_FAULT: fault },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    told += text;
  });
  return { child, closed: once(child, "close"), acknowledged: () => told.split("\n").slice(0, -1).length };
}

/** Gives a folder of its own to some work. */
async function inFolder<T>(work: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "wink-overrides-"));
  try {
    return await work(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

const total = (counts: Iterable<number>): number => [...counts].reduce((sum, count) => sum + count, 0);

/** Files that begin with a dot, wherever they lie, other than the lock. */
const leftovers = (root: string): readonly string[] =>
  readdirSync(join(root, ".weakincentives"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /(^|\/)\.(?!lock$)|\.tmp$|-journal$|-wal$/.test(name),
  );

describe("two processes that write to one file", () => {
  /** What is wrong after both have written so often; a third process reads all the while. */
  const violationsAfter = (times: number, fault: Fault): Promise<readonly string[]> =>
    inFolder(async (root) => {
      const store = localOverrides({ root });
      const found: string[] = [];
      const children = ["a", "b"].map((prefix) => startWriter(root, prefix, times, fault));
      let running = true;
      const ends = Promise.all(children.map(({ closed }) => closed)).finally(() => {
        running = false;
      });
      let before = 0;
      while (running && found.length === 0) {
        try {
          const now = total(countsIn(await store.load(countedId)).values());
          if (now < before) found.push(`the counts went back from ${before} to ${now}`);
          before = now;
        } catch (error) {
          found.push(messageFrom(error));
        }
        await sleep(1);
      }
      for (const { child } of children) if (found.length > 0) child.kill("SIGKILL");
      for (const [code] of await ends) if (code !== 0 && found.length === 0) found.push(`a child ended with ${code}`);
      if (found.length > 0) return found;
      const counts = countsIn(await store.load(countedId));
      if (total(counts.values()) !== 2 * times) found.push(`${total(counts.values())} of ${2 * times} are there`);
      if (counts.size !== 10) found.push(`${counts.size} of 10 sections are there`);
      return [...found, ...leftovers(root)];
    });

  test("lose nothing of 1,000 writes each, and leave nothing behind", async () => {
    expect(await violationsAfter(1_000, "")).toEqual([]);
  });

  test("the suite sees writers that do not wait for each other", async () => {
    expect(await violationsAfter(200, "no-lock")).not.toEqual([]);
  });
});

describe("a writer that is killed", () => {
  /** The longest that a child writes, in milliseconds. */
  const longest = 60;
  /** How many children write at the same time, each to a folder of its own. */
  const lanes = 4;

  /** A clock on which nobody waits: whoever must wait for a lock fails. */
  const impatient: Clock = {
    ...systemClock,
    schedule: () => {
      throw new Error("somebody waits for the lock of a dead process");
    },
  };

  /** Kills children until a file lacks something, or is not whole, or its lock is still taken; and says what. */
  async function violationsAfter(kills: number, fault: Fault): Promise<readonly string[]> {
    const moment = randomFrom(seed);
    const found: string[] = [];
    const lane = (first: number): Promise<void> =>
      inFolder(async (root) => {
        let least = 0;
        for (let kill = first; kill < kills && found.length === 0; kill += lanes) {
          const { child, closed, acknowledged } = startWriter(root, "a", 0, fault);
          await Promise.race([once(child.stdout, "data"), closed]);
          await sleep(moment() * longest);
          child.kill("SIGKILL");
          await closed;
          least += acknowledged();
          try {
            const there = total(countsIn(await localOverrides({ root }).load(countedId)).values());
            if (there < least || there > least + 1) found.push(`kill ${kill}: ${there} are there, ${least} were told`);
            const store = localOverrides({ root, clock: impatient });
            const after = await store.update(countedId, (file) => counted(file, "parent"));
            least = total(countsIn(after).values());
            if (least !== there + 1) found.push(`kill ${kill}: ${least} after one more than ${there}`);
            found.push(...leftovers(root));
          } catch (error) {
            found.push(`kill ${kill}: ${messageFrom(error)}`);
          }
        }
      });
    await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
    return found;
  }

  test(`leaves an old file or a new one, and is in nobody's way, 60 times (seed ${seed})`, async () => {
    expect(await violationsAfter(60, "")).toEqual([]);
  });

  test("the suite sees a writer that writes into the file", async () => {
    expect(await violationsAfter(60, "in-place")).not.toEqual([]);
  });
});

/** Numbers in [0, 1) that are the same for the same seed. */
function randomFrom(first: number): () => number {
  let state = first;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

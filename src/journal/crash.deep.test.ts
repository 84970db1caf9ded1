/**
 * What a durable journal keeps when its process is killed at any moment. A child appends as fast as it can and tells of each
 * entry once its append has returned; the parent kills it, and then reads what is there. The same runs are gone on with
 * after each kill, so torn entries are met by writers too. WINK_CRASH_SEED changes the moments.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomFrom, toldUntilKilled } from "../../test/support/crash.ts";
import { type JournalPlace, openDriver } from "../../test/support/journal-driver.ts";
import { numberedStep } from "../../test/support/numbered-step.ts";
import { hasProgram } from "../../test/support/programs.ts";
import { type RedisServer, startRedisServer } from "../../test/support/redis-server.ts";
import { root } from "../../test/support/source-tree.ts";
import type { Journal } from "./index.ts";

const seed = Number(process.env.WINK_CRASH_SEED ?? 20_260_801);
const appender = join(root, "test/support/journal-appender.ts");
/** The longest that a child appends, in milliseconds. */
const longest = 25;
/** How often one run is gone on with. */
const killsOfRun = 5;
/** How many children append at the same time, each to a run of its own. */
const lanes = 4;

const hasRedis = hasProgram("redis-server");
let server: RedisServer | undefined;
beforeAll(async () => {
  if (hasRedis) server = await startRedisServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

interface Crash {
  readonly driver: string;
  readonly kills: number;
  readonly fault?: "acknowledge-first";
}

/** Kills children until a journal lacks something or holds too much, and says what. */
async function violationsAfter({ driver, kills, fault }: Crash): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), "wink-crash-"));
  const place: JournalPlace = { directory, port: server?.port };
  const moment = randomFrom(seed);
  const found: string[] = [];
  try {
    await using work = await openDriver(driver, place);
    const lane = async (first: number): Promise<void> => {
      for (let kill = first; kill < kills && found.length === 0; kill += lanes) {
        const runId = `run-${first}-${Math.floor(kill / lanes / killsOfRun)}`;
        const args = [appender, driver, directory, runId, String(place.port ?? "")];
        const acknowledged = await toldUntilKilled(args, moment() * longest, { WINK_FAULT: fault ?? "" });
        const problem = await problemOf(work.journal, runId, acknowledged);
        if (problem !== undefined) found.push(`${runId}, kill ${kill}: ${problem}`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
    return found;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What is wrong with a journal of which the entries up to a number were acknowledged. */
async function problemOf(journal: Journal, runId: string, acknowledged: number): Promise<string | undefined> {
  const entries = await journal.read(runId);
  for (const [index, { v, seq, epoch, at, ...step }] of entries.entries()) {
    if (JSON.stringify(step) !== JSON.stringify(numberedStep(index))) return `entry ${index} is not what was appended`;
  }
  if (entries.length <= acknowledged) return `entry ${acknowledged} was acknowledged, and there are ${entries.length}`;
  return undefined;
}

describe.each(["jsonl", "sqlite", "redis"])("%s", (driver) => {
  const skip = driver === "redis" && !hasRedis;

  test.skipIf(skip)(`holds a prefix and every acknowledged entry after 100 kills (seed ${seed})`, async () => {
    expect(await violationsAfter({ driver, kills: 100 })).toEqual([]);
  });

  test.skipIf(skip)("the suite sees a writer that acknowledges before it has written", async () => {
    expect(await violationsAfter({ driver, kills: 100, fault: "acknowledge-first" })).not.toEqual([]);
  });
});

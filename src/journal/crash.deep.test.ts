/**
 * What a journal on disk keeps when its process is killed at any moment. A child appends as fast as it can and tells of each
 * entry once its append has returned; the parent kills it, and then reads what is there. The same runs are gone on with
 * after each kill, so torn entries are met by writers too. WINK_CRASH_SEED changes the moments.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { randomFrom, toldUntilKilled } from "../../test/support/crash.ts";
import { numberedStep } from "../../test/support/numbered-step.ts";
import { root } from "../../test/support/source-tree.ts";
import { jsonlJournal } from "./index.ts";

const seed = Number(process.env.WINK_CRASH_SEED ?? 20_260_801);
const appender = join(root, "test/support/journal-appender.ts");
/** The longest that a child appends, in milliseconds. */
const longest = 25;
/** How often one run is gone on with. */
const killsOfRun = 5;
/** How many children append at the same time, each to a run of its own. */
const lanes = 4;

interface Crash {
  readonly kills: number;
  readonly fault?: "acknowledge-first";
}

/** Kills children until a journal lacks something or holds too much, and says what. */
async function violationsAfter({ kills, fault }: Crash): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), "wink-crash-"));
  const moment = randomFrom(seed);
  const found: string[] = [];
  try {
    const lane = async (first: number): Promise<void> => {
      for (let kill = first; kill < kills && found.length === 0; kill += lanes) {
        const runId = `run-${first}-${Math.floor(kill / lanes / killsOfRun)}`;
        const acknowledged = await toldUntilKilled([appender, directory, runId], moment() * longest, {
          WINK_FAULT: fault ?? "",
        });
        const problem = await problemOf(directory, runId, acknowledged);
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
async function problemOf(directory: string, runId: string, acknowledged: number): Promise<string | undefined> {
  const entries = await jsonlJournal({ directory }).read(runId);
  for (const [index, { v, seq, epoch, at, ...step }] of entries.entries()) {
    if (JSON.stringify(step) !== JSON.stringify(numberedStep(index))) return `entry ${index} is not what was appended`;
  }
  if (entries.length <= acknowledged) return `entry ${acknowledged} was acknowledged, and there are ${entries.length}`;
  return undefined;
}

test(`a journal holds a prefix and every acknowledged entry after 100 kills (seed ${seed})`, async () => {
  expect(await violationsAfter({ kills: 100 })).toEqual([]);
});

test("the suite sees a writer that acknowledges before it has written", async () => {
  expect(await violationsAfter({ kills: 100, fault: "acknowledge-first" })).not.toEqual([]);
});

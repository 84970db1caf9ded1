/**
 * Processes that open the same run at the same moment. Of those that have all opened it, the last one appends and every other
 * is fenced; of those that open, look and append as they like, one appends, and whoever opens later sees it. So whatever is done
 * behind an append that has resolved is done once.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { driverNames, type JournalPlace, openDriver } from "../../test/support/journal-driver.ts";
import { hasProgram } from "../../test/support/programs.ts";
import { type Racer, startRacer } from "../../test/support/racer.ts";
import { type RedisServer, startRedisServer } from "../../test/support/redis-server.ts";
import { root } from "../../test/support/source-tree.ts";

const racer = join(root, "test/support/journal-racer.ts");
const rounds = 200;
/** How long before the moment orders are sent, in milliseconds: all must have read theirs by then. */
const notice = 3;

const hasRedis = hasProgram("redis-server");
let server: RedisServer | undefined;
beforeAll(async () => {
  if (hasRedis) server = await startRedisServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

function start(driver: string, { directory, port }: JournalPlace, fault: string): Racer {
  const args = ["--conditions=source", racer, driver, directory, String(port ?? "")];
  return startRacer(args, { PATH: process.env.PATH, WINK_FAULT: fault });
}

interface Race {
  readonly driver: string;
  readonly processes: number;
  readonly fault?: "no-fence";
}

/** Lets processes race until something is wrong, and says what; gives how the rounds ended as well. */
async function violationsAfter({ driver, processes, fault }: Race): Promise<{ found: string[]; ends: object }> {
  const directory = await mkdtemp(join(tmpdir(), "wink-race-"));
  const place: JournalPlace = { directory, port: server?.port };
  const racers = Array.from({ length: processes }, () => start(driver, place, fault ?? ""));
  const all = (line: string): Promise<string[]> => Promise.all(racers.map(({ order }) => order(line)));
  const found: string[] = [];
  const ends: Record<string, number> = {};
  try {
    await using work = await openDriver(driver, place);
    for (let round = 0; round < rounds && found.length === 0; round++) {
      for (const way of ["together", "free"]) {
        const runId = `${way}-${round}`;
        if (way === "together") await all(`open ${runId}`);
        const moment = Date.now() + notice;
        const answers = await all(way === "together" ? `append ${moment}` : `race ${runId} ${moment}`);
        for (const answer of answers) {
          const end = `${way} ${answer.split(" ")[0]}`;
          ends[end] = (ends[end] ?? 0) + 1;
        }
        const acknowledged = answers.flatMap((answer) => answer.match(/^acknowledged (\d+)$/)?.slice(1) ?? []);
        const effects = join(directory, `${runId}.effects`);
        const done = existsSync(effects) ? readFileSync(effects, "utf8").trim().split("\n") : [];
        const entries = (await work.journal.read(runId)).map(({ epoch }) => String(epoch));
        const isRight = [acknowledged, done, entries].every((list) => list.length === 1 && list[0] === entries[0]);
        const isTold = answers.every((answer) => /^(acknowledged \d+|fenced|seen)$/.test(answer));
        if (!isRight || !isTold) found.push(`${runId}: ${JSON.stringify({ answers, done, entries })}`);
      }
    }
    return { found, ends };
  } finally {
    for (const one of racers) await one[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  }
}

describe.each(driverNames)("%s", (driver) => {
  const skip = driver === "redis" && !hasRedis;

  test.skipIf(skip).each([2, 3])(`%i processes do what one intends once, in ${2 * rounds} runs`, async (processes) => {
    const { found, ends } = await violationsAfter({ driver, processes });
    expect(found, JSON.stringify(ends)).toEqual([]);
    console.info(`${driver}, ${processes} processes: ${JSON.stringify(ends)}`);
  });

  test.skipIf(skip)("the suite sees writers that no fence holds", async () => {
    expect((await violationsAfter({ driver, processes: 2, fault: "no-fence" })).found).not.toEqual([]);
  });
});

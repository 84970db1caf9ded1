/**
 * Runs whose process is killed by SIGKILL before and after every write to the journal, with each durable journal; and runs with which
 * several processes go on at the same moment.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundled } from "../../test/support/bundled.ts";
import { durableModel, durablePrompt, memoryWorld } from "../../test/support/durable-agent.ts";
import { problemsOf } from "../../test/support/durable-checks.ts";
import { dyingJournal, fileWorld, type Told, toTheEnd } from "../../test/support/durable-life.ts";
import { openDriver } from "../../test/support/journal-driver.ts";
import { hasProgram } from "../../test/support/programs.ts";
import { startRacer } from "../../test/support/racer.ts";
import { type RedisServer, startRedisServer } from "../../test/support/redis-server.ts";
import { modelAdapter } from "../adapter/index.ts";
import { memoryFiles } from "../files/index.ts";
import { type Journal, type JournalEntry, memoryJournal } from "../journal/index.ts";
import { stepOf } from "./record/recorded.ts";

const hasRedis = hasProgram("redis-server");
const drivers = ["jsonl", "sqlite", "redis"];
/** Processes at one time. */
const lanes = 2;

let server: RedisServer | undefined;
let folder: string;
let runner: string;
let racer: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wink-durable-"));
  if (hasRedis) server = await startRedisServer();
  [runner, racer] = [await bundled("durable-runner"), await bundled("resume-racer")];
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Node without the cost of compiling the same again for each process. */
const environment = (more: Readonly<Record<string, string>>) => ({
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: join(folder, "compiled"),
  ...more,
});

async function whole(): Promise<{ readonly told: Told; readonly writes: number; readonly journal: Journal }> {
  const forEver = (): Promise<never> => new Promise(() => undefined);
  const journal = dyingJournal(memoryJournal(), { when: "before", at: Number.POSITIVE_INFINITY, die: forEver });
  const told = await toTheEnd(journal, memoryWorld());
  return { told, writes: journal.writes(), journal };
}

interface Death {
  readonly driver: string;
  readonly kill: string;
  readonly fault?: "no-intents" | undefined;
}

/** Kills one process at one write, goes on with its run here, and says what is wrong. */
async function problemsAfter({ driver, kill, fault = undefined }: Death, reference: Told): Promise<readonly string[]> {
  const directory = mkdtempSync(join(folder, "run-"));
  const path = join(directory, "world");
  writeFileSync(path, "");
  const place = { directory, port: server?.port };
  const args = [runner, driver, directory, String(server?.port ?? ""), path];
  const child = spawn(process.execPath, args, {
    env: environment({ WINK_KILL: kill, WINK_FAULT: fault ?? "" }),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [, signal] = await once(child, "exit");
  if (signal !== "SIGKILL") return [`the process ended by itself: ${String(signal)}`];
  const world = fileWorld(path);
  await using opened = await openDriver(driver, place);
  const told = await toTheEnd(opened.journal, world);
  const problems = await problemsOf(told, reference, world, opened.journal);
  rmSync(directory, { recursive: true });
  return problems;
}

/** Kills at each place in turn, some at the same time, until something is wrong; or at all of them. */
async function problemsAt(deaths: readonly Death[], reference: Told): Promise<readonly string[]> {
  const found: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let death = deaths[next++]; death !== undefined && found.length === 0; death = deaths[next++]) {
      const problems = await problemsAfter(death, reference);
      found.push(...problems.map((problem) => `killed ${death.kill}: ${problem}`));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return found;
}

describe.each(drivers)("a run with %s", (driver) => {
  const skip = driver === "redis" && !hasRedis;

  test.skipIf(skip)("comes to the same end wherever its process was killed", { timeout: 600_000 }, async () => {
    const { told, writes } = await whole();
    const deaths = Array.from({ length: writes }, (_, index) => index + 1).flatMap((at) =>
      ["before", "after"].map((when) => ({ driver, kill: `${when} ${at}` })),
    );
    expect(await problemsAt(deaths, told)).toEqual([]);
    console.info(`${driver}: ${deaths.length} kill points`);
  });

  test.skipIf(skip)("is seen to do things twice when intents are not written", { timeout: 600_000 }, async () => {
    const { told, writes } = await whole();
    const deaths = Array.from({ length: writes }, (_, index) => ({
      driver,
      kill: `before ${index + 1}`,
      fault: "no-intents" as const,
    }));
    expect(await problemsAt(deaths, told)).not.toEqual([]);
  });
});

/** Lets two processes go on with the same run, and says what is wrong; gives how they ended as well. */
async function racesOf(driver: string, rounds: number, fault = ""): Promise<{ found: string[]; ends: object }> {
  const directory = mkdtempSync(join(folder, "race-"));
  const entries = await cutBeforeMail();
  const args = [racer, driver, directory, String(server?.port ?? "")];
  const racers = [0, 1].map(() => startRacer(args, environment({ WINK_FAULT: fault })));
  const found: string[] = [];
  const ends: Record<string, number> = {};
  try {
    await using work = await openDriver(driver, { directory, port: server?.port });
    for (let round = 0; round < rounds && found.length === 0; round++) {
      const runId = `race-${round}`;
      await write(work.journal, runId, entries);
      writeFileSync(join(directory, `${runId}.world`), "");
      const moment = Date.now() + 3;
      const answers = (await Promise.all(racers.map(({ order }) => order(`${runId} ${moment}`)))).sort();
      const end = answers.join(" and ");
      ends[end] = (ends[end] ?? 0) + 1;
      const lines = readFileSync(join(directory, `${runId}.world`), "utf8").split("\n");
      const mails = lines.filter((line) => line.startsWith("mail "));
      // one that comes late finds the run as the other has left it
      const isTold = ["JOURNAL_FENCED and suspended", "suspended and suspended"].includes(end);
      if (!isTold || mails.length !== 1) found.push(`${runId}: ${end}, ${mails.length} mails`);
    }
    return { found, ends };
  } finally {
    for (const one of racers) await one[Symbol.asyncDispose]();
  }
}

/** The steps of a run up to the answer that calls for a mail, which nobody has begun. */
async function cutBeforeMail(): Promise<readonly JournalEntry[]> {
  const journal = memoryJournal();
  const world = memoryWorld();
  const prompt = durablePrompt(world, memoryFiles({ a: "first\n", b: "second\n" }));
  await modelAdapter(durableModel(world)).run(prompt, { journal, runId: "run-1" }).outcome;
  const entries = await journal.read("run-1");
  const mail = entries.findIndex((entry) => entry.type === "tool/intended" && entry.name === "mail");
  return entries.slice(0, mail);
}

async function write(journal: Journal, runId: string, entries: readonly JournalEntry[]): Promise<void> {
  await using writer = await journal.open(runId);
  for (const entry of entries) await writer.append(stepOf(entry));
}

describe.each(drivers)("processes that go on with the same run in %s", (driver) => {
  const skip = driver === "redis" && !hasRedis;

  test.skipIf(skip)("do it once, in 200 runs", { timeout: 300_000 }, async () => {
    const { found, ends } = await racesOf(driver, 200);
    expect(found).toEqual([]);
    console.info(`${driver}: ${JSON.stringify(ends)}`);
  });

  test.skipIf(skip)("are seen when no fence holds them", { timeout: 300_000 }, async () => {
    expect((await racesOf(driver, 200, "no-fence")).found).not.toEqual([]);
  });
});

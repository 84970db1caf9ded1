/** What a journal does when its disk is full: it says so, keeps what it has acknowledged, and goes on when there is room. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { numberedStep } from "../../test/support/numbered-step.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import type { WinkError } from "../base/index.ts";
import { jsonlJournal } from "./index.ts";
import { sqliteJournal } from "./sqlite/index.ts";

const disk = mkdtempSync(join(tmpdir(), "wink-full-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status === 0;
if (!mounted) console.warn("skipped: a small disk cannot be mounted here (it takes root)");

afterAll(() => {
  if (mounted) spawnSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

test.skipIf(!mounted)("a full disk loses no acknowledged entry", async () => {
  const ballast = join(disk, "ballast");
  writeFileSync(ballast, Buffer.alloc(128 * 1024, 1));
  const journal = jsonlJournal({ directory: join(disk, "journals") });
  let acknowledged = 0;
  {
    await using writer = await journal.open("run-1");
    let error: WinkError | undefined;
    while (error === undefined) {
      const append = writer.append(numberedStep(acknowledged));
      error = await append.then(
        () => undefined,
        () => rejectionOf(append),
      );
      if (error === undefined) acknowledged++;
    }
    expect(error).toMatchObject({ code: "JOURNAL_FAILED", retryable: true });
    expect(error.message).toContain("ENOSPC");
    expect((await rejectionOf(writer.append(numberedStep(0)))).message).toContain("An earlier append was cut off");
  }
  expect(acknowledged).toBeGreaterThan(20);
  const turns = async (): Promise<unknown[]> =>
    (await journal.read("run-1")).map((entry) => "turns" in entry && entry.turns);
  expect(await turns()).toEqual(Array.from({ length: acknowledged }, (_, index) => index));

  rmSync(ballast);
  await using writer = await journal.open("run-1");
  expect(await writer.append(numberedStep(acknowledged))).toBe(acknowledged);
  expect(await turns()).toHaveLength(acknowledged + 1);
});

test.skipIf(!mounted)("nor in a database, whose writer goes on when there is room", async () => {
  rmSync(join(disk, "journals"), { recursive: true, force: true });
  const ballast = join(disk, "ballast");
  writeFileSync(ballast, Buffer.alloc(32 * 1024, 1));
  await using journal = sqliteJournal({ path: join(disk, "database", "runs.sqlite") });
  await using writer = await journal.open("run-1");
  let acknowledged = 0;
  const failure = await rejectionOf(
    (async () => {
      for (; ; acknowledged++) await writer.append(numberedStep(acknowledged));
    })(),
  );
  expect(failure).toMatchObject({ code: "JOURNAL_FAILED", retryable: true });
  expect(failure.message).toMatch(/full|disk I\/O/);
  expect(acknowledged).toBeGreaterThan(5);
  const turns = async (): Promise<unknown[]> =>
    (await journal.read("run-1")).map((entry) => "turns" in entry && entry.turns);
  expect(await turns()).toEqual(Array.from({ length: acknowledged }, (_, index) => index));

  rmSync(ballast);
  expect(await writer.append(numberedStep(acknowledged))).toBe(acknowledged);
  expect(await turns()).toHaveLength(acknowledged + 1);
});

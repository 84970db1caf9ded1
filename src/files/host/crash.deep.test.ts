/**
 * What a host folder and its state keep when whoever changes it is killed at any moment: while files are written, moved, removed,
 * streamed, captured or put back. The next process opens the same state, goes back to a snapshot that was acknowledged, and the
 * folder must be what it was then, with nothing left behind. The same folder is gone on with. WINK_CRASH_SEED changes the moments.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { randomFrom, toldUntilKilled } from "../../../test/support/crash.ts";
import type { RoundNote } from "../../../test/support/host-changer.ts";
import { shownFolder } from "../../../test/support/shown-folder.ts";
import { root as repository } from "../../../test/support/source-tree.ts";
import { hostFiles } from "./host-files.ts";

const seed = Number(process.env.WINK_CRASH_SEED ?? 20_260_801);
const program = join(repository, "test/support/host-changer.ts");
/** The longest that a child goes on, in milliseconds. */
const longest = 120;
/** How often one folder is gone on with. */
const killsOfFolder = 10;
/** How many folders are changed at the same time. */
const lanes = 3;
/** Where children find what one that ended by itself has compiled: they begin in half the time. */
const cache = await mkdtemp(join(tmpdir(), "wink-compiled-"));
spawnSync(process.execPath, ["--conditions=source", program], { env: { NODE_COMPILE_CACHE: cache } });
afterAll(() => rm(cache, { recursive: true }));

interface Folders {
  readonly root: string;
  readonly state: string;
  readonly notes: string;
}

/** Kills changers until a folder is not what it was, and says how. */
async function violationsAfter(kills: number, fault = ""): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), "wink-crash-"));
  const random = randomFrom(seed);
  const found: string[] = [];
  let done = 0;
  const lane = async (name: number): Promise<void> => {
    for (let folder = 0; done < kills && found.length === 0; folder++) {
      const folders = foldersIn(join(directory, `${name}-${folder}`));
      let acknowledged = -1;
      for (let kill = 0; kill < killsOfFolder && done < kills && found.length === 0; kill++) {
        done += 1;
        const args = [program, folders.root, folders.state, folders.notes, `${acknowledged + 1}`];
        const environment = { WINK_FAULT: fault, NODE_COMPILE_CACHE: cache };
        acknowledged = Math.max(acknowledged, await toldUntilKilled(args, random() * longest, environment));
        // mostly the last one, and now and then one of an earlier process
        const chosen = random() < 0.8 ? acknowledged : Math.floor(random() * (acknowledged + 1));
        const problem = await problemAt(folders, chosen);
        if (problem !== undefined) found.push(`folder ${name}-${folder}, kill ${kill}, round ${chosen}: ${problem}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, (_, name) => lane(name)));
    return found;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function foldersIn(folder: string): Folders {
  const folders = { root: join(folder, "root"), state: join(folder, "state"), notes: join(folder, "notes") };
  for (const each of [folders.root, folders.notes]) mkdirSync(each, { recursive: true });
  return folders;
}

/** What is wrong with a folder after it was taken back to the beginning of a round. */
async function problemAt({ root, state, notes }: Folders, round: number): Promise<string | undefined> {
  const note: RoundNote = JSON.parse(readFileSync(join(notes, `${round}`), "utf8"));
  await using fs = await hostFiles({ root, state });
  const snapshot = fs.findSnapshot(note.snapshot);
  if (snapshot === undefined) return "the snapshot is gone";
  try {
    await fs.restore(snapshot);
  } catch (error) {
    return `cannot be taken back: ${String(error)}`; // a history that is wrong may be noticed
  }
  const now = shownFolder(root);
  const lacking = note.content.filter((line) => !now.includes(line));
  const foreign = now.filter((line) => !note.content.includes(line));
  if (lacking.length + foreign.length === 0) return undefined;
  const shown = (lines: readonly string[]): string => JSON.stringify(lines.map((line) => line.slice(0, 80)));
  return `lacks ${shown(lacking)}, holds ${shown(foreign)} instead`;
}

test(`a folder is what it was at any acknowledged snapshot after 300 kills (seed ${seed})`, async () => {
  expect(await violationsAfter(300)).toEqual([]);
});

test("the suite sees a history that is written after the change", async () => {
  expect(await violationsAfter(100, "change-first")).not.toEqual([]);
});

/**
 * A thread swaps directories and files for links that lead out, and back, while the port works on them: nothing outside is read or
 * written, and what captures keep holds no secret.
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { type EscapeWorld, escapeStock, secretMark } from "../../../test/support/escape-world.ts";
import { looseFiles, type PlainFiles } from "../../../test/support/loose-files.ts";
import type { SwapperData } from "../../../test/support/swapper.ts";
import { pause, WinkError } from "../../base/index.ts";
import { mountHost } from "../mount.ts";
import { type HostFilesystem, hostFiles } from "./host-files.ts";

const stock = await escapeStock();
afterAll(async () => await stock[Symbol.asyncDispose]());

/** Works while the thread swaps. `swaps` tells how many there were. */
async function whileSwapped(world: EscapeWorld, work: (swaps: () => number) => Promise<void>): Promise<void> {
  const flags = new SharedArrayBuffer(8);
  const shared = new Int32Array(flags);
  const { root, vault } = world;
  const data: SwapperData = { root, vault, aside: join(root, "../aside"), flags };
  const worker = new Worker(new URL("../../../test/support/swapper.ts", import.meta.url), { workerData: data });
  let failure: unknown;
  worker.on("error", (error) => {
    failure = error;
  });
  const ended = once(worker, "exit").catch(() => undefined);
  try {
    await work(() => {
      if (failure !== undefined) throw failure;
      return Atomics.load(shared, 1);
    });
  } finally {
    Atomics.store(shared, 0, 1);
    await ended;
  }
}

function worldToSwapIn(): EscapeWorld {
  const world = stock.world();
  mkdirSync(join(world.root, "../aside")); // before the digest is taken
  mkdirSync(join(world.root, "d"));
  for (const path of ["d/key", "d/a", "f"]) writeFileSync(join(world.root, path), "inside");
  world.fill([]);
  return world;
}

type Call = (fs: PlainFiles) => Promise<unknown>;
const calls: readonly Call[] = [
  (fs) => fs.readText("f"),
  (fs) => fs.readText("d/key"),
  (fs) => fs.readBytes("d/a"),
  (fs) => fs.list("d"),
  (fs) => fs.glob("**"),
  (fs) => fs.grep(".", { context: 1 }),
  (fs) => fs.writeText("d/key", "written"),
  (fs) => fs.writeText("f", "more", { mode: "append" }),
  (fs) => fs.writeText("d/new/deep", "new"),
  (fs) => fs.makeDirectory("d/made"),
  (fs) => fs.move("d/new", "d/moved"),
  (fs) => fs.move("d/moved/deep", "g"),
  (fs) => fs.remove("g"),
  (fs) => fs.remove("d/moved", { recursive: true }),
  async (fs) => {
    let seen = "";
    await fs.editText("d/a", (text) => {
      seen = text;
      return "edited";
    });
    return seen;
  },
  async (fs) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of fs.readStream("f")) pieces.push(piece);
    return Buffer.concat(pieces).toString("latin1");
  },
];

interface Raced {
  /** What was read or changed outside; the first of it. */
  hole: string | undefined;
  done: number;
  refused: number;
}

/** Calls all methods while the thread swaps, until it has swapped often enough or a hole is found. */
async function race(open: (root: string) => Promise<PlainFiles> | PlainFiles, most: number): Promise<Raced> {
  using world = worldToSwapIn();
  const fs = await open(world.root);
  const raced: Raced = { hole: undefined, done: 0, refused: 0 };
  await whileSwapped(world, async (swaps) => {
    for (let round = 0; swaps() < most && raced.hole === undefined; round++) {
      for (const call of calls) {
        try {
          const told = await call(fs);
          const text = told instanceof Uint8Array ? Buffer.from(told).toString("latin1") : JSON.stringify(told);
          if (text?.includes(secretMark)) raced.hole = `${call} told ${text}`;
          raced.done += 1;
        } catch (error) {
          if (!WinkError.is(error) && !isSystemError(error)) throw error;
          raced.refused += 1;
        }
      }
      if (round % 50 === 0) raced.hole ??= world.damage();
      await pause();
    }
  });
  raced.hole ??= world.damage();
  return raced;
}

async function captureOnce(fs: HostFilesystem): Promise<void> {
  await fs.changedOutside();
  await fs.snapshot();
}

/** Refusals are expected while things are swapped; nothing else is. */
function expectRefusal(error: unknown): void {
  if (!WinkError.is(error)) throw error;
}

/** Files whose checks are loose throw what the system throws. */
const isSystemError = (error: unknown): boolean => error instanceof Error && "syscall" in error;

test("no call gets out while directories and files are swapped for links and hard links", async () => {
  const raced = await race(async (root) => await hostFiles({ root }), 40_000);
  expect(raced.hole).toBeUndefined();
  expect(raced.done).toBeGreaterThan(1_000);
  expect(raced.refused).toBeGreaterThan(100);
});

test("no undoing gets out either", async () => {
  using world = worldToSwapIn();
  await using fs = await hostFiles({ root: world.root });
  await whileSwapped(world, async (swaps) => {
    while (swaps() < 20_000) {
      const before = await fs.snapshot();
      for (const path of ["d/key", "d/new", "f"]) await fs.writeText(path, "written").catch(expectRefusal);
      expect(JSON.stringify(await fs.changes(before).catch(expectRefusal)) ?? "").not.toContain(secretMark);
      await fs.restore(before).catch(expectRefusal);
      await pause();
    }
  });
  expect(world.damage()).toBeUndefined();
});

test("no mount takes anything from outside", async () => {
  using world = worldToSwapIn();
  await whileSwapped(world, async (swaps) => {
    while (swaps() < 20_000) {
      expect(JSON.stringify(await mountHost({ root: world.root }))).not.toContain(secretMark);
      await pause();
    }
  });
  expect(world.damage()).toBeUndefined();
});

test("the suite sees files that look first and open by name afterwards", async () => {
  expect((await race((root) => looseFiles(root, "trusting"), 200_000)).hole).toBeDefined();
});

test("what captures keep holds no secret, also when git was led outside", async () => {
  using world = worldToSwapIn();
  const names = Array.from({ length: 100 }, (_, number) => `${number}`);
  const old = new Date(1e12); // git compares times first: older than its index, so that it believes them
  for (const name of names) {
    writeFileSync(join(world.vault, name), `${secretMark} ${name}`.padEnd(60));
    utimesSync(join(world.vault, name), old, old);
  }
  world.fill([]);
  const state = join(world.root, "../aside/state");
  // by its descriptor, so that the test itself does not write over the link
  const directory = openSync(join(world.root, "d"), "r");
  let refused = 0;
  {
    await using fs = await hostFiles({ root: world.root, state });
    await whileSwapped(world, async (swaps) => {
      for (let round = 0; round < 60 || swaps() < 1_000; round++) {
        for (const name of names) {
          const at = `/proc/self/fd/${directory}/${name}`;
          writeFileSync(at, `inside ${round}`.padEnd(60));
          utimesSync(at, old, old);
        }
        await captureOnce(fs).catch((error: unknown) => {
          refused += 1;
          expectRefusal(error);
        });
      }
    });
    await captureOnce(fs);
  }
  closeSync(directory);
  expect(refused).toBeGreaterThan(0);
  const objects = execFileSync("git", ["--git-dir=captures.git", "cat-file", "--batch-all-objects", "--batch"], {
    cwd: state,
  });
  expect(objects.includes(secretMark)).toBe(false);
  for (const name of readdirSync(join(state, "kept"))) {
    expect(readFileSync(join(state, "kept", name)).includes(secretMark)).toBe(false);
  }
});

/**
 * Snapshots: those in memory of many files against those of few; those of a host folder, with the changes that follow, against
 * `git add -A && git write-tree` on 10,000 files of 100 MB.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostFiles, memoryFiles } from "weakincentives/files";
import { against, type Bench, type Row } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";

export const bench: Bench = {
  name: "snapshot",
  async *run() {
    yield await inMemory();
    yield* onHost();
  },
};

/** A thousand snapshots, each after a write. */
async function inMemory(): Promise<Row> {
  const taking = (count: number) => {
    const fs = memoryFiles(
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`d${n % 100}/e${n % 10}/f${n}`, "x"])),
    );
    return async (): Promise<void> => {
      for (let n = 0; n < 1_000; n++) {
        await fs.snapshot();
        await fs.writeText("changed", `${n}`);
      }
    };
  };
  const times = await sideBySide({ many: taking(100_000), few: taking(100) }, 15);
  return against("memory-100000-files-to-100", times.many?.median ?? Number.NaN, times.few?.median ?? Number.NaN, "us");
}

async function* onHost(): AsyncIterable<Row> {
  const folder = mkdtempSync(join(tmpdir(), "wink-bench-snapshot-"));
  try {
    const root = join(folder, "root");
    makeFiles(root, 10_000, 10_000);
    const git = captureWithGit(root, join(folder, "floor.git"));
    git();
    await using fs = await hostFiles({ root });
    await fs.changedOutside();
    await fs.snapshot();
    let round = 0;
    const changed = (): readonly string[] =>
      [1, 2, 3].map((n) => `d${(round + n) % 100}/f${(round * 7 + n) % 100}.txt`);
    const own = async (): Promise<number> => {
      round += 1;
      const start = performance.now();
      await fs.snapshot();
      for (const path of changed()) await fs.writeText(path, `ours ${round}`);
      return performance.now() - start;
    };
    const others = (take: () => Promise<void> | void) => async (): Promise<number> => {
      round += 1;
      await fs.changedOutside();
      for (const path of changed()) writeFileSync(join(root, path), `theirs ${round}`);
      const start = performance.now();
      await take();
      const time = performance.now() - start;
      await fs.snapshot(); // so that each case begins with nothing to look for
      git();
      return time;
    };
    const cases = { own, others: others(async () => void (await fs.snapshot())), floor: others(git) };
    const times = await sideBySide(cases, 11);
    const floor = times.floor?.median ?? Number.NaN;
    yield against("host-own-writes", times.own?.median ?? Number.NaN, floor);
    yield against("host-changed-outside", times.others?.median ?? Number.NaN, floor);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes files of about this many bytes, a hundred to a directory. */
function makeFiles(root: string, count: number, bytes: number): void {
  for (let n = 0; n < count; n++) {
    const directory = join(root, `d${Math.floor(n / 100)}`);
    if (n % 100 === 0) mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `f${n % 100}.txt`), `${n} `.repeat(Math.ceil(bytes / (`${n}`.length + 1))));
  }
}

/** The floor: a repository of its own beside the folder, as plain as can be. */
function captureWithGit(root: string, repository: string): () => void {
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const run = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync("git", [`--git-dir=${repository}`, `--work-tree=${root}`, ...args], {
      env,
      cwd: root,
    });
    if (status !== 0) throw new Error(`git ${args[0]}: ${stderr.toString()}`);
  };
  spawnSync("git", ["init", "--quiet", "--bare", repository], { env });
  return () => {
    run("add", "-A");
    run("write-tree");
  };
}

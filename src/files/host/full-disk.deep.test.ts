/** What host files do on a full disk, and on one that cannot be written: they say so, and nothing that was there is lost. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { shownFolder } from "../../../test/support/shown-folder.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type HostFilesystem, hostFiles } from "./host-files.ts";

const folder = mkdtempSync(join(tmpdir(), "wink-full-"));
const disk = join(folder, "small");
mkdirSync(disk);
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status === 0;
if (!mounted) console.warn("skipped: a small disk cannot be mounted here (it takes root)");
const remount = (options: string): void => {
  expect(spawnSync("mount", ["-o", `remount,${options}`, disk]).status).toBe(0);
};
afterAll(() => {
  if (mounted) spawnSync("umount", ["-l", disk]);
  rmSync(folder, { recursive: true });
});

let count = 0;
let large: string;
beforeEach(() => {
  for (const name of mounted ? readdirSync(disk) : []) rmSync(join(disk, name), { recursive: true });
  large = join(folder, `${count++}`);
  mkdirSync(large);
});

/** Fills the disk to the last byte. */
function fillUp(): void {
  for (let size = 64 * 1024; size >= 1; size = Math.floor(size / 2)) {
    for (let number = 0; ; number++) {
      try {
        writeFileSync(join(disk, `ballast-${size}-${number}`), Buffer.alloc(size, 1));
      } catch {
        rmSync(join(disk, `ballast-${size}-${number}`), { force: true });
        break;
      }
    }
  }
}
const makeRoom = (): void => {
  for (const name of readdirSync(disk)) if (name.startsWith("ballast")) rmSync(join(disk, name));
};

/** A folder with a file in it. */
function rootIn(parent: string): string {
  const root = join(parent, "root");
  mkdirSync(join(root, "d"), { recursive: true });
  writeFileSync(join(root, "a"), "a".repeat(20_000));
  return root;
}
const changes: readonly ((fs: HostFilesystem) => Promise<void>)[] = [
  (fs) => fs.writeText("a", "b".repeat(50_000)),
  (fs) => fs.writeText("a", "b".repeat(50_000), { mode: "append" }),
  (fs) => fs.writeText("d/new", "b".repeat(50_000)),
  (fs) => fs.writeStream("d/new", [Buffer.alloc(50_000), Buffer.alloc(50_000)]),
];

test.skipIf(!mounted)(
  "a full disk under the files: every write is refused, and the files are as they were",
  async () => {
    const root = rootIn(disk);
    await using fs = await hostFiles({ root, state: join(large, "state") });
    const before = await fs.snapshot();
    await fs.writeText("a", "c".repeat(10_000));
    const shown = shownFolder(root);
    fillUp();
    for (const change of changes) {
      const error = await rejectionOf(change(fs));
      expect(error).toMatchObject({ code: "FILE_FAILED", retryable: true });
      expect(error.message).toContain("Received ENOSPC: the disk is full.");
      expect(shownFolder(root)).toEqual(shown);
    }
    const refused = await rejectionOf(fs.restore(before));
    expect(refused.code).toBe("FILE_FAILED");
    expect(refused.message).toContain("going back can be tried again");
    expect(shownFolder(root)).toEqual(shown);
    makeRoom();
    await fs.restore(before);
    expect(readFileSync(join(root, "a"), "utf8")).toBe("a".repeat(20_000));
  },
);

test.skipIf(!mounted)(
  "a full disk under the state: nothing is changed that could not be taken back, also later",
  async () => {
    const root = rootIn(large);
    const state = join(disk, "state");
    let id: string;
    {
      await using fs = await hostFiles({ root, state });
      const before = await fs.snapshot();
      await fs.writeText("d/first", "1");
      const shown = shownFolder(root);
      fillUp();
      // what needs no more than a line of the history may still find room
      for (const change of changes.filter((_, index) => index !== 2)) {
        const error = await rejectionOf(change(fs));
        expect(error).toMatchObject({ code: "FILE_FAILED" });
        expect(error.message).toContain("Received ENOSPC: the disk is full.");
        expect(shownFolder(root)).toEqual(shown);
      }
      expect((await rejectionOf(fs.changedOutside())).message).toMatch(/full|No space left/);
      makeRoom();
      for (const change of changes) await change(fs);
      id = before.id;
    }
    // half a line that was left in the history would be met here
    await using fs = await hostFiles({ root, state });
    const found = fs.findSnapshot(id);
    if (found === undefined) throw new Error("the snapshot is gone");
    await fs.restore(found);
    expect(readFileSync(join(root, "a"), "utf8")).toBe("a".repeat(20_000));
    expect(readdirSync(join(root, "d"))).toEqual([]);
  },
);

test.skipIf(!mounted)("a full history ends with a whole line, wherever the disk was full", async () => {
  const root = rootIn(large);
  const state = join(disk, "state");
  for (let round = 0; round < 8; round++) {
    let id: string;
    {
      await using fs = await hostFiles({ root, state });
      id = (await fs.snapshot()).id;
      for (let line = 0; line < round; line++) await fs.makeDirectory(`d/${"x".repeat(line)}`);
      fillUp();
      // there is room up to the end of the page in which the file ends, and then only for a part of a line
      let refused = 0;
      for (let line = 0; line < 100 && refused < 2; line++) {
        await fs.makeDirectory(`d/more-${line}`).catch(() => {
          refused += 1;
        });
      }
      expect(refused).toBe(2);
      makeRoom();
      await fs.makeDirectory("d/last");
    }
    await using fs = await hostFiles({ root, state });
    const found = fs.findSnapshot(id);
    if (found === undefined) throw new Error("the snapshot is gone");
    await fs.restore(found);
    expect(readdirSync(join(root, "d"))).toEqual([]);
  }
});

test.skipIf(!mounted)("a full disk while contents come from a capture: going back can be tried again", async () => {
  const root = rootIn(large);
  const state = join(disk, "state");
  await using fs = await hostFiles({ root, state });
  const before = await fs.snapshot();
  await fs.changedOutside();
  writeFileSync(join(root, "a"), "others");
  await fs.snapshot(); // captured while there is room
  fillUp();
  const refused = await rejectionOf(fs.restore(before));
  expect(refused.message).toContain("Received ENOSPC: the disk is full.");
  expect(readFileSync(join(root, "a"), "utf8")).toBe("others");
  makeRoom();
  await fs.restore(before);
  expect(readFileSync(join(root, "a"), "utf8")).toBe("a".repeat(20_000));
});

test.skipIf(!mounted)("a disk that may only be read: files can be read, and every change says why not", async () => {
  const root = rootIn(disk);
  await using fs = await hostFiles({ root, state: join(large, "state") });
  const before = await fs.snapshot();
  await fs.writeText("a", "changed");
  const open = (): number => readdirSync("/proc/self/fd").length;
  remount("ro");
  try {
    expect(await fs.readText("a")).toBe("changed");
    const more = [(files: HostFilesystem) => files.remove("a"), (files: HostFilesystem) => files.makeDirectory("x")];
    const all = [...changes, ...more, (files: HostFilesystem) => files.move("a", "b")];
    for (const change of [...all, (files: HostFilesystem) => files.restore(before)]) {
      const error = await rejectionOf(change(fs));
      expect(error.code).toBe("FILE_FAILED");
      expect(error.message).toContain("Received EROFS: the disk may only be read.");
    }
    const state = await rejectionOf(hostFiles({ root: large, state: join(disk, "state") }));
    expect(state.message).toContain("Received EROFS: the disk may only be read.");
    const count = open();
    for (const change of changes) await rejectionOf(change(fs));
    expect(open()).toBe(count);
  } finally {
    remount("rw");
  }
  await fs.restore(before);
  expect(readFileSync(join(root, "a"), "utf8")).toBe("a".repeat(20_000));
});

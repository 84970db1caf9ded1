/** What a slice store does on a full disk and on one that cannot be written: it says so, and keeps what it holds. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { numberedItem, numberedItems } from "../../../test/support/numbered-item.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { append } from "../index.ts";
import { jsonlStore } from "./index.ts";

const disk = mkdtempSync(join(tmpdir(), "wink-full-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status === 0;
if (!mounted) console.warn("skipped: a small disk cannot be mounted here (it takes root)");
const remount = (options: string): void => {
  expect(spawnSync("mount", ["-o", `remount,${options}`, disk]).status).toBe(0);
};

afterAll(() => {
  if (mounted) spawnSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

test.skipIf(!mounted)("a full disk loses no item, and the store goes on when there is room", async () => {
  const ballast = join(disk, "ballast");
  writeFileSync(ballast, Buffer.alloc(128 * 1024, 1));
  const directory = join(disk, "slices");
  await using store = await jsonlStore(numberedItems, { directory });
  const numbers = (of: typeof store): readonly number[] =>
    of
      .view()
      .all()
      .map(({ n }) => n);
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
  let acknowledged = 0;
  let applied = 0;
  let refused = false;
  while (!refused) {
    store.apply(append(numberedItem("a", applied++)));
    await store.flush().then(
      () => {
        acknowledged = applied;
      },
      (error: unknown) => {
        refused = true;
        expect(error).toMatchObject({ code: "STORE_FAILED", retryable: true });
        expect(String(error)).toContain("ENOSPC");
        expect(String(error)).toContain("what was not written yet is still held by the open store");
      },
    );
  }
  expect(acknowledged).toBeGreaterThan(20);
  expect(numbers(store)).toEqual(upTo(applied));
  expect((await rejectionOf(store.compact())).message).toContain("ENOSPC");
  {
    await using other = await jsonlStore(numberedItems, { directory });
    expect(numbers(other)).toEqual(upTo(acknowledged));
  }
  rmSync(ballast);
  await store.flush();
  await using other = await jsonlStore(numberedItems, { directory });
  expect(numbers(other)).toEqual(upTo(applied));
});

test.skipIf(!mounted)("a disk that cannot be written is told, and nothing that is held is lost", async () => {
  const directory = join(disk, "read-only");
  {
    await using store = await jsonlStore(numberedItems, { directory });
    store.apply(append(numberedItem("a", 0)));
  }
  remount("ro");
  const error = await rejectionOf(jsonlStore(numberedItems, { directory }));
  expect(error).toMatchObject({ code: "STORE_FAILED", details: { path: join(directory, "numbered%2Fitems.jsonl") } });
  expect(error.message).toContain("EROFS");
  expect((await rejectionOf(jsonlStore(numberedItems, { directory: join(disk, "new") }))).code).toBe("STORE_FAILED");
  remount("rw");
  await using store = await jsonlStore(numberedItems, { directory });
  expect(store.view().length).toBe(1);
});

import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Mount, mountHost } from "./mount.ts";
import { overlayFiles } from "./overlay.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "wink-overlay-"));
  await mkdir(join(root, "d/empty"), { recursive: true });
  await writeFile(join(root, "a.ts"), "1\n");
  await writeFile(join(root, "d/é.ts"), "2");
});
afterEach(async () => await rm(root, { recursive: true }));

/** Everything about a folder that can be seen, as one hash. */
async function stateOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const stats = await lstat(join(folder, name));
    hash.update(JSON.stringify([name, stats.mode, stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino]));
    if (stats.isFile()) hash.update(await readFile(join(folder, name)));
  }
  return hash.digest("hex");
}

it("shows the mount, takes every change, and leaves the host as it was", async () => {
  const before = await stateOf(root);
  const fs = overlayFiles(await mountHost({ root }));
  expect((await fs.list("d")).map(({ path }) => path)).toEqual(["d/empty", "d/é.ts"]);
  await fs.writeText("a.ts", "3\n");
  await fs.writeText("d/é.ts", "4", { mode: "append" });
  await fs.writeText("new/b.ts", "5");
  await fs.remove("d/empty");
  await fs.move("d", "e");
  expect(await fs.glob("**")).toEqual(["a.ts", "e/é.ts", "new/b.ts"]);
  expect(await stateOf(root)).toBe(before);
});

it("tells what was changed since the mount, with the text before and after", async () => {
  const fs = overlayFiles(await mountHost({ root }));
  await fs.writeText("a.ts", "3\n");
  await fs.remove("d/é.ts");
  await fs.writeText("b.ts", "5");
  await fs.snapshot();
  const original = fs.view(fs.base);
  const told = await Promise.all(
    (await fs.changes(fs.base)).map(async ({ path, kind }) => [
      kind,
      path,
      await original.readText(path),
      await fs.readText(path),
    ]),
  );
  expect(told).toEqual([
    ["modified", "a.ts", "1\n", "3\n"],
    ["added", "b.ts", undefined, "5"],
    ["removed", "d/é.ts", "2", undefined],
  ]);
  await fs.restore(fs.base);
  expect(await fs.changes(fs.base)).toEqual([]);
  expect(await fs.readText("d/é.ts")).toBe("2");
});

it("does not see what happens on the host afterwards", async () => {
  const fs = overlayFiles(await mountHost({ root }));
  await writeFile(join(root, "a.ts"), "other");
  await rm(join(root, "d"), { recursive: true });
  expect([await fs.readText("a.ts"), await fs.readText("d/é.ts")]).toEqual(["1\n", "2"]);
});

it("joins several mounts, which must not hide each other", async () => {
  const one = await mountHost({ root });
  const other = await mountHost({ root, at: "lib" });
  const fs = overlayFiles(one, other);
  expect(await fs.glob("*.ts")).toEqual(["a.ts", "d/é.ts", "lib/a.ts", "lib/d/é.ts"]);
  expect(() => overlayFiles(one, one)).toThrow("Two mounts have something at this path");
  const file: Mount = { root, files: [{ path: "lib", text: "" }], directories: [], skipped: [], bytes: 0 };
  expect(() => overlayFiles(other, file)).toThrow('"lib": Two mounts have something at this path');
  expect(() => overlayFiles(file, other)).toThrow('"lib": Two mounts have something at this path');
});

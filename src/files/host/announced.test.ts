/** What others do, announced, with what we have written since the last capture: it is taken back, though two captures do not show it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { shownFolder } from "../../../test/support/shown-folder.ts";
import { hostFiles } from "./host-files.ts";

const folder = mkdtempSync(join(tmpdir(), "wink-announced-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, (path: string) => void]>([
  ["an empty directory", (path) => mkdirSync(path)],
  ["nothing", () => undefined],
  ["a link", (path) => symlinkSync("kept", path)],
  ["what stood there before", (path) => writeFileSync(path, "second")],
  ["another file", (path) => writeFileSync(path, "other")],
])("%s in the place of a file of ours", async (what, make) => {
  const root = join(folder, what);
  mkdirSync(root);
  writeFileSync(join(root, "kept"), "kept");
  writeFileSync(join(root, "old"), "first");
  const then = shownFolder(root);
  await using fs = await hostFiles({ root });
  const before = await fs.snapshot();
  await fs.writeText("old", "second");
  await fs.changedOutside();
  for (const path of ["old", "new"]) {
    await fs.writeText(path, "third");
    await fs.changedOutside();
    rmSync(join(root, path));
    make(join(root, path));
  }
  await fs.restore(before);
  expect(shownFolder(root)).toEqual(then);
});

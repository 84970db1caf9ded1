/** The state of a host folder when a disk, a crash or somebody else has spoiled some of it. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import type { FileSnapshot } from "../filesystem.ts";
import { type HostFilesystem, hostFiles } from "./host-files.ts";

let folder: string;
let root: string;
let state: string;
let fs: HostFilesystem;
let before: FileSnapshot;

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-keeper-")));
  [root, state] = [join(folder, "root"), join(folder, "state")];
  mkdirSync(join(root, "d"), { recursive: true });
  writeFileSync(join(root, "a"), "old content");
  fs = await hostFiles({ root, state });
  before = await fs.snapshot();
});
afterEach(async () => {
  await fs[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const kept = (): string => {
  const [name = ""] = readdirSync(join(state, "kept"));
  return join(state, "kept", name);
};

it.each<[string, (path: string) => void]>([
  ["was cut off", (path) => writeFileSync(path, "old")],
  ["was edited", (path) => writeFileSync(path, "new content")],
  ["is gone", (path) => rmSync(path)],
])("a kept content that %s is not put back, and the file stays as it is", async (_what, spoil) => {
  await fs.writeText("a", "ours");
  spoil(kept());
  expect(await rejectionOf(fs.restore(before))).toMatchObject({
    code: "FILE_FAILED",
    message: expect.stringContaining("What was kept of this"),
  });
  expect([readFileSync(join(root, "a"), "utf8"), readdirSync(root)]).toEqual(["ours", ["a", "d"]]);
});

it("what a killed process has left goes when the state is opened, and what others write stays", async () => {
  await fs.writeText("a", "1");
  await fs.writeText("d/b", "2");
  await fs[Symbol.asyncDispose]();
  const left = [`.wink-1-${process.pid}`, "d/.wink-22-99999999"];
  const others = [`.wink-3-${process.ppid}`, ".wink-notes", ".wink-1-2-3"]; // the parent is alive
  for (const path of [...left, ...others]) writeFileSync(join(root, path), "half");
  fs = await hostFiles({ root, state });
  expect([...left, ...others].filter((path) => existsSync(join(root, path)))).toEqual(others);
});

it("a file that a killed process of the same number has left is in nobody's way", async () => {
  for (const number of [1, 2]) writeFileSync(join(root, `.wink-${number}-${process.pid}`), "half");
  await fs.writeText("a", "new");
  expect(readFileSync(join(root, "a"), "utf8")).toBe("new");
});

it("history that was edited leads nowhere else", async () => {
  await fs.writeText("a", "ours");
  await fs[Symbol.asyncDispose]();
  mkdirSync(join(root, ".git"));
  writeFileSync(join(root, ".git/config"), "mine");
  for (const path of [".git/config", ".git/hooks/x"]) {
    const entry = { type: "touched", path, before: { kind: "nothing" } };
    appendFileSync(join(state, "history.jsonl"), `${JSON.stringify(entry)}\n`);
  }
  fs = await hostFiles({ root, state });
  const found = fs.findSnapshot(before.id);
  if (found === undefined) throw new Error("the snapshot is gone");
  expect(await rejectionOf(fs.restore(found))).toMatchObject({ code: "FILE_CHANGED" });
  expect(readFileSync(join(root, ".git/config"), "utf8")).toBe("mine");
  expect(readdirSync(join(root, ".git"))).toEqual(["config"]);
});

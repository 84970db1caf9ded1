/** What captures keep: bytes that we have read, whatever git would make of their names, and only what git has surely kept. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { shownFolder } from "../../../test/support/shown-folder.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type HostFilesystem, hostFiles } from "./host-files.ts";
import { openHostFolder } from "./host-folder.ts";
import { importOf } from "./import-stream.ts";
import { Places } from "./places.ts";

let folder: string;
let root: string;
let state: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-captures-")));
  [root, state] = [join(folder, "root"), join(folder, "state")];
  mkdirSync(join(root, "d"), { recursive: true });
  writeFileSync(join(root, "d/f"), "inside");
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const others = (path: string): void => writeFileSync(join(folder, path), "others");
const open = (git = "git"): Promise<HostFilesystem> => hostFiles({ root, state, git });
/** A program in the place of git; `$*` are its arguments. */
function program(script: string): string {
  const path = join(folder, "git");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

it("any name comes back, and a large file as well", async () => {
  const names = ['quo"te', "back\\slash", "new\nline", "tab\t", " spaces ", "é😀", "-option", "d.git", "\u0001"];
  for (const name of names) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, name), name);
  }
  writeFileSync(join(root, "large"), Buffer.alloc(3_000_000, "0123456"));
  await using fs = await open();
  const before = await fs.snapshot();
  const shown = shownFolder(root);
  await fs.changedOutside();
  execFileSync("sh", ["-c", "rm -rf ./* ; mkdir large; touch d"], { cwd: root });
  await fs.restore(before);
  expect(shownFolder(root)).toEqual(shown);
});

it("nothing at all comes back too", async () => {
  rmSync(join(root, "d"), { recursive: true });
  await using fs = await open();
  const before = await fs.snapshot();
  await fs.changedOutside();
  others("root/new");
  expect(await fs.changes(before)).toEqual([{ path: "new", kind: "added" }]);
  await fs.restore(before);
  expect(shownFolder(root)).toEqual([]);
});

it("the next process begins anew, and knows what the last one has kept", async () => {
  {
    await using fs = await open();
    await fs.changedOutside();
    await fs.snapshot();
  }
  await using fs = await open();
  const before = await fs.snapshot();
  await fs.changedOutside();
  rmSync(join(root, "d"), { recursive: true });
  others("root/new");
  expect((await fs.changes(before)).map(({ path }) => path)).toEqual(["d/f", "new"]);
  await fs.restore(before);
  expect(read("root/d/f")).toBe("inside");
});

it("what has gone, or cannot be read, between the walk and the reading is not in the commit", async () => {
  const places = new Places(openHostFolder(root), { isExcluded: () => false, hardLinks: false });
  execFileSync("mkfifo", [join(root, "pipe")]);
  const told: string[] = [];
  let stream = "";
  const difference = { gone: ["old"], changed: ["gone", "d/f", "pipe"], parent: undefined };
  for await (const piece of importOf(places, difference, {
    gone: (path) => told.push(`gone ${path}`),
    unreadable: (path) => told.push(`unreadable ${path}`),
  })) {
    stream += Buffer.from(piece).toString();
  }
  expect(told).toEqual(["gone gone", "unreadable pipe"]);
  expect(stream.split("\n").slice(4)).toEqual([
    "deleteall",
    'D "old"',
    'D "gone"',
    'M 100644 inline "d/f"',
    "data 6",
    "inside",
    'D "pipe"',
    "get-mark :1",
    "done",
    "",
  ]);
});

it("an answer that is no name of a commit is not believed", async () => {
  await using fs = await open(program('cat > /dev/null; echo "as you say"'));
  expect(await rejectionOf(fs.changedOutside())).toMatchObject({ code: "SNAPSHOT_FAILED" });
});

it("half of a content is not put back", async () => {
  writeFileSync(join(root, "d/f"), "inside ".repeat(1_000));
  await using fs = await open(program('case "$*" in *cat-file*) git "$@" | head -c 3000 ;; *) exec git "$@" ;; esac'));
  const before = await fs.snapshot();
  await fs.changedOutside();
  others("root/d/f");
  expect(await rejectionOf(fs.restore(before))).toMatchObject({ code: "SNAPSHOT_FAILED" });
  expect(read("root/d/f")).toBe("others");
  program('exec git "$@"');
  await fs.restore(before);
  expect(read("root/d/f")).toBe("inside ".repeat(1_000));
});

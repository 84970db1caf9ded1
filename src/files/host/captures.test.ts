/** What git tells is believed only as far as it was checked. The programs here stand for a git that was led astray once. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type HostFilesystem, hostFiles } from "./host-files.ts";

let folder: string;
let root: string;
let state: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-captures-")));
  [root, state] = [join(folder, "root"), join(folder, "state")];
  for (const each of ["root/d", "vault/d"]) mkdirSync(join(folder, each), { recursive: true });
  put("root/d/f", "inside");
  put("vault/d/f", "SECRET");
});
afterEach(() => rmSync(folder, { recursive: true }));

const long = new Date(1e12);
/** Writes a file that is older than the index of git, so that git believes what it has noted of it. */
function put(path: string, content: string): void {
  writeFileSync(join(folder, path), content);
  utimesSync(join(folder, path), long, long);
}
const others = (path: string): void => writeFileSync(join(folder, path), "others");
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

/** A git that does something else the first time that it is to read files; `$*` are its arguments. */
function git(firstTime: string): string {
  const program = join(folder, "git");
  // of what it notes of files, only size and time count: those of the vault's can be the same
  writeFileSync(
    program,
    `#!/bin/sh
real="git -c core.checkStat=minimal -c core.trustctime=false"
case "$*" in *update-index*--add*) [ -e ${folder}/done ] || { touch ${folder}/done; ${firstTime}; exit; } ;; esac
exec $real "$@"
`,
  );
  chmodSync(program, 0o755);
  return program;
}
const open = (program: string): Promise<HostFilesystem> => hostFiles({ root, state, git: program });
/** One that is led into the vault. */
const led = (): string =>
  git(
    `cd ${folder}/vault; $real --git-dir=${state}/captures.git --work-tree=. update-index -z --add --replace --stdin`,
  );
const objects = (): string =>
  execFileSync("git", [`--git-dir=${state}/captures.git`, "cat-file", "--batch-all-objects", "--batch"]).toString(
    "latin1",
  );

it("what git has read outside is not kept, and not believed the next time", async () => {
  await using fs = await open(led());
  const before = await fs.snapshot();
  expect(await rejectionOf(fs.changedOutside())).toMatchObject({ code: "SNAPSHOT_FAILED" });
  await fs.changedOutside();
  others("root/d/f");
  await fs.restore(before);
  expect(read("root/d/f")).toBe("inside");
  expect(objects()).not.toContain("SECRET");
});

it("nor by the next process", async () => {
  const program = led();
  {
    await using fs = await open(program);
    await fs.snapshot();
    await rejectionOf(fs.changedOutside());
  }
  await using fs = await open(program);
  const before = await fs.snapshot();
  await fs.changedOutside();
  others("root/d/f");
  await fs.restore(before);
  expect([read("root/d/f"), existsSync(join(state, "captures.git/unchecked"))]).toEqual(["inside", false]);
});

it("a link that git has read outside is not kept either", async () => {
  for (const [path, target] of [
    ["root/d/l", "f"],
    ["vault/d/l", "SECRET"],
  ] as const) {
    symlinkSync(target, join(folder, path));
  }
  put("vault/d/f", "inside");
  await using fs = await open(led());
  const before = await fs.snapshot();
  expect(await rejectionOf(fs.changedOutside())).toMatchObject({ code: "SNAPSHOT_FAILED" });
  await fs.changedOutside();
  rmSync(join(root, "d/l"));
  await fs.restore(before);
  expect([readlinkSync(join(root, "d/l")), objects().includes("SECRET")]).toEqual(["f", false]);
});

it("a file that was gone for a moment is kept when it is there again", async () => {
  put("root/gone", "precious");
  await using fs = await open(git(`mv ${folder}/root/gone ${folder}; $real "$@"; mv ${folder}/gone ${folder}/root`));
  expect(await rejectionOf(fs.changedOutside())).toMatchObject({ code: "SNAPSHOT_FAILED" });
  const before = await fs.snapshot();
  await fs.changedOutside();
  others("root/gone");
  await fs.restore(before);
  expect(read("root/gone")).toBe("precious");
});

it("and so is one that was gone for longer", async () => {
  put("root/gone", "precious");
  await using fs = await open(git(`mv ${folder}/root/gone ${folder}; $real "$@"`));
  await fs.changedOutside();
  await fs.snapshot();
  put("root/gone", "precious");
  await fs.changedOutside();
  const before = await fs.snapshot();
  await fs.changedOutside();
  others("root/gone");
  await fs.restore(before);
  expect(read("root/gone")).toBe("precious");
});

it("half of a content is not put back", async () => {
  put("root/d/f", "inside ".repeat(1_000));
  const program = join(folder, "cutting");
  writeFileSync(program, `#!/bin/sh\ncase "$*" in *cat-file*) git "$@" | head -c 3000 ;; *) exec git "$@" ;; esac\n`);
  chmodSync(program, 0o755);
  await using fs = await open(program);
  const before = await fs.snapshot();
  await fs.changedOutside();
  others("root/d/f");
  expect(await rejectionOf(fs.restore(before))).toMatchObject({ code: "SNAPSHOT_FAILED" });
  expect(read("root/d/f")).toBe("others");
  writeFileSync(program, `#!/bin/sh\nexec git "$@"\n`);
  await fs.restore(before);
  expect(read("root/d/f")).toBe("inside ".repeat(1_000));
});

/** Captures when the program git fails: the files and the user's own history are as they were, and it can be tried again. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../../test/support/escape-world.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { hostFiles } from "./host-files.ts";

const crowded = fileURLToPath(new URL("../../../test/support/crowded.ts", import.meta.url));

let folder: string;
let root: string;
let program: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-git-")));
  [root, program] = [join(folder, "root"), join(folder, "git")];
  mkdirSync(join(root, "d"), { recursive: true });
  writeFileSync(join(root, "a"), "a".repeat(5_000));
  writeFileSync(join(root, "d/b"), "b");
  execFileSync("sh", ["-c", "git init -q; git add a; echo staged > .git/description"], { cwd: root });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Makes git behave in a way for one of its commands. */
function behave(command: string, how: string): void {
  writeFileSync(program, `#!/bin/sh\ncase "$*" in *" ${command}"*) ${how} ;; *) exec git "$@" ;; esac\n`);
  chmodSync(program, 0o755);
}

const ways = {
  "is killed halfway through its answer": 'git "$@" | head -c 9; kill -9 $$',
  fails: "echo broken >&2; exit 3",
  "is killed before it begins": "kill -9 $$",
  "says half and no more": 'git "$@" | head -c 9',
  "says nothing": "cat > /dev/null",
};
const cases = Object.entries(ways).flatMap(([what, how]) =>
  ["fast-import", "ls-tree", "cat-file"].map((command) => [command, what, how] as const),
);

test.each(cases)("git %s that %s", async (command, _what, how) => {
  behave("none", "exit");
  await using fs = await hostFiles({ root, git: program });
  const before = await fs.snapshot();
  const content = digestOf(root);
  behave(command, how);
  await fs.changedOutside().catch((error: unknown) => {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(SNAPSHOT|FILE)_FAILED$/) });
  });
  expect(digestOf(root)).toEqual(content);
  behave("none", "exit");
  await fs.changedOutside();
  writeFileSync(join(root, "a"), "others");
  rmSync(join(root, "d"), { recursive: true });
  await fs.snapshot();
  const changed = digestOf(root);
  behave(command, how);
  const refused = await fs.restore(before).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refused !== undefined) {
    expect(refused).toMatchObject({ code: expect.stringMatching(/^(SNAPSHOT|FILE)_FAILED$/) });
    expect(digestOf(root)).toEqual(changed);
  }
  behave("none", "exit");
  await fs.restore(before);
  expect([readFileSync(join(root, "a"), "utf8"), readFileSync(join(root, "d/b"), "utf8")]).toEqual([
    "a".repeat(5_000),
    "b",
  ]);
  expect(digestOf(join(root, ".git"))).toEqual(content.filter((line) => line.includes("/.git")));
});

test("an index that was locked by a killed git is unlocked", async () => {
  const state = join(folder, "state");
  {
    await using fs = await hostFiles({ root, state });
    await fs.snapshot();
    await fs.changedOutside();
  }
  writeFileSync(join(state, "captures.git/index.lock"), "");
  await using fs = await hostFiles({ root, state });
  expect((await rejectionOf(fs.restore({ id: "other" }))).code).toBe("SNAPSHOT_FOREIGN");
  await fs.snapshot();
});

test("a process that may open no more files is told so, and can capture when it has closed some", () => {
  const args = ["-c", 'ulimit -n 60; exec "$0" "$@"', process.execPath, "--conditions=source", crowded, root];
  const { status, stdout } = spawnSync("sh", args, { encoding: "utf8", timeout: 60_000 });
  expect(stdout).toMatch(
    /^WinkError: .* The program git cannot be run\. Expected a git that ends with code 0\. Received spawn git EMFILE.*\ncaptured\n$/,
  );
  expect(status).toBe(0);
});

test("git that hangs is ended by the signal, and the files can be used again", async () => {
  behave("fast-import", "exec sleep 60");
  await using fs = await hostFiles({ root, git: program });
  const before = await fs.snapshot();
  await fs.writeText("a", "ours");
  const controller = new AbortController();
  const waiting = fs.changedOutside({ signal: controller.signal });
  const reason = new Error("enough");
  const restored = fs.restore(before);
  setTimeout(() => controller.abort(reason), 100); // when git has begun, or before
  await expect(waiting).rejects.toBe(reason);
  await restored;
  expect(await fs.readText("a")).toBe("a".repeat(5_000));
});

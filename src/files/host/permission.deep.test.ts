/** Host files where rights are missing: every refusal is an error of the library, and what was half done can be taken back. */
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shownFolder } from "../../../test/support/shown-folder.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { WinkError } from "../../base/index.ts";
import { hostFiles } from "./host-files.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
let folder: string;
let root: string;
let state: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-permission-")));
  [root, state] = [join(folder, "root"), join(folder, "state")];
  for (const path of ["open", "mixed/fixed", "closed"]) mkdirSync(join(root, path), { recursive: true });
  for (const path of ["open/a", "mixed/b", "mixed/fixed/c", "closed/d", "secret"])
    writeFileSync(join(root, path), path);
  mkdirSync(state);
  give(folder, ".", "root", "root/open", "root/open/a", "root/mixed", "root/mixed/b", "root/secret", "state");
  for (const [path, mode] of Object.entries({ "mixed/fixed": 0o555, closed: 0o700, secret: 0o000 })) {
    chmodSync(join(root, path), mode);
  }
});
afterEach(() => {
  for (const path of ["mixed/fixed", "closed"]) if (existsSync(join(root, path))) chmodSync(join(root, path), 0o755);
  rmSync(folder, { recursive: true });
});

/** Gives some of a folder to the user without rights; the rest stays with the superuser, if that is who runs the tests. */
function give(above: string, ...paths: readonly string[]): void {
  if (isRoot) for (const path of paths) chownSync(join(above, path), nobody, nobody);
}

/** Works without the rights of the superuser, to whom nothing is closed. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (!isRoot) chmodSync(join(root, "closed"), 0o000);
  if (isRoot) process.seteuid?.(nobody);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test("what may not be read or written is refused with the reason", async () => {
  await asNobody(async () => {
    await using fs = await hostFiles({ root, state });
    expect(await fs.readText("open/a")).toBe("open/a");
    for (const attempt of [
      () => fs.readText("secret"),
      () => fs.readText("closed/d"),
      () => fs.list("closed"),
      () => fs.writeText("mixed/fixed/new", ""),
      () => fs.makeDirectory("mixed/fixed/new"),
      () => fs.remove("mixed/fixed/c"),
      () => fs.move("open/a", "mixed/fixed/a"),
      () => fs.remove("closed", { recursive: true }),
      () => fs.move("closed", "open/closed"),
    ]) {
      const error = await rejectionOf(attempt());
      expect(error).toMatchObject({ code: "FILE_FAILED", message: expect.stringContaining("permission is missing") });
    }
    expect(await fs.readText("open/a")).toBe("open/a");
    // a search passes over what it may not read
    expect(await fs.glob("**")).toEqual(["mixed/b", "mixed/fixed/c", "open/a", "secret"]);
    const { matches } = await fs.grep("open|closed|secret");
    expect(matches.map(({ path }) => path)).toEqual(["open/a"]);
  });
  expect(shownFolder(root)).toHaveLength(9);
});

test("what is half removed when a right is missing can be put back", async () => {
  await asNobody(async () => {
    await using fs = await hostFiles({ root, state });
    const before = await fs.snapshot();
    const shown = shownFolder(join(root, "mixed"));
    const error = await rejectionOf(fs.remove("mixed", { recursive: true }));
    expect(error).toMatchObject({ code: "FILE_FAILED", message: expect.stringContaining("EACCES") });
    await fs.restore(before);
    expect(shownFolder(join(root, "mixed"))).toEqual(shown);
  });
});

/** Without what nobody may read, which a capture refuses. */
function removeUnreadable(): void {
  rmSync(join(root, "closed"), { recursive: true });
  rmSync(join(root, "secret"));
}

test("a read-only directory that a command has removed, or made, is put back as it was", async () => {
  give(root, "mixed/fixed", "mixed/fixed/c");
  removeUnreadable();
  await asNobody(async () => {
    await using fs = await hostFiles({ root, state });
    const before = await fs.snapshot();
    const shown = shownFolder(root);
    await fs.changedOutside();
    chmodSync(join(root, "mixed/fixed"), 0o755);
    rmSync(join(root, "mixed/fixed"), { recursive: true });
    writeFileSync(join(root, "open/new"), "");
    chmodSync(join(root, "open"), 0o555);
    await fs.restore(before);
    expect(shownFolder(root)).toEqual(shown);
  });
});

test("what a command has closed is put back, and nothing of it is lost", async () => {
  removeUnreadable();
  await asNobody(async () => {
    await using fs = await hostFiles({ root, state });
    const before = await fs.snapshot();
    const shown = shownFolder(root);
    await fs.changedOutside();
    mkdirSync(join(root, "open/z"));
    for (const path of ["open/z", "open/a", "mixed"]) chmodSync(join(root, path), 0);
    const after = await fs.snapshot();
    await fs.restore(before);
    expect(shownFolder(root)).toEqual(shown);
    await fs.restore(after).catch(() => undefined); // it cannot be as it was, but nothing may be gone
    expect(await fs.readText("open/a")).toBe("open/a");
  });
});

test("what cannot be kept is told before others change it", async () => {
  await asNobody(async () => {
    await using fs = await hostFiles({ root, state });
    await fs.writeText("open/a", "ours");
    const error = await rejectionOf(fs.changedOutside());
    expect(error.message).toMatch(/permission is missing|Permission denied/);
    await fs.writeText("open/a", "ours again");
    expect(await fs.readText("open/a")).toBe("ours again");
  });
});

test("a state that may not be written is refused, and so is a root that may not be read", async () => {
  chmodSync(state, 0o555);
  give(folder, "state");
  if (isRoot) chownSync(state, 0, 0);
  await asNobody(async () => {
    const refused = await rejectionOf(hostFiles({ root, state }));
    // SQLite, which makes the lock, does not tell why it cannot
    expect(refused).toMatchObject({
      code: "FILE_FAILED",
      message: expect.stringMatching(/permission is missing|lock/),
    });
    const unreadable = await rejectionOf(hostFiles({ root: join(root, "closed") }));
    expect(WinkError.is(unreadable, "MOUNT_INVALID")).toBe(true);
  });
});

import { execFileSync } from "node:child_process";
import { linkSync, renameSync, symlinkSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Mount, type MountOptions, mountHost } from "./mount.ts";

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wink-mount-"));
  root = join(folder, "root");
  await mkdir(root);
});
afterEach(async () => await rm(folder, { recursive: true }));

async function put(contents: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), content);
  }
}
const mount = (options: Partial<MountOptions> = {}): Promise<Mount> => mountHost({ root, ...options });
const pathsOf = ({ files }: Mount): readonly string[] => files.map(({ path }) => path);
const skippedIn = ({ skipped }: Mount): readonly string[] => skipped.map(({ path, reason }) => `${path}: ${reason}`);

describe("what is taken", () => {
  it("is text, exactly, in the order of paths", async () => {
    await put({ "b.ts": "1\r\n", "b/c": "\uFEFF2", "b-a": "", "é/😀.txt": "ü", ".env": "x" });
    const mounted = await mount();
    expect(mounted.files).toEqual([
      { path: ".env", text: "x" },
      { path: "b-a", text: "" },
      { path: "b.ts", text: "1\r\n" },
      { path: "b/c", text: "\uFEFF2" },
      { path: "é/😀.txt", text: "ü" },
    ]);
    expect(mounted).toMatchObject({ directories: ["b", "é"], skipped: [], bytes: 10 });
  });

  it("an empty folder is fine, and empty directories are kept", async () => {
    expect(await mount()).toMatchObject({ files: [], directories: [], skipped: [], bytes: 0 });
    await mkdir(join(root, "a/b"), { recursive: true });
    expect((await mount()).directories).toEqual(["a", "a/b"]);
  });

  it("leaves out files with another name, which may lie outside, unless told otherwise", async () => {
    await writeFile(join(folder, "secret"), "SECRET");
    linkSync(join(folder, "secret"), join(root, "x"));
    const mounted = await mount();
    expect([pathsOf(mounted), skippedIn(mounted)]).toEqual([[], ["x: hard-link"]]);
    expect(pathsOf(await mount({ hardLinks: true }))).toEqual(["x"]);
  });

  it("leaves out .git and node_modules, unless told what else", async () => {
    await put({ "a.ts": "", ".git/config": "", "d/node_modules/x/y.js": "", "d/.git": "gitdir: x", "dist/a.js": "" });
    expect(pathsOf(await mount())).toEqual(["a.ts", "dist/a.js"]);
    expect(pathsOf(await mount({ exclude: ["dist", "d/**"] }))).toEqual([".git/config", "a.ts"]);
    expect(pathsOf(await mount({ exclude: [] }))).toHaveLength(5);
  });

  it("is what an include matches and no exclude does", async () => {
    await put({ "a.ts": "", "a.test.ts": "", "d/b.ts": "", "d/b.md": "" });
    expect(pathsOf(await mount({ include: ["*.ts", "/d/*.md"], exclude: ["*.test.ts"] }))).toEqual([
      "a.ts",
      "d/b.md",
      "d/b.ts",
    ]);
  });

  it("can stand in a directory of the workspace", async () => {
    await put({ "d/a": "", "x.bin": "\0" });
    const mounted = await mount({ at: "/repo/", include: ["d/*", "*.bin"] });
    expect(mounted).toMatchObject({ directories: ["repo", "repo/d"], files: [{ path: "repo/d/a" }] });
    expect(skippedIn(mounted)).toEqual(["repo/x.bin: binary"]);
  });

  it("may be reached through a link when the user names it", async () => {
    await put({ a: "1" });
    await symlink(root, join(folder, "link"));
    expect((await mountHost({ root: join(folder, "link") })).root).toBe((await mount()).root);
  });
});

describe("what is left out, with the reason", () => {
  it("links, wherever they lead", async () => {
    await put({ "d/a": "1" });
    await writeFile(join(folder, "secret"), "SECRET");
    for (const [name, target] of [
      ["out", "../secret"],
      ["abs", join(folder, "secret")],
      ["in", "d/a"],
      ["dir", "d"],
      ["up", ".."],
      ["self", "self"],
      ["none", "missing"],
    ] as const) {
      await symlink(target, join(root, name));
    }
    const mounted = await mount();
    expect(pathsOf(mounted)).toEqual(["d/a"]);
    expect(mounted.skipped).toHaveLength(7);
    expect(new Set(mounted.skipped.map(({ reason }) => reason))).toEqual(new Set(["symlink"]));
    expect(JSON.stringify(mounted)).not.toContain("secret");
  });

  it("a very large file, without reading it", async () => {
    await put({ a: "1" });
    await writeFile(join(root, "huge"), "");
    await truncate(join(root, "huge"), 50_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const mounted = await mount();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    expect(mounted.skipped).toEqual([
      {
        path: "huge",
        reason: "file-too-large",
        detail: "larger than the limit of 1048576 bytes for one file",
        size: 50_000_000,
      },
    ]);
    expect(pathsOf(mounted)).toEqual(["a"]);
  });

  it("binary files and text that is not UTF-8", async () => {
    await put({
      "a.png": "\x89PNG\0",
      latin1: Uint8Array.of(0x66, 0xfc, 0x72),
      utf16: Buffer.from("text", "utf16le"),
      surrogate: Uint8Array.of(0xed, 0xa0, 0x80),
    });
    expect(skippedIn(await mount())).toEqual([
      "a.png: binary",
      "latin1: not-utf8",
      "surrogate: not-utf8",
      "utf16: binary",
    ]);
  });

  it("pipes and sockets, without waiting for them", async () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    const server = createServer().listen(join(root, "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(skippedIn(await mount())).toEqual(["pipe: special", "socket: special"]);
    await new Promise((resolve) => server.close(resolve));
  });

  it("files and directories that may not be read", async () => {
    await put({ "closed/a": "1", "open/b": "2", secret: "3" });
    await chmod(folder, 0o755);
    await chmod(join(root, "closed"), 0o000);
    await chmod(join(root, "secret"), 0o000);
    expect(skippedIn(await asNobody(() => mount()))).toEqual(["closed: unreadable", "secret: unreadable"]);
    await chmod(join(root, "closed"), 0o755);
  });

  it("paths that a workspace cannot name", async () => {
    const deep = Array.from({ length: 17 }, () => "d").join("/");
    await put({
      [`${deep}/f`]: "",
      ["x".repeat(81)]: "",
      "line\nbreak\u001b[2J": "",
      "trailing ": "",
      "fine name": "",
    });
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xff)]), "");
    const mounted = await mount();
    expect(pathsOf(mounted)).toEqual(["fine name"]);
    expect(mounted.skipped.map(({ path }) => path)).toEqual([
      deep,
      "line\\u{a}break\\u{1b}[2J",
      "trailing ",
      "x".repeat(81),
      "\uFFFD",
    ]);
    expect(new Set(mounted.skipped.map(({ reason }) => reason))).toEqual(new Set(["path"]));
  });

  it("what is over the limits", async () => {
    await put({ a: "12345", b: "123456", c: "1234" });
    expect(skippedIn(await mount({ maxFileBytes: 5 }))).toEqual(["b: file-too-large"]);
    const limited = await mount({ maxBytes: 10 });
    expect([pathsOf(limited), skippedIn(limited), limited.bytes]).toEqual([["a", "c"], ["b: total-too-large"], 9]);
    const few = await mount({ maxEntries: 2 });
    expect([pathsOf(few), skippedIn(few)]).toEqual([["a", "b"], ["c: too-many"]]);
  });
});

describe("folders that cannot be mounted", () => {
  it.each([
    ["", "Received no path."],
    ["missing", "Received nothing there."],
    ["file", "Received something that is no folder."],
    ["file/below", "Received nothing there."],
    ["loop", "Received ELOOP from the system."],
    ["a\0b", "Received no path."],
  ])("%j", async (name, problem) => {
    await writeFile(join(folder, "file"), "");
    await symlink("loop", join(folder, "loop"));
    await expect(mountHost({ root: name === "" ? "" : `${folder}/${name}` })).rejects.toMatchObject({
      code: "MOUNT_INVALID",
      message: expect.stringContaining(problem),
    });
  });

  it("one that may not be read", async () => {
    await chmod(folder, 0o755);
    await chmod(root, 0o000);
    await expect(asNobody(() => mount())).rejects.toMatchObject({ code: "MOUNT_INVALID" });
    await chmod(root, 0o755);
  });

  it("wrong options are refused before anything is read", async () => {
    await expect(mount({ include: ["[a"] })).rejects.toMatchObject({ code: "PATTERN_INVALID" });
    await expect(mount({ at: "a\0" })).rejects.toMatchObject({ code: "PATH_INVALID" });
    await expect(mount({ maxBytes: -1 })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(mount({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});

it("a directory that becomes a link while it is walked leads nowhere", async () => {
  await put({ "a/1": "", "d/inside": "", "z/last": "" });
  await mkdir(join(folder, "outside"));
  await writeFile(join(folder, "outside/secret"), "SECRET");
  await put(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`b/${index}`, "x"])));
  const mounting = mount();
  // The walk has listed the root and is somewhere in a or b.
  renameSync(join(root, "d"), join(root, "gone"));
  symlinkSync(join(folder, "outside"), join(root, "d"));
  const mounted = await mounting;
  expect(JSON.stringify(mounted)).not.toContain("SECRET");
  expect(pathsOf(mounted)).toContain("z/last");
  expect(skippedIn(mounted)).toEqual(["d: unreadable"]);
});

it("other work goes on, and an abort ends the walk", async () => {
  await put(Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`${index}`, "x"])));
  const controller = new AbortController();
  const mounting = mount({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(mounting).rejects.toThrow("enough");
});

/** Runs something without the rights of the superuser, to whom no file is closed. */
async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return await work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

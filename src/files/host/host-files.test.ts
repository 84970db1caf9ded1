import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../base/index.ts";
import { type HostFilesystem, type HostOptions, hostFiles } from "./host-files.ts";

let folder: string;
let root: string;
let fs: HostFilesystem;

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-host-")));
  root = join(folder, "root");
  put("a.txt", "a");
  put("d/b.txt", "b");
  mkdirSync(join(folder, "outside"));
  writeFileSync(join(folder, "outside/secret"), "SECRET");
  fs = await hostFiles({ root });
});
afterEach(async () => {
  await fs[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
}
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const sh = (command: string): void => void execFileSync("sh", ["-c", command], { cwd: root });
const refused = (code: ErrorCode, text = "") =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });
const reopen = async (options: Partial<HostOptions> = {}): Promise<HostFilesystem> => {
  await fs[Symbol.asyncDispose]();
  fs = await hostFiles({ root, ...options });
  return fs;
};

describe("what may not be touched", () => {
  it.each<[string, () => void, string]>([
    ["a link to a file outside", () => symlinkSync("../outside/secret", join(root, "x")), "x"],
    ["a link to a file inside", () => symlinkSync("a.txt", join(root, "x")), "x"],
    ["a link to a directory", () => symlinkSync("../outside", join(root, "x")), "x"],
    ["what is behind a link", () => symlinkSync("../outside", join(root, "x")), "x/secret"],
    ["what would be behind a link", () => symlinkSync("../outside", join(root, "x")), "x/new"],
    ["a link to nothing", () => symlinkSync("../outside/new", join(root, "x")), "x"],
    ["a link of the system", () => symlinkSync("/proc/self/root", join(root, "x")), "x/etc/passwd"],
    ["a file with another name", () => linkSync(join(folder, "outside/secret"), join(root, "x")), "x"],
    ["a pipe", () => void execFileSync("mkfifo", [join(root, "x")]), "x"],
    ["the history of git", () => put(".git/config", "[core]"), ".git/config"],
    ["the history of git in another spelling", () => put(".GIT/config", "[core]"), ".GIT/config"],
    ["a nested history", () => put("d/.git/HEAD", ""), "d/.git"],
    ["what is left out", () => put("node_modules/x/i.js", ""), "node_modules/x/i.js"],
  ])("%s is not read, written, moved or removed", async (_what, make, path) => {
    make();
    const tries: readonly (() => Promise<unknown>)[] = [
      () => fs.readText(path),
      () => fs.readBytes(path),
      () => fs.stat(path),
      () => fs.writeText(path, "x"),
      () => fs.writeText(path, "x", { mode: "append" }),
      () => fs.writeStream(path, [Buffer.from("x")]),
      () => fs.editText(path, () => "x"),
      () => fs.move(path, "y"),
      () => fs.move("a.txt", path),
      () => fs.remove(path, { recursive: true }),
      async () => {
        for await (const _ of fs.readStream(path));
      },
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toEqual(refused("PATH_FORBIDDEN"));
    await expect(fs.list(path)).rejects.toEqual(refused("PATH_FORBIDDEN"));
    expect(await fs.glob("**")).toEqual(["a.txt", "d/b.txt"]);
    expect((await fs.grep("SECRET|core")).matches).toEqual([]);
    expect(readFileSync(join(folder, "outside/secret"), "utf8")).toBe("SECRET");
    expect(readdirSync(join(folder, "outside"))).toEqual(["secret"]);
  });

  it("the error says why", async () => {
    symlinkSync("../outside", join(root, "x"));
    linkSync(join(folder, "outside/secret"), join(root, "h"));
    await expect(fs.readText("x/secret")).rejects.toEqual(
      refused("PATH_FORBIDDEN", "Received the symbolic link `x` on the way."),
    );
    await expect(fs.readText("h")).rejects.toEqual(refused("PATH_FORBIDDEN", "option `hardLinks` allows it"));
    await expect(fs.readText("node_modules/x")).rejects.toEqual(refused("PATH_FORBIDDEN", "option `exclude`"));
    await expect(fs.stat(".git")).rejects.toEqual(refused("PATH_FORBIDDEN", "belongs to git"));
  });

  it("is not listed, and a directory that holds some of it is not removed", async () => {
    put("d/.git/HEAD", "ref");
    symlinkSync("b.txt", join(root, "d/link"));
    expect((await fs.list("d")).map(({ path }) => path)).toEqual(["d/b.txt"]);
    await expect(fs.remove("d", { recursive: true })).rejects.toEqual(refused("PATH_FORBIDDEN", "d/.git"));
    await expect(fs.move("d", "e")).rejects.toEqual(refused("PATH_FORBIDDEN", "d/.git"));
    expect([read("d/.git/HEAD"), read("d/b.txt")]).toEqual(["ref", "b"]);
  });

  it("can be told otherwise: hard links and what is left out", async () => {
    linkSync(join(folder, "outside/secret"), join(root, "x"));
    put("node_modules/i.js", "1");
    await reopen({ hardLinks: true, exclude: [] });
    expect(await fs.readText("x")).toBe("SECRET");
    expect(await fs.readText("node_modules/i.js")).toBe("1");
    await fs.writeText("x", "mine");
    expect([read("x"), readFileSync(join(folder, "outside/secret"), "utf8")]).toEqual(["mine", "SECRET"]);
    await expect(fs.readText(".git/config")).rejects.toEqual(refused("PATH_FORBIDDEN"));
  });
});

describe("writing", () => {
  it("keeps permissions, and leaves nothing else behind", async () => {
    chmodSync(join(root, "a.txt"), 0o751);
    await fs.writeText("a.txt", "new");
    expect(statSync(join(root, "a.txt")).mode & 0o777).toBe(0o751);
    chmodSync(join(root, "d/b.txt"), 0o4755);
    const before = await fs.snapshot();
    await fs.writeText("d/b.txt", "new");
    expect(statSync(join(root, "d/b.txt")).mode & 0o7777).toBe(0o755);
    await fs.restore(before);
    expect(statSync(join(root, "d/b.txt")).mode & 0o7777).toBe(0o4755);
    await fs.writeText("d/e/new.txt", "x");
    expect(readdirSync(root)).toEqual(["a.txt", "d"]);
    expect(readdirSync(join(root, "d/e"))).toEqual(["new.txt"]);
  });

  it("takes back what a snapshot knew, permissions included, and leaves the rest", async () => {
    chmodSync(join(root, "a.txt"), 0o640);
    const before = await fs.snapshot();
    await fs.writeText("a.txt", "1");
    await fs.remove("d", { recursive: true });
    await fs.writeText("x/y", "2");
    put("theirs.txt", "stays");
    await fs.restore(before);
    expect([read("a.txt"), read("d/b.txt"), read("theirs.txt")]).toEqual(["a", "b", "stays"]);
    expect(statSync(join(root, "a.txt")).mode & 0o777).toBe(0o640);
    expect(existsSync(join(root, "x"))).toBe(false);
  });

  it("does not overwrite what others have changed unannounced, and says so", async () => {
    const before = await fs.snapshot();
    await fs.writeText("a.txt", "ours");
    await fs.writeText("d/b.txt", "ours");
    await fs.writeText("new/c.txt", "ours");
    put("a.txt", "theirs");
    put("new/theirs.txt", "theirs");
    await expect(fs.restore(before)).rejects.toEqual(refused("FILE_CHANGED", '"a.txt", "new"'));
    expect([read("a.txt"), read("d/b.txt"), read("new/theirs.txt")]).toEqual(["theirs", "b", "theirs"]);
    expect(existsSync(join(root, "new/c.txt"))).toBe(false);
  });

  it("is refused for what the system does not let us do, and nothing has changed", async () => {
    const before = await fs.snapshot();
    await expect(fs.writeText("a.txt/x", "")).rejects.toEqual(refused("FILE_NOT_DIRECTORY"));
    rmSync(root, { recursive: true });
    await expect(fs.writeText("a.txt", "")).rejects.toThrow();
    await expect(fs.list()).rejects.toEqual(refused("FILE_MISSING"));
    mkdirSync(root);
    await expect(fs.changes(before)).resolves.toEqual([]);
  });

  it("of a closed filesystem is refused", async () => {
    await fs[Symbol.asyncDispose]();
    await fs[Symbol.asyncDispose]();
    for (const use of [() => fs.writeText("a.txt", ""), () => fs.readText("a.txt"), () => fs.snapshot()])
      await expect(use()).rejects.toEqual(refused("RESOURCE_CLOSED", "closed"));
    expect(read("a.txt")).toBe("a");
  });
});

describe("changes by others", () => {
  it("are taken back to the byte, whatever the user's git says of them", async () => {
    put(".gitignore", "*.log\nbuild/\n");
    put(".gitattributes", "* text eol=crlf\n*.bin filter=lfs\n");
    put("x.log", "ignored");
    put("build/out.bin", Uint8Array.of(13, 10, 0, 255, 10));
    put("sub/f", "nested");
    execFileSync("git", ["init", "-q", join(root, "sub")]);
    execFileSync("git", ["init", "-q", root]);
    symlinkSync("/etc/passwd", join(root, "link"));
    mkdirSync(join(root, "empty/deep"), { recursive: true });
    chmodSync(join(root, "a.txt"), 0o755);
    const gits = (): string =>
      execFileSync("sh", ["-c", "find .git sub/.git -type f -exec sha1sum {} + | sort"], { cwd: root }).toString();
    const history = gits();
    const before = await fs.snapshot();
    await fs.changedOutside();
    sh("rm -r x.log build empty a.txt link; mkdir a.txt; echo 1 > a.txt/in; echo 2 > sub/f; touch new; mkdir -p n/m");
    expect(await fs.changes(before)).toEqual([
      { path: "a.txt", kind: "removed" },
      { path: "a.txt/in", kind: "added" },
      { path: "build/out.bin", kind: "removed" },
      { path: "link", kind: "removed" },
      { path: "new", kind: "added" },
      { path: "sub/f", kind: "modified" },
      { path: "x.log", kind: "removed" },
    ]);
    await fs.restore(before);
    expect([read("a.txt"), read("x.log"), read("sub/f")]).toEqual(["a", "ignored", "nested"]);
    expect([...readFileSync(join(root, "build/out.bin"))]).toEqual([13, 10, 0, 255, 10]);
    expect(readlinkSync(join(root, "link"))).toBe("/etc/passwd");
    expect([existsSync(join(root, "empty/deep")), existsSync(join(root, "n"))]).toEqual([true, false]);
    expect(statSync(join(root, "a.txt")).mode & 0o111).toBe(0o111);
    expect(gits()).toBe(history);
  });

  it("are taken back with their permissions", async () => {
    for (const [path, mode] of [
      ["a.txt", 0o600],
      ["d/b.txt", 0o640],
      ["d", 0o700],
    ] as const)
      chmodSync(join(root, path), mode);
    const before = await fs.snapshot();
    await fs.changedOutside();
    sh("echo 1 > a.txt; rm -r d");
    await fs.restore(before);
    const modes = ["a.txt", "d/b.txt", "d"].map((path) => statSync(join(root, path)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o640, 0o700]);
    await fs.changedOutside();
    sh("chmod 644 a.txt; chmod 755 d");
    expect(await fs.changes(before)).toEqual([{ path: "a.txt", kind: "modified" }]);
    await fs.restore(before);
    expect([statSync(join(root, "a.txt")).mode & 0o777, statSync(join(root, "d")).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
  });

  it("that cannot be kept are taken back all the same, and told", async () => {
    const before = await fs.snapshot();
    await fs.changedOutside();
    sh("echo 2 > a.txt; ln a.txt link; ln d/b.txt d/c.txt");
    expect(await fs.changes(before)).toEqual([
      { path: "a.txt", kind: "modified" },
      { path: "d/b.txt", kind: "modified" },
      { path: "d/c.txt", kind: "added" },
      { path: "link", kind: "added" },
    ]);
    await fs.restore(before);
    expect([read("a.txt"), read("d/b.txt"), readdirSync(root), readdirSync(join(root, "d"))]).toEqual([
      "a",
      "b",
      ["a.txt", "d"],
      ["b.txt"],
    ]);
    expect(await fs.changes(before)).toEqual([]);
    await reopen({ hardLinks: true });
    const allowed = await fs.snapshot();
    await fs.changedOutside();
    sh("echo 3 > a.txt; ln a.txt link");
    await fs.restore(allowed);
    expect([read("a.txt"), readdirSync(root)]).toEqual(["a", ["a.txt", "d"]]);
    await reopen();
    await fs.changedOutside();
    sh("ln a.txt link");
    await fs.snapshot();
    await expect(fs.changedOutside()).rejects.toEqual(refused("PATH_FORBIDDEN", "hard link"));
  });

  it("that somebody makes between two commands, unannounced, are not taken for theirs", async () => {
    await fs.changedOutside();
    sh("echo 1 > a.txt");
    await fs.snapshot();
    put("d/b.txt", "theirs");
    put("new.txt", "theirs");
    const before = await fs.snapshot();
    await fs.changedOutside();
    sh("echo 2 > a.txt");
    expect(await fs.changes(before)).toEqual([{ path: "a.txt", kind: "modified" }]);
    await fs.restore(before);
    expect([read("a.txt"), read("d/b.txt"), read("new.txt")]).toEqual(["1\n", "theirs", "theirs"]);
  });

  it("leave the edits of others in files of ours alone, also after more captures", async () => {
    const before = await fs.snapshot();
    await fs.writeText("a.txt", "ours");
    for (const round of ["1", "2"]) {
      await fs.changedOutside();
      sh(`echo ${round} > d/b.txt`);
      await fs.snapshot();
    }
    put("a.txt", "theirs");
    await expect(fs.restore(before)).rejects.toEqual(refused("FILE_CHANGED", '"a.txt"'));
    expect([read("a.txt"), read("d/b.txt")]).toEqual(["theirs", "b"]);
  });

  it("that nobody has announced are not overwritten, also in files that a command has changed before", async () => {
    const before = await fs.snapshot();
    await fs.changedOutside();
    sh("echo 1 > a.txt; echo 1 > d/b.txt; mkdir p; mkfifo p/pipe");
    await fs.changes(before);
    sh("echo theirs > a.txt");
    await expect(fs.restore(before)).rejects.toEqual(refused("FILE_CHANGED", '"a.txt", "p"'));
    expect([read("a.txt"), read("d/b.txt")]).toEqual(["theirs\n", "b"]);
  });

  it("leave what is left out alone", async () => {
    put("node_modules/i.js", "1");
    const before = await fs.snapshot();
    await fs.changedOutside();
    sh("echo 2 > node_modules/i.js; mkdir -p p/node_modules q/r/.git; touch p/node_modules/x p/y q/z");
    await fs.restore(before);
    expect(read("node_modules/i.js")).toBe("2\n");
    expect(readdirSync(join(root, "p"))).toEqual(["node_modules"]);
    expect(readdirSync(join(root, "q"), { recursive: true })).toEqual(["r", "r/.git"]);
  });

  it.each<[string, Partial<HostOptions>, string]>([
    ["is missing", { git: "/nowhere/git" }, "There is no program"],
    ["is broken", { git: "false" }, "ended with code 1"],
    ["talks nonsense", { git: "true" }, "git"],
  ])("are refused before they begin when git %s", async (_what, options, text) => {
    await reopen(options);
    await fs.writeText("a.txt", "1");
    await expect(fs.changedOutside()).rejects.toEqual(refused("SNAPSHOT_FAILED", text));
    const before = await fs.snapshot();
    await fs.writeText("a.txt", "2");
    await fs.restore(before);
    expect(read("a.txt")).toBe("1");
  });

  it("are not mixed up with files that cannot be kept", async () => {
    linkSync(join(folder, "outside/secret"), join(root, "x"));
    await expect(fs.changedOutside()).rejects.toEqual(refused("PATH_FORBIDDEN", "hard link"));
  });
});

describe("the state", () => {
  it("outlives the process: what was cut off is taken back by the next one", async () => {
    const state = join(folder, "state");
    await reopen({ state });
    const before = await fs.snapshot();
    await fs.writeText("a.txt", "1");
    await fs.changedOutside();
    sh("rm d/b.txt; touch new");
    await reopen({ state });
    const found = fs.findSnapshot(before.id);
    if (found === undefined) throw new Error("the snapshot is gone");
    await fs.restore(found);
    expect([read("a.txt"), read("d/b.txt"), existsSync(join(root, "new"))]).toEqual(["a", "b", false]);
    expect(fs.findSnapshot("other")).toBeUndefined();
    expect(lstatSync(state).mode & 0o777).toBe(0o700);
  });

  it("is used by one process at a time", async () => {
    const state = join(folder, "state");
    await reopen({ state });
    await expect(hostFiles({ root, state })).rejects.toEqual(refused("FILES_BUSY", state));
  });

  it("that cannot be used leaves nothing locked", async () => {
    const state = join(folder, "state");
    await reopen({ state });
    await fs.snapshot();
    await fs[Symbol.asyncDispose]();
    const log = join(state, "history.jsonl");
    writeFileSync(log, readFileSync(log, "utf8").replace("host-files", "others"));
    for (let time = 0; time < 2; time++) {
      await expect(hostFiles({ root, state })).rejects.toEqual(refused("SNAPSHOT_INVALID"));
    }
  });

  it("that nobody names does not lie among the files", async () => {
    await expect(hostFiles({ root: tmpdir() })).rejects.toEqual(refused("INPUT_INVALID", "temporary files"));
  });

  it("is that of one folder, lies apart from it, and is refused when it cannot be read", async () => {
    const state = join(folder, "state");
    await reopen({ state });
    await fs[Symbol.asyncDispose]();
    mkdirSync(join(folder, "other"));
    await expect(hostFiles({ root: join(folder, "other"), state })).rejects.toEqual(
      refused("SNAPSHOT_FOREIGN", "another folder"),
    );
    for (const inside of [join(root, "state"), folder, root]) {
      await expect(hostFiles({ root, state: inside })).rejects.toEqual(
        refused("INPUT_INVALID", "Received one that lies in theirs, or holds it."),
      );
    }
    expect(existsSync(join(root, "state"))).toBe(false);
    const log = join(state, "history.jsonl");
    const text = readFileSync(log, "utf8");
    for (const wrong of ["{}", "no JSON", '{"type":"touched","path":"../x","before":{"kind":"nothing"}}']) {
      writeFileSync(log, `${text}${wrong}\n`);
      await expect(hostFiles({ root, state })).rejects.toEqual(refused("SNAPSHOT_INVALID", "line 2"));
    }
    writeFileSync(log, text.replace('"version":1', '"version":2'));
    await expect(hostFiles({ root, state })).rejects.toEqual(refused("SNAPSHOT_NEWER", "version 2"));
    writeFileSync(log, `${text}{"type":"snaps`);
    await reopen({ state });
  });
});

it("refuses a root that is none", async () => {
  for (const wrong of [join(folder, "none"), join(root, "a.txt"), ""]) {
    await expect(hostFiles({ root: wrong })).rejects.toEqual(refused("MOUNT_INVALID"));
  }
});

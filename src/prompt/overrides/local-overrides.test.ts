import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type Clock, sha256 } from "../../base/index.ts";
import { createFakeClock, watchOpenResources } from "../../testing/index.ts";
import { bodiesOf, latest, withBody } from "./conformance-case.ts";
import { findOverridesRoot, localOverrides } from "./index.ts";

let root: string;
let folder: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wink-overrides-"));
  folder = join(root, ".weakincentives/prompts/overrides");
  path = join(folder, "webapp/agents/welcome/latest.json");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const store = (clock?: Clock) => localOverrides({ root, ...(clock === undefined ? {} : { clock }) });
const put = (text: string | Uint8Array, at = path): void => {
  mkdirSync(join(at, ".."), { recursive: true });
  writeFileSync(at, text);
};

/** Everything below the folder of overrides. */
const names = (): readonly string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

describe("the files", () => {
  test("lie by namespace, key and tag, with the ordinary permissions, and nothing lies beside them but the lock", async () => {
    await store().update(latest, withBody("a.b", "é"));
    expect(readFileSync(path, "utf8")).toContain('"a/b": {\n      "body": "\\u00e9"');
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
    expect(names()).toEqual([
      ".lock",
      "webapp",
      "webapp/agents",
      "webapp/agents/welcome",
      "webapp/agents/welcome/latest.json",
    ]);
    expect(statSync(join(folder, ".lock")).size).toBe(0);
  });

  test("are not touched when an update changes nothing", async () => {
    await store().update(latest, withBody("a", "x"));
    const before = statSync(path);
    await store().update(latest, withBody("a", "x"));
    expect(statSync(path).ino).toBe(before.ino);
    await store().update(latest, withBody("a", "y"));
    expect(statSync(path).ino).not.toBe(before.ino);
  });

  test("are not made by reading, listing and deleting", async () => {
    await store().load(latest);
    await store().list();
    await store().delete(latest);
    expect(readdirSync(root)).toEqual([]);
  });

  test("are listed with path, hash and time, and what has another name is passed over", async () => {
    await store().update(latest, withBody("a", "x"));
    for (const other of ["README.md", "webapp/x.json", "Webapp/agents/welcome/a.json", "webapp/agents/welcome/A.json"])
      put("{}", join(folder, other));
    put("{", join(folder, "webapp/agents/welcome/broken.json"));
    put("\xff", join(folder, "webapp/agents/welcome/old.json"));
    writeFileSync(join(folder, "webapp/agents/welcome/bytes.json"), Uint8Array.of(0xff));
    const listed = await store().list();
    expect(listed.map(({ tag }) => tag)).toEqual(["broken", "bytes", "latest", "old"]);
    const [broken, bytes, good] = listed;
    expect(good).toEqual({
      ...latest,
      path,
      modified: statSync(path).mtimeMs,
      sha256: sha256(readFileSync(path, "utf8")),
      sections: 1,
      tools: 0,
    });
    expect(broken).toMatchObject({ sections: 0, tools: 0, sha256: sha256("{") });
    expect(broken?.problem).toContain("broken.json: The file is not JSON");
    expect(bytes?.problem).toContain("bytes.json: The file is not text");
  });

  test("a wait for the listing can be ended", async () => {
    await store().update(latest, withBody("a", "x"));
    const controller = new AbortController();
    const listing = store().list({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(listing).rejects.toThrow("enough");
  });
});

describe("what cannot be used is told with its path", () => {
  test.each([
    ["empty", "", "The file is not JSON"],
    ["cut off", '{"version": 2', "The file is not JSON"],
    ["a list", "[]", "The file is not a file of overrides"],
    ["not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "The file is not text"],
    ["too large", new Uint8Array(4 * 1024 * 1024 + 1).fill(0x20), "The file is too large"],
  ])("a file that is %s, which no update replaces", async (_what, content, problem) => {
    put(content);
    for (const work of [store().load(latest), store().update(latest, withBody("a", "x"))]) {
      const error = await rejectionOf(work);
      expect(error.code).toBe("OVERRIDES_INVALID");
      expect(error.message).toContain(`${path}: ${problem}`);
      expect(error.details).toMatchObject({ file: path });
    }
    expect(readFileSync(path).equals(Buffer.from(content as string))).toBe(true); // as: Buffer.from takes bytes as well
    await store().delete(latest);
    expect(existsSync(path)).toBe(false);
  });

  test("a file with a byte order mark is read", async () => {
    await store().update(latest, withBody("a", "x"));
    put(`\ufeff${readFileSync(path, "utf8")}`);
    expect(bodiesOf(await store().load(latest))).toEqual({ a: "x" });
  });

  test("a folder in the place of a file", async () => {
    mkdirSync(path, { recursive: true });
    for (const work of [store().load(latest), store().update(latest, withBody("a", "x")), store().delete(latest)]) {
      const error = await rejectionOf(work);
      expect(error.code).toBe("OVERRIDES_INVALID");
      expect(error.message).toContain(path);
    }
    expect(await store().list()).toEqual([]);
  });

  test("a file in the place of a folder", async () => {
    put("x", join(folder, "webapp"));
    for (const work of [store().load(latest), store().update(latest, withBody("a", "x"))])
      expect((await rejectionOf(work)).message).toContain(`${folder}/webapp/agents/welcome`);
    put("x", join(root, "file"));
    const below = localOverrides({ root: join(root, "file") });
    expect((await rejectionOf(below.update(latest, withBody("a", "x")))).message).toContain("file/.weakincentives");
  });

  test("a root that is not there", async () => {
    const nowhere = localOverrides({ root: join(root, "nowhere") });
    for (const work of [nowhere.load(latest), nowhere.update(latest, withBody("a", "x")), nowhere.list()])
      expect((await rejectionOf(work)).message).toContain("nowhere: It cannot be read: ENOENT");
  });

  test("a folder in which nothing can be made", async () => {
    if (!existsSync("/proc/self")) return;
    const error = await rejectionOf(localOverrides({ root: "/proc/self" }).update(latest, withBody("a", "x")));
    expect(error.code).toBe("OVERRIDES_INVALID");
    expect(error.message).toContain("/.weakincentives");
  });

  test("a folder that may only be read, and a file that may not be read", async () => {
    await store().update(latest, withBody("a", "x"));
    const closed = join(folder, "webapp/agents/welcome/closed.json");
    put("{}", closed);
    chmodSync(closed, 0);
    chmodSync(root, 0o755);
    const folders = [folder, join(folder, "webapp/agents/welcome")];
    for (const one of folders) chmodSync(one, 0o555);
    await asNobody(async () => {
      const error = await rejectionOf(store().update(latest, withBody("a", "y")));
      expect(error.code).toBe("OVERRIDES_INVALID");
      expect(error.message).toMatch(/latest\.json: It cannot be written: EACCES|\.lock: It cannot be locked/);
      expect((await rejectionOf(store().delete(latest))).message).toContain(folder);
      expect(bodiesOf(await store().load(latest))).toEqual({ a: "x" });
      const unreadable = await rejectionOf(store().load({ ...latest, tag: "closed" }));
      expect(unreadable.message).toContain(`${closed}: It cannot be read: EACCES`);
      const [first] = await store().list();
      expect(first).toMatchObject({ tag: "closed", sha256: undefined, problem: expect.stringContaining("EACCES") });
    });
    for (const one of folders) chmodSync(one, 0o755);
  });
});

describe("symbolic links lead nowhere", () => {
  let outside: string;
  beforeEach(async () => {
    await store().update(latest, withBody("a", "x"));
    outside = mkdtempSync(join(tmpdir(), "wink-outside-"));
    for (const below of ["", "welcome", "agents/welcome", "webapp/agents/welcome"])
      put(readFileSync(path), join(outside, below, "latest.json"));
  });
  afterEach(() => rmSync(outside, { recursive: true }));

  async function refused(): Promise<void> {
    for (const work of [store().load(latest), store().update(latest, withBody("a", "y"))]) {
      const error = await rejectionOf(work);
      expect(error.code).toBe("OVERRIDES_INVALID");
      expect(error.message).toContain("symbolic link");
    }
    unchanged();
  }
  function unchanged(): void {
    const files = readdirSync(outside, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("."));
    expect(files).toHaveLength(4);
    for (const file of files) expect(readFileSync(join(outside, file), "utf8")).toContain('"body": "x"');
  }

  test("in the place of a file", async () => {
    rmSync(path);
    symlinkSync(join(outside, "latest.json"), path);
    await refused();
    await store().delete(latest);
    expect([existsSync(path), existsSync(join(outside, "latest.json"))]).toEqual([false, true]);
  });

  test.each(["webapp/agents/welcome", "webapp", ""])("in the place of the folder %j", async (name) => {
    const there = join(folder, name);
    renameSync(there, `${there}-old`);
    symlinkSync(outside, there);
    await refused();
    if (name.endsWith("welcome"))
      expect((await rejectionOf(store().delete(latest))).message).toContain("symbolic link");
  });

  test("to nowhere", async () => {
    rmSync(folder, { recursive: true });
    symlinkSync(join(outside, "none"), folder);
    expect((await rejectionOf(store().update(latest, withBody("a", "y")))).code).toBe("OVERRIDES_INVALID");
    unchanged();
  });

  test("are no files in a list", async () => {
    symlinkSync(join(outside, "latest.json"), join(folder, "webapp/agents/welcome/other.json"));
    symlinkSync(outside, join(folder, "webapp/agents/elsewhere"));
    expect((await store().list()).map(({ tag, problem }) => [tag, problem === undefined])).toEqual([
      ["latest", true],
      ["other", false],
    ]);
  });

  test("but the root may be reached over one", async () => {
    symlinkSync(root, join(outside, "root"));
    const linked = localOverrides({ root: join(outside, "root") });
    expect(bodiesOf(await linked.load(latest))).toEqual({ a: "x" });
    expect(bodiesOf(await linked.update(latest, withBody("b", "y")))).toEqual({ a: "x", b: "y" });
  });
});

describe("the lock", () => {
  /** What another process that writes holds. */
  function held(): DatabaseSync {
    const database = new DatabaseSync(join(folder, ".lock"));
    database.exec("BEGIN IMMEDIATE");
    return database;
  }
  beforeEach(() => mkdirSync(folder, { recursive: true }));

  test("is waited for, and readers do not wait", async () => {
    const clock = createFakeClock();
    const other = held();
    const updating = store(clock).update(latest, withBody("a", "x"));
    await clock.advanceAsync(1_000);
    expect(clock.pending()).toBe(1);
    expect(await store(clock).load(latest)).toBeUndefined();
    expect(await store(clock).list()).toEqual([]);
    other.close();
    await clock.advanceAsync(10);
    expect(bodiesOf(await updating)).toEqual({ a: "x" });
    expect(clock.pending()).toBe(0);
  });

  test("that is never let go of ends the wait with OVERRIDES_BUSY", async () => {
    const clock = createFakeClock();
    using _other = held();
    const ends = [store(clock).update(latest, withBody("a", "x")), store(clock).update(latest, withBody("b", "x"))];
    const errors = ends.map(rejectionOf);
    await clock.advanceAsync(100);
    expect(clock.pending()).toBe(2);
    clock.advance(29_900);
    await clock.advanceAsync(0);
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({ code: "OVERRIDES_BUSY", retryable: true });
      expect(error.message).toContain(join(folder, ".lock"));
    }
    expect(existsSync(path)).toBe(false);
  });

  test("an abort ends the wait, and nothing is left open", async () => {
    const clock = createFakeClock();
    const other = held();
    await using _watch = watchOpenResources();
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [store(clock).update(latest, withBody("a", "x"), { signal })];
    const ends = Promise.allSettled(waits);
    await clock.advanceAsync(5);
    controller.abort(new Error("enough"));
    expect(await ends).toMatchObject([{ status: "rejected", reason: { message: "enough" } }]);
    expect(clock.pending()).toBe(0);
    other.close();
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    ["a database", () => new DatabaseSync(join(folder, ".lock")).exec("CREATE TABLE t (a)")],
    ["a text", () => writeFileSync(join(folder, ".lock"), "x")],
    ["a link", () => symlinkSync(join(root, "elsewhere"), join(folder, ".lock"))],
    ["a folder", () => mkdirSync(join(folder, ".lock"))],
  ])("is no file that somebody else has put there: %s", async (_what, plant) => {
    plant();
    const error = await rejectionOf(store().update(latest, withBody("a", "x")));
    expect(error.message).toContain(`${folder}/.lock: This is not a lock of overrides`);
    expect(existsSync(join(root, "elsewhere"))).toBe(false);
  });

  test("a temporary file that a dead writer left, or somebody planted, is no obstacle", async () => {
    put("secret", join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(folder, ".unfinished"));
    await store().update(latest, withBody("a", "x"));
    put("half a fi", join(folder, ".unfinished"));
    await store().update(latest, withBody("b", "y"));
    expect(bodiesOf(await store().load(latest))).toEqual({ a: "x", b: "y" });
    expect(names().filter((name) => name.startsWith("."))).toEqual([".lock"]);
    expect(readFileSync(join(root, "elsewhere"), "utf8")).toBe("secret");
  });
});

describe("findOverridesRoot", () => {
  test("finds the nearest folder with .git, a folder or a file, from a folder up", () => {
    mkdirSync(join(root, "a/b/c"), { recursive: true });
    mkdirSync(join(root, ".git"));
    put("gitdir: elsewhere", join(root, "a/b/.git"));
    const found = ["", "a", "a/b", "a/b/c", "a/b/c/not-there"].map((from) => findOverridesRoot(join(root, from)));
    expect(found).toEqual([root, root, join(root, "a/b"), join(root, "a/b"), join(root, "a/b")]);
  });

  test("finds nothing where there is none", () => {
    expect(findOverridesRoot("/")).toBeUndefined();
  });
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

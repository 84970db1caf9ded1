import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { createFakeClock } from "../testing/index.ts";
import { FileLock, longestWait } from "./file-lock.ts";

const root = await mkdtemp(join(tmpdir(), "wink-lock-"));
afterAll(() => rm(root, { recursive: true }));
let files = 0;
const newPath = (): string => join(root, `${files++}.lock`);

const clock = createFakeClock();
const open = (path: string): Promise<FileLock> =>
  FileLock.open(path, {
    clock,
    busy: (at) => new Error(`busy ${at}`),
    foreign: (at) => new Error(`foreign ${at}`),
    failed: (at, cause) =>
      cause instanceof Error && cause.message.startsWith("foreign") ? cause : new Error(`failed ${at}`),
  });

/** Holds a lock as another process would, until disposed. */
function held(path: string): Disposable {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  return { [Symbol.dispose]: () => other.close() };
}

test("work runs under the lock, and what it gives or throws comes back; the lock is let go of either way", async () => {
  const path = newPath();
  using lock = await open(path);
  using other = await open(path);
  const taken = (): boolean => {
    try {
      held(path)[Symbol.dispose]();
      return false;
    } catch {
      return true;
    }
  };
  expect(await lock.hold(() => [taken(), 7])).toEqual([true, 7]);
  expect(taken()).toBe(false);
  await expect(
    lock.hold(() => {
      throw new Error("mine");
    }),
  ).rejects.toThrow("mine");
  expect(taken()).toBe(false);
  expect(await other.hold(() => "again")).toBe("again");
  expect(readFileSync(path).length).toBe(0);
});

test("one that another holds is waited for, a few milliseconds at a time", async () => {
  const path = newPath();
  using lock = await open(path);
  let isDone = false;
  let waiting: Promise<void>;
  {
    using _held = held(path);
    waiting = lock.hold(() => {
      isDone = true;
    });
    await clock.advanceAsync(100);
    expect([isDone, clock.pending()]).toEqual([false, 1]);
  }
  await clock.advanceAsync(10);
  await waiting;
  expect(isDone).toBe(true);
});

test("a wait ends after 30 seconds, or with its signal", async () => {
  expect(longestWait).toBe(30_000);
  const path = newPath();
  using lock = await open(path);
  using _held = held(path);
  const ended = expect(lock.hold(() => 1)).rejects.toThrow(`busy ${path}`);
  await clock.advanceAsync(29_900);
  expect(clock.pending()).toBe(1);
  await clock.advanceAsync(200);
  await ended;
  const controller = new AbortController();
  const aborted = expect(lock.hold(() => 1, controller.signal)).rejects.toThrow("enough");
  await clock.advanceAsync(5);
  controller.abort(new Error("enough"));
  await aborted;
  await expect(lock.hold(() => 1, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
  expect(clock.pending()).toBe(0);
});

test("what is no empty file is foreign, and stays as it is", async () => {
  const [content, folder, link] = [newPath(), newPath(), newPath()];
  writeFileSync(content, "mine");
  mkdirSync(folder);
  symlinkSync(newPath(), link);
  for (const path of [content, folder, link]) await expect(open(path)).rejects.toThrow(`foreign ${path}`);
  expect(readFileSync(content, "utf8")).toBe("mine");
});

test("an empty file of several names is a lock like any other", async () => {
  const path = newPath();
  writeFileSync(path, "");
  linkSync(path, newPath());
  using lock = await open(path);
  expect(await lock.hold(() => 1)).toBe(1);
});

test("what the system refuses is told with the path", async () => {
  const path = join(root, "none", "x.lock");
  await expect(open(path)).rejects.toThrow(`failed ${path}`);
});

test("a file that was deleted is made anew; with its folder gone the lock fails", async () => {
  const folder = join(root, `${files++}`);
  mkdirSync(folder);
  const path = join(folder, ".lock");
  using lock = await open(path);
  rmSync(path);
  expect(await lock.hold(() => 1)).toBe(1);
  rmSync(folder, { recursive: true });
  await expect(lock.hold(() => 1)).rejects.toThrow(`failed ${path}`);
});

test("a lock may be closed twice", async () => {
  const lock = await open(newPath());
  lock[Symbol.dispose]();
  lock[Symbol.dispose]();
  using _again = await open(newPath());
});

/** What a store does when the system refuses, at each place where it may. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { rejectionOf, thrownBy } from "../../../test/support/thrown-by.ts";
import { append, index, slice, upsert } from "../index.ts";
import { jsonlStore, type SliceStore } from "./index.ts";

/** How many more calls of a function of `node:fs` succeed; all, when it is not named. And how often each was called. */
const faults = vi.hoisted(() => ({ left: new Map<string, number>(), calls: new Map<string, number>(), partly: false }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const failing = (name: string): Error | undefined => {
    faults.calls.set(name, (faults.calls.get(name) ?? 0) + 1);
    const left = faults.left.get(name);
    if (left === undefined) return undefined;
    faults.left.set(name, left - 1);
    return left > 0 ? undefined : Object.assign(new Error(`EIO: ${name} failed`), { code: "EIO" });
  };
  const guarded = <Args extends unknown[], Result>(name: string, real: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      const error = failing(name);
      if (error !== undefined) throw error;
      return real(...args);
    };
  };
  return {
    ...fs,
    fdatasyncSync: guarded("fdatasyncSync", fs.fdatasyncSync),
    fsyncSync: guarded("fsyncSync", fs.fsyncSync),
    ftruncateSync: guarded("ftruncateSync", fs.ftruncateSync),
    renameSync: guarded("renameSync", fs.renameSync),
    fdatasync: (handle: number, done: (error: Error | null) => void) => {
      const error = failing("fdatasync");
      if (error !== undefined) process.nextTick(done, error);
      else fs.fdatasync(handle, done);
    },
    writeSync: (handle: number, bytes: Buffer, from?: number) => {
      const error = failing("writeSync");
      if (error === undefined) return fs.writeSync(handle, bytes, from);
      if (faults.partly) fs.writeSync(handle, bytes, from, bytes.length >> 1);
      throw error;
    },
  };
});

const root = await mkdtemp(join(tmpdir(), "wink-faulty-"));
afterAll(() => rm(root, { recursive: true }));
afterEach(() => {
  faults.left.clear();
  faults.partly = false;
});
let folders = 0;
const folder = (): string => join(root, `${folders++}`);
const called = (name: string): number => faults.calls.get(name) ?? 0;

const notes = slice({ name: "notes", item: z.string(), reducers: () => [] });
const first = (text: string): string => text[0] ?? "";
const byFirst = index("first", first);
const indexed = slice({ name: "notes", item: z.string(), indexes: [byFirst], reducers: () => [] });
const textOf = (directory: string): string => readFileSync(join(directory, "notes.jsonl"), "utf8");
const closingOf = (store: SliceStore): Promise<unknown> => Promise.resolve(store[Symbol.asyncDispose]());

describe("a failed sync", () => {
  test("ends the store: nobody knows what has reached the disk", async () => {
    const directory = folder();
    const store = await jsonlStore(notes, { directory, durability: "sync" });
    store.apply(append("a"));
    faults.left.set("fdatasync", 0);
    const flushed = rejectionOf(store.flush());
    const queued = [rejectionOf(store.compact()), rejectionOf(store.refresh())];
    expect(await flushed).toMatchObject({ code: "STORE_FAILED", details: { path: join(directory, "notes.jsonl") } });
    const why =
      'store of slice "notes": A write failed of which nobody knows whether it has reached the disk. Open the store anew.';
    for (const error of await Promise.all(queued)) expect([error.code, error.message]).toEqual(["STORE_CLOSED", why]);
    expect(thrownBy(() => store.apply(append("b"))).message).toBe(why);
    expect((await rejectionOf(store.flush())).message).toBe(why);
    await closingOf(store);
    await using again = await jsonlStore(notes, { directory });
    expect(again.view().all()).toEqual(["a"]);
  });

  test("during which more was applied is told when the store is closed", async () => {
    const store = await jsonlStore(notes, { directory: folder(), durability: "sync" });
    store.apply(append("a"));
    faults.left.set("fdatasync", 0);
    const flushed = rejectionOf(store.flush());
    await Promise.resolve();
    await Promise.resolve();
    store.apply(append("late"));
    await flushed;
    expect((await rejectionOf(closingOf(store))).code).toBe("STORE_CLOSED");
  });

  test("of the folder's list counts too, once a file", async () => {
    const directory = folder();
    const store = await jsonlStore(notes, { directory, durability: "sync" });
    const syncs = called("fsyncSync");
    store.apply(append("a"));
    await store.flush();
    expect(called("fsyncSync")).toBe(syncs);
    faults.left.set("fsyncSync", 0);
    expect((await rejectionOf(store.compact())).code).toBe("STORE_FAILED");
    expect(thrownBy(() => store.apply(append("b"))).code).toBe("STORE_CLOSED");
    await closingOf(store);
  });

  test.each([
    ["none", 0],
    ["flush", 0],
    ["sync", 1],
  ] as const)("can only be with durability sync: %s", async (durability, expected) => {
    const before = [called("fdatasync"), called("fsyncSync")] as const;
    await using store = await jsonlStore(notes, { directory: folder(), durability });
    expect([called("fdatasync") - before[0], called("fsyncSync") - before[1]]).toEqual([expected, expected]);
    store.apply(append("a"));
    await store.flush();
    await store.refresh();
    expect(called("fdatasync") - before[0]).toBe(2 * expected);
  });
});

describe("a write that breaks off", () => {
  test("is taken back, and written again by the next flush", async () => {
    const directory = folder();
    await using store = await jsonlStore(notes, { directory });
    store.apply(append("a"));
    const before = textOf(directory);
    faults.partly = true;
    faults.left.set("writeSync", 0);
    const error = await rejectionOf(store.flush());
    expect(error.message).toContain(
      "The file of the slice cannot be used. Expected a file that can be read and written. Received EIO: writeSync failed.",
    );
    expect(textOf(directory)).toBe(before);
    faults.left.clear();
    store.apply(append("b"));
    await store.flush();
    expect(textOf(directory)).toBe(`${before}{"append":["a"]}\n{"append":["b"]}\n`);
  });

  test("and cannot be taken back ends the store", async () => {
    const directory = folder();
    const store = await jsonlStore(notes, { directory });
    store.apply(append("a".repeat(100)));
    faults.partly = true;
    faults.left.set("writeSync", 0).set("ftruncateSync", 0);
    expect((await rejectionOf(store.flush())).code).toBe("STORE_FAILED");
    faults.left.clear();
    const error = await rejectionOf(store.flush());
    expect(error.message).toContain("A write broke off, and what there is of it could not be taken back");
    expect((await rejectionOf(closingOf(store))).code).toBe("STORE_CLOSED");
    await using again = await jsonlStore(notes, { directory });
    expect(again.view().length).toBe(0);
  });
});

describe("a file that cannot be written anew", () => {
  test.each(["fdatasyncSync", "renameSync", "writeSync"])(
    "because of %s stays as it is, and leaves nothing behind",
    async (name) => {
      const directory = folder();
      await using store = await jsonlStore(notes, { directory });
      store.apply(append("a"));
      await store.flush();
      const before = textOf(directory);
      faults.left.set(name, 0);
      expect((await rejectionOf(store.compact())).message).toContain(`EIO: ${name} failed`);
      expect(textOf(directory)).toBe(before);
      expect(readdirSync(directory).sort()).toEqual([".lock", "notes.jsonl"]);
      faults.left.clear();
      await store.compact();
      expect(textOf(directory)).toMatch(/"written".*\n\{"append":\["a"\]\}\n$/);
    },
  );

  test("by itself is appended to", async () => {
    const directory = folder();
    await using store = await jsonlStore(indexed, { directory });
    for (let n = 0; n < 1_003; n++) store.apply(upsert(byFirst, `a${n}`));
    await store.flush();
    const lines = textOf(directory).split("\n").length;
    faults.left.set("renameSync", 0);
    store.apply(upsert(byFirst, "a-last"));
    await store.flush();
    expect(textOf(directory).split("\n").length).toBe(lines + 1);
    faults.left.clear();
    store.apply(upsert(byFirst, "a-anew"));
    await store.flush();
    expect(textOf(directory).split("\n").slice(1)).toEqual(['{"append":["a-anew"]}', ""]);
  });
});

describe.skipIf(process.platform !== "linux")("descriptors", () => {
  const open = (): number => readdirSync("/proc/self/fd").length;

  test("are closed with the store, when opening fails, and when another file takes the place", async () => {
    const directory = folder();
    await (await jsonlStore(notes, { directory }))[Symbol.asyncDispose](); // what is loaded once stays open
    const before = open();
    const store = await jsonlStore(notes, { directory });
    await using other = await jsonlStore(notes, { directory });
    const two = open();
    for (let n = 0; n < 5; n++) {
      other.apply(append("a"));
      await other.compact();
      await store.refresh();
    }
    faults.left.set("renameSync", 0);
    await rejectionOf(other.compact());
    faults.left.clear();
    expect(open()).toBe(two);
    await store[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    expect(open()).toBe(before);
    appendFileSync(join(directory, "notes.jsonl"), "garbage\n");
    await rejectionOf(jsonlStore(notes, { directory }));
    expect(open()).toBe(before);
  });

  test("are closed when another file cannot be read", async () => {
    const directory = folder();
    await using store = await jsonlStore(notes, { directory });
    const before = open();
    const path = join(directory, "notes.jsonl");
    await rm(path);
    writeFileSync(path, "garbage\n");
    for (let n = 0; n < 3; n++) expect((await rejectionOf(store.refresh())).code).toBe("STORE_INVALID");
    expect(open()).toBe(before);
    await rm(path);
    await store.compact();
  });
});

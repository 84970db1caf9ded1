/** The words of errors, and places that few files reach. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { rejectionOf, thrownBy } from "../../../test/support/thrown-by.ts";
import { createFakeClock } from "../../testing/index.ts";
import { append, clear, extend, index, renew, slice, upsert } from "../index.ts";
import { jsonlStore, memoryStore, type SliceStore } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "wink-details-"));
afterAll(() => rm(root, { recursive: true }));
let folders = 0;

const shape = z.object({ key: z.string(), n: z.int() });
type Item = z.infer<typeof shape>;
const byN = index("n", ({ n }: Item) => n, { ordered: true });
const byKey = index("key", ({ key }: Item) => key, { unique: true });
const plain = slice<Item>({ name: "plain", item: shape, reducers: () => [] });
const indexed = slice<Item>({ name: "plain", item: shape, indexes: [byN, byKey], reducers: () => [] });
const header = '{"format":"weakincentives/slice","version":1,"slice":"plain","items":1}\n';
const fix = "Look at the line that the message names; nothing was overwritten. Mend or move the file away.";

/** A folder with a file of this text. */
function folderOf(text: string): { directory: string; file: string } {
  const directory = join(root, `${folders++}`);
  mkdirSync(directory);
  const file = join(directory, "plain.jsonl");
  writeFileSync(file, text);
  return { directory, file };
}

/** A file whose lines were written at once, as the header says with the right checksum. */
function blockOf(lines: readonly string[], items = 1): string {
  const body = lines.map((line) => `${line}\n`).join("");
  const written = { bytes: Buffer.byteLength(body), lines: lines.length, crc32: crc32(body, lines.length) };
  return `${JSON.stringify({ format: "weakincentives/slice", version: 1, slice: "plain", items, written })}\n${body}`;
}

const line = (key: string, n: number): string => JSON.stringify({ append: [{ key, n }] });
const items = (store: SliceStore<Item>): readonly string[] =>
  store
    .view()
    .all()
    .map(({ key, n }) => `${key}${n}`);

describe("the words of an error", () => {
  test.each([
    [
      "garbage",
      `${header}nonsense\n`,
      (file: string) =>
        `${file}, line 2: The line is no operation: unexpected "o" in JSON at column 2. Expected a line such as {"append":[{"path":"a"}]}. Received string "nonsense". Mend the line or take it out; nothing was changed.`,
    ],
    [
      "another text",
      "my own notes\n",
      (file: string) =>
        `${file}, line 1: The file is none of a slice. Expected a first line with "format":"weakincentives/slice". Received string "my own notes". Open the store in another folder, or move the file away.`,
    ],
    [
      "an index that is gone",
      `${header}{"upsert":[],"index":"path"}\n`,
      (file: string) =>
        `${file}, line 2: The line needs an index that the slice does not declare any more. Expected one of its indexes. Received "path". Declare the index again, and write the file anew with \`compact\`.`,
    ],
  ])("for %s", async (_what, text, message) => {
    const { directory, file } = folderOf(text);
    expect((await rejectionOf(jsonlStore(plain, { directory }))).message).toBe(message(file));
  });

  test("for a folder in the place of the file", async () => {
    const { directory, file } = folderOf(header);
    rmSync(file);
    mkdirSync(file);
    expect((await rejectionOf(jsonlStore(plain, { directory }))).message).toBe(
      `${file}: This is no file. Expected a file, or nothing. Received a folder. Mend the cause and try again: what was not written yet is still held by the open store.`,
    );
  });

  test("for something else than a lock", async () => {
    const { directory } = folderOf(header);
    const path = join(directory, ".lock");
    writeFileSync(path, "mine");
    expect((await rejectionOf(jsonlStore(plain, { directory }))).message).toBe(
      `${path}: This is not the lock of a slice store. Expected an empty file, or none. Received something else. Delete it.`,
    );
  });

  test("for a lock that another process holds", async () => {
    const { directory } = folderOf(header);
    const path = join(directory, ".lock");
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const clock = createFakeClock();
    const opening = rejectionOf(jsonlStore(plain, { directory, clock }));
    for (let second = 0; second < 31; second++) await clock.advanceAsync(1_000);
    const error = await opening;
    expect(error).toMatchObject({ code: "STORE_BUSY", retryable: true });
    expect(error.message).toBe(
      `${path}: Another process writes to the folder. Expected one that is done after a few milliseconds. Received one that has held the lock for 30 seconds. Look whether a process hangs; when it ends, the system lets go of its lock.`,
    );
  });

  test("for a lock that is let go of in time there is none", async () => {
    const { directory } = folderOf(header);
    using other = new DatabaseSync(join(directory, ".lock"));
    other.exec("BEGIN IMMEDIATE");
    const clock = createFakeClock();
    const opening = jsonlStore(plain, { directory, clock });
    await clock.advanceAsync(1_000);
    other.exec("ROLLBACK");
    await clock.advanceAsync(1_000);
    await using store = await opening;
    expect(store.view().length).toBe(0);
  });

  test("for a file that was cut", async () => {
    const text = `${header}${line("a", 1)}\n${line("b", 2)}\n`;
    const { directory, file } = folderOf(text);
    await using store = await jsonlStore(plain, { directory });
    writeFileSync(file, header);
    expect((await rejectionOf(store.refresh())).message).toBe(
      `${file}, line 3: The file has become shorter: another program has changed it. Expected ${text.length} bytes or more. Received ${header.length} bytes. Open the store anew to take that in; or \`compact\` writes the file anew, with all that this store holds.`,
    );
    await store.compact();
  });

  test("for items that do not fit the indexes, of the key or without one", async () => {
    const { directory, file } = folderOf(`${header}${line("a", 1)}\n${line("a", 2)}\n`);
    await using store = await jsonlStore(indexed, { directory });
    const error = thrownBy(() => store.view().first(byKey, "a"));
    expect(error.message).toBe(
      `${file}, slice "plain", index "key": The items of the file do not fit: An item with this key is there already. Expected a key that no other item has. Received "a". ${fix}`,
    );
    expect(error.details).toEqual({ path: file });
    const odd = index("odd", (): string => {
      throw new Error("no key");
    });
    const broken = slice<Item>({ name: "plain", item: shape, indexes: [odd], reducers: () => [] });
    await using other = await jsonlStore(broken, { directory });
    expect(thrownBy(() => other.view().first(odd, "a")).code).toBe("REDUCER_FAILED");
  });

  test("for a closed store", async () => {
    const store = memoryStore(plain);
    const commit = store.prepare([append({ key: "a", n: 1 })]);
    await store[Symbol.asyncDispose]();
    const error = thrownBy(commit);
    expect(error.message).toBe('store of slice "plain": The store is closed. Open the store anew.');
    expect(error.details).toEqual({ slice: "plain" });
  });

  test("for what is no entry of a journal", async () => {
    const store = memoryStore(plain);
    const place = { run: 7 as unknown as string, sequence: 1 }; // as: it is there to be refused
    expect(thrownBy(() => store.apply(clear(), place)).message).toBe(
      'place: This is no entry of a journal. Expected `run`, a text, and `sequence`, a whole number from 0 on. Received object {"run":7,"sequence":1}. Correct the argument that the message names. Example: { run: "run-1", sequence: 7 }',
    );
  });
});

describe("lines that were written at once", () => {
  test("are read by their offsets, each once", async () => {
    const { directory } = folderOf(blockOf([line("é😀", 1), line("b", 2), line("c", 3)]));
    await using store = await jsonlStore(plain, { directory });
    const view = store.view();
    expect(view.at(2)).toEqual({ key: "c", n: 3 });
    expect(view.at(0)).toBe(view.at(0));
    expect([view.at(-3), view.at(-4), view.at(3), view.latest()]).toEqual([
      { key: "é😀", n: 1 },
      undefined,
      undefined,
      { key: "c", n: 3 },
    ]);
    expect(view.where(({ n }) => n > 1).map(({ key }) => key)).toEqual(["b", "c"]);
    expect([...view].map(({ n }) => n)).toEqual([1, 2, 3]);
    store.apply(append({ key: "d", n: 4 }));
    expect(items(store)).toEqual(["é😀1", "b2", "c3", "d4"]);
    await store.compact();
    await using other = await jsonlStore(plain, { directory });
    expect(items(other)).toEqual(["é😀1", "b2", "c3", "d4"]);
  });

  test("and hold no item, or a wrong one, are told by their line", async () => {
    const { directory, file } = folderOf(blockOf([line("a", 1), "{}", '{"append":[]}', "nonsense", line("b", 0.5)]));
    await using store = await jsonlStore(plain, { directory });
    const view = store.view();
    for (const [place, problem] of [
      [1, "line 3: The line holds no item"],
      [2, "line 4: The line holds no item"],
      [3, "line 5: The line holds no item"],
      [4, "line 6: The item does not fit version 1"],
    ] as const) {
      const error = thrownBy(() => view.at(place));
      expect(error).toMatchObject({ code: "STORE_INVALID", details: { path: file, line: place + 2 } });
      expect(error.message).toContain(problem);
    }
    expect((await rejectionOf(store.compact())).code).toBe("STORE_INVALID");
  });

  test("of an earlier version are migrated, and written in the present one", async () => {
    const { directory, file } = folderOf(blockOf(['{"append":[{"name":"a"}]}', '{"append":[{"name":"b"}]}']));
    const newer = slice<Item>({
      name: "plain",
      version: 2,
      item: shape,
      migrate: ({ name }: { name: string }) => ({ key: name, n: 0 }),
      reducers: () => [],
    });
    {
      await using store = await jsonlStore(newer, { directory });
      store.apply(append({ key: "c", n: 1 }));
    }
    const [first = "", ...lines] = readFileSync(file, "utf8").split("\n");
    expect(JSON.parse(first)).toMatchObject({ items: 2, written: { lines: 3 } });
    expect(lines).toEqual([line("a", 0), line("b", 0), line("c", 1), ""]);
  });

  test.each([
    ["fewer bytes than there are", (text: string) => text.replace(/"bytes":\d+/, '"bytes":10')],
    ["more bytes than there are", (text: string) => text.replace(/"bytes":\d+/, '"bytes":1000')],
    ["bytes that are no number", (text: string) => text.replace(/"bytes":\d+/, '"bytes":"x"')],
    ["lines that are no number", (text: string) => text.replace(/"lines":\d+/, '"lines":null')],
    ["a checksum that is none", (text: string) => text.replace(/"crc32":\d+/, '"crc32":"x"')],
    ["another checksum", (text: string) => text.replace(/"crc32":\d+/, '"crc32":1')],
    ["a journal entry that is none", (text: string) => text.replace('"bytes"', '"run":1,"bytes"')],
  ])("are looked at when the header tells of %s", async (_what, edit) => {
    const { directory } = folderOf(edit(blockOf([line("a", 1), line("b", 2)])));
    await using store = await jsonlStore(plain, { directory });
    expect(items(store)).toEqual(["a1", "b2"]);
    store.apply(append({ key: "c", n: 3 }));
    await store.flush();
    await using other = await jsonlStore(plain, { directory });
    expect(items(other)).toEqual(["a1", "b2", "c3"]);
  });
});

describe("a store with indexes", () => {
  test("answers by each of them, before and after changes, by the index that an operation names", async () => {
    const { directory, file } = folderOf(blockOf([line("a", 3), line("b", 1)]));
    await using store = await jsonlStore(indexed, { directory });
    expect(store.view().first(byN, 1)).toEqual({ key: "b", n: 1 });
    expect(store.view().latest()).toEqual({ key: "b", n: 1 });
    store.apply(upsert(byKey, { key: "a", n: 5 }));
    store.apply(renew(byN, { key: "c", n: 1 }));
    store.apply(extend([{ key: "d", n: 2 }]));
    await store.flush();
    expect(readFileSync(file, "utf8").split("\n").slice(3)).toEqual([
      '{"upsert":[{"key":"a","n":5}],"index":"key"}',
      '{"renew":[{"key":"c","n":1}],"index":"n"}',
      line("d", 2),
      "",
    ]);
    await using other = await jsonlStore(indexed, { directory });
    for (const one of [store, other]) {
      const view = one.view();
      expect([...view].map(({ key, n }) => `${key}${n}`)).toEqual(["a5", "c1", "d2"]);
      expect(view.range(byN, { to: 2 }).map(({ key }) => key)).toEqual(["c", "d"]);
      expect([view.by(byKey, "b"), view.at(1)]).toEqual([undefined, { key: "c", n: 1 }]);
    }
  });
});

test("lines are counted over writes, refreshes and files that are written anew", async () => {
  const { directory, file } = folderOf("");
  await using store = await jsonlStore(plain, { directory });
  await using other = await jsonlStore(plain, { directory });
  store.apply(append({ key: "a", n: 1 }));
  store.apply(append({ key: "b", n: 2 }));
  await store.flush();
  await store.compact();
  store.apply(append({ key: "c", n: 3 }));
  await store.flush();
  await other.refresh();
  for (const one of [store, other]) {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `${text}nonsense\n`);
    const error = await rejectionOf(one.refresh());
    expect(error.details).toEqual({ path: file, line: 5 });
    writeFileSync(file, text);
  }
});

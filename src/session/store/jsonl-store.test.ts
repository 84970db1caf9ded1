import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { rejectionOf, thrownBy } from "../../../test/support/thrown-by.ts";
import { append, clear, extend, index, type Slice, slice, upsert } from "../index.ts";
import { jsonlStore, type SliceStore } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "wink-slices-"));
afterAll(() => rm(root, { recursive: true }));
let folders = 0;

const item = z.object({ path: z.string(), lines: z.int().default(0) });
type Item = z.infer<typeof item>;
const reads = slice<Item>({ name: "review/reads", item, reducers: () => [] });
const byPath = index("path", ({ path }: Item) => path, { unique: true });
const found = slice<Item>({ name: "found", item, indexes: [byPath], reducers: () => [] });

/** A folder with a store of which some items are written. */
async function folderWith(count: number, of: Slice<Item> = reads): Promise<{ directory: string; file: string }> {
  const directory = join(root, `${folders++}`);
  await using store = await jsonlStore(of, { directory });
  for (let n = 0; n < count; n++) store.apply(append({ path: `p${n}`, lines: n }));
  return { directory, file: join(directory, `${encodeURIComponent(of.name)}.jsonl`) };
}

const paths = (store: SliceStore<Item>): readonly string[] =>
  store
    .view()
    .all()
    .map(({ path }) => path);

describe("the file", () => {
  test("holds a header and one line an operation, for the owner only", async () => {
    const { directory, file } = await folderWith(1);
    {
      await using store = await jsonlStore(reads, { directory });
      store.apply(
        extend([
          { path: "é😀\n", lines: 2 },
          { path: "", lines: 0 },
        ]),
        { run: "run-1", sequence: 4 },
      );
      store.apply(clear());
    }
    expect(readFileSync(file, "utf8")).toBe(
      [
        '{"format":"weakincentives/slice","version":1,"slice":"review/reads","items":1}',
        '{"append":[{"path":"p0","lines":0}]}',
        '{"append":[{"path":"é😀\\n","lines":2},{"path":"","lines":0}],"run":"run-1","sequence":4}',
        '{"replace":[]}',
        "",
      ].join("\n"),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test("written anew says how much of it nobody has to look at", async () => {
    const { directory, file } = await folderWith(2);
    {
      await using store = await jsonlStore(reads, { directory });
      await store.compact();
    }
    const [header = "", ...lines] = readFileSync(file, "utf8").split("\n");
    expect(lines).toEqual(['{"append":[{"path":"p0","lines":0}]}', '{"append":[{"path":"p1","lines":1}]}', ""]);
    expect(JSON.parse(header)).toMatchObject({ items: 1, written: { bytes: 74, lines: 2 } });
    await using store = await jsonlStore(reads, { directory });
    expect([
      store.view().length,
      store.view().at(1),
      store.view().at(-2),
      store.view().at(2),
      store.view().at(-3),
    ]).toEqual([2, { path: "p1", lines: 1 }, { path: "p0", lines: 0 }, undefined, undefined]);
    expect([...store.view()]).toEqual(store.view().where(() => true));
  });

  test("is written anew by itself when it holds much more than there is", async () => {
    const { directory, file } = await folderWith(0, found);
    await using store = await jsonlStore(found, { directory });
    for (let n = 0; n < 1_010; n++) store.apply(upsert(byPath, { path: "one", lines: n }));
    await store.flush();
    const grown = statSync(file).size;
    store.apply(upsert(byPath, { path: "two", lines: 1 }));
    await store.flush();
    expect(statSync(file).size).toBeLessThan(grown / 100);
    await using other = await jsonlStore(found, { directory });
    expect(other.view().all()).toEqual([
      { path: "one", lines: 1_009 },
      { path: "two", lines: 1 },
    ]);
  });

  test("may have longer lines than are read at once", async () => {
    const { directory } = await folderWith(0);
    const long = "x".repeat(3 * 1024 * 1024);
    {
      await using store = await jsonlStore(reads, { directory });
      store.apply(append({ path: long, lines: 1 }));
      store.apply(append({ path: "short", lines: 2 }));
    }
    await using store = await jsonlStore(reads, { directory });
    expect(paths(store).map((path) => path.length)).toEqual([long.length, 5]);
  });

  test("with empty lines, and ends of lines of other systems, is read", async () => {
    const { directory, file } = await folderWith(1);
    appendFileSync(file, '\n\r\n{"append":[{"path":"by hand"}]}\r\n');
    await using store = await jsonlStore(reads, { directory });
    expect(store.view().all()).toEqual([
      { path: "p0", lines: 0 },
      { path: "by hand", lines: 0 },
    ]);
  });
});

describe("a torn last line", () => {
  test("is cut off, and the next one begins anew", async () => {
    const { directory, file } = await folderWith(2);
    const whole = readFileSync(file);
    for (const torn of ['{"append":[{"pa', '{"append":[{"path":"é'.slice(0, -1), "\u00c3"]) {
      writeFileSync(file, whole);
      appendFileSync(file, Buffer.from(torn, "latin1"));
      await using store = await jsonlStore(reads, { directory });
      expect(paths(store)).toEqual(["p0", "p1"]);
      expect(readFileSync(file)).toEqual(whole);
      store.apply(append({ path: "next", lines: 0 }));
      await store.flush();
      await using other = await jsonlStore(reads, { directory });
      expect(paths(other)).toEqual(["p0", "p1", "next"]);
    }
  });

  test("may be the header, but no other text", async () => {
    const { directory, file } = await folderWith(0);
    writeFileSync(file, '{"format":"weakinc');
    await using store = await jsonlStore(reads, { directory });
    expect(store.view().length).toBe(0);
    writeFileSync(file, "my own notes");
    const error = await rejectionOf(jsonlStore(reads, { directory }));
    expect(error).toMatchObject({ code: "STORE_INVALID", details: { path: file, line: 1 } });
    expect(readFileSync(file, "utf8")).toBe("my own notes");
  });
});

describe("a file that cannot be read", () => {
  const header = '{"format":"weakincentives/slice","version":1,"slice":"review/reads","items":1}';
  test.each([
    [
      "garbage in the middle",
      `${header}\n{"append":[{"path":"a"}]}\nnonsense\n{"append":[]}\n`,
      "STORE_INVALID",
      3,
      "The line is no operation: ",
    ],
    ["no object", `${header}\n7\n`, "STORE_INVALID", 2, "it is no object"],
    ["no operation", `${header}\n{"push":[]}\n`, "STORE_INVALID", 2, "it names no operation and its items"],
    ["items that are none", `${header}\n{"append":{}}\n`, "STORE_INVALID", 2, "it names no operation and its items"],
    [
      "an index without need",
      `${header}\n{"append":[],"index":"path"}\n`,
      "STORE_INVALID",
      2,
      "`index` is not what it needs",
    ],
    ["no index", `${header}\n{"upsert":[]}\n`, "STORE_INVALID", 2, "`index` is not what it needs"],
    [
      "an odd place",
      `${header}\n{"append":[],"run":"a","sequence":-1}\n`,
      "STORE_INVALID",
      2,
      "`run` and `sequence` are no text and whole number",
    ],
    [
      "half of a place",
      `${header}\n{"append":[],"run":"a"}\n`,
      "STORE_INVALID",
      2,
      "`run` and `sequence` are no text and whole number",
    ],
    [
      "an index that nobody declares",
      `${header}\n{"upsert":[],"index":"path"}\n`,
      "STORE_INVALID",
      2,
      'needs an index that the slice does not declare any more. Expected one of its indexes. Received "path".',
    ],
    [
      "bytes that are no text",
      `${header}\n{"append":[]}\n{"append":["\u00ff"]}\n`,
      "STORE_INVALID",
      3,
      "The line cannot be read. Expected UTF-8. Received other bytes.",
    ],
    ["no header", '{"append":[{"path":"a"}]}\n', "STORE_INVALID", 1, "The file is none of a slice"],
    ["another text", "my own notes\n", "STORE_INVALID", 1, 'Received string "my own notes"'],
    [
      "another slice",
      `${header.replace("review/", "other/")}\n`,
      "STORE_INVALID",
      1,
      'The file is of another slice. Expected "review/reads". Received string "other/reads"',
    ],
    [
      "a newer form",
      `${header.replace('"version":1', '"version":2')}\n`,
      "STORE_NEWER",
      1,
      "The file was written by a newer release. Expected version 1 or earlier. Received version 2.",
    ],
    [
      "newer items",
      `${header.replace('"items":1', '"items":3')}\n`,
      "STORE_NEWER",
      1,
      "The items are of a newer version of the slice",
    ],
  ] as const)("for %s, names file and line and is left as it is", async (_what, text, code, line, problem) => {
    const { directory, file } = await folderWith(0);
    writeFileSync(file, Buffer.from(text, "latin1"));
    const error = await rejectionOf(jsonlStore(reads, { directory }));
    expect(error).toMatchObject({ code, details: { path: file, line } });
    expect(error.message).toContain(`${file}, line ${line}: `);
    expect(error.message).toContain(problem);
    expect(readFileSync(file, "latin1")).toBe(text);
  });

  test("for an item that does not fit, is told when the item is read", async () => {
    const { directory, file } = await folderWith(1);
    appendFileSync(file, '{"append":[{"path":7}]}\n');
    await using store = await jsonlStore(reads, { directory });
    expect(store.view().at(0)).toEqual({ path: "p0", lines: 0 });
    const error = thrownBy(() => store.view().latest());
    expect(error.code).toBe("STORE_INVALID");
    expect(error.message).toContain(`${file}, line 3: The item does not fit version 1: \`path\``);
  });

  test("for a second item of a unique key, is told when an index is asked", async () => {
    const { directory, file } = await folderWith(1, found);
    appendFileSync(file, '{"append":[{"path":"p0"}]}\n');
    await using store = await jsonlStore(found, { directory });
    const error = thrownBy(() => store.view().by(byPath, "p0"));
    expect(error.code).toBe("STORE_INVALID");
    expect(error.message).toContain(
      `${file}, slice "found", index "path": The items of the file do not fit: An item with this key is there already.`,
    );
  });

  test("in what was written at once, is found although nobody looks there", async () => {
    const { directory, file } = await folderWith(3);
    {
      await using store = await jsonlStore(reads, { directory });
      await store.compact();
    }
    const edited = readFileSync(file, "utf8").replace('{"path":"p1","lines":1}', '{"path":"q1","lines":9}');
    writeFileSync(file, edited);
    {
      await using store = await jsonlStore(reads, { directory });
      expect(paths(store)).toEqual(["p0", "q1", "p2"]);
    }
    writeFileSync(file, edited.replace('"q1"', "q1!!"));
    expect((await rejectionOf(jsonlStore(reads, { directory }))).message).toContain(`${file}, line 3: The line is no`);
  });
});

describe("what the system refuses", () => {
  test("a folder in the place of the file, and a link", async () => {
    const { directory, file } = await folderWith(0);
    rmSync(file);
    mkdirSync(file);
    expect((await rejectionOf(jsonlStore(reads, { directory }))).message).toContain("Received a folder");
    rmSync(file, { recursive: true });
    symlinkSync(join(root, "elsewhere"), file);
    const error = await rejectionOf(jsonlStore(reads, { directory }));
    expect(error).toMatchObject({ code: "STORE_FAILED", retryable: true, details: { path: file } });
    expect(error.message).toContain("Received a symbolic link");
  });

  test("a folder that cannot be made", async () => {
    const { file } = await folderWith(0);
    const error = await rejectionOf(jsonlStore(reads, { directory: join(file, "below") }));
    expect(error.code).toBe("STORE_FAILED");
    expect(error.message).toContain("ENOTDIR");
  });

  test("something else in the place of the lock", async () => {
    const { directory } = await folderWith(0);
    rmSync(join(directory, ".lock"));
    writeFileSync(join(directory, ".lock"), "mine");
    const error = await rejectionOf(jsonlStore(reads, { directory }));
    expect(error.code).toBe("STORE_FAILED");
    expect(error.message).toContain("This is not the lock of a slice store");
  });

  test("a file that vanishes: what is held can be written anew", async () => {
    const { directory, file } = await folderWith(2);
    await using store = await jsonlStore(reads, { directory });
    store.apply(append({ path: "new", lines: 0 }));
    rmSync(file);
    for (const work of [() => store.flush(), () => store.refresh()]) {
      const error = await rejectionOf(work());
      expect(error).toMatchObject({ code: "STORE_FAILED", details: { path: file } });
      expect(error.message).toContain(
        "The file of the slice is gone. Expected the file that was opened. Received nothing: it was deleted. `compact` writes it anew",
      );
    }
    expect(paths(store)).toEqual(["p0", "p1", "new"]);
    await store.compact();
    await using other = await jsonlStore(reads, { directory });
    expect(paths(other)).toEqual(["p0", "p1", "new"]);
  });

  test("a file that another program has cut: what is held can be written anew", async () => {
    const { directory, file } = await folderWith(2);
    await using store = await jsonlStore(reads, { directory });
    writeFileSync(file, readFileSync(file, "utf8").split("\n").slice(0, 2).join("\n"));
    store.apply(append({ path: "new", lines: 0 }));
    const error = await rejectionOf(store.flush());
    expect(error).toMatchObject({ code: "STORE_INVALID", details: { path: file, line: 3 } });
    expect(error.message).toContain("The file has become shorter: another program has changed it");
    await store.compact();
    await using other = await jsonlStore(reads, { directory });
    expect(paths(other)).toEqual(["p0", "p1", "new"]);
  });
});

describe("two stores of one file", () => {
  test("take in what the other has written, also when it has written the file anew", async () => {
    const { directory } = await folderWith(1);
    await using one = await jsonlStore(reads, { directory });
    await using two = await jsonlStore(reads, { directory });
    one.apply(append({ path: "of one", lines: 0 }));
    await one.compact();
    two.apply(append({ path: "of two", lines: 0 }));
    await two.flush();
    expect(paths(two)).toEqual(["p0", "of one", "of two"]);
    expect(paths(one)).toEqual(["p0", "of one"]);
    await one.refresh();
    expect(paths(one)).toEqual(["p0", "of one", "of two"]);
  });

  test("that give one key to two items: the second is told, and what it would have written is given up", async () => {
    const { directory, file } = await folderWith(1, found);
    await using one = await jsonlStore(found, { directory });
    await using two = await jsonlStore(found, { directory });
    one.apply(append({ path: "same", lines: 1 }));
    two.apply(append({ path: "same", lines: 2 }));
    await one.flush();
    const error = await rejectionOf(two.flush());
    expect(error).toMatchObject({ code: "STORE_CONFLICT", details: { path: file, operations: 1 } });
    expect(two.view().by(byPath, "same")).toEqual({ path: "same", lines: 1 });
    two.apply(append({ path: "other", lines: 2 }));
    await two.flush();
    await one.refresh();
    expect(paths(one)).toEqual(["p0", "same", "other"]);
  });

  test("do not mix up files that are put in each other's place", async () => {
    const { directory, file } = await folderWith(1);
    const other = await folderWith(3);
    await using store = await jsonlStore(reads, { directory });
    renameSync(other.file, file);
    await store.refresh();
    expect(paths(store)).toEqual(["p0", "p1", "p2"]);
  });
});

describe("items of an earlier version", () => {
  const newer = slice({
    name: reads.name,
    item: z.object({ file: z.string() }),
    version: 2,
    migrate: (old: Item) => ({ file: old.path }),
    reducers: () => [],
  });

  test("are migrated, and the first write brings the file to the present one", async () => {
    const { directory, file } = await folderWith(2);
    {
      await using store = await jsonlStore(newer, { directory });
      expect(store.view().all()).toEqual([{ file: "p0" }, { file: "p1" }]);
      store.apply(append({ file: "new" }));
      expect(store.view().latest()).toEqual({ file: "new" });
    }
    expect(readFileSync(file, "utf8")).not.toContain("path");
    await using store = await jsonlStore(newer, { directory });
    expect(store.view().all()).toEqual([{ file: "p0" }, { file: "p1" }, { file: "new" }]);
    const error = await rejectionOf(jsonlStore(reads, { directory }));
    expect(error).toMatchObject({ code: "STORE_NEWER", details: { from: 2, to: 1 } });
  });

  test("that cannot be migrated are MIGRATION_FAILED, with the line", async () => {
    const { directory, file } = await folderWith(1);
    const stubborn = slice({ ...newer, migrate: undefined, reducers: () => [] });
    await using store = await jsonlStore(stubborn, { directory });
    const error = thrownBy(() => store.view().all());
    expect(error.code).toBe("MIGRATION_FAILED");
    expect(error.message).toContain(`${file}, line 2: The slice has no \`migrate\`, from version 1 to 2`);
  });

  test("written at once are migrated too", async () => {
    const { directory } = await folderWith(2);
    {
      await using store = await jsonlStore(reads, { directory });
      await store.compact();
    }
    await using store = await jsonlStore(newer, { directory });
    await store.compact();
    expect(store.view().all()).toEqual([{ file: "p0" }, { file: "p1" }]);
  });
});

describe("durability", () => {
  test("`none` does not wait, and writes all the same", async () => {
    const { directory } = await folderWith(0);
    {
      await using store = await jsonlStore(reads, { directory, durability: "none" });
      store.apply(append({ path: "a", lines: 0 }));
      await store.flush();
      store.apply(append({ path: "b", lines: 0 }));
    }
    await using store = await jsonlStore(reads, { directory });
    expect(paths(store)).toEqual(["a", "b"]);
  });

  test("is one of three", async () => {
    const { directory } = await folderWith(0);
    const durability = "often" as "sync"; // as: it is there to be refused
    const error = await rejectionOf(jsonlStore(reads, { directory, durability }));
    expect(error.message).toBe(
      '`durability` is none of none, flush and sync. Received durability = string "often". Correct the argument that the message names.',
    );
  });

  test("an operation by an index that the slice does not declare is refused", async () => {
    const { directory } = await folderWith(0);
    await using store = await jsonlStore(reads, { directory });
    const error = thrownBy(() => store.apply(upsert(byPath, { path: "a", lines: 0 })));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain('slice "review/reads": The slice does not declare index "path"');
  });
});

describe("what others have done to the file", () => {
  const newer = slice({
    name: reads.name,
    version: 2,
    item: z.object({ file: z.string() }),
    migrate: () => ({ file: "m" }),
    reducers: () => [],
  });

  test("by a newer version is refused every time, and never written over", async () => {
    const { directory, file } = await folderWith(2);
    const old = await jsonlStore(reads, { directory });
    {
      await using store = await jsonlStore(newer, { directory });
      store.apply(append({ file: "two" }));
    }
    const written = readFileSync(file, "utf8");
    old.apply(append({ path: "late", lines: 0 }));
    for (const work of [() => old.flush(), () => old.flush(), () => old.refresh(), () => old.compact()]) {
      expect((await rejectionOf(work())).code).toBe("STORE_NEWER");
    }
    expect((await rejectionOf(Promise.resolve(old[Symbol.asyncDispose]()))).code).toBe("STORE_NEWER");
    expect(readFileSync(file, "utf8")).toBe(written);
  });

  test("that leaves it empty is made good by the next write", async () => {
    const { directory, file } = await folderWith(2);
    await using store = await jsonlStore(reads, { directory });
    rmSync(file);
    writeFileSync(file, "");
    store.apply(append({ path: "new", lines: 0 }));
    await store.flush();
    await using other = await jsonlStore(reads, { directory });
    expect(paths(other)).toEqual(["new"]);
  });

  test("and gives one key to two items is told, also when the file was written anew", async () => {
    const { directory } = await folderWith(0, found);
    await using one = await jsonlStore(found, { directory });
    await using two = await jsonlStore(found, { directory });
    one.apply(append({ path: "same", lines: 1 }));
    two.apply(append({ path: "same", lines: 2 }));
    await two.compact();
    expect((await rejectionOf(one.flush())).code).toBe("STORE_CONFLICT");
    await using third = await jsonlStore(found, { directory });
    expect(third.view().all()).toEqual([{ path: "same", lines: 2 }]);
  });

  test("is a last line without its end: it is kept", async () => {
    const { directory, file } = await folderWith(1);
    appendFileSync(file, '{"append":[{"path":"by hand","lines":1}]}');
    {
      await using store = await jsonlStore(reads, { directory });
      expect(paths(store)).toEqual(["p0", "by hand"]);
      store.apply(append({ path: "next", lines: 0 }));
    }
    await using store = await jsonlStore(reads, { directory });
    expect(paths(store)).toEqual(["p0", "by hand", "next"]);
  });

  test("is that the lock was deleted: it is made anew", async () => {
    const { directory } = await folderWith(1);
    await using store = await jsonlStore(reads, { directory });
    rmSync(join(directory, ".lock"));
    store.apply(append({ path: "new", lines: 0 }));
    await store.flush();
    await using other = await jsonlStore(reads, { directory });
    expect(paths(other)).toEqual(["p0", "new"]);
  });

  test("is a header that counts lines wrongly: each is looked at", async () => {
    const { directory, file } = await folderWith(3);
    {
      await using store = await jsonlStore(reads, { directory });
      await store.compact();
    }
    for (const lines of [2, 99_999_999_999]) {
      writeFileSync(file, readFileSync(file, "utf8").replace(/"lines":\d+,"crc32"/, `"lines":${lines},"crc32"`));
      await using store = await jsonlStore(reads, { directory });
      expect(paths(store)).toEqual(["p0", "p1", "p2"]);
    }
  });

  test("and duplicates can be replaced, as by `clear`", async () => {
    const { directory, file } = await folderWith(1, found);
    appendFileSync(file, '{"append":[{"path":"p0","lines":1}]}\n');
    await using store = await jsonlStore(found, { directory });
    expect(thrownBy(() => store.apply(append({ path: "q", lines: 0 }))).code).toBe("STORE_INVALID");
    store.apply(clear());
    store.apply(append({ path: "q", lines: 0 }));
    await store.flush();
    await using other = await jsonlStore(found, { directory });
    expect(paths(other)).toEqual(["q"]);
  });
});

describe("operations and their place in a journal", () => {
  test("are told when all of them are there, and not when some are cut off", async () => {
    const { directory, file } = await folderWith(0);
    const place = { run: "run-1", sequence: 3 };
    {
      await using store = await jsonlStore(reads, { directory });
      store.prepare([append({ path: "a", lines: 0 }), append({ path: "b", lines: 0 })], place)();
      expect(store.applied).toEqual(place);
    }
    writeFileSync(file, readFileSync(file, "utf8").slice(0, -20));
    await using store = await jsonlStore(reads, { directory });
    expect([paths(store), store.applied]).toEqual([["a"], undefined]);
  });

  test("are remembered when nothing is left, and when the file was edited", async () => {
    const { directory, file } = await folderWith(1);
    const place = { run: "run-1", sequence: 3 };
    {
      await using store = await jsonlStore(reads, { directory });
      store.apply(clear(), place);
      await store.compact();
    }
    {
      await using store = await jsonlStore(reads, { directory });
      expect([store.view().length, store.applied]).toEqual([0, place]);
      store.apply(append({ path: "a", lines: 0 }));
      await store.compact();
    }
    writeFileSync(file, readFileSync(file, "utf8").replace('"path":"a"', '"path":"b"'));
    await using store = await jsonlStore(reads, { directory });
    expect([paths(store), store.applied]).toEqual([["b"], place]);
  });

  test.each([1.5, -1, Number.NaN])("are refused with a number like %d", async (sequence) => {
    const { directory } = await folderWith(0);
    await using store = await jsonlStore(reads, { directory });
    const error = thrownBy(() => store.apply(clear(), { run: "run-1", sequence }));
    expect(error.message).toContain("place: This is no entry of a journal. Expected `run`, a text, and `sequence`");
  });

  test("that were prepared are applied to what is there by then", async () => {
    const { directory } = await folderWith(1);
    await using store = await jsonlStore(reads, { directory });
    const commit = store.prepare([append({ path: "prepared", lines: 0 })]);
    store.apply(append({ path: "between", lines: 0 }));
    commit();
    await store.flush();
    await using other = await jsonlStore(reads, { directory });
    expect(paths(other)).toEqual(["p0", "between", "prepared"]);
    const late = other.prepare([append({ path: "late", lines: 0 })]);
    await other[Symbol.asyncDispose]();
    expect(thrownBy(late).code).toBe("STORE_CLOSED");
  });
});

test("a store takes nothing more once its closing has begun", async () => {
  const { directory } = await folderWith(0);
  const store = await jsonlStore(reads, { directory });
  store.apply(append({ path: "a", lines: 0 }));
  const closing = store[Symbol.asyncDispose]();
  expect(thrownBy(() => store.apply(append({ path: "late", lines: 0 }))).code).toBe("STORE_CLOSED");
  await closing;
  await using other = await jsonlStore(reads, { directory });
  expect(paths(other)).toEqual(["a"]);
});

test("a conflict that a flush without waiting has met is told when the store is closed", async () => {
  const { directory } = await folderWith(0, found);
  const one = await jsonlStore(found, { directory, durability: "none" });
  await using two = await jsonlStore(found, { directory });
  one.apply(append({ path: "same", lines: 1 }));
  two.apply(append({ path: "same", lines: 2 }));
  await two.flush();
  await one.flush();
  expect((await rejectionOf(Promise.resolve(one[Symbol.asyncDispose]()))).code).toBe("STORE_CONFLICT");
});

test("a file does not grow with operations that leave nothing", async () => {
  const { directory, file } = await folderWith(0);
  await using store = await jsonlStore(reads, { directory });
  for (let n = 0; n < 1_100; n++) store.apply(clear());
  await store.flush();
  store.apply(clear());
  await store.flush();
  expect(statSync(file).size).toBeLessThan(200);
});

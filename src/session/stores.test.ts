/** Sessions whose slices are kept in stores. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { rejectionOf, thrownBy } from "../../test/support/thrown-by.ts";
import {
  append,
  appendAll,
  createSession,
  event,
  index,
  replaceLatest,
  SliceCleared,
  SliceInitialised,
  slice,
  upsertBy,
} from "./index.ts";
import { jsonlStore, memoryStore, type SliceStore } from "./store/index.ts";

const root = mkdtempSync(join(tmpdir(), "wink-stores-"));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const folder = (): string => join(root, `${folders++}`);

const Read = event("read", z.object({ path: z.string() }));
const Odd = event("odd", z.object({ path: z.string() }));
const reads = slice({
  name: "reads",
  item: Read.schema,
  policy: "log",
  reducers: (on) => [on(Read, appendAll()), on(Odd, () => append({ path: 7 as never }))],
});
const newest = slice({
  name: "newest",
  item: Read.schema,
  reducers: (on) => [on(Read, replaceLatest()), on(Odd, replaceLatest())],
});
const last = slice({
  name: "last",
  item: Read.schema,
  reducers: (on) => [
    on(
      Read,
      upsertBy(({ path }) => path),
    ),
  ],
});
const pathsOf = (of: { all(): readonly { path: string }[] }): readonly string[] => of.all().map(({ path }) => path);

test("a slice begins with what its store holds, and the store takes in what events make of it", async () => {
  const directory = folder();
  const open = () => Promise.all([jsonlStore(reads, { directory }), jsonlStore(last, { directory })] as const);
  for (const run of [1, 2]) {
    const stores = await open();
    const session = createSession({ stores });
    expect(session.query(reads).length).toBe((run - 1) * 3);
    for (const path of ["a", "b", "a"]) session.dispatch(Read({ path }));
    await session.flush();
    expect(pathsOf(session.query(last))).toEqual(["a", "b"]);
    for (const store of stores) await store[Symbol.asyncDispose]();
  }
  const [readsAgain, lastAgain] = await open();
  expect(pathsOf(readsAgain.view())).toEqual(["a", "b", "a", "a", "b", "a"]);
  expect(pathsOf(lastAgain.view())).toEqual(["a", "b"]);
  for (const store of [readsAgain, lastAgain]) await store[Symbol.asyncDispose]();
});

test("system events, going back and rolled-back events reach the store as they reach the slice", () => {
  const stores = [memoryStore(reads), memoryStore(newest)] as const;
  const session = createSession({ stores });
  const agree = (): void => {
    for (const store of stores) expect(store.view().all()).toEqual(session.query(store.slice).all());
  };
  session.dispatch(SliceInitialised({ slice: "reads", items: [{ path: "x" }, { path: "y" }] }));
  agree();
  const snapshot = session.snapshot();
  session.dispatchAll([Read({ path: "a" }), Read({ path: "b" })], { place: { run: "run-1", sequence: 8 } });
  agree();
  expect(stores.map(({ applied }) => applied)).toEqual(Array(2).fill({ run: "run-1", sequence: 8 }));
  session.recordRolledBack([Read({ path: "c" })], { place: { run: "run-1", sequence: 9 } });
  expect(pathsOf(stores[0].view())).toEqual(["x", "y", "a", "b", "c"]);
  expect(pathsOf(stores[1].view())).toEqual(["b"]);
  session.restore(snapshot);
  agree();
  expect(pathsOf(stores[0].view())).toEqual(["x", "y"]);
  session.dispatch(SliceCleared({ slice: "reads" }));
  agree();
});

test("a fork leaves no trace in the store", () => {
  const store = memoryStore(reads);
  const session = createSession({ stores: [store] });
  const fork = session.fork();
  fork.dispatch(Read({ path: "a" }));
  expect(store.view().length).toBe(0);
  session.dispatchAll(fork.events());
  expect(store.view().length).toBe(1);
});

test("when a store refuses an item, neither the session nor another store has changed", () => {
  const stores = [memoryStore(newest), memoryStore(reads)] as const;
  const session = createSession({ stores });
  session.dispatch(Read({ path: "a" }));
  const error = thrownBy(() => session.dispatchAll([Read({ path: "b" }), Odd({ path: "c" })]));
  expect(error.code).toBe("ITEM_INVALID");
  expect(error.message).toContain('slice "reads", item 0: The item cannot be written');
  for (const store of stores) expect(pathsOf(store.view())).toEqual(["a"]);
  expect([session.history().length, pathsOf(session.query(reads))]).toEqual([1, ["a"]]);
});

test("the past begins with what the store held", () => {
  const store = memoryStore(reads);
  store.apply(append({ path: "before" }));
  const session = createSession({ stores: [store] });
  session.dispatch(Read({ path: "a" }));
  expect(pathsOf(session.at(0).query(reads))).toEqual(["before"]);
  expect(pathsOf(session.at(1).query(reads))).toEqual(["before", "a"]);
});

test("what subscribers dispatch reaches the store too", () => {
  const store = memoryStore(reads);
  const session = createSession({ stores: [store] });
  session.subscribe(Read, ({ payload }) => {
    if (payload.path === "a") session.dispatch(Read({ path: "answer" }));
  });
  session.dispatch(Read({ path: "a" }));
  expect(pathsOf(store.view())).toEqual(["a", "answer"]);
});

test("two stores of one slice are refused", () => {
  const error = thrownBy(() => createSession({ stores: [memoryStore(reads), memoryStore(reads)] }));
  expect(error.message).toBe(
    'stores: More than one is of slice "reads". Expected one store a slice. Received two. Correct the argument that the message names.',
  );
});

test("a flush rejects with what a store throws", async () => {
  const store: SliceStore = memoryStore(reads);
  const session = createSession({ stores: [store] });
  await store[Symbol.asyncDispose]();
  expect((await rejectionOf(session.flush())).code).toBe("STORE_CLOSED");
  expect(thrownBy(() => session.dispatch(Read({ path: "a" }))).code).toBe("STORE_CLOSED");
  expect(session.history().length).toBe(0);
});

test("what a subscriber dispatches keeps its place in a journal", () => {
  const store = memoryStore(reads);
  const session = createSession({ stores: [store] });
  const place = { run: "run-1", sequence: 4 };
  session.subscribe(SliceCleared, () => session.dispatchAll([Read({ path: "b" })], { place }));
  session.dispatch(SliceCleared({ slice: "reads" }));
  expect(store.applied).toEqual(place);
});

test("a store in memory keeps what its slice's schema makes of items, and not what was given", () => {
  const trimmed = slice({ name: "trimmed", item: z.object({ text: z.string() }), reducers: () => [] });
  const store = memoryStore(trimmed);
  const given = { text: "a", more: 1 };
  store.apply(append(given));
  given.text = "b";
  expect(store.view().all()).toEqual([{ text: "a" }]);
  expect(Object.isFrozen(given)).toBe(false);
});

test("a store whose items do not fit the slice's indexes makes no session", () => {
  const store = memoryStore(reads);
  store.apply(append({ path: "a" }));
  store.apply(append({ path: "a" }));
  const unique = slice({
    name: "reads",
    item: Read.schema,
    indexes: [index("path", ({ path }: { path: string }) => path, { unique: true })],
    reducers: () => [],
  });
  const error = thrownBy(() => createSession({ stores: [{ ...store, slice: unique, view: () => store.view() }] }));
  expect(error.code).toBe("STORE_INVALID");
});

import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  appendAll,
  createSession,
  event,
  index,
  type Reduce,
  replaceLatestBy,
  type SessionAccess,
  type Slice,
  slice,
  upsertBy,
} from "./index.ts";

const Item = z.object({ id: z.string(), n: z.int() });
type Item = z.infer<typeof Item>;
const ItemSet = event("item/set", Item);
const ItemAdded = event("item/added", Item);
const key = ({ id }: Item): string => id;

const items = (name: string, reduce: Reduce<Item, string, Item>): Slice<Item> =>
  slice({ name, item: Item, reducers: (on) => [on(ItemSet, reduce), on(ItemAdded, appendAll())] });
const upserted = items("upserted", upsertBy(key));
const newest = items("newest", replaceLatestBy(key));

const set = (access: SessionAccess, ...made: readonly string[]): void => {
  for (const [n, id] of made.entries()) access.dispatch(ItemSet({ id, n }));
};
const shown = (access: SessionAccess, of: Slice<Item>): string =>
  Array.from(access.query(of), ({ id, n }) => `${id}${n}`).join(" ");

test("upsertBy keeps one item a key, each at the place of its first", () => {
  const session = createSession({ slices: [upserted] });
  set(session, "a", "b", "c", "b", "a", "d");
  expect(shown(session, upserted)).toBe("a4 b3 c2 d5");
});

test("replaceLatestBy keeps one item a key, the newest last", () => {
  const session = createSession({ slices: [newest] });
  set(session, "a", "b", "c", "b", "a", "d");
  const view = session.query(newest);
  expect(shown(session, newest)).toBe("c2 b3 a4 d5");
  expect([view.length, view.at(0), view.at(-2), view.at(4), view.at(-5)]).toEqual([
    4,
    { id: "c", n: 2 },
    { id: "a", n: 4 },
    undefined,
    undefined,
  ]);
  expect(view.latest()).toEqual({ id: "d", n: 5 });
  expect(view.where(({ n }) => n < 4).map(key)).toEqual(["c", "b"]);
});

describe.each([
  ["upsertBy", upserted, "a9 a1"],
  ["replaceLatestBy", newest, "a1 a9"],
])("%s", (_name, kept, expected) => {
  test("touches the first of several items of a key", () => {
    const session = createSession({ slices: [kept] });
    for (const n of [0, 1]) session.dispatch(ItemAdded({ id: "a", n }));
    session.dispatch(ItemSet({ id: "a", n: 9 }));
    expect(shown(session, kept)).toBe(expected);
  });

  test("reads the same after ten thousand events, and on every view of before", () => {
    const session = createSession({ slices: [kept] });
    set(session, "x");
    const before = session.query(kept);
    for (let n = 0; n < 10_000; n++) session.dispatch(ItemSet({ id: `k${(n * 7) % 10}`, n }));
    const view = session.query(kept);
    expect(view.length).toBe(11);
    expect(
      view
        .all()
        .map(({ n }) => n)
        .sort((a, b) => a - b),
    ).toEqual([0, ...Array.from({ length: 10 }, (_, n) => 9_990 + n)]);
    expect([before.length, before.all(), before.at(1)]).toEqual([1, [{ id: "x", n: 0 }], undefined]);
  });

  test("sees on a fork what its session has, and leaves that alone", () => {
    const session = createSession({ slices: [kept] });
    set(session, "a", "b");
    const fork = session.fork();
    set(fork, "a");
    expect(fork.query(kept).length).toBe(2);
    expect(shown(session, kept)).toBe("a0 b1");
    expect(shown(fork, kept)).toBe(kept === upserted ? "a0 b1" : "b1 a0");
  });
});

test("an index that the slice declares is not kept twice; a key function is kept beside it", () => {
  const byId = index("id", key, { unique: true });
  const shared = slice({
    name: "shared",
    item: Item,
    indexes: [byId],
    reducers: (on) => [on(ItemSet, upsertBy(byId)), on(ItemAdded, replaceLatestBy(byId))],
  });
  expect([shared.indexes, upserted.indexes.length, items("plain", appendAll()).indexes]).toEqual([[byId], 1, []]);
  const session = createSession({ slices: [shared] });
  set(session, "a", "b");
  session.dispatch(ItemAdded({ id: "a", n: 7 }));
  expect([shown(session, shared), session.query(shared).by(byId, "a")]).toEqual(["b1 a7", { id: "a", n: 7 }]);
});

test("one key function given to several reducers of a slice is one index", () => {
  const one = slice({
    name: "one",
    item: Item,
    reducers: (on) => [on(ItemSet, upsertBy(key)), on(ItemAdded, replaceLatestBy(key))],
  });
  expect(one.indexes).toEqual([{ name: "key", key, unique: false, ordered: false }]);
  const session = createSession({ slices: [one] });
  set(session, "a", "b");
  session.dispatch(ItemAdded({ id: "a", n: 7 }));
  expect(shown(session, one)).toBe("b1 a7");
});

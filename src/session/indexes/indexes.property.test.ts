/** Indexes against full scans: whatever is done in whatever order, on sessions, forks and views of before. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import {
  appendAll,
  clear,
  createSession,
  type Event,
  event,
  extend,
  index,
  replace,
  replaceLatestBy,
  type Session,
  type SessionAccess,
  type SessionFork,
  type SessionSnapshot,
  type SliceView,
  slice,
  upsert,
  upsertBy,
} from "../index.ts";
import { HashIndex } from "./hash-index.ts";
import { IndexedList } from "./indexed-list.ts";
import { Line } from "./line.ts";
import { OrderedIndex } from "./ordered-index.ts";
import { PlaceTable } from "./place-table.ts";

const Item = z.object({ id: z.int(), group: z.string(), rank: z.union([z.int(), z.string()]) });
type Item = z.infer<typeof Item>;

const Added = event("added", Item);
const Spread = event("spread", z.array(Item));
const Reset = event("reset", z.array(Item));
const Cleared = event("cleared", z.null());
const Kept = event("kept", Item);
const Renewed = event("renewed", Item);
const Grouped = event("grouped", Item);

const idOf = ({ id }: Item): number => id;
const byGroup = index("group", ({ group }: Item) => group);
const byRank = index("rank", ({ rank }: Item) => rank, { ordered: true });
const byId = index("id", idOf, { unique: true });
const byPair = index("pair", ({ group, rank }: Item) => `${group}${rank}`, { unique: true, ordered: true });

/** Items of any keys, found by indexes that allow several of a key. */
const loose = slice({
  name: "loose",
  item: Item,
  indexes: [byGroup, byRank],
  reducers: (on) => [
    on(Added, appendAll()),
    on(Spread, (_view, { payload }) => extend(payload)),
    on(Reset, (_view, { payload }) => replace(payload)),
    on(Cleared, () => clear()),
    on(Kept, upsertBy(idOf)),
    on(Renewed, replaceLatestBy(idOf)),
    on(Grouped, (_view, { payload }) => upsert(byGroup, payload)),
  ],
});
/** The same, but no two items may have one id, nor one group and rank. */
const strict = slice({
  name: "strict",
  item: Item,
  indexes: [byId, byPair],
  reducers: (on) => [
    on(Added, appendAll()),
    on(Spread, (_view, { payload }) => extend(payload)),
    on(Reset, (_view, { payload }) => replace(payload)),
    on(Cleared, () => clear()),
    on(Kept, upsertBy(byId)),
    on(Renewed, replaceLatestBy(byId)),
  ],
});

const item: fc.Arbitrary<Item> = fc.record({
  id: fc.nat(9),
  group: fc.constantFrom("a", "b", "c"),
  rank: fc.constantFrom<number | string>(-1, 0, 5, 10, "", "0", "x"),
});
const madeEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: item.map(Added) },
  { weight: 5, arbitrary: item.map(Kept) },
  { weight: 5, arbitrary: item.map(Renewed) },
  { weight: 3, arbitrary: item.map(Grouped) },
  { weight: 2, arbitrary: fc.array(item, { maxLength: 5 }).map(Spread) },
  { weight: 1, arbitrary: fc.array(item, { maxLength: 5 }).map(Reset) },
  { weight: 1, arbitrary: fc.constant(Cleared(null)) },
);

/** What the two slices hold, as plain arrays. */
interface Model {
  readonly loose: readonly Item[];
  readonly strict: readonly Item[];
}

/** The items after an event, by full scans. */
function scanned(items: readonly Item[], { type, payload }: Event, isStrict: boolean): readonly Item[] {
  const one = payload as Item;
  const many = payload as readonly Item[];
  const place = items.findIndex((known) => (type === "grouped" ? known.group === one.group : known.id === one?.id));
  if (type === "spread") return [...items, ...many];
  if (type === "reset") return many;
  if (type === "cleared") return [];
  if (type === "grouped" && isStrict) return items;
  if (type === "added" || place < 0) return [...items, one];
  return type === "renewed" ? [...items.toSpliced(place, 1), one] : items.with(place, one);
}

/** The model after an event; `undefined` when the strict slice refuses it. */
function after(model: Model, made: Event): Model | undefined {
  const next = scanned(model.strict, made, true);
  const isFree = (key: (known: Item) => unknown): boolean => new Set(next.map(key)).size === next.length;
  if (!isFree(byId.key) || !isFree(byPair.key)) return undefined;
  return { loose: scanned(model.loose, made, false), strict: next };
}

const inOrder = (a: number | string, b: number | string): number =>
  typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1;

const ranges = [{}, { from: 0, to: 10 }, { from: 5, to: "" }, { from: "0" }, { from: 10, to: 0 }];
const groups = ["a", "b", "c", "z"];

/** All that a view of the loose slice answers, beside the same by full scans. */
function expectLoose(view: SliceView<Item>, items: readonly Item[]): void {
  const ranked = items.toSorted((a, b) => inOrder(a.rank, b.rank));
  const isWithin =
    ({ from, to }: (typeof ranges)[number]) =>
    ({ rank }: Item): boolean =>
      (from === undefined || inOrder(rank, from) >= 0) && (to === undefined || inOrder(rank, to) <= 0);
  expect([
    groups.map((group) => view.by(byGroup, group)),
    groups.map((group) => view.first(byGroup, group)),
    ranges.map((range) => view.range(byRank, range)),
    view.by(byRank, "0"),
  ]).toEqual([
    groups.map((group) => items.filter((known) => known.group === group)),
    groups.map((group) => items.find((known) => known.group === group)),
    ranges.map((range) => ranked.filter(isWithin(range))),
    items.filter(({ rank }) => rank === "0"),
  ]);
}

const ids = Array.from({ length: 11 }, (_, place) => place - 1);
const pairs = ["a0", "bx", "c"];

/** The same of the strict slice. */
function expectStrict(view: SliceView<Item>, items: readonly Item[]): void {
  expect([
    ids.map((id) => view.by(byId, id)),
    pairs.map((pair) => view.first(byPair, pair)),
    view.range(byPair, {}),
  ]).toEqual([
    ids.map((id) => items.find((known) => known.id === id)),
    pairs.map((pair) => items.find((known) => byPair.key(known) === pair)),
    items.toSorted((a, b) => inOrder(byPair.key(a), byPair.key(b))),
  ]);
}

const places = [0, 1, -1, -2, 7];

/** The items of a view, read in every way, beside an array. */
function expectItems(view: SliceView<Item>, items: readonly Item[]): void {
  expect([view.length, view.latest(), view.all(), [...view], places.map((place) => view.at(place))]).toEqual([
    items.length,
    items.at(-1),
    items,
    items,
    places.map((place) => items.at(place)),
  ]);
}

/** A session and all that was made from it. */
interface Real {
  readonly session: Session;
  readonly forks: SessionFork[];
  readonly snapshots: SessionSnapshot[];
  readonly views: { readonly loose: SliceView<Item>; readonly strict: SliceView<Item> }[];
}

/** What they should hold. */
interface Expected {
  session: Model;
  readonly forks: Model[];
  readonly snapshots: Model[];
  readonly views: Model[];
}

function dispatchOn(target: SessionAccess, model: Model, made: Event): Model {
  const next = after(model, made);
  if (next === undefined)
    expect(() => target.dispatch(made)).toThrow(/slice "strict", index "(id|pair)": An item with/);
  else target.dispatch(made);
  return next ?? model;
}

function expectSame(expected: Expected, { session, forks, views }: Real): void {
  const now = [session, ...forks].map((access) => ({ loose: access.query(loose), strict: access.query(strict) }));
  const models = [expected.session, ...expected.forks, ...expected.views];
  for (const [place, view] of [...now, ...views].entries()) {
    const model = models[place] as Model; // as: there are as many
    expectItems(view.loose, model.loose);
    expectItems(view.strict, model.strict);
    expectLoose(view.loose, model.loose);
    expectStrict(view.strict, model.strict);
  }
}

/** One thing that may be done; numbers choose a fork or snapshot, counted round. */
class Step implements fc.Command<Expected, Real> {
  readonly #name: string;
  readonly #needs: "forks" | "snapshots" | undefined;
  readonly #do: (expected: Expected, real: Real) => void;

  constructor(name: string, needs: "forks" | "snapshots" | undefined, work: (expected: Expected, real: Real) => void) {
    this.#name = name;
    this.#needs = needs;
    this.#do = work;
  }

  check(expected: Readonly<Expected>): boolean {
    return this.#needs === undefined || expected[this.#needs].length > 0;
  }

  run(expected: Expected, real: Real): void {
    this.#do(expected, real);
    expectSame(expected, real);
  }

  toString(): string {
    return this.#name;
  }
}

const chosen = <T>(list: readonly T[], which: number): T => list[which % list.length] as T;
const which = fc.nat(5);

const dispatching = madeEvent.map(
  (made) =>
    new Step(`dispatch ${JSON.stringify(made)}`, undefined, (expected, { session }) => {
      expected.session = dispatchOn(session, expected.session, made);
    }),
);
const onFork = fc.tuple(which, madeEvent).map(
  ([number, made]) =>
    new Step(`on fork ${number} ${JSON.stringify(made)}`, "forks", (expected, { forks }) => {
      const place = number % forks.length;
      expected.forks[place] = dispatchOn(chosen(forks, place), chosen(expected.forks, place), made);
    }),
);
const ending = fc.tuple(which, fc.boolean()).map(
  ([number, isCommitted]) =>
    new Step(`${isCommitted ? "commit" : "drop"} fork ${number}`, "forks", (expected, { session, forks }) => {
      const place = number % forks.length;
      expected.forks.splice(place, 1);
      const events = forks.splice(place, 1)[0]?.events() ?? [];
      if (isCommitted) for (const made of events) expected.session = dispatchOn(session, expected.session, made);
    }),
);
const forking = new Step("fork", undefined, (expected, { session, forks }) => {
  forks.push(session.fork());
  expected.forks.push(expected.session);
});
const viewing = new Step("view", undefined, (expected, { session, views }) => {
  views.push({ loose: session.query(loose), strict: session.query(strict) });
  expected.views.push(expected.session);
});
const taking = new Step("snapshot", undefined, (expected, { session, snapshots }) => {
  snapshots.push(session.snapshot());
  expected.snapshots.push(expected.session);
});
const restoring = which.map(
  (number) =>
    new Step(`restore ${number}`, "snapshots", (expected, { session, snapshots }) => {
      session.restore(chosen(snapshots, number));
      expected.session = chosen(expected.snapshots, number);
    }),
);

const agrees = fc.property(
  fc.commands(
    [
      ...[dispatching, dispatching, dispatching, onFork, onFork, ending, restoring],
      ...[forking, viewing, taking].map((step) => fc.constant(step)),
    ],
    { maxCommands: 40 },
  ),
  (commands) => {
    const real: Real = { session: createSession({ slices: [loose, strict] }), forks: [], snapshots: [], views: [] };
    const none: Model = { loose: [], strict: [] };
    fc.modelRun(() => ({ model: { session: none, forks: [], snapshots: [], views: [] }, real }), commands);
  },
);

test("an index finds what a full scan finds, on sessions, forks and views of before, whatever is done", () => {
  fc.assert(agrees, { numRuns: propertyRuns });
});

/** One fault in the code under the property, for as long as `work` runs. */
function withFault<Of extends object, Name extends keyof Of>(
  of: Of,
  name: Name,
  fault: Of[Name],
  work: () => void,
): void {
  const right = Object.getOwnPropertyDescriptor(of, name) as PropertyDescriptor;
  Object.defineProperty(of, name, { ...right, value: fault });
  try {
    work();
  } finally {
    Object.defineProperty(of, name, right);
  }
}

const { upsert: upserted, extend: extended } = IndexedList;
const { put } = PlaceTable.prototype;
const { put: putOnLine } = Line.prototype;
const { between } = OrderedIndex.prototype;
const found = () => expect(fc.check(agrees, { numRuns: 500 }).failed).toBe(true);

test.each<[string, () => void]>([
  ["keys that stay when their item goes", () => withFault(HashIndex.prototype, "remove", () => undefined, found)],
  ["ordered keys that stay", () => withFault(OrderedIndex.prototype, "remove", () => undefined, found)],
  [
    "a range without its end",
    () =>
      withFault(
        OrderedIndex.prototype,
        "between",
        function (this: OrderedIndex, { from }) {
          return between.call(this, { from });
        },
        found,
      ),
  ],
  ["a unique index that refuses nothing", () => withFault(PlaceTable.prototype, "requireFree", () => undefined, found)],
  [
    "an upsert that adds",
    () => withFault(IndexedList, "upsert", (list, _index, item) => extended(list, [item]), found),
  ],
  ["a renewed item that stays in its place", () => withFault(IndexedList, "renew", upserted, found)],
  [
    "a table that is not given back as it was",
    () =>
      withFault(
        Line.prototype,
        "put",
        function <T>(this: Line<T>, ...[place, slot, keys]: Parameters<typeof putOnLine>) {
          this.table.put(place, slot as T, keys);
          return this;
        } as typeof putOnLine,
        found,
      ),
  ],
  [
    "an index that does not follow a table",
    () =>
      withFault(
        PlaceTable.prototype,
        "put",
        function (this: PlaceTable<unknown>, place, slot, keys) {
          return put.call(this, place, slot, place < this.size ? [] : keys);
        },
        found,
      ),
  ],
])("the property sees %s", (_fault, check) => check());

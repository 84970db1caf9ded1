/**
 * What every slice store promises, as checks that any test runner can run: each throws when the promise does not hold, and is
 * given storage that is empty. The numbers are those in the header of `slice-store.ts`.
 */
import assert from "node:assert/strict";
import { type ErrorCode, type Schema, WinkError } from "../../base/index.ts";
import { index } from "../indexes/define-index.ts";
import { append, clear, extend, renew, replace, type SliceOp, upsert } from "../operation.ts";
import { type Slice, slice } from "../slice.ts";
import type { SliceStore } from "./slice-store.ts";

/** A store over storage that no one else uses. Both functions give a store that the check closes. */
export interface StoreHarness {
  open<Item>(slice: Slice<Item>): Promise<SliceStore<Item>>;
  /** Another store over the same storage, as another process would have it; the same one when there is no other way. */
  again<Item>(slice: Slice<Item>): Promise<SliceStore<Item>>;
}

/** One promise of the port and its proof. */
export interface StoreConformanceCase {
  /** Its number in the header of the port. */
  readonly id: string;
  readonly claim: string;
  /** Throws when a store does not keep the promise; `make` gives a new one each time. */
  check(make: () => Promise<StoreHarness>): Promise<void>;
}

/** An item that says no more than its name and number. */
interface Item {
  readonly name: string;
  readonly n: number;
}

/** A schema without a library, so that the suite depends on none. */
const item: Schema<Item, Item> = {
  "~standard": {
    version: 1,
    vendor: "weakincentives",
    validate: (value) => {
      const { name, n } = Object(value) as Partial<Item>; // as: both are looked at here
      return typeof name === "string" && Number.isInteger(n)
        ? { value: { name, n: Number(n) } }
        : { issues: [{ message: "expected a name and a number" }] };
    },
    jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
  },
};
const jsonSchema = {
  type: "object",
  properties: { name: { type: "string" }, n: { type: "integer" } },
  required: ["name", "n"],
  additionalProperties: false,
};

const byName = index("name", ({ name }: Item) => name, { unique: true });
const byNumber = index("number", ({ n }: Item) => n, { ordered: true });
const plain = slice<Item>({ name: "conformance/plain", item, reducers: () => [] });
const indexed = slice<Item>({ name: "conformance/indexed", item, indexes: [byName, byNumber], reducers: () => [] });

const made = (n: number, name = `item ${n} é😀\n"`): Item => ({ name, n });
const numbers = (store: SliceStore<Item>): readonly number[] =>
  store
    .view()
    .all()
    .map(({ n }) => n);

/** Fails unless the work throws a `WinkError` of this code. */
async function refuses(code: ErrorCode, work: () => unknown): Promise<void> {
  await assert.rejects(
    async () => work(),
    (error) => {
      assert(WinkError.is(error), `expected ${code}, got ${String(error)}`);
      assert.equal(error.code, code, error.message);
      return true;
    },
  );
}

/** All promises of the port. */
export const storeConformance: readonly StoreConformanceCase[] = [
  {
    id: "S1",
    claim: "a view shows what was applied, and stays as it is",
    async check(make) {
      await using store = await (await make()).open(plain);
      const empty = store.view();
      store.apply(append(made(1)));
      const one = store.view();
      store.apply(extend([made(2), made(3)]));
      store.apply(replace([made(4)]));
      const four = store.view();
      store.apply(clear());
      assert.deepEqual([empty.length, one.length, four.length, store.view().length], [0, 1, 1, 0]);
      assert.deepEqual(one.latest(), made(1));
      assert.deepEqual(four.at(0), made(4));
      assert(Object.isFrozen(four.at(0)));
    },
  },
  {
    id: "S2",
    claim: "an item that does not fit is refused, and nothing of its operation is applied",
    async check(make) {
      await using store = await (await make()).open(plain);
      const odd = { name: 7, n: 1 } as unknown as Item; // as: it is there to be refused
      await refuses("ITEM_INVALID", () => store.apply(extend([made(1), odd])));
      await refuses("ITEM_INVALID", () => store.prepare([append(made(1)), append(odd)]));
      assert.equal(store.view().length, 0);
    },
  },
  {
    id: "S2",
    claim: "a second item of a unique key is refused, and nothing of its operation is applied",
    async check(make) {
      await using store = await (await make()).open(indexed);
      store.apply(append(made(1, "a")));
      await refuses("KEY_TAKEN", () => store.apply(extend([made(2, "b"), made(3, "a")])));
      assert.deepEqual(numbers(store), [1]);
    },
  },
  {
    id: "S3",
    claim: "what was applied before a flush is there for who opens the store afterwards",
    async check(make) {
      const harness = await make();
      await using store = await harness.open(indexed);
      const operations: readonly SliceOp<Item>[] = [
        append(made(1, "a")),
        extend([made(2, "b"), made(3, "c")]),
        upsert(byName, made(4, "a")),
        renew(byName, made(5, "b")),
        append(made(6, "d")),
      ];
      for (const operation of operations) store.apply(operation);
      await store.flush();
      await using other = await harness.again(indexed);
      assert.deepEqual(numbers(other), [4, 3, 5, 6]);
      assert.deepEqual(other.view().by(byName, "b"), made(5, "b"));
      assert.deepEqual(
        other
          .view()
          .range(byNumber, { from: 4, to: 5 })
          .map(({ n }) => n),
        [4, 5],
      );
      store.apply(clear());
      await store.flush();
      await other.refresh();
      assert.deepEqual(numbers(other), []);
    },
  },
  {
    id: "S4",
    claim: "appenders at the same time lose nothing, and each keeps its order",
    async check(make) {
      const harness = await make();
      await using store = await harness.open(plain);
      await using other = await harness.again(plain);
      const appender = async (to: SliceStore<Item>, first: number): Promise<void> => {
        for (let n = first; n < first + 20; n++) {
          to.apply(append(made(n)));
          await to.flush();
        }
      };
      await Promise.all([appender(store, 0), appender(store, 100), appender(other, 200), appender(other, 300)]);
      await using third = await harness.again(plain);
      await third.refresh();
      const all = numbers(third);
      assert.equal(all.length, 80);
      for (const first of [0, 100, 200, 300]) {
        const own = all.filter((n) => n >= first && n < first + 100);
        assert.deepEqual(
          own,
          Array.from({ length: 20 }, (_, place) => first + place),
        );
      }
    },
  },
  {
    id: "S5",
    claim: "a refresh shows what others have added, and puts behind it what is not flushed",
    async check(make) {
      const harness = await make();
      await using store = await harness.open(plain);
      await using other = await harness.again(plain);
      store.apply(append(made(1)));
      await store.flush();
      other.apply(append(made(2)));
      await other.refresh();
      assert.deepEqual(numbers(other), [1, 2]);
      await other.flush();
      await store.refresh();
      assert.deepEqual(numbers(store), [1, 2]);
    },
  },
  {
    id: "S6",
    claim: "the newest journal entry is told, and comes back with the items",
    async check(make) {
      const harness = await make();
      await using store = await harness.open(plain);
      assert.equal(store.applied, undefined);
      store.apply(append(made(1)), { run: "a", sequence: 7 });
      store.apply(append(made(2)));
      assert.deepEqual(store.applied, { run: "a", sequence: 7 });
      await store.flush();
      store.apply(append(made(3)), { run: "b", sequence: 2 });
      await store.compact();
      await using other = await harness.again(plain);
      assert.deepEqual(other.applied, { run: "b", sequence: 2 });
    },
  },
  {
    id: "S7",
    claim: "compacting changes no item, and flushes",
    async check(make) {
      const harness = await make();
      await using store = await harness.open(indexed);
      for (let n = 0; n < 30; n++) store.apply(upsert(byName, made(n, `${n % 7}`)));
      const before = store.view().all();
      await store.compact();
      assert.deepEqual(store.view().all(), before);
      await using other = await harness.again(indexed);
      assert.deepEqual(other.view().all(), before);
      store.apply(append(made(100, "new")));
      await store.flush();
      await other.refresh();
      assert.deepEqual(other.view().all(), [...before, made(100, "new")]);
    },
  },
  {
    id: "S8",
    claim: "a closed store has been flushed, and refuses whatever is asked of it but closing",
    async check(make) {
      const harness = await make();
      const store = await harness.open(plain);
      store.apply(append(made(1)));
      await store[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await refuses("STORE_CLOSED", () => store.apply(append(made(2))));
      await refuses("STORE_CLOSED", () => store.flush());
      await refuses("STORE_CLOSED", () => store.refresh());
      await refuses("STORE_CLOSED", () => store.compact());
      await using other = await harness.again(plain);
      assert.deepEqual(numbers(other), [1]);
    },
  },
];

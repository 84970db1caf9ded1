/** Finding and replacing items by key, against a `Map`: what a reducer and the list of its slice do, without the session around. */
import { createSession, event, index, replace, replaceLatestBy, slice, upsertBy } from "weakincentives";
import { z } from "zod";
import type { Reduce } from "../src/session/index.ts";
import { applyOperation } from "../src/session/operation.ts";
import { emptyList } from "../src/session/slice-list.ts";
import { against, type Bench, type Row } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const shape = z.object({ id: z.string(), n: z.int() });
type Item = z.infer<typeof shape>;
const ItemSet = event("bench/set", shape);
const Loaded = event("bench/loaded", z.array(shape));
const id = (item: Item): string => item.id;
const byId = index("id", id, { unique: true });
const byN = index("n", ({ n }: Item) => n, { ordered: true });

const keysOf = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `item-${n}`);
/** All of a list in an order that has nothing to do with that in which they were made. */
const shuffled = <T>(list: readonly T[]): readonly T[] => list.map((_, n) => list[(n * 7_919) % list.length] as T);

export const bench: Bench = {
  name: "index",
  async *run() {
    yield* replacing();
    yield* finding();
  },
};

/** Adds 10,000 keys, and replaces each in another order; the items are made on the way. Ten lists a round, one after the other. */
async function* replacing(): AsyncIterable<Row> {
  const keys = keysOf(10_000);
  const order = [...keys, ...shuffled(keys)];
  const lists = 10;
  const ours = (reduce: Reduce<Item, string, Item>): (() => void) => {
    const kept = slice({ name: "kept", item: shape, reducers: (on) => [on(ItemSet, reduce)] });
    let alive = emptyList<Item>(kept); // else each collection takes what the engine has learnt of lists
    return () => {
      for (let count = 0; count < lists; count++) {
        let list = emptyList<Item>(kept);
        let n = 0;
        for (const key of order) {
          const happened = { type: ItemSet.type, payload: { id: key, n: n++ } };
          const operation = reduce(list, happened);
          if (operation !== undefined) list = applyOperation(list, operation);
        }
        alive = list;
        if (alive.length !== keys.length) throw new Error("items are missing");
      }
    };
  };
  const floor = (isRenewed: boolean) => (): void => {
    for (let count = 0; count < lists; count++) {
      const map = new Map<string, Item>();
      let n = 0;
      for (const key of order) {
        const happened = { type: ItemSet.type, payload: { id: key, n: n++ } };
        if (isRenewed) map.delete(id(happened.payload));
        map.set(id(happened.payload), happened.payload);
      }
      if (map.size !== keys.length) throw new Error("items are missing");
    }
  };
  const each = (total: number | undefined): number => ((total ?? Number.NaN) * 1e6) / order.length / lists;
  const upsert = await sideBySide({ ours: ours(upsertBy(id)), floor: floor(false) }, 15);
  yield against("upsert-10000-keys", each(upsert.ours?.median), each(upsert.floor?.median), "ns/event");
  const latest = await sideBySide({ ours: ours(replaceLatestBy(id)), floor: floor(true) }, 15);
  yield against("replace-latest-10000-keys", each(latest.ours?.median), each(latest.floor?.median), "ns/event");
}

/** Looks up 100,000 keys, each once, in a session. */
async function* finding(): AsyncIterable<Row> {
  const items = keysOf(100_000).map((key, n) => ({ id: key, n }));
  const kept = slice({
    name: "kept",
    item: shape,
    indexes: [byId, byN],
    reducers: (on) => [on(Loaded, (_view, { payload }) => replace(payload))],
  });
  const session = createSession({ slices: [kept], id: "bench" });
  session.dispatch({ type: Loaded.type, payload: items });
  const map = new Map(items.map((item) => [item.id, item]));
  const wanted = shuffled(items.map(id));
  const numbers = shuffled(items.map(({ n }) => n));
  const sum = (find: (key: string) => Item | undefined) => (): void => {
    let found = 0;
    for (const key of wanted) if (find(key)?.id === key) found++;
    if (found !== wanted.length) throw new Error("items are missing");
  };
  const view = session.query(kept);
  const times = await sideBySide(
    {
      ours: sum((key) => view.by(byId, key)),
      ordered: () => {
        for (const n of numbers) if (view.first(byN, n)?.n !== n) throw new Error("items are missing");
      },
      floor: sum((key) => map.get(key)),
    },
    21,
  );
  const each = (name: string): number => ((times[name]?.median ?? Number.NaN) * 1e6) / wanted.length;
  yield against("look-up-in-100000", each("ours"), each("floor"), "ns");
  yield { metric: "ordered-look-up-in-100000", value: each("ordered"), unit: "ns" };
}

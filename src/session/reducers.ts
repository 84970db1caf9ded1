/** Reducers that most slices need. */
import { type Index, type IndexKey, index } from "./indexes/define-index.ts";
import { append, renew, replace, type SliceOp, upsert } from "./operation.ts";
import type { Reduce } from "./slice.ts";

/** Keeps every payload, oldest first. */
export function appendAll<Item>(): Reduce<Item, string, Item> {
  return (_view, { payload }) => append(payload);
}

/** Keeps only the newest payload. */
export function replaceLatest<Item>(): Reduce<Item, string, Item> {
  return (_view, { payload }) => replace([payload]);
}

/**
 * Keeps one item a key: a payload whose key is there replaces that item in place, another is added at the end. O(log n).
 * Takes the key, or an index that the slice declares and that so need not be kept twice.
 */
export function upsertBy<Item>(key: KeyOf<Item> | Index<Item>): Reduce<Item, string, Item> {
  return keyed(key, upsert);
}

/**
 * Keeps one item a key, the newest last: a payload whose key is there takes that item away and is added at the end. O(log n).
 * Takes what {@link upsertBy} takes.
 */
export function replaceLatestBy<Item>(key: KeyOf<Item> | Index<Item>): Reduce<Item, string, Item> {
  return keyed(key, renew);
}

type KeyOf<Item> = (item: Item) => IndexKey;

function keyed<Item>(
  key: KeyOf<Item> | Index<Item>,
  operation: (index: Index<Item>, item: Item) => SliceOp<Item>,
): Reduce<Item, string, Item> {
  const own = typeof key === "function" ? indexBy(key) : key;
  const reduce: Reduce<Item, string, Item> = (_view, { payload }) => operation(own, payload);
  return Object.assign(reduce, { index: own });
}

const known = new WeakMap<KeyOf<never>, Index>();

/** The index of a key function, the same for each reducer that takes it. */
function indexBy<Item>(key: KeyOf<Item>): Index<Item> {
  const made = known.get(key) ?? index("key", key);
  known.set(key, made);
  return made;
}

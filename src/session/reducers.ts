/** Reducers that most slices need. */
import { append, replace, type SliceOp } from "./operation.ts";
import type { Reduce } from "./slice.ts";

/** Keeps every payload, oldest first. */
export function appendAll<Item>(): Reduce<Item, string, Item> {
  return (_view, { payload }) => append(payload);
}

/** Keeps only the newest payload. */
export function replaceLatest<Item>(): Reduce<Item, string, Item> {
  return (_view, { payload }) => replace([payload]);
}

/** Keeps one item a key: a payload whose key is there replaces that item in place, another is added at the end. */
export function upsertBy<Item>(key: (item: Item) => string | number): Reduce<Item, string, Item> {
  return (view, { payload }): SliceOp<Item> => {
    const wanted = key(payload);
    const items = view.all();
    const place = items.findIndex((item) => key(item) === wanted);
    return place === -1 ? append(payload) : replace(items.with(place, payload));
  };
}

import type { Index } from "./indexes/define-index.ts";
import { IndexedList } from "./indexes/indexed-list.ts";
import { PersistentList } from "./persistent-list.ts";

/** One version of the items of a slice, with or without indexes. */
export type SliceList<Item> = PersistentList<Item> | IndexedList<Item>;

/** The version without items of a slice's list. */
export function emptyList<Item>(slice: {
  readonly name: string;
  readonly indexes: readonly Index<Item>[];
}): SliceList<Item> {
  return slice.indexes.length === 0 ? PersistentList.empty : IndexedList.empty(slice);
}

/** The same items: what is appended to it costs the list that it was made from nothing. */
export function branchList<Item>(list: SliceList<Item>): SliceList<Item> {
  return list instanceof IndexedList ? list : PersistentList.branch(list);
}

import type { Index, IndexKey } from "./indexes/define-index.ts";
import type { KeyRange } from "./indexes/place-index.ts";

/**
 * A read-only look at a slice at one moment. Later events do not change it.
 *
 * `by`, `first` and `range` cost O(log n) and what they find; asked of a view that is not the newest, also what has changed
 * since. They throw `INPUT_INVALID` for an index that the slice does not declare.
 */
export interface SliceView<Item> extends Iterable<Item> {
  readonly length: number;
  /** The item at an index; negative ones count from the end. */
  at(index: number): Item | undefined;
  /** The newest item. */
  latest(): Item | undefined;
  /** All items, oldest first, as a list of the caller's own. */
  all(): readonly Item[];
  /** The items that fit, oldest first. */
  where(fits: (item: Item) => boolean): readonly Item[];
  /** The items of a key, oldest first; of a unique index the one item, if there is one. */
  by<Key extends IndexKey, Unique extends boolean>(
    index: Index<Item, Key, Unique>,
    key: NoInfer<Key>,
  ): Found<Item, Unique>;
  /** The oldest item of a key. */
  first<Key extends IndexKey>(index: Index<Item, Key>, key: NoInfer<Key>): Item | undefined;
  /** The items whose keys lie between two, both included, by key and then oldest first; of an ordered index. */
  range<Key extends IndexKey>(index: Index<Item, Key, boolean, true>, range: KeyRange<NoInfer<Key>>): readonly Item[];
}

/** What an index finds for one key. */
export type Found<Item, Unique extends boolean> = Unique extends true ? Item | undefined : readonly Item[];

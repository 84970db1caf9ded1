/** A read-only look at a slice at one moment. Later events do not change it. */
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
}

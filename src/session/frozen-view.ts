import { deepFreeze } from "../base/index.ts";
import type { Index, IndexKey } from "./indexes/define-index.ts";
import type { KeyRange } from "./indexes/place-index.ts";
import type { Found, SliceView } from "./view.ts";

/**
 * A list as it is given out of a session: it can only be read, and what is read from it is frozen, so that nobody leaves a
 * trace in the session by changing an item. Items are frozen here and not when they come in because that would cost every
 * dispatch, and most items are replaced before anyone but their reducer reads them.
 */
export class FrozenView<Item> implements SliceView<Item> {
  readonly #list: SliceView<Item>;

  constructor(list: SliceView<Item>) {
    this.#list = list;
  }

  get length(): number {
    return this.#list.length;
  }

  at(index: number): Item | undefined {
    return deepFreeze(this.#list.at(index));
  }

  latest(): Item | undefined {
    return this.at(-1);
  }

  all(): readonly Item[] {
    return frozen(this.#list.all());
  }

  where(fits: (item: Item) => boolean): readonly Item[] {
    return this.#list.where((item) => fits(deepFreeze(item)));
  }

  by<Key extends IndexKey, Unique extends boolean>(index: Index<Item, Key, Unique>, key: Key): Found<Item, Unique> {
    const found = this.#list.by(index, key);
    if (index.unique) deepFreeze(found);
    else frozen(found as readonly Item[]); // as: an index that is not unique finds a list
    return found;
  }

  first<Key extends IndexKey>(index: Index<Item, Key>, key: Key): Item | undefined {
    return deepFreeze(this.#list.first(index, key));
  }

  range<Key extends IndexKey>(index: Index<Item, Key, boolean, true>, range: KeyRange<Key>): readonly Item[] {
    return frozen(this.#list.range(index, range));
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const item of this.#list) yield deepFreeze(item);
  }
}

/** A list of the caller's own whose items are frozen. */
function frozen<Item>(items: readonly Item[]): readonly Item[] {
  for (const item of items) deepFreeze(item);
  return items;
}

import { deepFreeze } from "./plain-data.ts";
import type { SliceView } from "./view.ts";

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
    const items = this.#list.all();
    for (const item of items) deepFreeze(item);
    return items;
  }

  where(fits: (item: Item) => boolean): readonly Item[] {
    return this.#list.where((item) => fits(deepFreeze(item)));
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const item of this.#list) yield deepFreeze(item);
  }
}

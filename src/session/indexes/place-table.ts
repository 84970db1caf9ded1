import type { DeclaredIndex } from "./declared-index.ts";
import type { IndexKey } from "./define-index.ts";
import { HashIndex } from "./hash-index.ts";
import { OrderedIndex } from "./ordered-index.ts";
import type { PlaceIndex } from "./place-index.ts";

/** Stands where an item was that has been taken away, so that the items behind it keep their places. */
export const gone: unique symbol = Symbol("gone");

/** What stands at a place. */
export type Slot<Item> = Item | typeof gone;

/** The keys of what stands at a place, one for each index; none of what is gone. */
export type Keys = readonly (IndexKey | undefined)[];

/** An index with the keys by which it finds what stands at the places, whatever an item would say now. */
interface KeptIndex<Item> {
  /** Where its key stands among those of an item. */
  readonly number: number;
  readonly declared: DeclaredIndex<Item>;
  readonly index: PlaceIndex;
  readonly keys: (IndexKey | undefined)[];
}

/** Items at places and the indexes over them, changed in place. */
export class PlaceTable<Item> {
  readonly #slots: Slot<Item>[] = [];
  readonly #kept: readonly KeptIndex<Item>[];

  constructor(declared: readonly DeclaredIndex<Item>[]) {
    this.#kept = declared.map((one, number) => ({
      number,
      declared: one,
      index: one.index.ordered ? new OrderedIndex() : new HashIndex(),
      keys: [],
    }));
  }

  /** How many places there are. */
  get size(): number {
    return this.#slots.length;
  }

  at(place: number): Slot<Item> | undefined {
    return this.#slots[place];
  }

  /** What stands at the first places, as a list of the caller's own. */
  first(count: number): Slot<Item>[] {
    return this.#slots.slice(0, count);
  }

  /** The index with a number, in the order in which they are declared. */
  index(number: number): PlaceIndex | undefined {
    return this.#kept[number]?.index;
  }

  /** Throws `REDUCER_FAILED` for an item without a key. */
  keysOf(slot: Slot<Item>): Keys {
    return slot === gone ? [] : this.#kept.map(({ declared }) => declared.keyOf(slot));
  }

  /** Throws `KEY_TAKEN` when one of the first `count` places, but not `except`, has one of the keys in a unique index. */
  requireFree(keys: Keys, count: number, except?: number): void {
    for (const { number, declared, index, keys: known } of this.#kept) {
      const key = keys[number];
      if (!declared.index.unique || key === undefined || (except !== undefined && known[except] === key)) continue;
      const place = index.first(key);
      if (place !== undefined && place < count) throw declared.taken(key);
    }
  }

  /** Puts something at a place, perhaps a new one at the end, and gives what stood there. */
  put(place: number, slot: Slot<Item>, keys: Keys): Slot<Item> {
    const isNew = place === this.size;
    for (const { number, index, keys: known } of this.#kept) {
      const key = keys[number];
      const old = isNew ? undefined : known[place];
      if (old !== undefined && old !== key) index.remove(old, place);
      if (key !== undefined && old !== key) index.add(key, place);
      known[place] = key;
    }
    const old = isNew ? gone : (this.#slots[place] as Slot<Item>); // as: something stands at each place
    this.#slots[place] = slot;
    return old;
  }
}

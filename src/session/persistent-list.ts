/**
 * An append-only list whose versions share one buffer: a version is the buffer and a length. Appending to the newest
 * version is one push; appending to an older one starts a new buffer that points back. So a version is a snapshot for
 * nothing, and going back and branching cost the same whatever the length.
 */
import type { SliceView } from "./view.ts";

/** Versions deeper than this many buffers are copied together when next read whole. */
const deepest = 16;

/** One version of the list. */
export class PersistentList<Item> implements SliceView<Item> {
  /** The version without items. */
  static readonly empty: PersistentList<never> = new PersistentList<never>(undefined, [], 0);

  readonly length: number;
  /** What stands before this version's own buffer. */
  #before: PersistentList<Item> | undefined;
  #buffer: Item[];
  #depth: number;

  private constructor(before: PersistentList<Item> | undefined, buffer: Item[], length: number) {
    this.#before = before;
    this.#buffer = buffer;
    this.length = length;
    this.#depth = before === undefined ? 0 : before.#depth + 1;
  }

  /** A list of items; the array is copied. */
  static of<Item>(items: readonly Item[]): PersistentList<Item> {
    return items.length === 0 ? PersistentList.empty : new PersistentList(undefined, [...items], items.length);
  }

  /** A version with one item more. */
  append(item: Item): PersistentList<Item> {
    const own = this.length - (this.#before?.length ?? 0);
    // as: the empty version is shared by all lists
    if (this.#buffer.length === own && this !== (PersistentList.empty as PersistentList<unknown>)) {
      this.#buffer.push(item);
      return new PersistentList(this.#before, this.#buffer, this.length + 1);
    }
    if (this.length === 0) return new PersistentList<Item>(undefined, [item], 1);
    if (this.#depth >= deepest) this.#flatten();
    return new PersistentList<Item>(this, [item], this.length + 1);
  }

  /** The same items as a version that others do not append to: appending to it leaves this version's buffer alone. */
  branch(): PersistentList<Item> {
    if (this.#depth >= deepest) this.#flatten();
    return new PersistentList<Item>(this.length === 0 ? undefined : this, [], this.length);
  }

  /** A version with some items more. */
  extend(items: readonly Item[]): PersistentList<Item> {
    let list: PersistentList<Item> = this;
    for (const item of items) list = list.append(item);
    return list;
  }

  at(index: number): Item | undefined {
    const wanted = index < 0 ? this.length + index : index;
    if (wanted < 0 || wanted >= this.length) return undefined;
    let list: PersistentList<Item> = this;
    while (list.#before !== undefined && wanted < list.#before.length) list = list.#before;
    return list.#buffer[wanted - (list.#before?.length ?? 0)];
  }

  latest(): Item | undefined {
    return this.at(-1);
  }

  all(): readonly Item[] {
    return this.#before === undefined ? this.#buffer.slice(0, this.length) : [...this];
  }

  where(fits: (item: Item) => boolean): readonly Item[] {
    const found: Item[] = [];
    for (const item of this) if (fits(item)) found.push(item);
    return found;
  }

  *[Symbol.iterator](): Iterator<Item> {
    const parts: PersistentList<Item>[] = [];
    for (let list: PersistentList<Item> | undefined = this; list !== undefined; list = list.#before) parts.push(list);
    for (const list of parts.reverse()) {
      const own = list.length - (list.#before?.length ?? 0);
      for (let index = 0; index < own; index++) yield list.#buffer[index] as Item; // as: `own` items were pushed
    }
  }

  /** Copies this version into one buffer of its own, so that chains of branches stay short. */
  #flatten(): void {
    this.#buffer = [...this];
    this.#before = undefined;
    this.#depth = 0;
  }
}

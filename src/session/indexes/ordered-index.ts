import type { IndexKey } from "./define-index.ts";
import type { KeyRange, PlaceIndex } from "./place-index.ts";
import { eachItem, firstItem, type SortedTree, withItem, withoutItem } from "./sorted-tree.ts";

/** A key and a place at which an item of it stands. */
interface Entry {
  readonly key: IndexKey;
  readonly place: number;
}

/** Keeps its keys in order. */
export class OrderedIndex implements PlaceIndex {
  #entries: SortedTree<Entry> | undefined;

  add(key: IndexKey, place: number): void {
    this.#entries = withItem(this.#entries, { key, place }, at(key, place));
  }

  remove(key: IndexKey, place: number): void {
    this.#entries = withoutItem(this.#entries, at(key, place));
  }

  first(key: IndexKey): number | undefined {
    return firstItem(this.#entries, of(key))?.place;
  }

  places(key: IndexKey): readonly number[] {
    return this.#found(of(key));
  }

  /** All places of the keys of a range, by key and then in order. */
  between({ from, to }: KeyRange<IndexKey>): readonly number[] {
    return this.#found(({ key }) => {
      if (from !== undefined && compareKeys(key, from) < 0) return -1;
      return to !== undefined && compareKeys(key, to) > 0 ? 1 : 0;
    });
  }

  #found(probe: (entry: Entry) => number): readonly number[] {
    const found: number[] = [];
    eachItem(this.#entries, probe, ({ place }) => found.push(place));
    return found;
  }
}

const of =
  (key: IndexKey) =>
  (entry: Entry): number =>
    compareKeys(entry.key, key);

const at =
  (key: IndexKey, place: number) =>
  (entry: Entry): number =>
    compareKeys(entry.key, key) || entry.place - place;

/** Numbers before texts, texts by their code units. */
function compareKeys(a: IndexKey, b: IndexKey): number {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

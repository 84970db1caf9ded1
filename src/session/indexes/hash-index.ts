import type { IndexKey } from "./define-index.ts";
import type { PlaceIndex } from "./place-index.ts";
import { eachItem, firstItem, type SortedTree, withItem, withoutItem } from "./sorted-tree.ts";

/** Finds a key by hash; places of one key are in order, so that taking one away costs O(log n) too. */
export class HashIndex implements PlaceIndex {
  /** One place, or a tree of several. */
  readonly #places = new Map<IndexKey, number | SortedTree<number>>();

  add(key: IndexKey, place: number): void {
    const known = this.#places.get(key);
    this.#places.set(key, known === undefined ? place : withPlace(treeOf(known), place));
  }

  remove(key: IndexKey, place: number): void {
    const known = this.#places.get(key);
    const left = known === undefined ? undefined : withoutItem(treeOf(known), (other) => other - place);
    if (left === undefined) this.#places.delete(key);
    else this.#places.set(key, left);
  }

  first(key: IndexKey): number | undefined {
    const places = this.#places.get(key);
    return typeof places === "object" ? firstItem(places, every) : places;
  }

  places(key: IndexKey): readonly number[] {
    const places = this.#places.get(key);
    const found: number[] = [];
    if (places !== undefined) eachItem(treeOf(places), every, (place) => found.push(place));
    return found;
  }
}

const every = (): number => 0;

const withPlace = (tree: SortedTree<number> | undefined, place: number): SortedTree<number> =>
  withItem(tree, place, (other) => other - place);

const treeOf = (places: number | SortedTree<number>): SortedTree<number> =>
  typeof places === "object" ? places : withPlace(undefined, places);

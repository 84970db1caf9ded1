import type { IndexKey } from "./define-index.ts";

/** From which key to which; both belong to it, and a side left out has no end. */
export interface KeyRange<Key extends IndexKey> {
  readonly from?: Key | undefined;
  readonly to?: Key | undefined;
}

/** Knows the places in a list at which the items of a key stand; also of a key that only one item should have. */
export interface PlaceIndex {
  add(key: IndexKey, place: number): void;
  remove(key: IndexKey, place: number): void;
  /** The lowest place of a key. */
  first(key: IndexKey): number | undefined;
  /** All places of a key, in order. */
  places(key: IndexKey): readonly number[];
}

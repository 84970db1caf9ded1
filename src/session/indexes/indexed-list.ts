import { WinkError } from "../../base/index.ts";
import type { Found, SliceView } from "../view.ts";
import { DeclaredIndex } from "./declared-index.ts";
import type { Index, IndexKey } from "./define-index.ts";
import { Line } from "./line.ts";
import { OrderedIndex } from "./ordered-index.ts";
import type { KeyRange, PlaceIndex } from "./place-index.ts";
import { gone, type Keys, PlaceTable } from "./place-table.ts";
import { undeclared } from "./undeclared.ts";

/** The slice whose list it is. */
interface Owner<Item> {
  readonly name: string;
  readonly indexes: readonly Index<Item>[];
}

/**
 * One version of a list with indexes. Every version answers from the indexes; one that is not the newest has first to undo
 * in them what has changed since, which costs as much as the changes did. What makes the next version is static, so that who
 * is given a version can only read it.
 */
export class IndexedList<Item> implements SliceView<Item> {
  readonly length: number;
  readonly #owner: Owner<Item>;
  readonly #line: Line<Item>;
  /** How many places the version knows of: its items, and what is gone between them. */
  readonly #places: number;
  /** The items as they are numbered, made for the first question when something is gone. */
  #numbered: readonly Item[] | undefined;

  private constructor(owner: Owner<Item>, line: Line<Item>, places: number, length: number) {
    this.#owner = owner;
    this.#line = line;
    this.#places = places;
    this.length = length;
  }

  /** The version without items. */
  static empty<Item>(owner: Owner<Item>): IndexedList<Item> {
    const table = new PlaceTable(owner.indexes.map((index) => new DeclaredIndex(owner.name, index)));
    return new IndexedList(owner, new Line(table), 0, 0);
  }

  /** A version with some items more. Throws `KEY_TAKEN` and `REDUCER_FAILED`, as all that adds items does. */
  static extend<Item>(list: IndexedList<Item>, items: readonly Item[]): IndexedList<Item> {
    let longer = list.#withoutWaste();
    for (const item of items) longer = longer.#with(item, longer.#line.table.keysOf(item));
    return longer;
  }

  /** A version with these items in the place of all. */
  static replace<Item>(list: IndexedList<Item>, items: readonly Item[]): IndexedList<Item> {
    return IndexedList.extend(IndexedList.empty(list.#owner), items);
  }

  /** A version with an item in the place of the first that has its key, or at the end when none has. */
  static upsert<Item>(list: IndexedList<Item>, index: Index<Item>, item: Item): IndexedList<Item> {
    const from = list.#withoutWaste();
    const keys = from.#line.table.keysOf(item);
    const place = from.#placeOf(index, keys);
    if (place === undefined) return from.#with(item, keys);
    from.#line.table.requireFree(keys, from.#places, place);
    return new IndexedList(from.#owner, from.#line.put(place, item, keys), from.#places, from.length);
  }

  /** A version with an item at the end and without the first that had its key. */
  static renew<Item>(list: IndexedList<Item>, index: Index<Item>, item: Item): IndexedList<Item> {
    const from = list.#withoutWaste();
    const keys = from.#line.table.keysOf(item);
    const place = from.#placeOf(index, keys);
    if (place === undefined) return from.#with(item, keys);
    from.#line.table.requireFree(keys, from.#places, place);
    const line = from.#line.put(place, gone, []).put(from.#places, item, keys);
    return new IndexedList(from.#owner, line, from.#places + 1, from.length);
  }

  at(index: number): Item | undefined {
    this.#numbered ??= this.#places === this.length ? undefined : this.all();
    return this.#numbered === undefined ? this.#at(index < 0 ? this.length + index : index) : this.#numbered.at(index);
  }

  latest(): Item | undefined {
    return this.#at(this.#places - 1); // what is gone is followed by what took its place
  }

  all(): readonly Item[] {
    return this.where(() => true);
  }

  where(fits: (item: Item) => boolean): readonly Item[] {
    const slots = this.#line.table.first(this.#places);
    return slots.filter((slot): slot is Item => slot !== gone && fits(slot));
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.all()[Symbol.iterator]();
  }

  by<Key extends IndexKey, Unique extends boolean>(index: Index<Item, Key, Unique>, key: Key): Found<Item, Unique> {
    const found = index.unique ? this.first(index, key) : this.#items(this.#index(index).places(key));
    return found as Found<Item, Unique>; // as: `unique` says which of the two
  }

  first<Key extends IndexKey>(index: Index<Item, Key>, key: Key): Item | undefined {
    const place = this.#index(index).first(key);
    return place === undefined ? undefined : this.#at(place);
  }

  range<Key extends IndexKey>(index: Index<Item, Key, boolean, true>, range: KeyRange<Key>): readonly Item[] {
    const known = this.#index(index);
    if (known instanceof OrderedIndex) return this.#items(known.between(range));
    throw new WinkError("INPUT_INVALID", {
      at: `slice "${this.#owner.name}", index "${index.name}"`,
      problem: "It finds no ranges",
      expected: "an ordered index",
      received: "one that keeps no order",
      fix: "Define it with `ordered: true`.",
    });
  }

  /** The item at a place, if the version knows of it. */
  #at(place: number): Item | undefined {
    return place < this.#places ? (this.#line.table.at(place) as Item | undefined) : undefined; // as: nobody asks for what is gone
  }

  #items(places: readonly number[]): readonly Item[] {
    return places.filter((place) => place < this.#places).map((place) => this.#at(place) as Item); // as: an index names items
  }

  #index(index: Index<Item>): PlaceIndex {
    const known = this.#line.table.index(this.#owner.indexes.indexOf(index));
    if (known === undefined) throw undeclared(index, this.#owner.name);
    return known;
  }

  #placeOf(index: Index<Item>, keys: Keys): number | undefined {
    const key = keys[this.#owner.indexes.indexOf(index)];
    const place = key === undefined ? undefined : this.#index(index).first(key);
    return place !== undefined && place < this.#places ? place : undefined;
  }

  #with(item: Item, keys: Keys): IndexedList<Item> {
    this.#line.table.requireFree(keys, this.#places);
    const line = this.#line.put(this.#places, item, keys);
    return new IndexedList(this.#owner, line, this.#places + 1, this.length + 1);
  }

  /** The same version, made anew when the table holds more of others and of what is gone than of its own. */
  #withoutWaste(): IndexedList<Item> {
    if (this.#line.table.size <= 2 * this.length + 32) return this;
    return IndexedList.extend(IndexedList.empty(this.#owner), this.all());
  }
}

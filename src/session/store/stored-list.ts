import { WinkError } from "../../base/index.ts";
import type { Index, IndexKey } from "../indexes/define-index.ts";
import { IndexedList } from "../indexes/indexed-list.ts";
import type { KeyRange } from "../indexes/place-index.ts";
import { PersistentList } from "../persistent-list.ts";
import { writeItem } from "../saved-slice.ts";
import type { Found, SliceView } from "../view.ts";
import type { Block } from "./block.ts";
import type { Change } from "./operation-line.ts";
import { Row } from "./row.ts";
import type { Source } from "./source.ts";
import { storeInvalid } from "./store-error.ts";

/** Where a change stands: in which file, and in which line. */
export interface Place<Item> {
  readonly source: Source<Item>;
  readonly line: number;
}

/** Items that nobody has had to read: those of a block, and behind them those of single lines. */
interface Unread<Item> {
  readonly block: Block<Item> | undefined;
  readonly rows: PersistentList<Row<Item>>;
}

/**
 * One version of the items of a file. They stay unread until an index is needed: then all are read and indexed, once, and
 * versions made from this one keep the indexes up.
 */
export class StoredList<Item> implements SliceView<Item> {
  readonly #source: Source<Item>;
  #items: Unread<Item> | IndexedList<Item>;

  private constructor(source: Source<Item>, items: Unread<Item> | IndexedList<Item>) {
    this.#source = source;
    this.#items = items;
  }

  /** The version with the items of a block, or without any. */
  static of<Item>(source: Source<Item>, block?: Block<Item>): StoredList<Item> {
    return new StoredList(source, { block, rows: PersistentList.empty });
  }

  /** The version after a change, which stands in a line of the file or will do so. Throws as the indexes do. */
  static change<Item>(list: StoredList<Item>, change: Change, place: Place<Item>): StoredList<Item> {
    const { op, items } = change;
    const known = list.#items;
    const row = (json: Change["items"][number]): Row<Item> => new Row(place.source, place.line, json);
    if (!(known instanceof IndexedList) && op === "append") {
      let { rows } = known;
      for (const json of items) rows = PersistentList.append(rows, row(json));
      return new StoredList(list.#source, { block: known.block, rows });
    }
    if (!(known instanceof IndexedList) && op === "replace") {
      return new StoredList(list.#source, { block: undefined, rows: PersistentList.of(items.map(row)) });
    }
    const read = items.map((json) => row(json).item);
    return new StoredList(list.#source, changed(list.#indexed(), change, read, place));
  }

  /** The same version with its indexes made, if the slice has any, so that what they refuse is refused from now on. */
  static indexed<Item>(list: StoredList<Item>): StoredList<Item> {
    if (list.#source.slice.indexes.length > 0) list.#indexed();
    return list;
  }

  /** The items as JSON of the slice's present version, oldest first. */
  *json(): Iterable<unknown> {
    const items = this.#items;
    if (items instanceof IndexedList) {
      yield* items.all().map((item, place) => writeItem(this.#source.slice, item, place));
      return;
    }
    const { block, rows } = items;
    for (let place = 0; place < (block?.length ?? 0); place++) yield block?.json(place);
    for (const row of rows) yield row.json;
  }

  get length(): number {
    const items = this.#items;
    return items instanceof IndexedList ? items.length : (items.block?.length ?? 0) + items.rows.length;
  }

  at(index: number): Item | undefined {
    const items = this.#items;
    if (items instanceof IndexedList) return items.at(index);
    const { block, rows } = items;
    const before = block?.length ?? 0;
    const wanted = index < 0 ? before + rows.length + index : index;
    if (wanted >= before) return rows.at(wanted - before)?.item;
    return wanted < 0 ? undefined : block?.item(wanted);
  }

  latest(): Item | undefined {
    return this.at(-1);
  }

  all(): readonly Item[] {
    return this.#items instanceof IndexedList ? this.#items.all() : [...this];
  }

  where(fits: (item: Item) => boolean): readonly Item[] {
    return this.all().filter(fits);
  }

  *[Symbol.iterator](): Iterator<Item> {
    const items = this.#items;
    if (items instanceof IndexedList) {
      yield* items;
      return;
    }
    const { block, rows } = items;
    if (block !== undefined) for (let place = 0; place < block.length; place++) yield block.item(place);
    for (const { item } of rows) yield item;
  }

  by<Key extends IndexKey, Unique extends boolean>(index: Index<Item, Key, Unique>, key: Key): Found<Item, Unique> {
    return this.#indexed().by(index, key);
  }

  first<Key extends IndexKey>(index: Index<Item, Key>, key: Key): Item | undefined {
    return this.#indexed().first(index, key);
  }

  range<Key extends IndexKey>(index: Index<Item, Key, boolean, true>, range: KeyRange<Key>): readonly Item[] {
    return this.#indexed().range(index, range);
  }

  #indexed(): IndexedList<Item> {
    if (this.#items instanceof IndexedList) return this.#items;
    const { slice, path } = this.#source;
    try {
      this.#items = IndexedList.extend(IndexedList.empty(slice), this.all());
    } catch (cause) {
      if (!WinkError.is(cause, "KEY_TAKEN")) throw cause;
      throw new WinkError("STORE_INVALID", {
        at: `${path}, ${cause.parts.at}`,
        problem: `The items of the file do not fit: ${cause.parts.problem}`,
        expected: `${cause.parts.expected}`,
        received: `${cause.parts.received}`,
        details: { path },
        cause,
      });
    }
    return this.#items;
  }
}

function changed<Item>(
  list: IndexedList<Item>,
  { op, index: name }: Change,
  items: readonly Item[],
  { source, line }: Place<Item>,
): IndexedList<Item> {
  if (op === "append") return IndexedList.extend(list, items);
  if (op === "replace") return IndexedList.replace(list, items);
  const index = source.slice.indexes.find((one) => one.name === name);
  if (index === undefined) {
    throw storeInvalid(
      { path: source.path, line },
      {
        problem: "The line needs an index that the slice does not declare any more",
        expected: "one of its indexes",
        received: JSON.stringify(name),
        fix: "Declare the index again, and write the file anew with `compact`.",
      },
    );
  }
  const apply = op === "upsert" ? IndexedList.upsert : IndexedList.renew;
  return items.reduce((next, item) => apply(next, index, item), list);
}

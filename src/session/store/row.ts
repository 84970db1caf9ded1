import type { JsonValue } from "../../base/index.ts";
import { readItem, writeItem } from "../saved-slice.ts";
import type { Source } from "./source.ts";
import { itemPlace } from "./store-error.ts";

const unread: unique symbol = Symbol("unread");

/** An item that a line of a file holds, checked against its schema when somebody first reads it. */
export class Row<Item> {
  readonly #source: Source<Item>;
  readonly #line: number;
  readonly #json: JsonValue;
  #item: Item | typeof unread = unread;

  constructor(source: Source<Item>, line: number, json: JsonValue) {
    this.#source = source;
    this.#line = line;
    this.#json = json;
  }

  /** Throws `STORE_INVALID` or `MIGRATION_FAILED` for an item that does not fit its slice, naming file and line. */
  get item(): Item {
    if (this.#item !== unread) return this.#item;
    const { slice, version, path } = this.#source;
    this.#item = readItem(slice, version, this.#json, itemPlace({ path, line: this.#line }));
    return this.#item;
  }

  /** The item as JSON of the slice's present version. */
  get json(): JsonValue {
    const { slice, version } = this.#source;
    return version === slice.version ? this.#json : writeItem(slice, this.item, 0);
  }
}

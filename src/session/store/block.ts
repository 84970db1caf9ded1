import type { JsonValue } from "../../base/index.ts";
import { readItem, writeItem } from "../saved-slice.ts";
import { readLine } from "./operation-line.ts";
import type { Source } from "./source.ts";
import { itemPlace, storeInvalid } from "./store-error.ts";

/**
 * The lines of a file that were written at once, one item each, from the second line on. They are known to stand as they
 * were written, so none is looked at before somebody asks for its item, and then it is found by its offset.
 */
export class Block<Item> {
  readonly length: number;
  readonly #source: Source<Item>;
  readonly #bytes: Buffer;
  /** Where each line ends; made for the first question. */
  #ends: Uint32Array | undefined;
  readonly #items = new Map<number, Item>();

  constructor(source: Source<Item>, bytes: Buffer, length: number) {
    this.#source = source;
    this.#bytes = bytes;
    this.length = length;
  }

  /** The item at a place. Throws `STORE_INVALID` or `MIGRATION_FAILED` for one that does not fit its slice. */
  item(place: number): Item {
    const known = this.#items.get(place);
    if (known !== undefined) return known;
    const { slice, version, path } = this.#source;
    const item = readItem(slice, version, this.#json(place), itemPlace({ path, line: place + 2 }));
    this.#items.set(place, item);
    return item;
  }

  /** The item at a place as JSON of the slice's present version. */
  json(place: number): JsonValue {
    const { slice, version } = this.#source;
    return version === slice.version ? this.#json(place) : writeItem(slice, this.item(place), 0);
  }

  #json(place: number): JsonValue {
    this.#ends ??= endsOf(this.#bytes, this.length);
    const start = place === 0 ? 0 : Number(this.#ends[place - 1]) + 1;
    const change = readLine(this.#bytes.toString("utf8", start, this.#ends[place]));
    const json = typeof change === "string" ? undefined : change.items[0];
    if (json !== undefined) return json;
    throw storeInvalid(
      { path: this.#source.path, line: place + 2 },
      {
        problem: "The line holds no item",
        expected: "one",
        received: "none",
      },
    );
  }
}

/** The places of the first so many line feeds. */
function endsOf(bytes: Buffer, count: number): Uint32Array {
  const ends = new Uint32Array(count);
  for (let line = 0, from = 0; line < count; line++) {
    const end = bytes.indexOf("\n", from);
    ends[line] = end;
    from = end + 1;
  }
  return ends;
}

import { messageFrom, WinkError } from "../../base/index.ts";
import type { Index, IndexKey } from "./define-index.ts";

/** An index as a slice has it: finds keys, and says what is wrong with them. */
export class DeclaredIndex<Item> {
  readonly index: Index<Item>;
  readonly #slice: string;

  constructor(slice: string, index: Index<Item>) {
    this.#slice = slice;
    this.index = index;
  }

  /** The key of an item. Throws `REDUCER_FAILED` when there is none: no event may add such an item. */
  keyOf(item: Item): IndexKey {
    let key: unknown;
    try {
      key = this.index.key(item);
    } catch (cause) {
      throw new WinkError("REDUCER_FAILED", {
        at: this.#where,
        problem: "The key function threw",
        expected: "text or a number",
        received: messageFrom(cause),
        fix: "Mend the key function, or let the reducer add no item that has no key.",
        details: this.#details,
        cause,
      });
    }
    if (typeof key === "string" || (typeof key === "number" && !Number.isNaN(key))) return key;
    throw new WinkError("REDUCER_FAILED", {
      at: this.#where,
      problem: "The key function gave no key",
      expected: "text or a number",
      received: typeof key === "number" ? "NaN" : key === null ? "null" : typeof key,
      fix: "Mend the key function, or let the reducer add no item that has no key.",
      details: this.#details,
    });
  }

  /** The error of a key that another item has. */
  taken(key: IndexKey): WinkError {
    const shown = typeof key === "string" ? key.slice(0, 200) : key;
    return new WinkError("KEY_TAKEN", {
      at: this.#where,
      problem: "An item with this key is there already",
      expected: "a key that no other item has",
      received: JSON.stringify(shown),
      details: { ...this.#details, key: shown },
    });
  }

  get #where(): string {
    return `slice "${this.#slice}", index "${this.index.name}"`;
  }

  get #details(): { readonly slice: string; readonly index: string } {
    return { slice: this.#slice, index: this.index.name };
  }
}

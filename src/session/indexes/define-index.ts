/** Indexes: ways to find the items of a slice by a key. An index value is the typed key to such questions. */
// any: a list of indexes holds those of every item and key
import { WinkError } from "../../base/index.ts";

/** What items are found by. Numbers sort before texts, texts by their UTF-16 code units. */
export type IndexKey = string | number;

/** A definition of an index; also the typed key for `view.by`, `view.first` and `view.range`. */
export interface Index<
  Item = any,
  Key extends IndexKey = any,
  Unique extends boolean = boolean,
  Ordered extends boolean = boolean,
> {
  readonly name: string;
  readonly key: (item: Item) => Key;
  readonly unique: Unique;
  readonly ordered: Ordered;
}

/** What {@link index} takes beside the key. */
export interface IndexOptions<Unique extends boolean = boolean, Ordered extends boolean = boolean> {
  /** Refuses a second item of a key: the dispatch that would add it throws `KEY_TAKEN`. `false` unless told. */
  readonly unique?: Unique;
  /** Allows `view.range`. `false` unless told. */
  readonly ordered?: Ordered;
}

/**
 * Defines an index of a slice, which is declared there: `slice({ indexes: [byPath], … })`. It is kept up with every event.
 * `key` must be pure. Throws `INPUT_INVALID` when the name is not well formed.
 */
export function index<
  Item,
  Key extends IndexKey,
  const Unique extends boolean = false,
  const Ordered extends boolean = false,
>(
  name: string,
  key: (item: Item) => Key,
  options: IndexOptions<Unique, Ordered> = {},
): Index<Item, Key, Unique, Ordered> {
  if (!/^[a-z0-9][a-z0-9._/-]{0,127}$/.test(name)) {
    throw new WinkError("INPUT_INVALID", {
      at: "name",
      problem: "The name of an index is not well formed",
      expected: 'lower-case letters, digits, ".", "_", "-" and "/", like "path" or "by-owner"',
      received: JSON.stringify(name),
    });
  }
  const { unique = false, ordered = false } = options;
  return { name, key, unique: unique as Unique, ordered: ordered as Ordered }; // as: each is what was told, or false as its type
}

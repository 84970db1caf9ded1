import type { Schema } from "../../src/base/index.ts";
import { type Slice, slice } from "../../src/session/index.ts";

/** An item that says who wrote it as which. */
export interface NumberedItem {
  readonly writer: string;
  readonly n: number;
  readonly text: string;
}

/** Without a library: hundreds of processes load it. */
const item: Schema<NumberedItem, NumberedItem> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const { writer, n, text } = Object(value) as NumberedItem; // as: the three are looked at here
      const fits = typeof writer === "string" && typeof n === "number" && typeof text === "string";
      return fits ? { value: { writer, n, text } } : { issues: [{ message: "no numbered item" }] };
    },
    jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
  },
};

const jsonSchema = { type: "object", additionalProperties: true };

/** The slice of items that many processes write. */
export const numberedItems: Slice<NumberedItem> = slice({ name: "numbered/items", item, reducers: () => [] });

/** The item of a number: some are short, every twentieth is long enough to be torn in the middle. */
export const numberedItem = (writer: string, n: number): NumberedItem => ({
  writer,
  n,
  text: `${n} é😀 `.repeat(n % 20 === 19 ? 2_000 : n % 7),
});

/** Whether an item takes the place of all before it. */
export const isReplaced = (n: number): boolean => n % 41 === 40;

/** Whether the file is written anew behind an item. */
export const isCompacted = (n: number): boolean => n % 15 === 14;

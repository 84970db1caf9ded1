import type { Slice } from "../slice.ts";

/** Of which slice the items of a file are, and of which version of it. */
export interface Source<Item> {
  readonly slice: Slice<Item>;
  readonly version: number;
  readonly path: string;
}

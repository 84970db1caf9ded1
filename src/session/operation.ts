/** What a reducer asks for: a change as data. */
import { PersistentList } from "./persistent-list.ts";

/** A change of a slice. Made by `append`, `extend`, `replace` and `clear`. */
export interface SliceOp<Item> {
  readonly op: "append" | "extend" | "replace" | "clear";
  readonly items: readonly Item[];
}

/** Adds one item at the end. */
export function append<Item>(item: Item): SliceOp<Item> {
  return { op: "append", items: [item] };
}

/** Adds items at the end, in order. */
export function extend<Item>(items: readonly Item[]): SliceOp<Item> {
  return { op: "extend", items };
}

/** Puts these items in the place of all there are. */
export function replace<Item>(items: readonly Item[]): SliceOp<Item> {
  return { op: "replace", items };
}

/** Removes all items. */
export function clear(): SliceOp<never> {
  return { op: "clear", items: [] };
}

/** Tells whether a reducer really returned an operation. */
export function isOperation(value: unknown): value is SliceOp<unknown> {
  if (typeof value !== "object" || value === null) return false;
  const { op, items } = value as Partial<SliceOp<unknown>>; // as: both are looked at here
  return (op === "append" || op === "extend" || op === "replace" || op === "clear") && Array.isArray(items);
}

/** Applies an operation to a version of a list and gives the next version. */
export function applyOperation<Item>(list: PersistentList<Item>, { op, items }: SliceOp<Item>): PersistentList<Item> {
  switch (op) {
    case "append":
    case "extend":
      return PersistentList.extend(list, items);
    case "replace":
      return PersistentList.of(items);
    case "clear":
      return PersistentList.empty;
  }
}

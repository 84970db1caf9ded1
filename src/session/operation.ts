/** What a reducer asks for: a change as data. */
import { present } from "../base/index.ts";
import type { Index } from "./indexes/define-index.ts";
import { IndexedList } from "./indexes/indexed-list.ts";
import { undeclared } from "./indexes/undeclared.ts";
import { PersistentList } from "./persistent-list.ts";
import type { SliceList } from "./slice-list.ts";

/** A change of a slice. Made by `append`, `extend`, `replace`, `upsert`, `renew` and `clear`. */
export interface SliceOp<Item> {
  readonly op: "append" | "extend" | "replace" | "upsert" | "renew" | "clear";
  readonly items: readonly Item[];
  /** By which `upsert` and `renew` find the item that they replace. */
  readonly index?: Index | undefined;
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

/**
 * Puts an item in the place of the first that has its key, or at the end when there is none. O(log n). The slice must declare
 * the index.
 */
export function upsert<Item>(index: Index<Item>, item: Item): SliceOp<Item> {
  return { op: "upsert", items: [item], index };
}

/** Adds an item at the end and takes away the first that had its key. O(log n). The slice must declare the index. */
export function renew<Item>(index: Index<Item>, item: Item): SliceOp<Item> {
  return { op: "renew", items: [item], index };
}

/** Removes all items. */
export function clear(): SliceOp<never> {
  return { op: "clear", items: [] };
}

/** Tells whether a reducer really returned an operation. */
export function isOperation(value: unknown): value is SliceOp<unknown> {
  const { op, items, index } = Object(value) as Partial<SliceOp<unknown>>; // as: all are looked at here
  if (!Array.isArray(items)) return false;
  if (op === "upsert" || op === "renew") return typeof index === "object" && index !== null;
  return op === "append" || op === "extend" || op === "replace" || op === "clear";
}

/** Applies an operation to a version of a list and gives the next version. */
export function applyOperation<Item>(list: SliceList<Item>, operation: SliceOp<Item>): SliceList<Item> {
  return list instanceof IndexedList ? applyIndexed(list, operation) : applyPlain(list, operation);
}

function applyPlain<Item>(list: PersistentList<Item>, operation: SliceOp<Item>): PersistentList<Item> {
  const { op, items } = operation;
  switch (op) {
    case "append":
    case "extend":
      return PersistentList.extend(list, items);
    case "replace":
      return PersistentList.of(items);
    case "clear":
      return PersistentList.empty;
    case "upsert":
    case "renew":
      throw undeclared(indexOf(operation));
  }
}

function applyIndexed<Item>(list: IndexedList<Item>, operation: SliceOp<Item>): IndexedList<Item> {
  const { op, items } = operation;
  switch (op) {
    case "append":
    case "extend":
      return IndexedList.extend(list, items);
    case "replace":
      return IndexedList.replace(list, items);
    case "clear":
      return IndexedList.replace(list, []);
    case "upsert":
    case "renew": {
      const index = indexOf(operation);
      let changed = list;
      for (const item of items) {
        changed = op === "upsert" ? IndexedList.upsert(changed, index, item) : IndexedList.renew(changed, index, item);
      }
      return changed;
    }
  }
}

const indexOf = ({ index }: SliceOp<unknown>): Index => present(index, "An operation by key names no index");

/** Operations as lines of a file: one JSON object each, such as `{"append":[{"path":"a"}]}`. */
import {
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  jsonProblem,
  shownValue,
  WinkError,
} from "../../base/index.ts";
import { undeclared } from "../indexes/undeclared.ts";
import type { JournalPlace } from "../journal-place.ts";
import type { SliceOp } from "../operation.ts";
import { writeItem } from "../saved-slice.ts";
import type { Slice } from "../slice.ts";

/** The words of a line. `append` adds any number of items; a slice is emptied by `replace`. */
const words = ["append", "replace", "upsert", "renew"] as const;

/** An operation whose items are plain data. */
export interface Change {
  readonly op: (typeof words)[number];
  readonly items: readonly JsonValue[];
  /** The name of the index by which `upsert` and `renew` find what they replace. */
  readonly index?: string | undefined;
  /** The journal entry to which it belongs. */
  readonly place?: JournalPlace | undefined;
}

/** Makes plain data of an operation. Throws `ITEM_INVALID` for an item that could not be read back, `INPUT_INVALID` for an unknown index. */
export function changeOf<Item>(
  slice: Slice<Item>,
  { op, items, index }: SliceOp<Item>,
  place: JournalPlace | undefined,
): Change {
  if (index !== undefined && !slice.indexes.includes(index)) throw undeclared(index, slice.name);
  if (place !== undefined && placeOf({ ...place }) === "wrong") throw noPlace(place);
  return {
    op: op === "extend" ? "append" : op === "clear" ? "replace" : op,
    items: items.map((item, number) => writeItem(slice, item, number)),
    index: index?.name,
    place,
  };
}

/** Writes a line, its end included. */
export function lineOf({ op, items, index, place }: Change): string {
  const found = index === undefined ? "" : `,"index":${JSON.stringify(index)}`;
  const written = place === undefined ? "" : `,"run":${JSON.stringify(place.run)},"sequence":${place.sequence}`;
  const texts = items.map((item) => JSON.stringify(item)).join(","); // twice as fast as the list at once
  return `{"${op}":[${texts}]${found}${written}}\n`;
}

/** Reads a line, or says what it should have been. */
export function readLine(text: string): Change | string {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return jsonProblem(text, false);
  }
  if (!isJsonObject(line)) return "it is no object";
  const op = Array.isArray(line.append) ? "append" : words.find((word) => Array.isArray(line[word]));
  if (op === undefined) return "it names no operation and its items";
  const items = line[op] as JsonArray; // as: just found to be one
  const { index } = line;
  if ((op === "upsert" || op === "renew") !== (typeof index === "string")) return "`index` is not what it needs";
  const place = placeOf(line);
  if (place === "wrong") return "`run` and `sequence` are no text and whole number";
  return { op, items, index: typeof index === "string" ? index : undefined, place };
}

/** The journal entry that a line or header names, if it does. */
export function placeOf({ run, sequence }: JsonObject): JournalPlace | "wrong" | undefined {
  if (run === undefined && sequence === undefined) return undefined;
  return typeof run === "string" && isCount(sequence) ? { run, sequence } : "wrong";
}

const noPlace = (place: unknown): WinkError =>
  new WinkError("INPUT_INVALID", {
    at: "place",
    problem: "This is no entry of a journal",
    expected: "`run`, a text, and `sequence`, a whole number from 0 on",
    received: shownValue(place),
    example: '{ run: "run-1", sequence: 7 }',
  });

/** Whether a value is a whole number from 0 on. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

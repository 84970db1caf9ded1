/** A slice as JSON. What a session dumps, a slice of the same version reads back; older items are migrated. */
import {
  bareProblem,
  dump,
  type ErrorCode,
  type JsonValue,
  messageFrom,
  problemsText,
  shownValue,
  WinkError,
} from "../base/index.ts";
import { keptItem } from "./kept-item.ts";
import type { Slice, SlicePolicy } from "./slice.ts";
import type { SliceView } from "./view.ts";

/** Places in a history: the first, and the one behind the last. */
export type HeardEvents = readonly [from: number, to: number];

/** A slice in a dump. */
export interface SavedSlice {
  readonly name: string;
  /** The version of its items. */
  readonly version: number;
  readonly policy: SlicePolicy;
  /** The events that made the items: slices do not hear those before their installation. */
  readonly heard: readonly HeardEvents[];
  readonly items: readonly JsonValue[];
}

/** Writes a slice. Throws `ITEM_INVALID` for an item that could not be read back. */
export function saveSlice<Item>(slice: Slice<Item>, list: SliceView<Item>, heard: readonly HeardEvents[]): SavedSlice {
  const items = list.all().map((item, index) => writeItem(slice, item, index));
  return { name: slice.name, version: slice.version, policy: slice.policy, heard, items };
}

/** Writes an item, the `index`th of several. Throws `ITEM_INVALID` when it could not be read back. */
export function writeItem<Item>(slice: Slice<Item>, item: NoInfer<Item>, index: number): JsonValue {
  try {
    return dump(slice.item, item);
  } catch (cause) {
    throw new WinkError("ITEM_INVALID", {
      at: `slice "${slice.name}", item ${index}`,
      problem: `The item cannot be written: ${bareProblem(cause)}`,
      expected: "an item that the schema of the slice can write",
      received: shownValue(item),
      details: { slice: slice.name, item: index },
      cause,
    });
  }
}

/**
 * Reads the items of a slice. Throws `SNAPSHOT_INVALID` for an item that does not fit, `SNAPSHOT_NEWER` when they are of a
 * later version than the slice, `MIGRATION_FAILED` when they are of an earlier one and cannot be brought to it.
 */
export function readSlice<Item>(slice: Slice<Item>, saved: SavedSlice): readonly Item[] {
  if (saved.version > slice.version) {
    throw new WinkError("SNAPSHOT_NEWER", {
      at: `slice "${slice.name}"`,
      problem: "The items are of a newer version of the slice",
      expected: `version ${slice.version} or earlier`,
      received: `version ${saved.version}`,
      fix: "Update the code that defines the slice, or leave it out: its items then stay as they are.",
      details: { slice: slice.name, from: saved.version, to: slice.version },
    });
  }
  return saved.items.map((item, index) =>
    readItem(slice, saved.version, item, {
      code: "SNAPSHOT_INVALID",
      at: `slice "${slice.name}", item ${index}`,
      details: { item: index },
    }),
  );
}

/** Where an item is read, and the code of the error when it does not fit. */
export interface ItemPlace {
  readonly code: ErrorCode;
  readonly at: string;
  /** The same as data, for the error's details. */
  readonly details: Readonly<Record<string, JsonValue>>;
}

/** Reads an item that was written by a version of its slice, no newer than the present one. Throws as {@link readSlice} does. */
export function readItem<Item>(slice: Slice<Item>, from: number, item: JsonValue, place: ItemPlace): Item {
  const isOlder = from < slice.version;
  const kept = keptItem(slice, isOlder ? migrated(slice, from, item, place) : item);
  if (kept.ok) return kept.value;
  throw new WinkError(isOlder ? "MIGRATION_FAILED" : place.code, {
    at: place.at,
    problem: `${isOlder ? `What \`migrate\` made of version ${from}` : "The item"} does not fit version ${slice.version}: ${problemsText(kept.problems)}`,
    expected: `what the schema of version ${slice.version} takes in`,
    received: shownValue(item),
    fix: isOlder
      ? undefined
      : "When the form of the items has changed, raise the slice's `version` and give it a `migrate`.",
    details: { slice: slice.name, ...place.details, from, to: slice.version },
  });
}

function migrated(slice: Slice, from: number, item: JsonValue, place: ItemPlace): unknown {
  const failed = (problem: string, cause?: unknown): WinkError =>
    new WinkError("MIGRATION_FAILED", {
      at: place.at,
      problem: `${problem}, from version ${from} to ${slice.version}`,
      expected: `a \`migrate\` for items of version ${from}`,
      received: shownValue(item),
      example: "migrate: (item, from) => (from < 2 ? { ...item, lines: 0 } : item)",
      details: { slice: slice.name, ...place.details, from, to: slice.version },
      cause,
    });
  if (slice.migrate === undefined) throw failed("The slice has no `migrate`");
  let made: unknown;
  try {
    made = slice.migrate(item, from);
  } catch (cause) {
    throw failed(`\`migrate\` threw: ${messageFrom(cause)}`, cause);
  }
  if (!(made instanceof Promise)) return made;
  made.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
  throw failed("`migrate` gave a promise: it may not wait for anything");
}

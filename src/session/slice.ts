/** Slices: named, typed, ordered lists of items that reducers keep from events. A slice value is the key to its state. */
// any: a list of slices holds items of every type, and an event's input side does not matter to a reducer
import { type Schema, shownValue, WinkError } from "../base/index.ts";
import type { Event, EventDefinition } from "./event.ts";
import type { Index } from "./indexes/define-index.ts";
import type { JsonOnly } from "./json-only.ts";
import type { SliceOp } from "./operation.ts";
import type { SliceView } from "./view.ts";

/** `state` slices forget what a failed tool call said, `log` slices keep it, marked as rolled back. */
export type SlicePolicy = "state" | "log";

/** A pure function from the present items and an event to a change; `undefined` when there is nothing to do. */
export interface Reduce<Item, Type extends string, Payload> {
  (view: SliceView<Item>, event: Event<Type, Payload>): SliceOp<Item> | undefined;
  /** One that the reducer needs beside those that its slice declares. */
  readonly index?: Index | undefined;
}

/** One type of event and what a slice does with it. */
export interface Handled<Item> {
  readonly type: string;
  readonly reduce: Reduce<Item, string, any>;
}

/** Says what a slice does with one type of event. */
export type On<Item> = <Type extends string, Payload>(
  definition: EventDefinition<Type, Payload, any>,
  reduce: Reduce<Item, Type, Payload>,
) => Handled<Item>;

/** A definition of a slice; also the typed key for `session.query`. */
export interface Slice<Item = any> {
  readonly name: string;
  readonly item: Schema<any, Item>;
  readonly policy: SlicePolicy;
  /** Raised when the form of the items changes. */
  readonly version: number;
  readonly migrate: SliceDefinition<Item>["migrate"];
  readonly handled: readonly Handled<Item>[];
  /** Those that are declared, and those of its reducers. */
  readonly indexes: readonly Index<Item>[];
}

/** What {@link slice} takes. */
export interface SliceDefinition<Item> {
  /** Lower-case letters, digits, `.`, `_`, `/` and `-`; unique in a session. */
  readonly name: string;
  /** Dumped items are written and read with it, so it must go both ways: codecs in the place of transforms. */
  readonly item: JsonOnly<any, Item>;
  /** `state` unless told. */
  readonly policy?: SlicePolicy;
  /** 1 unless told; raise it when the form of the items changes. */
  readonly version?: number;
  /**
   * Brings a dumped item of an earlier version, `from`, to what `item` takes in now. A pure function; what it throws and what
   * does not fit is `MIGRATION_FAILED`.
   */
  readonly migrate?: ((item: any, from: number) => unknown) | undefined; // any: only its author knows the earlier form
  /** By what items are found; each costs every event a little. None unless told. */
  readonly indexes?: readonly Index<NoInfer<Item>>[];
  readonly reducers: (on: On<Item>) => readonly Handled<Item>[];
}

/**
 * Defines a slice. Throws `INPUT_INVALID` when the name is not well formed, one event is handled twice, or two indexes have one
 * name.
 */
export function slice<Item>(definition: SliceDefinition<Item>): Slice<Item> {
  const { name, policy = "state", version = 1, migrate } = definition;
  const item = definition.item as Schema<any, Item>; // as: the check of its type is for the caller only
  if (!/^[a-z0-9][a-z0-9._/-]{0,127}$/.test(name)) {
    throw new WinkError("INPUT_INVALID", {
      at: "name",
      problem: "The name of a slice is not well formed",
      expected: 'lower-case letters, digits, ".", "_", "-" and "/", like "review/reads"',
      received: JSON.stringify(name),
    });
  }
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new WinkError("INPUT_INVALID", {
      at: `slice "${name}"`,
      problem: "The version of a slice is no version",
      expected: "a whole number from 1 on",
      received: shownValue(version),
      example: "version: 2",
    });
  }
  const handled = definition.reducers((event, reduce) => ({
    type: event.type,
    reduce: reduce as Handled<Item>["reduce"], // as: a reducer is only given events of its own type
  }));
  const seen = new Set<string>();
  for (const { type } of handled) {
    if (seen.has(type))
      throw new WinkError("INPUT_INVALID", {
        at: `slice "${name}"`,
        problem: `Event "${type}" is handled more than once`,
        expected: "one reducer an event",
        received: "two",
        fix: "Put both into one reducer.",
      });
    seen.add(type);
  }
  const indexes = new Set([...(definition.indexes ?? []), ...handled.flatMap(({ reduce }) => reduce.index ?? [])]);
  refuseSameNames(name, [...indexes]);
  return { name, item, policy, version, migrate, handled, indexes: [...indexes] };
}

function refuseSameNames(slice: string, indexes: readonly Index[]): void {
  const names = new Set<string>();
  for (const { name } of indexes) {
    if (names.has(name)) {
      throw new WinkError("INPUT_INVALID", {
        at: `slice "${slice}"`,
        problem: `More than one index is called "${name}"`,
        expected: "a name of its own for each; two key functions given to reducers have none",
        received: "two of one name",
        fix: "Define the indexes with `index`, declare them, and give them to the reducers.",
        example: 'const byPath = index("path", ({ path }) => path)',
      });
    }
    names.add(name);
  }
}

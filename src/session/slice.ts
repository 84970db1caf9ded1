/** Slices: named, typed, ordered lists of items that reducers keep from events. A slice value is the key to its state. */
// any: a list of slices holds items of every type, and an event's input side does not matter to a reducer
import { type Schema, WinkError } from "../base/index.ts";
import type { Event, EventDefinition } from "./event.ts";
import type { JsonOnly } from "./json-only.ts";
import type { SliceOp } from "./operation.ts";
import type { SliceView } from "./view.ts";

/** `state` slices forget what a failed tool call said, `log` slices keep it, marked as rolled back. */
export type SlicePolicy = "state" | "log";

/** A pure function from the present items and an event to a change; `undefined` when there is nothing to do. */
export type Reduce<Item, Type extends string, Payload> = (
  view: SliceView<Item>,
  event: Event<Type, Payload>,
) => SliceOp<Item> | undefined;

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
  readonly handled: readonly Handled<Item>[];
}

/** What {@link slice} takes. */
export interface SliceDefinition<Item> {
  /** Lower-case letters, digits, `.`, `_`, `/` and `-`; unique in a session. */
  readonly name: string;
  readonly item: JsonOnly<any, Item>;
  /** `state` unless told. */
  readonly policy?: SlicePolicy;
  /** 1 unless told. */
  readonly version?: number;
  readonly reducers: (on: On<Item>) => readonly Handled<Item>[];
}

/** Defines a slice. Throws `INPUT_INVALID` when the name is not well formed or one event is handled twice. */
export function slice<Item>(definition: SliceDefinition<Item>): Slice<Item> {
  const { name, policy = "state", version = 1 } = definition;
  const item = definition.item as Schema<any, Item>; // as: the check of its type is for the caller only
  if (!/^[a-z0-9][a-z0-9._/-]{0,127}$/.test(name)) {
    throw new WinkError("INPUT_INVALID", {
      problem: "The name of a slice is not well formed",
      expected: 'lower-case letters, digits, ".", "_", "-" and "/", like "review/reads"',
      received: JSON.stringify(name),
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
        problem: `Event "${type}" is handled twice`,
        fix: "Put both into one reducer.",
      });
    seen.add(type);
  }
  return { name, item, policy, version, handled };
}

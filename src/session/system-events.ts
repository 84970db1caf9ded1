/** The events that every slice understands. They are applied like any other: all or nothing, and kept in the history. */
import { type JsonValue, problemsText, type Schema, shownValue, WinkError } from "../base/index.ts";
import { type Event, type EventDefinition, event } from "./event.ts";
import { keptItem } from "./kept-item.ts";
import { clear, replace } from "./operation.ts";
import type { Handled, Slice } from "./slice.ts";

/** What {@link SliceCleared} says. */
interface Target {
  /** The slice's name. */
  readonly slice: string;
}

/** What {@link SliceInitialised} says. */
interface Start extends Target {
  readonly items: readonly JsonValue[];
}

/**
 * Gives a slice these items in the place of all it has. Dispatching it throws `SLICE_MISSING` when no slice of that name is
 * installed, and `EVENT_INVALID` when an item does not fit the slice.
 */
export const SliceInitialised: EventDefinition<"slice/initialised", Start> = event(
  "slice/initialised",
  schemaOf<Start>(true),
);

/** Takes all items from a slice. Dispatching it throws `SLICE_MISSING` when no slice of that name is installed. */
export const SliceCleared: EventDefinition<"slice/cleared", Target> = event("slice/cleared", schemaOf<Target>(false));

/** Whether every slice understands an event. */
export const isSystemEvent = ({ type }: Event): boolean => type === SliceInitialised.type || type === SliceCleared.type;

/** The slice that such an event names; throws `EVENT_INVALID` when one made by hand is not well formed. */
export function targetOf({ type, payload }: Event): string {
  // as: making the event again checks a payload of any kind
  return (type === SliceInitialised.type ? SliceInitialised(payload as Start) : SliceCleared(payload as Target)).payload
    .slice;
}

/** What a slice does with these events when they name it. Those of a failed call change nothing. */
export function systemHandled(slice: Slice): readonly Handled<unknown>[] {
  const isMeant = ({ payload, rolledBack }: Event<string, Target>): boolean =>
    !rolledBack && payload.slice === slice.name;
  return [
    {
      type: SliceInitialised.type,
      reduce: (_view, happened: Event<string, Start>) =>
        isMeant(happened)
          ? replace(happened.payload.items.map((item, index) => itemOf(slice, item, index)))
          : undefined,
    },
    { type: SliceCleared.type, reduce: (_view, happened) => (isMeant(happened) ? clear() : undefined) },
  ];
}

function itemOf(slice: Slice, item: JsonValue, index: number): unknown {
  const kept = keptItem(slice, item);
  if (kept.ok) return kept.value;
  throw new WinkError("EVENT_INVALID", {
    at: `event "${SliceInitialised.type}", slice "${slice.name}", item ${index}`,
    problem: `The item does not fit the slice: ${problemsText(kept.problems)}`,
    expected: "plain data that its schema takes in",
    received: shownValue(item),
    details: { type: SliceInitialised.type, slice: slice.name, item: index },
  });
}

function schemaOf<T extends Target>(hasItems: boolean): Schema<T, T> {
  const properties = { slice: { type: "string" }, ...(hasItems ? { items: { type: "array", items: {} } } : {}) };
  const json = (): Record<string, unknown> => ({
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  return {
    "~standard": {
      version: 1,
      vendor: "weakincentives",
      validate: (value) => {
        const { slice, items } = Object(value) as Partial<Start>; // as: both are looked at here
        if (typeof slice !== "string")
          return { issues: [{ path: ["slice"], message: "expected the name of a slice" }] };
        if (hasItems && !Array.isArray(items)) return { issues: [{ path: ["items"], message: "expected a list" }] };
        return { value: (hasItems ? { slice, items } : { slice }) as unknown as T }; // as: T says whether it has items, like `hasItems`
      },
      jsonSchema: { input: json, output: json },
    },
  };
}

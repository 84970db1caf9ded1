/** Runs reducers: once for an event that happens, and again for those of a history. */
import { messageFrom, WinkError } from "../base/index.ts";
import type { Event } from "./event.ts";
import { applyOperation, isOperation, type SliceOp } from "./operation.ts";
import type { Handled, Slice } from "./slice.ts";
import type { SliceList } from "./slice-list.ts";
import { isSystemEvent } from "./system-events.ts";

/** What one slice does with one type of event. */
export interface Handler {
  readonly slice: Slice;
  /** The place of the slice's list in a state. */
  readonly index: number;
  readonly reduce: Handled<unknown>["reduce"];
}

/** What a reducer asks for; nothing when a rolled-back event passes its slice by. Throws `REDUCER_FAILED`. */
export function reduceOnce(
  { slice, reduce }: Handler,
  list: SliceList<unknown>,
  event: Event,
): SliceOp<unknown> | undefined {
  if (event.rolledBack && slice.policy !== "log") return undefined;
  let operation: unknown;
  try {
    operation = reduce(list, event);
  } catch (cause) {
    if (WinkError.is(cause, "DISPATCH_IN_REDUCER") || (isSystemEvent(event) && WinkError.is(cause))) throw cause;
    throw new WinkError("REDUCER_FAILED", {
      at: `slice "${slice.name}", event "${event.type}"`,
      problem: "The reducer threw",
      expected: "an operation, or undefined",
      received: messageFrom(cause),
      details: { slice: slice.name, type: event.type },
      cause,
    });
  }
  if (operation === undefined) return operation;
  if (isOperation(operation)) {
    requireIndex(slice, operation, event);
    return operation;
  }
  if (operation instanceof Promise) operation.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
  const received = operation instanceof Promise ? "a promise" : typeof operation;
  throw new WinkError("REDUCER_FAILED", {
    at: `slice "${slice.name}", event "${event.type}"`,
    problem: "The reducer returned something else than an operation",
    expected: "append(…), extend(…), replace(…), upsert(…), renew(…), clear() or undefined",
    received,
    details: { slice: slice.name, type: event.type },
  });
}

function requireIndex(slice: Slice, { op, index }: SliceOp<unknown>, event: Event): void {
  if (index === undefined || slice.indexes.includes(index)) return;
  throw new WinkError("REDUCER_FAILED", {
    at: `slice "${slice.name}", event "${event.type}"`,
    problem: `The reducer returned "${op}" by an index that the slice does not declare`,
    expected: "an index of the slice",
    received: `index "${index.name}"`,
    fix: "Declare the index and give it to the reducer, or give what `upsertBy` and `replaceLatestBy` return to `on` itself.",
    example: "slice({ indexes: [byPath], reducers: (on) => [on(FileRead, upsertBy(byPath))], … })",
    details: { slice: slice.name, type: event.type, index: index.name },
  });
}

/** What the handlers of a slice, by type of event, make of a list and of events that were not rolled back. */
export function reduceAll(
  before: SliceList<unknown>,
  handlers: ReadonlyMap<string, Handler>,
  events: Iterable<Event>,
): SliceList<unknown> {
  let list = before;
  for (const event of events) {
    const handler = event.rolledBack ? undefined : handlers.get(event.type);
    const operation = handler && reduceOnce(handler, list, event);
    if (operation !== undefined) list = applyOperation(list, operation);
  }
  return list;
}

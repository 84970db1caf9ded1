/** The state of a session as an immutable value, and the one function that makes the next from an event. */
import { messageFrom, WinkError } from "../base/index.ts";
import type { Event } from "./event.ts";
import { applyOperation, isOperation, type SliceOp } from "./operation.ts";
import { PersistentList } from "./persistent-list.ts";
import type { Handled, Slice } from "./slice.ts";

/** All items and the ledger at one moment. Lists stand at the index of their slice; a missing one is empty. */
export interface State {
  readonly lists: readonly PersistentList<unknown>[];
  readonly ledger: PersistentList<Event>;
}

/** The state before any event. */
export const emptyState: State = { lists: [], ledger: PersistentList.empty };

interface Registered {
  readonly index: number;
  readonly slice: Slice;
  readonly reduce: Handled<unknown>["reduce"];
}

/** The slices of a session and its forks. Grows only, so that states taken earlier stay readable. */
export class Registry {
  readonly #slices = new Map<string, { readonly slice: Slice; readonly index: number }>();
  readonly #handlers = new Map<string, Registered[]>();
  #reducing = false;

  /** Adds a slice; the same object again changes nothing, another of its name throws `SLICE_CONFLICT`. */
  install(slice: Slice): void {
    const known = this.#slices.get(slice.name);
    if (known !== undefined) {
      refuseOther(known.slice, slice);
      return;
    }
    const index = this.#slices.size;
    this.#slices.set(slice.name, { slice, index });
    for (const { type, reduce } of slice.handled) {
      const handlers = this.#handlers.get(type);
      if (handlers === undefined) this.#handlers.set(type, [{ index, slice, reduce }]);
      else handlers.push({ index, slice, reduce });
    }
  }

  /** The slices in the order they were installed. */
  slices(): readonly Slice[] {
    return [...this.#slices.values()].map(({ slice }) => slice);
  }

  /** The items of a slice in a state; none when the slice is not installed. */
  list<Item>(state: State, slice: Slice<Item>): PersistentList<Item> {
    const known = this.#slices.get(slice.name);
    if (known === undefined) return PersistentList.empty;
    refuseOther(known.slice, slice);
    return (state.lists[known.index] ?? PersistentList.empty) as PersistentList<Item>; // as: the slice of this index holds its own items
  }

  /** The state after an event: every reducer of its type has run, or, when one throws, nothing has changed. */
  next(state: State, event: Event): State {
    if (this.#reducing) {
      throw new WinkError("DISPATCH_IN_REDUCER", {
        problem: `A reducer dispatched "${event.type}"`,
        details: { type: event.type },
      });
    }
    const handlers = this.#handlers.get(event.type);
    if (handlers === undefined) return { lists: state.lists, ledger: PersistentList.append(state.ledger, event) };
    const lists = [...state.lists];
    while (lists.length < this.#slices.size) lists.push(PersistentList.empty);
    // applied after all have run: an append that another reducer's error takes back would cost the list its own tail
    const operations = this.#operations(handlers, lists, event);
    handlers.forEach(({ index }, place) => {
      const operation = operations[place];
      if (operation !== undefined) lists[index] = applyOperation(lists[index] ?? PersistentList.empty, operation);
    });
    return { lists, ledger: PersistentList.append(state.ledger, event) };
  }

  /** What the reducers of an event ask for, each at its own place. No slice has two of one type, so none sees another's change. */
  #operations(
    handlers: readonly Registered[],
    lists: readonly PersistentList<unknown>[],
    event: Event,
  ): readonly (SliceOp<unknown> | undefined)[] {
    const requested: (SliceOp<unknown> | undefined)[] = [];
    this.#reducing = true;
    try {
      for (const handler of handlers) {
        const isPassedBy = event.rolledBack && handler.slice.policy !== "log";
        requested.push(
          isPassedBy ? undefined : reduceOnce(handler, lists[handler.index] ?? PersistentList.empty, event),
        );
      }
    } finally {
      this.#reducing = false;
    }
    return requested;
  }
}

function reduceOnce(
  { slice, reduce }: Registered,
  list: PersistentList<unknown>,
  event: Event,
): SliceOp<unknown> | undefined {
  let operation: unknown;
  try {
    operation = reduce(list, event);
  } catch (cause) {
    if (WinkError.is(cause, "DISPATCH_IN_REDUCER")) throw cause;
    throw new WinkError("REDUCER_FAILED", {
      at: `slice "${slice.name}", event "${event.type}"`,
      problem: `The reducer threw: ${messageFrom(cause)}`,
      details: { slice: slice.name, type: event.type },
      cause,
    });
  }
  if (operation === undefined || isOperation(operation)) return operation;
  if (operation instanceof Promise) operation.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
  const received = operation instanceof Promise ? "a promise" : typeof operation;
  throw new WinkError("REDUCER_FAILED", {
    at: `slice "${slice.name}", event "${event.type}"`,
    problem: "The reducer returned something else than an operation",
    expected: "append(…), extend(…), replace(…), clear() or undefined",
    received,
    details: { slice: slice.name, type: event.type },
  });
}

function refuseOther(known: Slice, other: Slice): void {
  if (known === other) return;
  throw new WinkError("SLICE_CONFLICT", {
    problem: `Two different slice objects are called "${other.name}"`,
    expected: "one slice object a name",
    details: { name: other.name },
  });
}

/** The slices of a session and its forks, and the one function that makes the next state from an event. */
import { didYouMean, type ErrorCode, type ErrorParts, WinkError } from "../base/index.ts";
import type { Event } from "./event.ts";
import { applyOperation, replace, type SliceOp } from "./operation.ts";
import { PersistentList } from "./persistent-list.ts";
import { type Handler, reduceAll, reduceOnce } from "./reduce.ts";
import { type HeardEvents, readSlice, type SavedSlice, saveSlice } from "./saved-slice.ts";
import type { Slice } from "./slice.ts";
import { emptyList, type SliceList } from "./slice-list.ts";
import type { State } from "./state.ts";
import { isSystemEvent, systemHandled, targetOf } from "./system-events.ts";

/** A slice and what it begins with. */
interface Installed {
  readonly slice: Slice;
  readonly index: number;
  readonly handlers: ReadonlyMap<string, Handler>;
  /** The items before any event: those of a store; else none. */
  readonly base: SliceList<unknown>;
  /** The items that a dump brought; else those before any event. */
  readonly start: SliceList<unknown>;
  /** The events of the dump that made its items. */
  readonly heard: readonly HeardEvents[];
}

/** Grows only, so that states taken earlier stay readable. */
export class Registry {
  readonly #slices = new Map<string, Installed>();
  readonly #inOrder: Installed[] = [];
  readonly #handlers = new Map<string, Handler[]>();
  /** Slices of a dump that nobody has installed yet. */
  readonly #saved: Map<string, SavedSlice>;
  /** The type of event, or the slice, whose reducers run now. */
  #reducing: string | undefined;

  constructor(saved: readonly SavedSlice[]) {
    this.#saved = new Map(saved.map((one) => [one.name, one]));
  }

  /** Whether a reducer runs now. */
  get isReducing(): boolean {
    return this.#reducing !== undefined;
  }

  /**
   * Adds a slice, with the items that a store or a dump has for it. The same object again changes nothing; another of its name throws
   * `SLICE_CONFLICT`, and items that cannot be read throw as {@link readSlice} does.
   */
  install(slice: Slice, stored: readonly unknown[] = []): void {
    const known = this.#slices.get(slice.name);
    if (known !== undefined) {
      refuseOther(known.slice, slice);
      return;
    }
    const saved = this.#saved.get(slice.name);
    const base = listOf(slice, stored, "STORE_INVALID");
    const start = saved === undefined ? base : listOf(slice, readSlice(slice, saved), "SNAPSHOT_INVALID");
    const index = this.#inOrder.length;
    const handlers = handlersOf(slice, index);
    const installed = { slice, index, handlers, base, start, heard: saved?.heard ?? [] };
    this.#saved.delete(slice.name);
    this.#slices.set(slice.name, installed);
    this.#inOrder.push(installed);
    for (const [type, handler] of handlers) {
      const others = this.#handlers.get(type);
      if (others === undefined) this.#handlers.set(type, [handler]);
      else others.push(handler);
    }
  }

  /** The slices in the order they were installed. */
  slices(): readonly Slice[] {
    return this.#inOrder.map(({ slice }) => slice);
  }

  /** The items of a slice in a state; none when the slice is not installed. */
  list<Item>(state: State, slice: Slice<Item>): SliceList<Item> {
    const known = this.#find(slice);
    if (known === undefined) return emptyList(slice);
    return (state.lists[known.index] ?? known.start) as SliceList<Item>; // as: the slice of this index holds its own items
  }

  /** The items that the first `count` events of a state give a slice, made by running its reducers again. */
  past<Item>(state: State, slice: Slice<Item>, count: number): SliceList<Item> {
    this.refuseInReducer("session.at", { slice: slice.name });
    const known = this.#find(slice);
    if (known === undefined) return emptyList(slice);
    const events = eventsAt(state.history, heardBy(known, state), count);
    this.#reducing = slice.name;
    try {
      return reduceAll(known.base, known.handlers, events) as SliceList<Item>; // as: they are the slice's own reducers
    } finally {
      this.#reducing = undefined;
    }
  }

  /** All slices as JSON, by name; those that are not installed as they came. Throws `ITEM_INVALID`. */
  save(state: State): readonly SavedSlice[] {
    const own = this.#inOrder.map((known) =>
      saveSlice(known.slice, state.lists[known.index] ?? known.start, heardBy(known, state)),
    );
    return [...own, ...this.#saved.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * The state after an event: every reducer of its type has run, or, when one throws, nothing has changed. `note` hears what
   * each has asked for, and gives false for what the slice has already.
   */
  next(state: State, event: Event, note?: (slice: Slice, operation: SliceOp<unknown>) => boolean): State {
    if (this.#reducing !== undefined) this.refuseInReducer(`session.dispatch of "${event.type}"`, { type: event.type });
    if (isSystemEvent(event) && !event.rolledBack) this.#requireTarget(event);
    const { lists: before, since, history } = this.#grown(state);
    const handlers = this.#handlers.get(event.type);
    if (handlers === undefined) return { lists: before, since, history: PersistentList.append(history, event) };
    const lists = before.slice();
    // applied after all have run: an append that another reducer's error takes back would cost the list its own tail
    const operations = this.#operations(handlers, before, event);
    for (let place = 0; place < handlers.length; place++) {
      const operation = operations[place];
      if (operation === undefined) continue;
      const { slice, index } = handlers[place] as Handler; // as: the place is below the length
      if (note?.(slice, operation) === false) continue;
      lists[index] = applyOperation(lists[index] as SliceList<unknown>, operation); // as: lists has grown to all slices
    }
    return { lists, since, history: PersistentList.append(history, event) };
  }

  /** Throws `DISPATCH_IN_REDUCER` while a reducer runs: it must be pure. */
  refuseInReducer(received: string, details: ErrorParts["details"]): void {
    if (this.#reducing === undefined) return;
    throw new WinkError("DISPATCH_IN_REDUCER", {
      at: `reducer of "${this.#reducing}"`,
      problem: "A reducer used its session",
      expected: "an operation, or undefined",
      received,
      details,
    });
  }

  /** The state with a list for every slice that is installed by now. */
  #grown(state: State): State {
    if (state.lists.length === this.#inOrder.length) return state;
    const added = this.#inOrder.slice(state.lists.length);
    return {
      lists: [...state.lists, ...added.map(({ start }) => start)],
      since: [...state.since, ...added.map(() => state.history.length)],
      history: state.history,
    };
  }

  #find(slice: Slice): Installed | undefined {
    const known = this.#slices.get(slice.name);
    if (known !== undefined) refuseOther(known.slice, slice);
    return known;
  }

  #requireTarget(event: Event): void {
    const name = targetOf(event);
    if (this.#slices.has(name)) return;
    throw new WinkError("SLICE_MISSING", {
      at: `event "${event.type}"`,
      problem: "It names a slice that is not installed",
      expected: [...this.#slices.keys()].map((known) => JSON.stringify(known)).join(", ") || "an installed slice",
      received: `"${name}"`,
      fix: didYouMean(name, this.#slices.keys()) || undefined,
      example: "session.install([reads])",
      details: { slice: name },
    });
  }

  /** What the reducers of an event ask for, each at its own place. No slice has two of one type, so none sees another's change. */
  #operations(
    handlers: readonly Handler[],
    lists: readonly SliceList<unknown>[],
    event: Event,
  ): readonly (SliceOp<unknown> | undefined)[] {
    const operations: (SliceOp<unknown> | undefined)[] = [];
    this.#reducing = event.type;
    try {
      for (const handler of handlers) {
        operations.push(reduceOnce(handler, lists[handler.index] as SliceList<unknown>, event)); // as: lists has grown to all slices
      }
    } finally {
      this.#reducing = undefined;
    }
    return operations;
  }
}

/** What a slice does with each type of event. Its own reducer of a system event hears those that name other slices. */
function handlersOf(slice: Slice, index: number): ReadonlyMap<string, Handler> {
  const handlers = new Map(slice.handled.map(({ type, reduce }) => [type, { slice, index, reduce }]));
  for (const { type, reduce } of systemHandled(slice)) {
    const own = handlers.get(type)?.reduce;
    handlers.set(type, { slice, index, reduce: (view, event) => reduce(view, event) ?? own?.(view, event) });
  }
  return handlers;
}

/** A list of items that were read. Throws an error of the code when they do not fit the indexes of the slice. */
function listOf(slice: Slice, items: readonly unknown[], code: ErrorCode): SliceList<unknown> {
  const empty = emptyList(slice);
  if (items.length === 0) return empty;
  try {
    return applyOperation(empty, replace(items));
  } catch (cause) {
    if (!WinkError.is(cause)) throw cause;
    throw new WinkError(code, {
      at: `${cause.parts.at}`,
      problem: `The items that were read do not fit: ${cause.parts.problem}`,
      expected: `${cause.parts.expected}`,
      received: `${cause.parts.received}`,
      fix: "Give the slice a new name, or an index that its earlier items fit.",
      details: { slice: slice.name },
      cause,
    });
  }
}

/** The events of a state that a slice has heard: those of its dump, and all since its list is there. */
function heardBy({ index, heard }: Installed, { since, history }: State): readonly HeardEvents[] {
  const [from, to] = [since[index] ?? history.length, history.length];
  if (from === to) return heard;
  const last = heard.at(-1);
  return last?.[1] === from ? [...heard.slice(0, -1), [last[0], to]] : [...heard, [from, to]];
}

/** Some of the first `count` events. */
function* eventsAt(history: PersistentList<Event>, places: readonly HeardEvents[], count: number): Iterable<Event> {
  for (const [from, to] of places) {
    for (let place = from; place < Math.min(to, count); place++) yield history.at(place) as Event; // as: they are places of this history
  }
}

function refuseOther(known: Slice, other: Slice): void {
  if (known === other) return;
  throw new WinkError("SLICE_CONFLICT", {
    at: `slice "${other.name}"`,
    problem: "More than one slice object has this name",
    expected: "one slice object a name",
    received: "two",
    details: { name: other.name },
  });
}

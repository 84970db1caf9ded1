/**
 * A session: state that only events change, and the ledger of those events. Everything is synchronous and in memory.
 * Appends, snapshots and forks cost the same however long the session is.
 */
import { type IdSource, systemIds, WinkError } from "../base/index.ts";
import { dispatched, dispatchedPlain, type Event } from "./event.ts";
import { FrozenView } from "./frozen-view.ts";
import { PersistentList } from "./persistent-list.ts";
import type { Slice } from "./slice.ts";
import { emptyState, Registry, type State } from "./state.ts";
import type { SliceView } from "./view.ts";

/** What a tool handler may do with a session. */
export interface SessionAccess {
  /** Applies an event: every reducer of its type, all or nothing. Throws `EVENT_INVALID`, `REDUCER_FAILED`, `DISPATCH_IN_REDUCER`. */
  dispatch(event: Event): void;
  /** The items of a slice now, frozen; empty when the slice is not installed. */
  query<Item>(slice: Slice<Item>): SliceView<Item>;
}

/** A reference to a session's state at one moment. */
export interface SessionSnapshot {
  readonly sessionId: string;
}

/** A private continuation of a session: it sees the state it was forked from and what was dispatched on itself. */
export interface SessionFork extends SessionAccess {
  /** The events dispatched on the fork, in order. */
  events(): readonly Event[];
}

/** State plus the ledger of events. */
export interface Session extends SessionAccess {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Adds slices; those already there stay. Throws `SLICE_CONFLICT` for another object of a known name. */
  install(slices: readonly Slice[]): void;
  /** The installed slices, in order. */
  slices(): readonly Slice[];
  /** Every event, oldest first, rolled-back ones marked. */
  ledger(): SliceView<Event>;
  /** Starts a private continuation. O(1). */
  fork(): SessionFork;
  /** Keeps the events of a failed tool call in the ledger and in `log` slices, marked as rolled back. */
  recordRolledBack(events: readonly Event[]): void;
  /** Takes a reference to the state. O(1). */
  snapshot(): SessionSnapshot;
  /** Goes back to a snapshot of this session; throws `SNAPSHOT_FOREIGN` for another's. O(1). */
  restore(snapshot: SessionSnapshot): void;
  /** Holds the session for one run until disposed; throws `SESSION_BUSY` when another holds it. */
  hold(runId: string): Disposable;
}

/** What {@link createSession} takes. */
export interface SessionOptions {
  /** Slices to install at once; a run adds those of its prompt. */
  readonly slices?: readonly Slice[];
  /** A new id of `ids` unless told. */
  readonly id?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ids?: IdSource;
}

/** Makes an empty session. Nothing has to be closed. */
export function createSession(options: SessionOptions = {}): Session {
  const session = new MemorySession(options.id ?? (options.ids ?? systemIds).next("session"), options.tags ?? {});
  session.install(options.slices ?? []);
  return session;
}

class MemorySession implements Session {
  readonly #registry = new Registry();
  #state: State = emptyState;
  #holder: string | undefined;
  readonly #snapshots = new WeakMap<SessionSnapshot, State>();
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;

  constructor(id: string, tags: Readonly<Record<string, string>>) {
    this.id = id;
    this.tags = Object.freeze({ ...tags });
  }

  dispatch(event: Event): void {
    this.#state = this.#registry.next(this.#state, dispatched(event));
  }

  query<Item>(slice: Slice<Item>): SliceView<Item> {
    return new FrozenView(this.#registry.list(this.#state, slice));
  }

  install(slices: readonly Slice[]): void {
    for (const slice of slices) this.#registry.install(slice);
  }

  slices(): readonly Slice[] {
    return this.#registry.slices();
  }

  ledger(): SliceView<Event> {
    return new FrozenView(this.#state.ledger);
  }

  fork(): SessionFork {
    return new Fork(this.#registry, this.#state);
  }

  recordRolledBack(events: readonly Event[]): void {
    let state = this.#state;
    for (const event of events) state = this.#registry.next(state, { ...event, rolledBack: true });
    this.#state = state;
  }

  snapshot(): SessionSnapshot {
    const snapshot: SessionSnapshot = { sessionId: this.id };
    this.#snapshots.set(snapshot, this.#state);
    return snapshot;
  }

  restore(snapshot: SessionSnapshot): void {
    const state = this.#snapshots.get(snapshot);
    if (state === undefined) {
      throw new WinkError("SNAPSHOT_FOREIGN", {
        problem: "The snapshot was not taken from this session",
        expected: `a snapshot of session "${this.id}"`,
        received: `one of session "${snapshot.sessionId}"`,
      });
    }
    this.#state = state;
  }

  hold(runId: string): Disposable {
    if (this.#holder !== undefined) {
      throw new WinkError("SESSION_BUSY", {
        problem: `Session "${this.id}" is held by run "${this.#holder}"`,
        details: { session: this.id, holder: this.#holder, run: runId },
      });
    }
    this.#holder = runId;
    return {
      [Symbol.dispose]: () => {
        if (this.#holder === runId) this.#holder = undefined;
      },
    };
  }
}

class Fork implements SessionFork {
  readonly #registry: Registry;
  readonly #from: number;
  #state: State;
  #branched = false;

  constructor(registry: Registry, state: State) {
    this.#registry = registry;
    this.#state = state;
    this.#from = state.ledger.length;
  }

  dispatch(event: Event): void {
    const kept = dispatchedPlain(event);
    if (!this.#branched) {
      // the session's own appends stay one push each, whatever its forks do
      const { lists, ledger } = this.#state;
      this.#state = { lists: lists.map(PersistentList.branch), ledger: PersistentList.branch(ledger) };
      this.#branched = true;
    }
    this.#state = this.#registry.next(this.#state, kept);
  }

  query<Item>(slice: Slice<Item>): SliceView<Item> {
    return new FrozenView(this.#registry.list(this.#state, slice));
  }

  events(): readonly Event[] {
    const events: Event[] = [];
    for (let index = this.#from; index < this.#state.ledger.length; index++) {
      const event = this.#state.ledger.at(index);
      if (event !== undefined) events.push(event);
    }
    return events;
  }
}

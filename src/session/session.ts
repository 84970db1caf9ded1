/**
 * A session: state that only events change, and the history of those events. Everything is synchronous and in memory.
 * Appends, snapshots and forks cost the same however long the session is.
 */
import type { Event, EventDefinition } from "./event.ts";
import type { JournalPlace } from "./journal-place.ts";
import type { SessionDump } from "./session-dump.ts";
import type { Slice } from "./slice.ts";
import type { SliceView } from "./view.ts";

/** The slices of a session at one moment, to be read. */
export interface SessionView {
  /** The items of a slice, frozen; empty when the slice is not installed. */
  query<Item>(slice: Slice<Item>): SliceView<Item>;
}

/** What a tool handler may do with a session. */
export interface SessionAccess extends SessionView {
  /**
   * Applies an event: every reducer of its type, all or nothing. Throws `EVENT_INVALID`, `REDUCER_FAILED`,
   * `DISPATCH_IN_REDUCER`; for the events of slices `SLICE_MISSING`.
   */
  dispatch(event: Event): void;
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

/** State plus the history of events. */
export interface Session extends SessionAccess {
  readonly id: string;
  /** As given, and `session` with the id; with a parent, `parent` with its id unless given. */
  readonly tags: Readonly<Record<string, string>>;
  readonly parent: Session | undefined;
  /** The sessions made with this one as their parent, oldest first. They are kept as long as it is. */
  children(): readonly Session[];
  /** Adds slices; those already there stay. Throws `SLICE_CONFLICT` for another object of a known name. */
  install(slices: readonly Slice[]): void;
  /** The installed slices, in order. */
  slices(): readonly Slice[];
  /** Applies events in order, all or none. Subscribers hear of them when all are applied. */
  dispatchAll(events: readonly Event[], options?: DispatchOptions): void;
  /**
   * Calls `handler` after each dispatched event of one type, or of all types for `undefined`, until the function that it
   * gives is called. Handlers run in the order they came. What one throws, and what an event of its own fails with, goes to
   * the session's logger. Events that a handler dispatches are applied when all have heard of the present one. Events
   * of failed calls, and what happens on forks, are not told.
   */
  subscribe<Type extends string, Payload>(
    definition: EventDefinition<Type, Payload, any> | undefined, // any: what a definition takes in does not matter here
    handler: (event: Event<Type, Payload>) => void,
  ): () => void;
  /** Every event, oldest first, rolled-back ones marked. */
  history(): SliceView<Event>;
  /**
   * The slices as they were after the first `count` events, less those that were rolled back. `query` runs the reducers of
   * the slice again over these events, so it takes as long as there are events, and shows what reducers of now make of them.
   */
  at(count: number): SessionView;
  /** Starts a private continuation. O(1). */
  fork(): SessionFork;
  /** Keeps the events of a failed tool call in the history and in `log` slices, marked as rolled back. */
  recordRolledBack(events: readonly Event[], options?: DispatchOptions): void;
  /** Takes a reference to the state. O(1). */
  snapshot(): SessionSnapshot;
  /** Goes back to a snapshot of this session; throws `SNAPSHOT_FOREIGN` for another's. O(1), and the items of slices with a store. */
  restore(snapshot: SessionSnapshot): void;
  /**
   * Writes the session as plain JSON, for `restoreSession`. Throws `ITEM_INVALID` or `EVENT_INVALID` for what could not be
   * read back.
   */
  dump(options?: DumpOptions): SessionDump;
  /** Flushes the stores of the session. Rejects with what the first that fails throws. */
  flush(): Promise<void>;
  /** Holds the session for one run until disposed; throws `SESSION_BUSY` when another holds it. */
  hold(runId: string): Disposable;
}

/** What {@link Session.dispatchAll} takes. */
export interface DispatchOptions {
  /** The journal entry to which the events belong, which the stores of the session keep. */
  readonly place?: JournalPlace | undefined;
}

/** What {@link Session.dump} takes. */
export interface DumpOptions {
  /** The name of the prompt that the session belongs to: read for another one, the dump is refused. */
  readonly agent?: string;
}

import { type Logger, shownValue, WinkError } from "../base/index.ts";
import { dispatched, type Event, type EventDefinition } from "./event.ts";
import { Fork } from "./fork.ts";
import { FrozenView } from "./frozen-view.ts";
import type { JournalPlace } from "./journal-place.ts";
import { replace, type SliceOp } from "./operation.ts";
import { PersistentList } from "./persistent-list.ts";
import { Registry } from "./registry.ts";
import type { DispatchOptions, DumpOptions, Session, SessionFork, SessionSnapshot, SessionView } from "./session.ts";
import { dumpOf, type SavedSession, type SessionDump } from "./session-dump.ts";
import type { Slice } from "./slice.ts";
import { emptyState, type State } from "./state.ts";
import type { SliceStore } from "./store/slice-store.ts";
import { Subscribers } from "./subscribers.ts";
import type { SliceView } from "./view.ts";

/** What a session begins with. */
interface Beginning {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parent: Session | undefined;
  readonly logger: Logger;
  /** To be installed at once. */
  readonly slices: readonly Slice[];
  readonly stores?: readonly SliceStore[] | undefined;
  /** What the session is read from. */
  readonly saved?: SavedSession;
}

/** The session that `createSession` and `restoreSession` give. */
export class MemorySession implements Session {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parent: Session | undefined;
  readonly #registry: Registry;
  readonly #subscribers: Subscribers;
  readonly #snapshots = new WeakMap<SessionSnapshot, State>();
  readonly #stores: readonly SliceStore[];
  /** Of stores that had items when the session began, the newest entry that they hold: a run that goes on comes by it again. */
  readonly #held = new Map<Slice, JournalPlace>();
  readonly #children: Session[] = [];
  /** The ids of parent and children, also of those that a dump named and nobody has read. */
  readonly #family: { readonly parent: string | null; readonly children: Set<string> };
  #state: State;
  #holder: string | undefined;

  constructor({ id, tags, parent, logger, slices, stores = [], saved }: Beginning) {
    checkTags(tags);
    checkStores(stores);
    this.id = id;
    this.parent = parent;
    this.tags = Object.freeze({ ...(parent && { parent: parent.id }), ...tags, session: id });
    this.#stores = stores;
    this.#registry = new Registry(saved?.slices ?? []);
    for (const { slice, applied, view } of stores.map(startOf)) {
      this.#registry.install(slice, view);
      if (applied !== undefined) this.#held.set(slice, applied);
    }
    this.install(slices);
    this.#subscribers = new Subscribers(id, logger);
    this.#family = { parent: parent?.id ?? saved?.parent ?? null, children: new Set(saved?.children) };
    this.#state = { ...emptyState, history: PersistentList.of(saved?.history ?? []) };
    if (parent !== undefined) MemorySession.#adopt(parent, this); // last, so that what throws leaves no trace
  }

  static #adopt(parent: Session, child: Session): void {
    if (!(#children in parent) || parent.id === child.id) {
      throw new WinkError("INPUT_INVALID", {
        at: "parent",
        problem: parent.id === child.id ? "A session cannot be its own parent" : "The parent is not a session",
        expected: "a session of another id, made by `createSession`",
        received: `one with the id ${shownValue(parent.id)}`,
      });
    }
    parent.#children.push(child);
    parent.#family.children.add(child.id);
  }

  children(): readonly Session[] {
    return [...this.#children];
  }

  dispatch(event: Event): void {
    const known = dispatched(event);
    if (this.#subscribers.isEmpty && this.#stores.length === 0) {
      this.#state = this.#registry.next(this.#state, known);
    } else this.#applyAndTell([known]);
  }

  dispatchAll(events: readonly Event[], options: DispatchOptions = {}): void {
    this.#applyAndTell(events.map(dispatched), options);
  }

  query<Item>(slice: Slice<Item>): SliceView<Item> {
    return new FrozenView(this.#registry.list(this.#state, slice));
  }

  install(slices: readonly Slice[]): void {
    this.#registry.refuseInReducer("session.install", { session: this.id });
    for (const slice of slices) this.#registry.install(slice);
  }

  slices(): readonly Slice[] {
    return this.#registry.slices();
  }

  subscribe<Type extends string, Payload>(
    definition: EventDefinition<Type, Payload, any> | undefined, // any: as in the interface
    handler: (event: Event<Type, Payload>) => void,
  ): () => void {
    return this.#subscribers.add(definition?.type, handler as (event: Event) => void); // as: it is given events of this type only
  }

  history(): SliceView<Event> {
    return new FrozenView(this.#state.history);
  }

  at(count: number): SessionView {
    const state = this.#state;
    if (!Number.isInteger(count) || count < 0 || count > state.history.length) {
      throw new WinkError("INPUT_INVALID", {
        at: "count",
        problem: "The session has no such moment",
        expected: `a whole number from 0 to ${state.history.length}, the number of its events`,
        received: shownValue(count),
        example: "session.at(session.history().length)",
      });
    }
    return { query: (slice) => new FrozenView(this.#registry.past(state, slice, count)) };
  }

  fork(): SessionFork {
    return new Fork(this.#registry, this.#state);
  }

  recordRolledBack(events: readonly Event[], options: DispatchOptions = {}): void {
    this.#apply(
      events.map((event) => ({ ...dispatched(event), rolledBack: true })),
      options,
    );
  }

  snapshot(): SessionSnapshot {
    const snapshot: SessionSnapshot = { sessionId: this.id };
    this.#snapshots.set(snapshot, this.#state);
    return snapshot;
  }

  restore(snapshot: SessionSnapshot): void {
    this.#registry.refuseInReducer("session.restore", { session: this.id });
    const state = this.#snapshots.get(snapshot);
    if (state === undefined) {
      throw new WinkError("SNAPSHOT_FOREIGN", {
        at: "snapshot",
        problem: "It was not taken from this session",
        expected: `a snapshot of session "${this.id}"`,
        received: `one of session "${snapshot.sessionId}"`,
      });
    }
    const changed = new Map<Slice, SliceOp<unknown>[]>();
    for (const { slice } of this.#stores) {
      const list = this.#registry.list(state, slice);
      if (list !== this.#registry.list(this.#state, slice)) changed.set(slice, [replace(list.all())]);
    }
    this.#keep(state, changed);
  }

  async flush(): Promise<void> {
    await Promise.all(this.#stores.map((store) => store.flush()));
  }

  dump({ agent }: DumpOptions = {}): SessionDump {
    const { id, tags } = this;
    const { parent, children } = this.#family;
    return dumpOf({
      id,
      agent: agent ?? null,
      tags,
      parent,
      children: [...children],
      slices: this.#registry.save(this.#state),
      history: this.#state.history.all(),
    });
  }

  hold(runId: string): Disposable {
    if (this.#holder !== undefined) {
      throw new WinkError("SESSION_BUSY", {
        at: `session "${this.id}"`,
        problem: "It is held by another run",
        expected: `to be held by run "${runId}" alone`,
        received: `run "${this.#holder}"`,
        details: { session: this.id, holder: this.#holder, run: runId },
      });
    }
    this.#holder = runId;
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#holder = undefined;
        isHeld = false;
      },
    };
  }

  #applyAndTell(events: readonly Event[], options: DispatchOptions = {}): void {
    // a reducer that dispatches is refused, also when it runs for what a subscriber has dispatched
    if (!this.#registry.isReducing && this.#subscribers.putOff(events, options)) return;
    this.#apply(events, options);
    this.#subscribers.tell(events, (more, theirs) => this.#apply(more, theirs));
  }

  #apply(events: readonly Event[], { place }: DispatchOptions): void {
    let state = this.#state;
    const changed = new Map<Slice, SliceOp<unknown>[]>();
    const caughtUp = new Set<Slice>();
    const note = (slice: Slice, operation: SliceOp<unknown>): boolean => {
      const held = this.#held.get(slice);
      if (held !== undefined && held.run === place?.run) {
        if (held.sequence === place.sequence) caughtUp.add(slice);
        return false;
      }
      const before = changed.get(slice);
      if (before === undefined) changed.set(slice, [operation]);
      else before.push(operation);
      return true;
    };
    for (const event of events) state = this.#registry.next(state, event, this.#stores.length > 0 ? note : undefined);
    this.#keep(state, changed, place);
    for (const slice of caughtUp) this.#held.delete(slice);
  }

  /** Makes a state the present one, and gives the stores what has changed: both, or, when a store refuses, neither. */
  #keep(state: State, changed: ReadonlyMap<Slice, readonly SliceOp<unknown>[]>, place?: JournalPlace): void {
    const commits = this.#stores.flatMap((store) => {
      const operations = changed.get(store.slice);
      return operations === undefined ? [] : [store.prepare(operations, place)];
    });
    this.#state = state;
    for (const commit of commits) commit();
  }
}

const startOf = (store: SliceStore) => ({ slice: store.slice, applied: store.applied, view: store.view().all() });

/** Throws `INPUT_INVALID` for two stores of one slice. */
function checkStores(stores: readonly SliceStore[]): void {
  const seen = new Set<string>();
  for (const { slice } of stores) {
    if (seen.has(slice.name)) {
      throw new WinkError("INPUT_INVALID", {
        at: "stores",
        problem: `More than one is of slice "${slice.name}"`,
        expected: "one store a slice",
        received: "two",
        details: { slice: slice.name },
      });
    }
    seen.add(slice.name);
  }
}

/** Throws `INPUT_INVALID` for a tag that is not text. */
function checkTags(tags: Readonly<Record<string, unknown>>): void {
  for (const [name, text] of Object.entries(tags)) {
    if (typeof text === "string") continue;
    throw new WinkError("INPUT_INVALID", {
      at: `tags, ${JSON.stringify(name)}`,
      problem: "A tag is not text",
      expected: "text",
      received: shownValue(text),
      example: 'createSession({ tags: { team: "review" } })',
    });
  }
}

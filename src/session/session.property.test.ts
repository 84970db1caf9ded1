import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import {
  append,
  appendAll,
  clear,
  createSession,
  type Event,
  event,
  extend,
  replace,
  type Session,
  type SessionFork,
  type SessionSnapshot,
  slice,
} from "./index.ts";

const Added = event("added", z.int());
const Spread = event("spread", z.array(z.int()));
const Reset = event("reset", z.array(z.int()));
const Cleared = event("cleared", z.null());
const Broken = event("broken", z.int());

const numbers = slice({
  name: "numbers",
  item: z.int(),
  reducers: (on) => [
    on(Added, appendAll()),
    on(Spread, (_view, { payload }) => extend(payload)),
    on(Reset, (_view, { payload }) => replace(payload)),
    on(Cleared, () => clear()),
    on(Broken, (_view, { payload }) => append(payload)),
  ],
});
const sums = slice({
  name: "sums",
  item: z.int(),
  policy: "log",
  reducers: (on) => [
    on(Added, (view, { payload }) => append((view.latest() ?? 0) + payload)),
    on(Broken, () => {
      throw new Error("broken");
    }),
  ],
});

/** What a session holds, as plain arrays. */
interface Model {
  readonly numbers: readonly number[];
  readonly sums: readonly number[];
  readonly ledger: readonly Event[];
}

const nothing: Model = { numbers: [], sums: [], ledger: [] };

/** The model after an event; `undefined` when a reducer refuses it. */
function after(model: Model, made: Event): Model | undefined {
  const ledger = [...model.ledger, made];
  const sumsAfter = (): readonly number[] =>
    made.type === "added" ? [...model.sums, (model.sums.at(-1) ?? 0) + (made.payload as number)] : model.sums;
  if (made.rolledBack) return { ...model, sums: sumsAfter(), ledger };
  const payload = made.payload as number & number[];
  if (made.type === "added") return { numbers: [...model.numbers, payload], sums: sumsAfter(), ledger };
  if (made.type === "spread") return { ...model, numbers: [...model.numbers, ...payload], ledger };
  if (made.type === "reset") return { ...model, numbers: [...payload], ledger };
  if (made.type === "cleared") return { ...model, numbers: [], ledger };
  return undefined;
}

const madeEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.integer().map(Added) },
  { weight: 2, arbitrary: fc.array(fc.integer(), { maxLength: 4 }).map(Spread) },
  fc.array(fc.integer(), { maxLength: 4 }).map(Reset),
  fc.constant(Cleared(null)),
  fc.integer().map(Broken),
);

/** One thing that may be done; numbers choose a fork or snapshot, counted round. */
type Command =
  | { readonly do: "dispatch"; readonly event: Event }
  | { readonly do: "fork" }
  | { readonly do: "take" }
  | { readonly do: "install" }
  | { readonly do: "on fork"; readonly which: number; readonly event: Event }
  | { readonly do: "commit" | "drop" | "restore"; readonly which: number };

const which = fc.nat(7);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("dispatch" as const), event: madeEvent }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("on fork" as const), which, event: madeEvent }) },
  { weight: 2, arbitrary: fc.constantFrom<Command>({ do: "fork" }, { do: "take" }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("commit", "drop", "restore"), which }) },
  fc.constant({ do: "install" as const }),
);

interface ForkPair {
  readonly real: SessionFork;
  model: Model;
  readonly from: number;
}

/** Does the same to a session and to its model, and compares them after each step. */
class Comparison {
  readonly #session: Session;
  readonly #forks: ForkPair[] = [];
  readonly #snapshots: { readonly real: SessionSnapshot; readonly model: Model }[] = [];
  #model = nothing;
  /** Slices that are not installed yet: their events pass them by. */
  #installed = false;

  constructor(session: Session) {
    this.#session = session;
    session.install([numbers]);
  }

  run(taken: Command): void {
    this.#do(taken);
    this.#same(this.#session, this.#model);
    expect(this.#session.ledger().all()).toEqual(this.#model.ledger);
    for (const { real, model, from } of this.#forks) {
      this.#same(real, model);
      expect(real.events()).toEqual(model.ledger.slice(from));
    }
  }

  #do(taken: Command): void {
    if (taken.do === "dispatch") this.#model = this.#dispatch(this.#session, this.#model, taken.event);
    else if (taken.do === "fork")
      this.#forks.push({ real: this.#session.fork(), model: this.#model, from: this.#model.ledger.length });
    else if (taken.do === "take") this.#snapshots.push({ real: this.#session.snapshot(), model: this.#model });
    else if (taken.do === "install") this.#install();
    else if (taken.do === "restore") this.#restore(taken.which);
    else this.#withFork(taken);
  }

  #withFork(taken: Extract<Command, { readonly which: number }>): void {
    const place = taken.which % Math.max(1, this.#forks.length);
    const fork = this.#forks[place];
    if (fork === undefined) return;
    if (taken.do === "on fork") {
      fork.model = this.#dispatch(fork.real, fork.model, taken.event);
      return;
    }
    this.#forks.splice(place, 1);
    const events = fork.real.events();
    if (taken.do === "commit")
      for (const made of events) this.#model = this.#dispatch(this.#session, this.#model, made);
    else this.#recordRolledBack(events);
  }

  #recordRolledBack(events: readonly Event[]): void {
    const refused = this.#installed && events.some(({ type }) => type === "broken");
    if (refused) expect(() => this.#session.recordRolledBack(events)).toThrow(/slice "sums", event "broken"/);
    else this.#session.recordRolledBack(events);
    for (const made of refused ? [] : events) this.#model = this.#rolledBack(this.#model, made);
  }

  #rolledBack(model: Model, made: Event): Model {
    return this.#after(model, { ...made, rolledBack: true }) ?? model;
  }

  #restore(index: number): void {
    const snapshot = this.#snapshots[index % Math.max(1, this.#snapshots.length)];
    if (snapshot === undefined) return;
    this.#session.restore(snapshot.real);
    this.#model = snapshot.model;
  }

  #install(): void {
    this.#session.install([sums]);
    this.#installed = true;
  }

  #dispatch(target: Session | SessionFork, model: Model, made: Event): Model {
    const next = this.#after(model, made);
    if (next === undefined) expect(() => target.dispatch(made)).toThrow(/slice "sums", event "broken"/);
    else target.dispatch(made);
    return next ?? model;
  }

  #after(model: Model, made: Event): Model | undefined {
    if (this.#installed) return after(model, made);
    if (made.type === "broken" && !made.rolledBack)
      return { ...model, numbers: [...model.numbers, made.payload as number], ledger: [...model.ledger, made] };
    return { ...(after(model, made) ?? model), sums: [] };
  }

  #same(real: Session | SessionFork, model: Model): void {
    expect(real.query(numbers).all()).toEqual(model.numbers);
    expect(real.query(sums).all()).toEqual(model.sums);
  }
}

const agrees = (make: () => Session) =>
  fc.property(fc.array(command, { maxLength: 50 }), (commands) => {
    const comparison = new Comparison(make());
    for (const taken of commands) comparison.run(taken);
  });

test("a session, its forks and snapshots read like plain arrays, whatever is done in whatever order", () => {
  fc.assert(agrees(createSession), { numRuns: propertyRuns });
});

/** Sessions with one fault each; each differs from a right one only where it says. */
const faults: Record<string, () => Session> = {
  "a fork that writes through": () => {
    const session = createSession();
    const fork = (): SessionFork => {
      const real = session.fork();
      const dispatch = (made: Event): void => {
        real.dispatch(made);
        session.dispatch(made);
      };
      return { dispatch, query: real.query.bind(real), events: real.events.bind(real) };
    };
    return Object.assign(Object.create(session) as Session, bound(session), { fork });
  },
  "a restore that keeps what came later": () => {
    const session = createSession();
    return Object.assign(Object.create(session) as Session, bound(session), { restore: () => undefined });
  },
  "rolled-back events that are committed": () => {
    const session = createSession();
    const recordRolledBack = (events: readonly Event[]): void => {
      for (const made of events) session.dispatch(made);
    };
    return Object.assign(Object.create(session) as Session, bound(session), { recordRolledBack });
  },
};

function bound(session: Session): Partial<Session> {
  return {
    dispatch: session.dispatch.bind(session),
    query: session.query.bind(session),
    install: session.install.bind(session),
    ledger: session.ledger.bind(session),
    fork: session.fork.bind(session),
    recordRolledBack: session.recordRolledBack.bind(session),
    snapshot: session.snapshot.bind(session),
    restore: session.restore.bind(session),
  };
}

test.each(Object.entries(faults))("the property sees %s", (_fault, make) => {
  expect(fc.check(agrees(make), { numRuns: 500 }).failed).toBe(true);
});

/** Sessions with everything that may be done to them, in any order, against plain arrays. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { WinkError } from "../base/index.ts";
import {
  append,
  appendAll,
  createSession,
  type Event,
  event,
  extend,
  restoreSession,
  type Session,
  type SessionAccess,
  type SessionFork,
  type SessionSnapshot,
  SliceCleared,
  SliceInitialised,
  slice,
} from "./index.ts";

const Added = event("added", z.int());
const Spread = event("spread", z.array(z.int()));
/** Refused by `sums`. */
const Broken = event("broken", z.int());
/** Answered by a subscriber. */
const Asked = event("asked", z.int());

const numbers = slice({
  name: "numbers",
  item: z.int(),
  reducers: (on) => [
    on(Added, appendAll()),
    on(Spread, (_view, { payload }) => extend(payload)),
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

/** What a subscriber dispatches in answer to an event; some of it is refused. */
function answers({ type, payload }: Event): readonly Event[] {
  if (type !== Asked.type) return [];
  const depth = payload as number; // as: the type was just compared
  return [Added(depth), ...(depth % 2 === 1 ? [Broken(depth)] : []), ...(depth > 0 ? [Asked(depth - 1)] : [])];
}

/** One session or fork, as plain arrays. */
interface Plain {
  readonly numbers: readonly number[];
  readonly sums: readonly number[];
  readonly history: readonly { readonly event: Event; readonly heardBySums: boolean }[];
}

const nothing: Plain = { numbers: [], sums: [], history: [] };

/** The arrays after an event; `undefined` when it is refused. */
function after(plain: Plain, happened: Event, hasSums: boolean): Plain | undefined {
  const { type, rolledBack } = happened;
  const payload = happened.payload as number & number[] & { slice: "numbers" | "sums"; items: number[] }; // as: by its type
  const next = { ...plain, history: [...plain.history, { event: happened, heardBySums: hasSums }] };
  const isSystem = type === SliceCleared.type || type === SliceInitialised.type;
  if (isSystem) {
    if (rolledBack) return next;
    if (payload.slice === "sums" && !hasSums) return undefined;
    return { ...next, [payload.slice]: payload.items ?? [] };
  }
  if (type === Broken.type && hasSums) return undefined;
  const sum = (plain.sums.at(-1) ?? 0) + payload;
  const withSum = type === Added.type && hasSums ? { ...next, sums: [...plain.sums, sum] } : next;
  if (rolledBack || type === Asked.type) return withSum;
  return { ...withSum, numbers: [...plain.numbers, ...[payload].flat()] };
}

/** What is left of the first events when nothing was rolled back. */
function past({ history }: Plain, count: number): Plain {
  const kept = history.slice(0, count).filter(({ event: { rolledBack } }) => !rolledBack);
  const end = kept.reduce((plain, one) => after(plain, one.event, one.heardBySums) ?? plain, nothing);
  return end;
}

/** The model of everything, changed by each step. */
interface World {
  plain: Plain;
  hasSums: boolean;
  heard: readonly Event[];
  forks: { plain: Plain; readonly from: number }[];
  snapshots: Plain[];
}

/** The real thing beside it. */
interface Real {
  session: Session;
  heard: Event[];
  forks: SessionFork[];
  snapshots: SessionSnapshot[];
}

type Act = (world: World, real: Real) => void;

/** One step: does the same to both, and compares them. */
class Step implements fc.Command<World, Real> {
  readonly #name: string;
  readonly #act: Act;

  constructor(name: string, act: Act) {
    this.#name = name;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  run(world: World, real: Real): void {
    this.#act(world, real);
    expectSame(real.session, world.plain, world.hasSums);
    equal(
      real.session.history().all(),
      world.plain.history.map((one) => one.event),
    );
    equal(real.heard, world.heard);
    for (const [place, { plain, from }] of world.forks.entries()) {
      const fork = real.forks[place] as SessionFork; // as: there are as many
      expectSame(fork, plain, world.hasSums);
      equal(
        fork.events(),
        plain.history.slice(from).map((one) => one.event),
      );
    }
  }

  toString(): string {
    return this.#name;
  }
}

/** As `toEqual`, which takes its time when there is nothing to tell. */
function equal(real: unknown, model: unknown): void {
  if (!isDeepStrictEqual(real, model)) expect(real).toEqual(model);
}

function expectSame(access: Pick<SessionAccess, "query">, plain: Plain, hasSums: boolean): void {
  equal(access.query(numbers).all(), plain.numbers);
  equal(access.query(sums).all(), hasSums ? plain.sums : []);
}

/** Applies events to arrays, all or none. */
function allAfter(plain: Plain, events: readonly Event[], hasSums: boolean): Plain | undefined {
  return events.reduce<Plain | undefined>((next, one) => next && after(next, one, hasSums), plain);
}

/** Does to both what gives these arrays, or is refused when it gives none. */
function agree(next: Plain | undefined, work: () => void): boolean {
  let refused = false;
  try {
    work();
  } catch (error) {
    if (!WinkError.is(error, "REDUCER_FAILED") && !WinkError.is(error, "SLICE_MISSING")) throw error;
    refused = true;
  }
  expect(refused).toBe(next === undefined);
  return !refused;
}

/** Dispatches events together; what subscribers answer comes after them, and is left out when it is refused. */
function dispatchAll(world: World, real: Real, events: readonly Event[]): void {
  const next = allAfter(world.plain, events, world.hasSums);
  const one = events.length === 1 ? events[0] : undefined;
  const isApplied = agree(next, () => (one ? real.session.dispatch(one) : real.session.dispatchAll(events)));
  const queue = isApplied ? events.map((happened) => ({ happened, plain: next })) : [];
  world.plain = next ?? world.plain;
  for (const { happened, plain } of queue) {
    const applied = plain ?? after(world.plain, happened, world.hasSums);
    if (applied === undefined) continue;
    if (plain === undefined) world.plain = applied;
    world.heard = [...world.heard, happened];
    for (const answer of answers(happened)) queue.push({ happened: answer, plain: undefined });
  }
}

const place = (which: number, list: readonly unknown[]): number => which % Math.max(1, list.length);
const integer = fc.integer({ min: -1_000, max: 1_000 });
const someEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: integer.map(Added) },
  { weight: 2, arbitrary: fc.array(integer, { maxLength: 4 }).map(Spread) },
  { weight: 2, arbitrary: fc.nat(3).map(Asked) },
  integer.map(Broken),
  fc.constantFrom("numbers", "sums").map((name) => SliceCleared({ slice: name })),
  fc
    .tuple(fc.constantFrom("numbers", "sums"), fc.array(integer, { maxLength: 40 }))
    .map(([name, items]) => SliceInitialised({ slice: name, items })),
);
const shown = (events: readonly Event[]): string => JSON.stringify(events);
const which = fc.nat(7);

const dispatchStep = fc
  .array(someEvent, { minLength: 1, maxLength: 3 })
  .map((events) => new Step(`dispatch ${shown(events)}`, (world, real) => dispatchAll(world, real, events)));
const forkStep = fc.constant(
  new Step("fork", (world, real) => {
    real.forks.push(real.session.fork());
    world.forks.push({ plain: world.plain, from: world.plain.history.length });
  }),
);
const onForkStep = fc.tuple(which, someEvent).map(
  ([index, happened]) =>
    new Step(`on fork ${index} ${shown([happened])}`, (world, real) => {
      const fork = world.forks[place(index, world.forks)];
      if (fork === undefined) return;
      const next = after(fork.plain, happened, world.hasSums);
      agree(next, () => real.forks[place(index, real.forks)]?.dispatch(happened));
      fork.plain = next ?? fork.plain;
    }),
);
const endForkStep = fc.tuple(which, fc.boolean()).map(
  ([index, isCommit]) =>
    new Step(`${isCommit ? "commit" : "drop"} fork ${index}`, (world, real) => {
      const [fork] = world.forks.splice(place(index, world.forks), 1);
      real.forks.splice(place(index, real.forks), 1);
      if (fork === undefined) return;
      const events = fork.plain.history.slice(fork.from).map((one) => one.event);
      if (isCommit) return dispatchAll(world, real, events);
      const marked = events.map((happened): Event => ({ ...happened, rolledBack: true }));
      const next = allAfter(world.plain, marked, world.hasSums);
      agree(next, () => real.session.recordRolledBack(events));
      world.plain = next ?? world.plain;
    }),
);
const snapshotStep = fc.constant(
  new Step("snapshot", (world, real) => {
    real.snapshots.push(real.session.snapshot());
    world.snapshots.push(world.plain);
  }),
);
const restoreStep = which.map(
  (index) =>
    new Step(`restore ${index}`, (world, real) => {
      const snapshot = real.snapshots[place(index, real.snapshots)];
      if (snapshot !== undefined) real.session.restore(snapshot);
      world.plain = world.snapshots[place(index, world.snapshots)] ?? world.plain;
    }),
);
const installStep = fc.constant(
  new Step("install", (world, real) => {
    real.session.install([sums]);
    world.hasSums = true;
  }),
);
const pastStep = fc.nat().map(
  (count) =>
    new Step(`at ${count}`, (world, real) => {
      const moment = count % (world.plain.history.length + 1);
      expectSame(real.session.at(moment), past(world.plain, moment), world.hasSums);
    }),
);
const dumpStep = fc.boolean().map(
  (withSums) =>
    new Step(`dump and restore ${withSums ? "with" : "without"} sums`, (world, real) => {
      const slices = withSums ? [numbers, sums] : [numbers];
      Object.assign(real, realOf(restoreSession(JSON.stringify(real.session.dump()), { slices })));
      Object.assign(world, { hasSums: withSums, heard: [], forks: [], snapshots: [] });
    }),
);

function realOf(session: Session): Real {
  const heard: Event[] = [];
  session.subscribe(undefined, (happened) => void heard.push(happened));
  session.subscribe(Asked, (happened) => {
    for (const answer of answers(happened)) session.dispatch(answer);
  });
  return { session, heard, forks: [], snapshots: [] };
}

const steps = [
  dispatchStep,
  dispatchStep,
  forkStep,
  onForkStep,
  onForkStep,
  endForkStep,
  snapshotStep,
  restoreStep,
  installStep,
  pastStep,
  dumpStep,
];

const agrees = (make: () => Session) =>
  fc.property(fc.commands(steps, { maxCommands: 30, size: "+1" }), (commands) => {
    fc.modelRun(() => {
      const session = make();
      session.install([numbers]);
      return {
        model: { plain: nothing, hasSums: false, heard: [], forks: [], snapshots: [] },
        real: realOf(session),
      };
    }, commands);
  });

test("a session, its forks, snapshots, past and dumps read like plain arrays, whatever is done in whatever order", () => {
  fc.assert(agrees(createSession), { numRuns: propertyRuns });
});

/** A session with one fault: what differs from a right one. */
function faulty(fault: (session: Session) => Partial<Session>): () => Session {
  return () => {
    const session = createSession();
    const wrong: Partial<Session> = fault(session);
    return new Proxy(session, {
      get(target, key) {
        const value: unknown = Reflect.get(wrong, key) ?? Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
}

test.each<[string, () => Session]>([
  [
    "forks that are not isolated",
    faulty((session) => ({
      fork: () => {
        const fork = session.fork();
        const dispatch = (happened: Event): void => {
          fork.dispatch(happened);
          session.dispatch(happened);
        };
        return { dispatch, query: fork.query.bind(fork), events: fork.events.bind(fork) };
      },
    })),
  ],
  ["a restore that keeps what came later", faulty(() => ({ restore: () => undefined }))],
  [
    "rolled-back events that are committed",
    faulty((session) => ({ recordRolledBack: (events) => session.dispatchAll(events) })),
  ],
  ["a past that is the present", faulty((session) => ({ at: () => session }))],
  [
    "a dump that forgets the newest event",
    faulty((session) => ({
      dump: () => {
        const kept = createSession({ id: session.id, slices: [numbers] });
        for (const { type, payload } of session.history().all().slice(0, -1)) kept.dispatch({ type, payload });
        return kept.dump();
      },
    })),
  ],
  [
    "events that are applied one by one",
    faulty((session) => ({
      dispatchAll: (events) => {
        for (const happened of events) session.dispatch(happened);
      },
    })),
  ],
])("the property sees %s", (_fault, make) => {
  expect(fc.check(agrees(make), { numRuns: 500, endOnFailure: true }).failed).toBe(true);
});

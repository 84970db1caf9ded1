import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { countedIds } from "../base/index.ts";
import {
  append,
  appendAll,
  clear,
  createSession,
  event,
  extend,
  replace,
  replaceLatest,
  type Session,
  type SessionAccess,
  type SliceOp,
  slice,
  upsertBy,
} from "./index.ts";

const Said = event("note/said", z.string());
const Forgot = event("note/forgotten", z.null());
const Unheard = event("note/unheard", z.null());

const notes = slice({
  name: "notes",
  item: z.string(),
  reducers: (on) => [on(Said, appendAll()), on(Forgot, () => clear())],
});
const log = slice({ name: "log", item: z.string(), policy: "log", reducers: (on) => [on(Said, appendAll())] });

const say = (session: SessionAccess, ...texts: string[]): void => {
  for (const text of texts) session.dispatch(Said(text));
};
const all = (session: SessionAccess): readonly string[] => session.query(notes).all();
const history = (session: Session): readonly unknown[] => session.history().all();

describe("a slice", () => {
  test("is found by its name rules", () => {
    const named = (name: string) => slice({ name, item: z.string(), reducers: () => [] });
    expect(named("review/reads").name).toBe("review/reads");
    for (const wrong of ["", "Reads", "a b", ".a"]) expect(thrownBy(() => named(wrong)).code).toBe("INPUT_INVALID");
  });

  test("keeps state, version 1, unless told", () => {
    expect(notes).toMatchObject({ policy: "state", version: 1 });
    expect(slice({ name: "a", item: z.string(), policy: "log", version: 2, reducers: () => [] })).toMatchObject({
      policy: "log",
      version: 2,
    });
  });

  test.each([0, -1, 1.5, Number.NaN, "2"])("has no version %j", (version) => {
    const define = () => slice({ name: "a", item: z.string(), version: version as number, reducers: () => [] });
    expect(thrownBy(define).code).toBe("INPUT_INVALID");
  });

  test("handles an event once", () => {
    const define = () =>
      slice({ name: "twice", item: z.string(), reducers: (on) => [on(Said, appendAll()), on(Said, replaceLatest())] });
    expect(thrownBy(define).message).toContain(
      'slice "twice": Event "note/said" is handled more than once. Expected one reducer an event. Received two.',
    );
  });
});

describe("operations", () => {
  const Op = event("op", z.object({ op: z.enum(["append", "extend", "replace", "clear", "nothing"]) }));
  const operations: Record<string, SliceOp<number> | undefined> = {
    append: append(9),
    extend: extend([7, 8]),
    replace: replace([5]),
    clear: clear(),
    nothing: undefined,
  };
  const Seeded = event("seeded", z.null());
  const numbers = slice({
    name: "numbers",
    item: z.number(),
    reducers: (on) => [on(Seeded, () => extend([1, 2])), on(Op, (_view, { payload }) => operations[payload.op])],
  });

  test.each([
    ["append", [1, 2, 9]],
    ["extend", [1, 2, 7, 8]],
    ["replace", [5]],
    ["clear", []],
    ["nothing", [1, 2]],
  ] as const)("%s gives %j", (op, expected) => {
    const session = createSession({ slices: [numbers] });
    session.dispatch(Seeded(null));
    session.dispatch(Op({ op }));
    expect(session.query(numbers).all()).toEqual(expected);
  });

  test("copy the items they are given, so that a list changed later changes nothing", () => {
    const items = [1, 2];
    const kept = slice({ name: "kept", item: z.number(), reducers: (on) => [on(Seeded, () => replace(items))] });
    const session = createSession({ slices: [kept] });
    session.dispatch(Seeded(null));
    items.push(3);
    expect(session.query(kept).all()).toEqual([1, 2]);
  });
});

describe("the reducers that most slices need", () => {
  const Item = z.object({ id: z.string(), n: z.int() });
  const ItemSet = event("item/set", Item);
  const itemsWith = (name: string, reduce: ReturnType<typeof appendAll<z.infer<typeof Item>>>) => {
    const items = slice({ name, item: Item, reducers: (on) => [on(ItemSet, reduce)] });
    const session = createSession({ slices: [items] });
    for (const [id, n] of [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ] as const) {
      session.dispatch(ItemSet({ id, n }));
    }
    return session
      .query(items)
      .all()
      .map(({ id, n }) => [id, n]);
  };

  test("appendAll keeps every payload", () => {
    expect(itemsWith("every", appendAll())).toEqual([
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ]);
  });

  test("replaceLatest keeps the newest", () => {
    expect(itemsWith("newest", replaceLatest())).toEqual([["a", 3]]);
  });

  test("upsertBy replaces in place", () => {
    expect(
      itemsWith(
        "keyed",
        upsertBy(({ id }) => id),
      ),
    ).toEqual([
      ["a", 3],
      ["b", 2],
    ]);
  });
});

describe("a view", () => {
  test("reads from both ends, filters, and stays as it was when more is dispatched", () => {
    const session = createSession({ slices: [notes] });
    say(session, "a", "bb", "c");
    const view = session.query(notes);
    say(session, "d");
    expect(view.length).toBe(3);
    expect([view.at(0), view.at(2), view.at(3), view.at(-1), view.at(-3), view.at(-4)]).toEqual([
      "a",
      "c",
      undefined,
      "c",
      "a",
      undefined,
    ]);
    expect(view.latest()).toBe("c");
    expect(view.where((text) => text.length === 1)).toEqual(["a", "c"]);
    expect([...view]).toEqual(["a", "bb", "c"]);
    expect(session.query(notes).latest()).toBe("d");
  });

  test("gives lists of the caller's own", () => {
    const session = createSession({ slices: [notes] });
    say(session, "a");
    (all(session) as string[]).push("mine");
    expect(all(session)).toEqual(["a"]);
  });

  test("of a slice that is not installed is empty", () => {
    const session = createSession();
    say(session, "a");
    const view = session.query(notes);
    expect([view.length, view.latest(), view.all(), view.at(0)]).toEqual([0, undefined, [], undefined]);
  });
});

describe("dispatch", () => {
  test("runs the reducers of every slice in the order of installation, and keeps the event", () => {
    const order: string[] = [];
    const watching = (name: string) =>
      slice({
        name,
        item: z.string(),
        reducers: (on) => [
          on(Said, () => {
            order.push(name);
            return undefined;
          }),
        ],
      });
    const session = createSession({ slices: [watching("b"), watching("a")] });
    say(session, "x");
    expect(order).toEqual(["b", "a"]);
    expect(history(session)).toEqual([{ type: "note/said", payload: "x" }]);
  });

  test("keeps an event that nobody reduces in the history only", () => {
    const session = createSession({ slices: [notes] });
    session.dispatch(Unheard(null));
    expect(all(session)).toEqual([]);
    expect(history(session)).toEqual([{ type: "note/unheard", payload: null }]);
  });

  test("gives each reducer the items before the event", () => {
    const seen: number[] = [];
    const counted = slice({
      name: "counted",
      item: z.string(),
      reducers: (on) => [
        on(Said, (view, { payload }) => {
          seen.push(view.length);
          return append(payload);
        }),
      ],
    });
    say(createSession({ slices: [counted] }), "a", "b", "c");
    expect(seen).toEqual([0, 1, 2]);
  });
});

describe("a reducer that fails", () => {
  const failingAfter = (name: string, reduce: () => unknown) =>
    slice({ name, item: z.string(), reducers: (on) => [on(Said, reduce as () => undefined)] });
  const broken = failingAfter("broken", () => {
    throw new Error("out of order");
  });

  test("takes the whole event back, also what reducers before it did", () => {
    const session = createSession({ slices: [notes, log, broken] });
    session.dispatch(Forgot(null));
    const error = thrownBy(() => say(session, "a"));
    expect(error).toMatchObject({ code: "REDUCER_FAILED", details: { slice: "broken", type: "note/said" } });
    expect(error.message).toMatch(
      /^slice "broken", event "note\/said": The reducer threw\. Expected an operation, or undefined\. Received out of order\./,
    );
    expect((error.cause as Error).message).toBe("out of order");
    expect([all(session), session.query(log).all()]).toEqual([[], []]);
    expect(history(session)).toEqual([{ type: "note/forgotten", payload: null }]);
  });

  test("by an error of the library is REDUCER_FAILED too, with that error as its cause", () => {
    const session = createSession({ slices: [failingAfter("odd", () => Said(1 as never))] });
    const error = thrownBy(() => say(session, "a"));
    expect([error.code, (error.cause as { code?: string }).code]).toEqual(["REDUCER_FAILED", "EVENT_INVALID"]);
  });

  test("leaves the session fit for the next event", () => {
    let healthy = false;
    const moody = failingAfter("moody", () => {
      if (!healthy) throw new Error("not yet");
    });
    const session = createSession({ slices: [notes, moody] });
    for (let count = 0; count < 40; count++) thrownBy(() => say(session, "lost"));
    healthy = true;
    say(session, "kept", "too");
    expect(all(session)).toEqual(["kept", "too"]);
    expect(session.history().length).toBe(2);
  });

  test.each([
    ["a promise", async () => append("x")],
    ["object", () => ["x"]],
    ["string", () => "x"],
    ["object", () => ({ op: "remove", items: [] })],
    ["object", () => ({ op: "append" })],
    ["object", () => ({ op: "append", items: "x" })],
    ["object", () => ({ op: "upsert", items: ["x"], index: null })],
    ["object", () => ({ op: "renew", items: ["x"], index: "key" })],
    ["object", () => null],
  ])("or gives %s is REDUCER_FAILED", (received, reduce) => {
    const session = createSession({ slices: [notes, failingAfter("odd", reduce)] });
    const error = thrownBy(() => say(session, "a"));
    expect(error).toMatchObject({ code: "REDUCER_FAILED", details: { slice: "odd", type: "note/said" } });
    expect(error.message).toContain(`Received ${received}.`);
    expect(all(session)).toEqual([]);
  });

  test("or gives a promise that rejects leaves no rejection unhandled", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const session = createSession({ slices: [failingAfter("late", () => Promise.reject(new Error("late")))] });
    expect(thrownBy(() => say(session, "a")).code).toBe("REDUCER_FAILED");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("dispatching inside a reducer", () => {
  const sessionWhoseReducer = (work: (session: Session) => void) => {
    const meddling = slice({
      name: "meddling",
      item: z.string(),
      reducers: (on) => [
        on(Said, () => {
          work(session);
          return undefined;
        }),
      ],
    });
    const session = createSession({ slices: [notes, meddling] });
    return session;
  };

  test.each([
    ["on the session", (session: Session) => session.dispatch(Unheard(null))],
    ["on a fork made there", (session: Session) => session.fork().dispatch(Unheard(null))],
    ["as rolled back", (session: Session) => session.recordRolledBack([Unheard(null)])],
  ])("%s is DISPATCH_IN_REDUCER, and nothing is applied", (_where, work) => {
    const session = sessionWhoseReducer(work);
    const error = thrownBy(() => say(session, "a"));
    expect(error).toMatchObject({ code: "DISPATCH_IN_REDUCER", details: { type: "note/unheard" } });
    expect(all(session)).toEqual([]);
    expect(history(session)).toEqual([]);
  });

  test("is found on a fork whose session's reducer runs, and the other way round", () => {
    let fork: SessionAccess | undefined;
    const session = sessionWhoseReducer(() => fork?.dispatch(Unheard(null)));
    fork = session.fork();
    expect(thrownBy(() => say(session, "a")).code).toBe("DISPATCH_IN_REDUCER");
    const meddled = sessionWhoseReducer((own) => own.dispatch(Unheard(null)));
    expect(thrownBy(() => say(meddled.fork(), "a")).code).toBe("DISPATCH_IN_REDUCER");
  });

  test("on another session is nobody else's business", () => {
    const other = createSession();
    const session = sessionWhoseReducer(() => other.dispatch(Unheard(null)));
    say(session, "a");
    expect([all(session), other.history().length]).toEqual([["a"], 1]);
  });

  test("may be caught by the reducer, and the session goes on", () => {
    const session = sessionWhoseReducer((own) => expect(() => own.dispatch(Unheard(null))).toThrow());
    say(session, "a", "b");
    expect(all(session)).toEqual(["a", "b"]);
  });
});

describe("installing", () => {
  test("the same slice again changes nothing", () => {
    const session = createSession({ slices: [notes] });
    say(session, "a");
    session.install([notes, log]);
    say(session, "b");
    expect([all(session), session.query(log).all()]).toEqual([["a", "b"], ["b"]]);
    expect(session.slices()).toEqual([notes, log]);
  });

  test("another slice of a known name is SLICE_CONFLICT, as is asking for one", () => {
    const other = slice({ name: "notes", item: z.string(), reducers: () => [] });
    const session = createSession({ slices: [notes] });
    const error = thrownBy(() => session.install([other]));
    expect(error).toMatchObject({ code: "SLICE_CONFLICT", details: { name: "notes" } });
    expect(thrownBy(() => session.query(other)).code).toBe("SLICE_CONFLICT");
    expect(thrownBy(() => session.fork().query(other)).code).toBe("SLICE_CONFLICT");
  });
});

describe("a fork", () => {
  test("sees what it was forked from and its own events, and the session sees nothing of it", () => {
    const session = createSession({ slices: [notes] });
    say(session, "a");
    const fork = session.fork();
    say(fork, "b", "c");
    expect(all(fork)).toEqual(["a", "b", "c"]);
    expect(fork.events()).toEqual([Said("b"), Said("c")]);
    expect(all(session)).toEqual(["a"]);
    expect(session.history().length).toBe(1);
  });

  test("sees nothing of what is dispatched on the session later, before or after its own first event", () => {
    const session = createSession({ slices: [notes] });
    say(session, "a");
    const idle = session.fork();
    const busy = session.fork();
    say(busy, "mine");
    say(session, "b", "c");
    expect([all(idle), idle.events()]).toEqual([["a"], []]);
    say(busy, "too");
    expect(all(busy)).toEqual(["a", "mine", "too"]);
    say(idle, "late");
    expect([all(idle), all(session)]).toEqual([
      ["a", "late"],
      ["a", "b", "c"],
    ]);
  });

  test("is one of many that do not see each other", () => {
    const session = createSession({ slices: [notes] });
    say(session, "a");
    const forks = Array.from({ length: 50 }, () => session.fork());
    for (const round of [0, 1]) for (const [index, fork] of forks.entries()) say(fork, `${index}.${round}`);
    for (const [index, fork] of forks.entries()) expect(all(fork)).toEqual(["a", `${index}.0`, `${index}.1`]);
    for (const fork of forks) for (const made of fork.events()) session.dispatch(made);
    expect(session.query(notes).length).toBe(101);
  });

  test("commits by dispatching its events on the session, whatever happened there meanwhile", () => {
    const session = createSession({ slices: [notes] });
    const fork = session.fork();
    say(fork, "forked");
    say(session, "meanwhile");
    for (const made of fork.events()) session.dispatch(made);
    expect(all(session)).toEqual(["meanwhile", "forked"]);
  });

  test("costs the session's own appends nothing, and copies what it goes on from once", () => {
    const session = createSession({ slices: [notes] });
    say(session, ...Array.from({ length: 30 }, String));
    const fork = session.fork();
    const copiedBy = (work: () => void): number => {
      const { slice: real } = Array.prototype;
      let copied = 0;
      Array.prototype.slice = function (this: unknown[], ...args) {
        const made = real.apply(this, args);
        copied += made.length;
        return made;
      };
      try {
        work();
      } finally {
        Array.prototype.slice = real;
      }
      return copied;
    };
    const first = copiedBy(() => say(fork, "f"));
    const later = [copiedBy(() => say(fork, "g")), copiedBy(() => say(session, "s"))];
    expect(first).toBeGreaterThanOrEqual(60);
    for (const copied of later) expect(copied).toBeLessThan(10);
  });

  test("finds slices that were installed after it was made", () => {
    const session = createSession();
    const fork = session.fork();
    session.install([notes]);
    say(fork, "a");
    expect([all(fork), all(session)]).toEqual([["a"], []]);
  });

  test("keeps no event that a reducer refused", () => {
    const broken = slice({
      name: "broken",
      item: z.string(),
      reducers: (on) => [
        on(Said, () => {
          throw new Error("no");
        }),
      ],
    });
    const fork = createSession({ slices: [notes, broken] }).fork();
    expect(thrownBy(() => say(fork, "a")).code).toBe("REDUCER_FAILED");
    expect([all(fork), fork.events()]).toEqual([[], []]);
  });
});

describe("events of a failed call", () => {
  test("reach log slices only, and are marked in the history", () => {
    const session = createSession({ slices: [notes, log] });
    say(session, "a");
    session.recordRolledBack([Said("b"), Unheard(null)]);
    expect([all(session), session.query(log).all()]).toEqual([["a"], ["a", "b"]]);
    expect(history(session)).toEqual([
      Said("a"),
      { ...Said("b"), rolledBack: true },
      { ...Unheard(null), rolledBack: true },
    ]);
  });

  test("tell a log slice's reducer that they are rolled back", () => {
    const marked = slice({
      name: "marked",
      item: z.string(),
      policy: "log",
      reducers: (on) => [on(Said, (_view, { payload, rolledBack }) => append(rolledBack ? `(${payload})` : payload))],
    });
    const session = createSession({ slices: [marked] });
    say(session, "a");
    session.recordRolledBack([Said("b")]);
    expect(session.query(marked).all()).toEqual(["a", "(b)"]);
  });

  test("are all kept or none", () => {
    const picky = slice({
      name: "picky",
      item: z.string(),
      policy: "log",
      reducers: (on) => [
        on(Said, (_view, { payload }) => {
          if (payload === "bad") throw new Error("no");
          return append(payload);
        }),
      ],
    });
    const session = createSession({ slices: [picky] });
    expect(thrownBy(() => session.recordRolledBack([Said("good"), Said("bad")])).code).toBe("REDUCER_FAILED");
    expect([session.query(picky).all(), history(session)]).toEqual([[], []]);
  });
});

describe("snapshots", () => {
  test("bring back slices and history, as often as wanted, forwards too", () => {
    const session = createSession({ slices: [notes, log] });
    say(session, "a");
    const one = session.snapshot();
    say(session, "b", "c");
    const three = session.snapshot();
    session.dispatch(Forgot(null));
    for (const [snapshot, expected] of [
      [one, ["a"]],
      [three, ["a", "b", "c"]],
      [one, ["a"]],
    ] as const) {
      session.restore(snapshot);
      expect([all(session), session.query(log).all()]).toEqual([expected, expected]);
      expect(session.history().length).toBe(expected.length);
    }
  });

  test("may be gone on from differently, and both lines stay whole", () => {
    const session = createSession({ slices: [notes] });
    say(session, "a");
    const base = session.snapshot();
    const ends = ["x", "y", "z"].map((text) => {
      session.restore(base);
      say(session, text, `${text}2`);
      return session.snapshot();
    });
    for (const [index, text] of ["x", "y", "z"].entries()) {
      session.restore(ends[index] ?? base);
      expect(all(session)).toEqual(["a", text, `${text}2`]);
    }
  });

  test("of before a slice was installed leave it empty and working", () => {
    const session = createSession();
    say(session, "a");
    const before = session.snapshot();
    session.install([notes]);
    say(session, "b");
    session.restore(before);
    expect(all(session)).toEqual([]);
    say(session, "c");
    expect(all(session)).toEqual(["c"]);
  });

  test("leave forks alone", () => {
    const session = createSession({ slices: [notes] });
    const empty = session.snapshot();
    say(session, "a");
    const fork = session.fork();
    session.restore(empty);
    say(session, "b");
    say(fork, "f");
    expect([all(fork), all(session)]).toEqual([["a", "f"], ["b"]]);
  });

  test("are references: one is taken and restored without reading an item", () => {
    const session = createSession({ slices: [notes] });
    const texts = Array.from({ length: 50_000 }, (_, index) => String(index));
    say(session, ...texts);
    // 20,000 copies of 50,000 items would not end within this test's time
    for (let count = 0; count < 10_000; count++) session.restore(session.snapshot());
    for (let count = 0; count < 10_000; count++) session.fork();
    expect(session.query(notes).length).toBe(50_000);
  });

  test("of another session are SNAPSHOT_FOREIGN, also when it has the same id", () => {
    const session = createSession({ id: "one" });
    for (const other of [createSession({ id: "two" }), createSession({ id: "one" })]) {
      const error = thrownBy(() => session.restore(other.snapshot()));
      expect(error.code).toBe("SNAPSHOT_FOREIGN");
      expect(error.message).toContain(`"${other.id}"`);
    }
  });
});

describe("a session", () => {
  test("has the id it is given or a new one, and its tags", () => {
    const ids = countedIds();
    const tags: Record<string, string> = { team: "a" };
    const session = createSession({ ids, tags });
    tags.team = "b";
    expect([session.id, createSession({ ids }).id, createSession({ ids, id: "mine" }).id]).toEqual([
      "session-1",
      "session-2",
      "mine",
    ]);
    expect(session.tags).toEqual({ team: "a", session: "session-1" });
  });

  test("serves one run at a time", () => {
    const session = createSession({ id: "s" });
    const held = session.hold("run-1");
    const error = thrownBy(() => session.hold("run-2"));
    expect(error).toMatchObject({
      code: "SESSION_BUSY",
      retryable: true,
      details: { session: "s", holder: "run-1", run: "run-2" },
    });
    held[Symbol.dispose]();
    using _next = session.hold("run-2");
    held[Symbol.dispose]();
    expect(thrownBy(() => session.hold("run-3")).message).toContain(
      'session "s": It is held by another run. Expected to be held by run "run-3" alone. Received run "run-2".',
    );
  });
});

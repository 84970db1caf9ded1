/** What goes into a session cannot be changed from outside, and is exactly what a journal reads back. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { append, appendAll, createSession, type Event, event, type SessionAccess, slice } from "./index.ts";

const Any = event("any", z.any());
const Noted = event("noted", z.object({ list: z.array(z.string()) }));
const notes = slice({ name: "notes", item: Noted.schema, reducers: (on) => [on(Noted, appendAll())] });
const counts = slice({
  name: "counts",
  item: z.object({ inner: z.object({ n: z.int() }) }),
  reducers: (on) => [on(Noted, (view) => append({ inner: { n: view.length } }))],
});

class Point {
  readonly x = 1;
}

describe("the payload of an event", () => {
  const itself: { self?: unknown } = {};
  itself.self = itself;
  const gap = [1, 2, 3];
  delete gap[1];

  test.each<[string, unknown, string, string]>([
    ["a Date", { a: [{ at: new Date(0) }] }, "a[0].at", "a Date"],
    ["a Map", { m: new Map() }, "m", "a Map"],
    ["a Set", new Set(), "", "a Set"],
    ["NaN", { n: Number.NaN }, "n", "NaN"],
    ["an infinite number", [Number.NEGATIVE_INFINITY], "[0]", "-Infinity"],
    ["a bigint", { n: 1n }, "n", "a bigint"],
    ["a function", { "odd key": () => 1 }, '["odd key"]', "a function"],
    ["a method", { toJSON: () => 1 }, "toJSON", "a function"],
    ["a symbol", [Symbol("s")], "[0]", "a symbol"],
    ["a key that is a symbol", { a: { [Symbol("s")]: 1 } }, "a", "a key that is a symbol"],
    ["an object of a class", { p: new Point() }, "p", "a Point"],
    ["an object of a class without a name", new (class {})(), "", "an object of a class"],
    ["bytes", new Uint8Array(1), "", "a Uint8Array"],
    ["an error", new Error("x"), "", "a Error"],
    ["undefined in a list", { list: [undefined] }, "list[0]", "undefined"],
    ["a gap in a list", { gap }, "gap[1]", "undefined"],
    ["itself", itself, "self.self.self.self.self.self.self.self", "holds itself"],
  ])("with %s is EVENT_INVALID, naming the path", (_what, payload, path, what) => {
    const error = thrownBy(() => Any(payload));
    expect(error).toMatchObject({ code: "EVENT_INVALID", details: { type: "any", problems: [{ path }] } });
    expect(error.message).toContain(what);
    expect(error.message).toContain("which JSON cannot hold");
  });

  test("is what JSON gives back of it", () => {
    const given = {
      kept: [0, 1.5, "é😀\ud800", true, null, {}, []],
      left: undefined,
      zero: -0,
      bare: Object.assign(Object.create(null), { a: 1 }),
      proto: JSON.parse('{"__proto__":{"x":1}}'),
    };
    const { payload } = Any(given);
    expect(payload).toStrictEqual(JSON.parse(JSON.stringify(given)));
    expect([Object.keys(payload.proto), payload.proto.x]).toEqual([["__proto__"], undefined]);
    expect(Any(undefined).payload).toBeUndefined();
  });

  test("is its own: frozen, and what it was made from is not", () => {
    const given = { list: ["a"] };
    for (const made of [Noted(given), Any(given)]) {
      expect(() => made.payload.list.push("b")).toThrow(TypeError);
      expect(() => Object.assign(made, { payload: 1 })).toThrow(TypeError);
      expect(() => Object.assign(made.payload, { more: 1 })).toThrow(TypeError);
    }
    given.list.push("mine");
    expect(given.list).toEqual(["a", "mine"]);
  });
});

describe("what a session gives out", () => {
  const given = () => {
    const session = createSession({ slices: [notes, counts] });
    session.dispatch({ type: "noted", payload: { list: ["by hand"] } });
    return { session, fork: session.fork() };
  };

  test.each<[string, (of: SessionAccess) => readonly { inner: { n: number } }[]]>([
    ["at", (of) => [of.query(counts).at(0) as never]],
    ["latest", (of) => [of.query(counts).latest() as never]],
    ["all", (of) => of.query(counts).all()],
    ["where", (of) => of.query(counts).where(({ inner }) => ++inner.n > 0)],
    ["iteration", (of) => [...of.query(counts)]],
  ])("is frozen, read by %s", (_how, read) => {
    // each of its own: what was frozen for one would be so for the other
    for (const access of [given().session, given().fork]) {
      expect(() => {
        for (const { inner } of read(access)) inner.n++;
      }).toThrow(TypeError);
      expect(access.query(counts).all()).toEqual([{ inner: { n: 0 } }]);
    }
  });

  test("is frozen in the history and when it was dispatched by hand", () => {
    const { session, fork } = given();
    expect(() => Object.assign(session.history().latest()?.payload as object, { more: 1 })).toThrow(TypeError);
    expect(() => fork.query(notes).latest()?.list.push("trace")).toThrow(TypeError);
  });

  test("is frozen also where it inherits from nothing", () => {
    const bare = slice({
      name: "bare",
      item: z.any(),
      reducers: (on) => [on(Any, () => append(Object.assign(Object.create(null), { list: [1] })))],
    });
    const own = createSession({ slices: [bare] });
    own.dispatch(Any(1));
    const item = own.query(bare).latest();
    expect([Object.isFrozen(item), Object.isFrozen(item.list)]).toEqual([true, true]);
  });

  test("can only be read", () => {
    const { session, fork } = given();
    for (const view of [session.query(notes), fork.query(notes), session.history()]) {
      expect(["append", "extend", "branch"].filter((name) => name in view)).toEqual([]);
    }
  });

  test("can only be read by reducers too", () => {
    const views: object[] = [];
    const watch = slice({
      name: "watch",
      item: z.any(),
      reducers: (on) => [
        on(Noted, (view) => {
          views.push(view);
          return undefined;
        }),
      ],
    });
    const own = createSession({ slices: [watch] });
    own.dispatch(Noted({ list: [] }));
    expect(["append", "extend", "branch", "replaceAt"].filter((name) => name in (views[0] ?? {}))).toEqual([]);
  });

  test("may hold what cannot be frozen, if a reducer put it there", () => {
    const odd = slice({ name: "odd", item: z.any(), reducers: (on) => [on(Any, () => append(new Uint8Array(1)))] });
    const own = createSession({ slices: [odd] });
    own.dispatch(Any(1));
    expect(own.query(odd).latest()).toEqual(new Uint8Array(1));
  });
});

describe("an event made by hand", () => {
  test.each([undefined, null, "noted", 7, [], {}, { payload: 1 }, { type: 1 }])(
    "is EVENT_INVALID when it is none: %j",
    (none) => {
      const session = createSession();
      for (const access of [session, session.fork()]) {
        const error = thrownBy(() => access.dispatch(none as unknown as Event));
        expect(error.code).toBe("EVENT_INVALID");
        expect(error.message).toContain("What was dispatched is no event");
      }
      expect(session.history().length).toBe(0);
    },
  );

  test("is not rolled back because it says so", () => {
    const session = createSession({ slices: [notes] });
    const marked: Event = { type: "noted", payload: { list: ["a"] }, rolledBack: true };
    const fork = session.fork();
    for (const access of [session, fork]) access.dispatch(marked);
    expect(session.history().all()).toEqual([Noted({ list: ["a"] })]);
    expect(fork.events()).toEqual([Noted({ list: ["a"] })]);
    expect(session.query(notes).length).toBe(1);
  });

  test("is kept on a fork as it was dispatched, and only if JSON can hold it", () => {
    const fork = createSession({ slices: [notes] }).fork();
    const list = ["a"];
    fork.dispatch({ type: "noted", payload: { list, left: undefined } });
    fork.dispatch(Object.freeze({ type: "noted", payload: { list } }));
    list.push("late");
    expect(fork.events()).toStrictEqual([Noted({ list: ["a"] }), Noted({ list: ["a"] })]);
    const error = thrownBy(() => fork.dispatch({ type: "noted", payload: { list: [new Date(0)] } }));
    expect(error).toMatchObject({ code: "EVENT_INVALID", details: { problems: [{ path: "list[0]" }] } });
    expect(fork.events()).toHaveLength(2);
  });

  test("that a definition made is kept itself", () => {
    const fork = createSession().fork();
    const made = Noted({ list: ["a"] });
    fork.dispatch(made);
    expect(fork.events()[0]).toBe(made);
  });
});

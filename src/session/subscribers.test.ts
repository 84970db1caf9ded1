import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { JsonObject, Logger, WinkError } from "../base/index.ts";
import { appendAll, createSession, event, type Session, slice } from "./index.ts";

const Said = event("note/said", z.string());
const Counted = event("note/counted", z.int());
const Broken = event("note/broken", z.null());

const notes = slice({ name: "notes", item: z.string(), reducers: (on) => [on(Said, appendAll())] });
const broken = slice({
  name: "broken",
  item: z.string(),
  reducers: (on) => [
    on(Broken, () => {
      throw new Error("no");
    }),
  ],
});

/** A session, and what its logger was told. */
function logged(): { readonly session: Session; readonly records: JsonObject[] } {
  const records: JsonObject[] = [];
  const logger: Logger = { log: (level, name, facts = {}) => void records.push({ level, name, ...facts }) };
  return { session: createSession({ id: "s", slices: [notes, broken], logger }), records };
}

describe("a subscriber", () => {
  test("hears of events of its type when they are applied, in order, until it is taken away", () => {
    const { session } = logged();
    const heard: unknown[] = [];
    const stop = session.subscribe(Said, ({ payload }) => heard.push([payload, session.query(notes).length]));
    session.subscribe(undefined, ({ type }) => heard.push(type));
    for (const made of [Said("a"), Counted(1), Said("b")]) session.dispatch(made);
    stop();
    stop();
    session.dispatch(Said("c"));
    expect(heard).toEqual([["a", 1], "note/said", "note/counted", ["b", 2], "note/said", "note/said"]);
  });

  test("may be the same function twice, each taken away by itself", () => {
    const { session } = logged();
    const heard: string[] = [];
    const hear = ({ payload }: { payload: string }): void => void heard.push(payload);
    const stop = session.subscribe(Said, hear);
    session.subscribe(Said, hear);
    session.dispatch(Said("a"));
    stop();
    session.dispatch(Said("b"));
    expect(heard).toEqual(["a", "a", "b"]);
  });

  test("is not called any more in the event in which another takes it away, nor yet in that in which it is added", () => {
    const { session } = logged();
    const heard: string[] = [];
    session.subscribe(Said, () => {
      stop();
      session.subscribe(Counted, () => heard.push("added"));
      session.subscribe(Said, () => heard.push("added"));
    });
    const stop = session.subscribe(Said, () => heard.push("taken away"));
    session.dispatch(Said("a"));
    expect(heard).toEqual([]);
  });

  test("hears nothing of what was not applied, of forks, and of failed calls", () => {
    const { session } = logged();
    const heard: unknown[] = [];
    session.subscribe(undefined, (happened) => heard.push(happened.type));
    expect(() => session.dispatch(Broken(null))).toThrow("no");
    session.fork().dispatch(Said("forked"));
    session.recordRolledBack([Said("failed")]);
    expect(heard).toEqual([]);
  });

  test("cannot change the event", () => {
    const { session, records } = logged();
    session.subscribe(undefined, (happened) => Object.assign(happened.payload as object, { more: 1 }));
    session.dispatch({ type: "by/hand", payload: { a: 1 } });
    expect(session.history().all()).toEqual([{ type: "by/hand", payload: { a: 1 } }]);
    expect(records).toHaveLength(1);
  });

  test("that fails disturbs nobody, and the logger is told", async () => {
    const { session, records } = logged();
    const heard: string[] = [];
    session.subscribe(Said, () => {
      throw new Error("out of order");
    });
    session.subscribe(Said, async () => {
      throw new Error("later");
    });
    session.subscribe(Said, ({ payload }) => heard.push(payload));
    session.dispatch(Said("a"));
    await Promise.resolve();
    expect([heard, session.query(notes).all()]).toEqual([["a"], ["a"]]);
    const failed = { level: "error", name: "event_delivery_failed", session: "s", type: "note/said" };
    expect(records).toEqual([
      { ...failed, problem: "out of order" },
      { ...failed, problem: "later" },
    ]);
  });
});

describe("what a subscriber dispatches", () => {
  test("is applied when all have heard of the present event", () => {
    const { session } = logged();
    const order: unknown[] = [];
    session.subscribe(Said, ({ payload }) => {
      session.dispatch(Counted(payload.length));
      order.push(session.history().length);
    });
    session.subscribe(Counted, ({ payload }) => order.push(payload));
    session.subscribe(undefined, ({ type }) => order.push(type));
    session.dispatch(Said("abc"));
    expect(order).toEqual([1, "note/said", 3, "note/counted"]);
    expect(session.history().all()).toEqual([Said("abc"), Counted(3)]);
  });

  test("is applied in order, groups of events as a whole", () => {
    const { session, records } = logged();
    session.subscribe(Counted, () => {
      session.dispatchAll([Said("lost"), Broken(null)]);
      session.dispatchAll([Said("a"), Said("b")]);
      session.dispatch(Said("c"));
    });
    session.dispatch(Counted(0));
    expect(session.query(notes).all()).toEqual(["a", "b", "c"]);
    expect(records).toMatchObject([{ name: "session_dispatch_failed", type: "note/said" }]);
    expect(records[0]?.problem).toContain('slice "broken", event "note/broken"');
  });

  test("is refused at once when it is no event", () => {
    const { session, records } = logged();
    session.subscribe(Said, () => session.dispatch(7 as never));
    session.dispatch(Said("a"));
    expect(records[0]?.problem).toContain("What was dispatched is no event");
  });

  test("ends when it answers itself for ever", () => {
    const { session, records } = logged();
    const errors: WinkError[] = [];
    session.subscribe(Counted, ({ payload }) => {
      const more = (): void => session.dispatchAll([Counted(payload + 1)]);
      if (payload < 10_000) return more();
      const several = [Counted(0), Said("lost"), Counted(1)];
      errors.push(thrownBy(() => session.dispatchAll(several)));
      more();
    });
    session.dispatch(Counted(0));
    expect(session.history().latest()).toEqual(Counted(10_000));
    expect(errors).toMatchObject([
      { code: "DISPATCH_ENDLESS", details: { session: "s", types: ["note/counted", "note/said"] } },
    ]);
    expect(records).toHaveLength(1);
    expect(records[0]?.problem).toBe(
      'session "s": Subscribers dispatch without an end. Expected at most 10000 dispatches in answer to one event. Received one more.',
    );
    session.dispatch(Said("and goes on"));
    expect(session.query(notes).all()).toEqual(["and goes on"]);
  });

  test("is refused from a reducer, also from one that runs for a subscriber", () => {
    const session = createSession();
    const meddling = slice({
      name: "meddling",
      item: z.null(),
      reducers: (on) => [
        on(Counted, () => {
          session.dispatch(Said("meddled"));
          return undefined;
        }),
      ],
    });
    session.install([notes, meddling]);
    const codes: string[] = [];
    session.subscribe(Said, () => void codes.push(thrownBy(() => session.fork().dispatch(Counted(1))).code));
    session.dispatch(Said("a"));
    expect(codes).toEqual(["DISPATCH_IN_REDUCER"]);
    expect(session.query(notes).all()).toEqual(["a"]);
  });
});

describe("many events", () => {
  test("are applied together, and told when all are", () => {
    const { session } = logged();
    const heard: number[] = [];
    session.subscribe(Said, () => heard.push(session.query(notes).length));
    session.dispatchAll([Said("a"), Said("b")]);
    session.dispatchAll([]);
    expect(heard).toEqual([2, 2]);
  });

  test("are applied all or none", () => {
    const { session } = logged();
    const heard: unknown[] = [];
    session.subscribe(undefined, (happened) => heard.push(happened));
    expect(thrownBy(() => session.dispatchAll([Said("a"), Broken(null)])).code).toBe("REDUCER_FAILED");
    expect(thrownBy(() => session.dispatchAll([Said("a"), 1 as never])).code).toBe("EVENT_INVALID");
    expect([heard, session.query(notes).length, session.history().length]).toEqual([[], 0, 0]);
  });
});

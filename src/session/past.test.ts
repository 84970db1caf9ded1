import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import {
  appendAll,
  clear,
  createSession,
  event,
  replaceLatest,
  SliceCleared,
  SliceInitialised,
  slice,
} from "./index.ts";

const Said = event("note/said", z.string());
const Forgot = event("note/forgotten", z.null());
const notes = slice({
  name: "notes",
  item: z.string(),
  reducers: (on) => [on(Said, appendAll()), on(Forgot, () => clear())],
});
const log = slice({ name: "log", item: z.string(), policy: "log", reducers: (on) => [on(Said, appendAll())] });
const last = slice({ name: "last", item: z.string(), reducers: (on) => [on(Said, replaceLatest())] });

describe("the state after event n", () => {
  test("is what the first n events made, for every n", () => {
    const session = createSession({ slices: [notes, last] });
    const states: unknown[] = [[[], []]];
    for (const made of [
      Said("a"),
      Said("b"),
      Forgot(null),
      SliceInitialised({ slice: "last", items: ["x"] }),
      Said("c"),
    ]) {
      session.dispatch(made);
      states.push([session.query(notes).all(), session.query(last).all()]);
    }
    const past = Array.from({ length: 6 }, (_, n) => session.at(n));
    expect(past.map((at) => [at.query(notes).all(), at.query(last).all()])).toEqual(states);
  });

  test("leaves out what was rolled back, in log slices too", () => {
    const session = createSession({ slices: [notes, log] });
    session.dispatch(Said("a"));
    session.recordRolledBack([Said("failed"), SliceCleared({ slice: "log" })]);
    session.dispatch(Said("b"));
    expect(session.query(log).all()).toEqual(["a", "failed", "b"]);
    expect([1, 2, 3, 4].map((n) => session.at(n).query(log).all())).toEqual([["a"], ["a"], ["a"], ["a", "b"]]);
    expect(session.at(4).query(notes).all()).toEqual(["a", "b"]);
  });

  test("begins for each slice with its installation", () => {
    const session = createSession({ slices: [notes] });
    session.dispatch(Said("a"));
    const before = session.snapshot();
    session.install([last]);
    expect(session.at(1).query(last).all()).toEqual([]);
    session.dispatch(Said("b"));
    expect([session.at(1).query(last).all(), session.at(2).query(last).all()]).toEqual([[], ["b"]]);
    session.restore(before);
    session.dispatch(Forgot(null));
    session.dispatch(Said("c"));
    expect([session.at(3).query(last).all(), session.query(last).all()]).toEqual([["c"], ["c"]]);
  });

  test("stays what it is when the session goes on or back", () => {
    const session = createSession({ slices: [notes] });
    const empty = session.snapshot();
    session.dispatch(Said("a"));
    const past = session.at(1);
    session.restore(empty);
    session.dispatch(Said("other"));
    expect(past.query(notes).all()).toEqual(["a"]);
    expect(session.at(1).query(notes).all()).toEqual(["other"]);
  });

  test("is frozen, and empty for slices that are not installed", () => {
    const Listed = event("listed", z.object({ list: z.array(z.string()) }));
    const lists = slice({
      name: "lists",
      item: Listed.schema,
      reducers: (on) => [on(Listed, appendAll())],
    });
    const session = createSession({ slices: [lists] });
    session.dispatch({ type: "listed", payload: { list: ["a"] } });
    expect(() => session.at(1).query(lists).latest()?.list.push("b")).toThrow(TypeError);
    expect(session.at(1).query(notes).length).toBe(0);
    expect(thrownBy(() => session.at(1).query({ ...lists })).code).toBe("SLICE_CONFLICT");
  });

  test.each([-1, 2, 0.5, Number.NaN, "1"])("is none for %j of one event", (count) => {
    const session = createSession();
    session.dispatch(Said("a"));
    const error = thrownBy(() => session.at(count as number));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain("from 0 to 1");
  });
});

test("a reducer that runs again may not dispatch either", () => {
  const session = createSession({ slices: [notes] });
  let isAgain = false;
  const meddling = slice({
    name: "meddling",
    item: z.string(),
    reducers: (on) => [
      on(Said, () => {
        if (isAgain) session.dispatch(Forgot(null));
        return undefined;
      }),
    ],
  });
  session.install([meddling]);
  session.dispatch(Said("a"));
  isAgain = true;
  expect(thrownBy(() => session.at(1).query(meddling)).code).toBe("DISPATCH_IN_REDUCER");
  isAgain = false;
  session.dispatch(Said("b"));
  expect(session.query(notes).length).toBe(2);
});

describe("a reducer", () => {
  const reducing = (work: () => void) => {
    const meddling = slice({
      name: "meddling",
      item: z.string(),
      reducers: (on) => [
        on(Said, () => {
          work();
          return undefined;
        }),
      ],
    });
    session.install([meddling]);
    return thrownBy(() => session.dispatch(Said("a")));
  };
  let session = createSession();

  test.each([
    ["ask for the past", { slice: "notes" }, () => session.at(0).query(notes)],
    ["go back", { session: "s" }, () => session.restore(session.snapshot())],
  ])("may not %s", (_what, details, work) => {
    session = createSession({ id: "s", slices: [notes] });
    expect(reducing(work)).toMatchObject({ code: "DISPATCH_IN_REDUCER", details });
    expect(session.history().length).toBe(0);
  });
});

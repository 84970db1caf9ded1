/** What a session asks of its stores: which operations, when, and with which place in a journal. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { append, appendAll, clear, createSession, event, replace, type SliceOp, slice } from "./index.ts";
import { memoryStore, type SliceStore } from "./store/index.ts";

const Said = event("note/said", z.string());
const Forgot = event("note/forgotten", z.null());
const Counted = event("note/counted", z.int());
const notes = slice({
  name: "notes",
  item: z.string(),
  reducers: (on) => [on(Said, appendAll()), on(Forgot, () => clear())],
});
const log = slice({ name: "log", item: z.string(), policy: "log", reducers: (on) => [on(Said, appendAll())] });
const place = { run: "r", sequence: 4 };

/** A store, and what it was asked to take in. */
function watched(of: typeof notes) {
  const inner = memoryStore(of);
  const asked: { readonly operations: readonly SliceOp<unknown>[]; readonly place: unknown }[] = [];
  const store: SliceStore<string> = {
    ...inner,
    prepare: (operations, at) => {
      asked.push({ operations, place: at });
      return inner.prepare(operations, at);
    },
  };
  return { store, asked };
}

const kept = (store: SliceStore): readonly unknown[] => store.view().all();

describe("a session", () => {
  test("gives a store what events make, at once, and leaves it alone for all others", () => {
    const { store, asked } = watched(notes);
    const session = createSession({ stores: [store], slices: [log] });
    session.dispatch(Said("a"));
    expect(kept(store)).toEqual(["a"]);
    session.dispatch(Counted(1));
    session.recordRolledBack([Said("failed")]);
    session.fork().dispatch(Said("forked"));
    expect(session.query(log).all()).toEqual(["a", "failed"]);
    expect(asked).toEqual([{ operations: [append("a")], place: undefined }]);
  });

  test("gives the operations of several events together, with their place in a journal", () => {
    const one = watched(notes);
    const two = watched(log);
    const session = createSession({ stores: [one.store, two.store] });
    session.dispatchAll([Said("a"), Forgot(null), Said("b")], { place });
    expect(one.asked).toEqual([{ operations: [append("a"), clear(), append("b")], place }]);
    expect(two.asked).toEqual([{ operations: [append("a"), append("b")], place }]);
    session.recordRolledBack([Said("failed")], { place });
    expect(one.asked).toHaveLength(1);
    expect(two.asked[1]).toEqual({ operations: [append("failed")], place });
    expect([kept(one.store), kept(two.store)]).toEqual([["b"], ["a", "b", "failed"]]);
  });

  test("gives what a subscriber dispatches without a place", () => {
    const { store, asked } = watched(notes);
    const session = createSession({ stores: [store] });
    session.subscribe(Counted, ({ payload }) => session.dispatch(Said(`counted ${payload}`)));
    session.dispatchAll([Counted(1)], { place });
    expect(asked).toEqual([{ operations: [append("counted 1")], place: undefined }]);
  });

  test("changes neither itself nor any store when one refuses", async () => {
    const first = memoryStore(notes);
    const second = memoryStore(log);
    const session = createSession({ stores: [first, second] });
    session.dispatch(Said("a"));
    const before = session.snapshot();
    session.dispatch(Said("b"));
    await second[Symbol.asyncDispose]();
    const heard: string[] = [];
    session.subscribe(Said, ({ payload }) => heard.push(payload));
    for (const work of [() => session.dispatch(Said("c")), () => session.restore(before)]) {
      expect(thrownBy(work).code).toBe("STORE_CLOSED");
      expect([session.query(notes).all(), session.query(log).all(), kept(first)]).toEqual([
        ["a", "b"],
        ["a", "b"],
        ["a", "b"],
      ]);
    }
    expect([session.history().length, heard]).toEqual([2, []]);
    session.dispatch(Forgot(null));
    expect([kept(first), session.query(log).length]).toEqual([[], 2]);
  });

  test("takes its stores along when it goes back, those that have changed", () => {
    const one = watched(notes);
    const two = watched(log);
    const session = createSession({ stores: [one.store, two.store] });
    session.dispatch(Said("a"));
    const before = session.snapshot();
    session.dispatch(Forgot(null));
    one.asked.length = 0;
    two.asked.length = 0;
    session.restore(before);
    expect([one.asked, two.asked]).toEqual([[{ operations: [replace(["a"])], place: undefined }], []]);
    expect([kept(one.store), kept(two.store)]).toEqual([["a"], ["a"]]);
    session.dispatch(Said("b"));
    expect([kept(one.store), session.query(notes).all()]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  test("flushes them all", async () => {
    const flushed: string[] = [];
    const flushing = (of: typeof notes): SliceStore<string> => ({
      ...memoryStore(of),
      flush: async () => void flushed.push(of.name),
    });
    await createSession({ stores: [flushing(notes), flushing(log)] }).flush();
    expect(flushed).toEqual(["notes", "log"]);
    await createSession().flush();
  });

  test("has one store a slice", () => {
    const stores = [memoryStore(notes), memoryStore(log), memoryStore(notes)];
    const error = thrownBy(() => createSession({ stores }));
    expect(error).toMatchObject({ code: "INPUT_INVALID", details: { slice: "notes" } });
  });
});

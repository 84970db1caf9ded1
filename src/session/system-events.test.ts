import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { appendAll, createSession, event, SliceCleared, SliceInitialised, slice } from "./index.ts";

const Read = event("file/read", z.object({ path: z.string(), lines: z.int().default(0) }));
const reads = slice({ name: "reads", item: Read.schema, reducers: (on) => [on(Read, appendAll())] });
const log = slice({ name: "log", item: Read.schema, policy: "log", reducers: (on) => [on(Read, appendAll())] });

const started = () => {
  const session = createSession({ slices: [reads, log] });
  session.dispatch(Read({ path: "a" }));
  return session;
};

describe("clearing a slice", () => {
  test("takes its items and no others, and is an event like any other", () => {
    const session = started();
    const heard: unknown[] = [];
    session.subscribe(SliceCleared, ({ payload }) => heard.push(payload));
    const before = session.snapshot();
    session.dispatch(SliceCleared({ slice: reads.name }));
    expect([session.query(reads).length, session.query(log).length]).toEqual([0, 1]);
    expect([heard, session.history().latest()]).toEqual([[{ slice: "reads" }], SliceCleared({ slice: "reads" })]);
    session.restore(before);
    expect(session.query(reads).length).toBe(1);
  });

  test("on a fork stays there until it is committed, and counts for nothing when the call failed", () => {
    const session = started();
    const fork = session.fork();
    fork.dispatch(SliceCleared({ slice: "reads" }));
    fork.dispatch(SliceCleared({ slice: "log" }));
    expect([fork.query(reads).length, session.query(reads).length]).toEqual([0, 1]);
    session.recordRolledBack([...fork.events(), SliceCleared({ slice: "unknown" })]);
    expect([session.query(reads).length, session.query(log).length]).toEqual([1, 1]);
    session.dispatchAll(fork.events());
    expect([session.query(reads).length, session.query(log).length]).toEqual([0, 0]);
  });
});

describe("initialising a slice", () => {
  test("puts items as the schema gives them out in the place of all, frozen", () => {
    const session = started();
    session.dispatch(SliceInitialised({ slice: "reads", items: [{ path: "x" }, { path: "y", lines: 2 }] }));
    const items = session.query(reads).all();
    expect(items).toEqual([
      { path: "x", lines: 0 },
      { path: "y", lines: 2 },
    ]);
    expect(items.every(Object.isFrozen)).toBe(true);
    session.dispatch(Read({ path: "z" }));
    expect(session.query(reads).length).toBe(3);
  });

  test("refuses items that do not fit, naming item and field", () => {
    const session = started();
    const error = thrownBy(() =>
      session.dispatch(SliceInitialised({ slice: "reads", items: [{ path: "x" }, { path: 1 }] })),
    );
    expect(error).toMatchObject({ code: "EVENT_INVALID", details: { slice: "reads", item: 1 } });
    expect(error.message).toMatch(/slice "reads", item 1: .*`path`/);
    expect([session.query(reads).length, session.history().length]).toEqual([1, 1]);
  });
});

test("an item that its schema makes into what JSON cannot hold is refused", () => {
  const odd = slice({ name: "odd", item: z.any().transform((): string => [new Date(0)] as never), reducers: () => [] });
  const session = createSession({ slices: [odd] });
  const error = thrownBy(() => session.dispatch(SliceInitialised({ slice: "odd", items: ["x"] })));
  expect(error.message).toContain("The item does not fit the slice: `[0]`: is a Date, which JSON cannot hold");
});

test.each([SliceCleared({ slice: "raeds" }), SliceInitialised({ slice: "raeds", items: [] })])(
  "$type of a slice that is not installed is SLICE_MISSING, with the nearest name",
  (made) => {
    const session = started();
    for (const access of [session, session.fork()]) {
      const error = thrownBy(() => access.dispatch(made));
      expect(error).toMatchObject({ code: "SLICE_MISSING", details: { slice: "raeds" } });
      expect(error.message).toContain('Expected "reads", "log". Received "raeds". Did you mean "reads"?');
    }
    expect(thrownBy(() => createSession().dispatch(made)).message).toContain("Expected an installed slice.");
  },
);

test.each([
  { type: "slice/cleared", payload: null },
  { type: "slice/cleared", payload: { slice: 1 } },
  { type: "slice/initialised", payload: { slice: "reads" } },
  { type: "slice/initialised", payload: { slice: "reads", items: {} } },
])("%j made by hand is EVENT_INVALID", (made) => {
  expect(thrownBy(() => started().dispatch(made)).code).toBe("EVENT_INVALID");
});

test("a slice that handles these events itself hears of those that name others", () => {
  const watch = slice({
    name: "watch",
    item: z.object({ slice: z.string() }),
    reducers: (on) => [on(SliceCleared, appendAll())],
  });
  const session = createSession({ slices: [reads, watch] });
  for (const name of ["reads", "reads"]) session.dispatch(SliceCleared({ slice: name }));
  expect(session.query(watch).all()).toEqual([{ slice: "reads" }, { slice: "reads" }]);
  session.dispatch(SliceCleared({ slice: "watch" }));
  expect(session.query(watch).length).toBe(0);
});

test("a reducer of these events that fails is told as any other", () => {
  const failing = slice({
    name: "failing",
    item: z.string(),
    reducers: (on) => [
      on(SliceCleared, () => {
        throw new Error("out of order");
      }),
    ],
  });
  const session = createSession({ slices: [reads, failing] });
  const error = thrownBy(() => session.dispatch(SliceCleared({ slice: "reads" })));
  expect(error).toMatchObject({ code: "REDUCER_FAILED", details: { slice: "failing", type: "slice/cleared" } });
});

test("an item that cannot even be read fails with what its own code throws", () => {
  const day = {
    get at(): string {
      throw new RangeError("no such day");
    },
  };
  const odd = slice({ name: "odd", item: z.any().transform((): string => day as never), reducers: () => [] });
  const session = createSession({ slices: [odd] });
  const error = thrownBy(() => session.dispatch(SliceInitialised({ slice: "odd", items: ["x"] })));
  expect(error).toMatchObject({ code: "REDUCER_FAILED", cause: { name: "RangeError", message: "no such day" } });
});

test("they have a JSON Schema, as all events do", () => {
  const { jsonSchema } = SliceInitialised.schema["~standard"];
  expect(jsonSchema.input({ target: "draft-2020-12" })).toEqual({
    type: "object",
    properties: { slice: { type: "string" }, items: { type: "array", items: {} } },
    required: ["slice", "items"],
    additionalProperties: false,
  });
});

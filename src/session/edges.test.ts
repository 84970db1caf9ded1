import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { appendAll, createSession, event, index, restoreSession, slice } from "./index.ts";

describe("what goes wrong at the edges of a session", () => {
  const Said = event("edge/said", z.string());
  const twice = slice({
    name: "twice",
    item: z.string(),
    indexes: [index("text", (text: string) => text, { unique: true })],
    reducers: (on) => [on(Said, appendAll())],
  });

  test("a session that cannot be made leaves no trace at its parent", () => {
    const parent = createSession();
    const other = slice({ name: "twice", item: z.string(), reducers: () => [] });
    thrownBy(() => createSession({ parent, slices: [twice, other] }));
    expect(parent.children()).toEqual([]);
    expect(parent.dump().children).toEqual([]);
  });

  test("a reducer may not install a slice", () => {
    const session = createSession();
    const eager = slice({
      name: "eager",
      item: z.string(),
      reducers: (on) => [
        on(Said, () => {
          session.install([twice]);
          return undefined;
        }),
      ],
    });
    session.install([eager]);
    expect(thrownBy(() => session.dispatch(Said("a"))).code).toBe("DISPATCH_IN_REDUCER");
  });

  test("a hold that ends twice lets go of no later one", () => {
    const session = createSession();
    const first = session.hold("run");
    first[Symbol.dispose]();
    const second = session.hold("run");
    first[Symbol.dispose]();
    expect(thrownBy(() => session.hold("other")).code).toBe("SESSION_BUSY");
    second[Symbol.dispose]();
  });

  test("what is no event is not recorded as rolled back", () => {
    const session = createSession();
    expect(thrownBy(() => session.recordRolledBack([{ type: 3 } as never])).code).toBe("EVENT_INVALID");
    expect(session.history().length).toBe(0);
  });

  test("a logger that throws disturbs neither dispatch nor subscribers", () => {
    const heard: string[] = [];
    const logger = {
      log: () => {
        throw new Error("full");
      },
    };
    const session = createSession({ logger });
    session.subscribe(Said, () => {
      throw new Error("stuck");
    });
    session.subscribe(Said, ({ payload }) => void heard.push(payload));
    session.dispatch(Said("a"));
    expect(heard).toEqual(["a"]);
  });

  test("a dump whose items do not fit a new unique index is SNAPSHOT_INVALID", () => {
    const plain = slice({ name: "twice", item: z.string(), reducers: (on) => [on(Said, appendAll())] });
    const session = createSession({ slices: [plain] });
    session.dispatchAll([Said("a"), Said("a")]);
    const error = thrownBy(() => restoreSession(session.dump(), { slices: [twice] }));
    expect(error.code).toBe("SNAPSHOT_INVALID");
    expect(error.message).toContain(
      'slice "twice", index "text": The items that were read do not fit: An item with this key',
    );
  });

  test("what is given out of a dump is not the session's own", () => {
    const session = createSession({ slices: [twice] });
    session.dispatch(Said("a"));
    const restored = restoreSession(structuredClone(session.dump()), { slices: [twice] });
    expect(Object.isFrozen(restored.dump().slices[0]?.heard[0])).toBe(true);
    expect(restored.at(1).query(twice).all()).toEqual(["a"]);
  });

  test("an asynchronous migrate is refused", () => {
    const session = createSession({ slices: [twice] });
    session.dispatch(Said("a"));
    const later = slice({
      name: "twice",
      version: 2,
      item: z.string(),
      migrate: async (item: string) => item,
      reducers: () => [],
    });
    const error = thrownBy(() => restoreSession(session.dump(), { slices: [later] }));
    expect(error.message).toContain("`migrate` gave a promise: it may not wait for anything");
  });
});

import { describe, expect, it } from "vitest";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import type { Awaitable, JsonObject } from "../base/index.ts";
import { type Borrowed, type ResourceSnapshot, token } from "../resources/index.ts";
import { type Effects, ok, type Tool, tool } from "../tool/index.ts";
import { beginTransaction, type Transaction } from "./transaction.ts";

const toolOf = (effects: Effects): Tool =>
  tool({ name: "use", description: "Use.", effects: effects as "workspace", handler: () => ok("") }); // as: compensable ones need more, which does not matter here

interface Kind {
  readonly name: string;
  readonly snapshot?: () => Awaitable<ResourceSnapshot>;
  readonly changes?: () => Awaitable<readonly JsonObject[]>;
  readonly restore?: (id: string) => void;
}

const steps: string[] = [];
/** What a tool borrows, by names of its own. */
function borrowed(...kinds: readonly Kind[]): Borrowed {
  steps.length = 0;
  return Object.fromEntries(
    kinds.map(({ name, snapshot, changes, restore }, index) => {
      let taken = 0;
      const own = token<object>(name, {
        guard: (value) => value,
        transaction: {
          snapshot: snapshot ?? (() => ({ id: `${name}-${++taken}` })),
          changes: changes ?? (() => []),
          async restore(_value, { id }) {
            steps.push(id);
            restore?.(id);
          },
        },
      });
      return [`as${index}`, { token: own, value: {} }];
    }),
  );
}
const at = (given: Borrowed, effects: Effects = "workspace"): Transaction => {
  const begun = beginTransaction(given, toolOf(effects), (work) => work);
  if (begun instanceof Promise) throw new Error("it need not be waited for");
  return begun;
};
const change = (text: string): readonly JsonObject[] => [{ text }];

describe("a transaction", () => {
  it("of a tool without effects, or without resources that take part, holds nothing", async () => {
    const asked = {
      name: "a",
      snapshot: () => {
        throw new Error("asked");
      },
    };
    const plain = { x: { token: token<object>("plain"), value: {} } };
    for (const transaction of [at(borrowed(asked), "none"), at(plain), at({})]) {
      expect([transaction.snapshots, transaction.changes()]).toEqual([{}, {}]);
      await transaction.restore();
    }
    expect(at(plain)).toBe(at({}));
  });

  it("needs no wait when no resource does, and names snapshots and changes by token", async () => {
    const transaction = at(
      borrowed({ name: "a", changes: () => change("one") }, { name: "b" }, { name: "c", changes: () => change("two") }),
    );
    expect(transaction.snapshots).toEqual({ a: "a-1", b: "b-1", c: "c-1" });
    expect(transaction.changes()).toEqual({ a: change("one"), c: change("two") });
    await transaction.restore();
    expect(steps).toEqual(["c-1", "b-1", "a-1"]);
  });

  it("holds a token once, whatever names the tool has for it", () => {
    const [first, again, other] = [borrowed({ name: "a" }), borrowed({ name: "a" }), borrowed({ name: "b" })];
    expect(at({ one: first.as0 as never, two: again.as0 as never, three: other.as0 as never }).snapshots).toEqual({
      a: "a-1",
      b: "b-1",
    }); // as: they are there
  });

  it("waits where one must be waited for, and no longer than the run lets it", async () => {
    const slow: Kind = { name: "slow", snapshot: async () => ({ id: "late" }), changes: async () => change("slow") };
    const rest: readonly Kind[] = [
      { name: "b", changes: async () => [] },
      { name: "c", changes: () => change("c") },
    ];
    const waited: unknown[] = [];
    const begun = beginTransaction(
      borrowed({ name: "a", changes: () => change("a") }, slow, ...rest),
      toolOf("workspace"),
      (work) => {
        waited.push(work);
        return work;
      },
    );
    expect(begun).toBeInstanceOf(Promise);
    const transaction = await begun;
    expect(waited).toHaveLength(1);
    expect(transaction.snapshots).toEqual({ a: "a-1", slow: "late", b: "b-1", c: "c-1" });
    expect(transaction.changes()).toBeInstanceOf(Promise);
    expect(await transaction.changes()).toEqual({ a: change("a"), slow: change("slow"), c: change("c") });
  });

  it("is not begun when a resource throws, and leaves no rejection of another unhandled", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const given = borrowed(
      {
        name: "a",
        snapshot: async () => {
          throw new Error("later");
        },
      },
      {
        name: "b",
        snapshot: () => {
          throw new Error("at once");
        },
      },
    );
    expect(() => beginTransaction(given, toolOf("workspace"), (work) => work)).toThrow("at once");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("a resource that cannot be taken back", () => {
  const refuse =
    (...ids: readonly string[]) =>
    (id: string): void => {
      if (ids.includes(id)) throw new Error("stuck");
    };

  it("leaves all as the call left them", async () => {
    const error = await rejectionOf(
      at(borrowed({ name: "a" }, { name: "b", restore: refuse("b-1") }, { name: "c" })).restore(),
    );
    expect(steps).toEqual(["c-1", "b-1", "b-2", "c-2"]);
    expect(error).toMatchObject({
      code: "RESTORE_FAILED",
      message: expect.stringContaining(
        'tool "use": What the call changed could not be taken back in b, so all that it changed is as it left it. Expected b as before the call. Received stuck.',
      ),
      details: { tool: "use", resources: ["b"], mixed: [] },
    });
  });

  it("is mixed when it can neither be left so, and so is one that could not tell how that was", async () => {
    let asked = 0;
    const silent = (): ResourceSnapshot => {
      asked += 1;
      if (asked > 1) throw new Error("silent");
      return { id: "b-1" };
    };
    const given = borrowed({ name: "a", restore: refuse("a-1", "a-2") }, { name: "b", snapshot: silent });
    const error = await rejectionOf(at(given).restore());
    expect(steps).toEqual(["b-1", "a-1", "a-2"]);
    expect(error.message).toContain(
      "what it changed is partly as before in a, b. Expected a as before the call. Received stuck.",
    );
    expect(error.details).toEqual({ tool: "use", resources: ["a"], mixed: ["a", "b"] });
  });

  it("is told when it throws at once", () => {
    const given = borrowed({
      name: "a",
      changes: () => {
        throw new Error("untold");
      },
    });
    expect(() => at(given).changes()).toThrow("untold");
  });
});

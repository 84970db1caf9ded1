import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { type LimitState, nextStage, type RunLimit, type WrapUpStage } from "./index.ts";

const of = (used: number, parts: Partial<LimitState> = {}): LimitState => ({
  limit: "totalTokens",
  most: 100,
  used,
  left: 100 - used,
  call: 0,
  turn: 0,
  ...parts,
});
const stage = (...standings: LimitState[]): WrapUpStage | undefined => nextStage(undefined, standings, true)?.stage;

describe("a stage begins", () => {
  test.each<[number, WrapUpStage | undefined, WrapUpStage | undefined]>([
    [0, undefined, undefined],
    [74.9, undefined, undefined],
    [75, "left-told", "left-told"],
    [89.9, "left-told", "left-told"],
    [90, "costly-gone", "left-told"],
    [100, "costly-gone", "left-told"],
  ])("when %d % are used: %s, without costly tools %s", (used, withCostly, without) => {
    expect(nextStage(undefined, [of(used)], true)?.stage).toBe(withCostly);
    expect(nextStage(undefined, [of(used)], false)?.stage).toBe(without);
  });

  test("with the last answer, when there is room for a call and for none after its turn", () => {
    expect(stage(of(50, { call: 20, turn: 30 }))).toBeUndefined();
    expect(stage(of(50, { call: 20, turn: 31 }))).toBe("last-answer");
    expect(stage(of(50, { call: 50, turn: 1 }))).toBe("last-answer");
  });

  test("never when there is no room for a call, whatever else there is room for", () => {
    expect(stage(of(50, { call: 51 }))).toBeUndefined();
    expect(stage(of(95), of(50, { call: 51 }))).toBeUndefined();
  });

  test("at the share exactly, also of money, which has no exact sums", () => {
    expect(stage(of(0.0003, { limit: "cost", most: 0.0004, left: 0.0001 }))).toBe("left-told");
    expect(stage(of(0, { limit: "cost", left: 0.3, call: 0.1, turn: 0.2 }))).toBeUndefined();
    expect(stage(of(0, { limit: "cost", left: 0.3, call: 0.1 + 0.2 }))).toBeUndefined();
    expect(stage(of(0, { limit: "cost", left: 0.3, call: 0.1 + 0.2, turn: 1e-9 }))).toBe("last-answer");
  });

  test("by what is used, not by what others have reserved", () => {
    expect(stage(of(10, { left: 20, call: 10, turn: 10 }))).toBeUndefined();
    expect(stage(of(10, { left: 19, call: 10, turn: 10 }))).toBe("last-answer");
  });

  test("by the limit that is furthest on, and of equals the one used most", () => {
    const [some, more, last] = [of(76, { limit: "cost" }), of(80, { limit: "turns" }), of(9, { left: 1, turn: 2 })];
    expect(nextStage(undefined, [some, more], true)).toEqual({ stage: "left-told", by: more });
    expect(nextStage(undefined, [more, some], true)).toEqual({ stage: "left-told", by: more });
    expect(nextStage(undefined, [of(70), some], true)?.by).toBe(some);
    expect(nextStage(undefined, [some, of(76)], true)?.by).toBe(some);
    expect(nextStage(undefined, [last, more], true)).toEqual({ stage: "last-answer", by: last });
    expect(nextStage(undefined, [more, last], true)).toEqual({ stage: "last-answer", by: last });
  });

  test("once, and none before it afterwards", () => {
    expect(nextStage("left-told", [of(80)], true)).toBeUndefined();
    expect(nextStage("left-told", [of(80), of(90)], true)?.stage).toBe("costly-gone");
    expect(nextStage("costly-gone", [of(95)], true)).toBeUndefined();
    expect(nextStage("costly-gone", [of(95, { turn: 6 })], true)?.stage).toBe("last-answer");
    expect(nextStage("last-answer", [of(95, { turn: 6 })], true)).toBeUndefined();
    expect(nextStage("last-answer", [of(80)], true)).toBeUndefined();
  });

  test("by what can be used, also among limits that call for the same stage", () => {
    const whole = of(80);
    const usedUp = of(70, { most: 100, call: 20, left: 30 });
    expect(nextStage(undefined, [whole, usedUp], false)).toEqual({ stage: "left-told", by: usedUp });
    expect(nextStage(undefined, [usedUp, whole], false)).toEqual({ stage: "left-told", by: usedUp });
  });

  test("never without limits", () => {
    expect(nextStage(undefined, [], true)).toBeUndefined();
  });
});

const order: readonly (WrapUpStage | undefined)[] = [undefined, "left-told", "costly-gone", "last-answer"];
const standing: fc.Arbitrary<LimitState> = fc
  .record({
    limit: fc.constantFrom<RunLimit>("inputTokens", "cost", "turns", "maxTurns", "deadline"),
    most: fc.integer({ min: 1, max: 50 }),
    used: fc.nat(60),
    reserved: fc.nat(10),
    call: fc.nat(10),
    turn: fc.nat(10),
  })
  .map(({ reserved, ...one }) => ({ ...one, left: Math.max(0, one.most - one.used - reserved) }));
const moments = fc.array(fc.record({ standings: fc.array(standing, { maxLength: 4 }), costly: fc.boolean() }), {
  maxLength: 8,
});

/** How much is used of what can be used: what the next call must find left cannot. */
const usable = ({ used, most, call }: LimitState): number => used / Math.max(1, most - call);

const forward = (next: typeof nextStage) =>
  fc.property(moments, (many) => {
    let present: WrapUpStage | undefined;
    for (const { standings, costly } of many) {
      const decision = next(present, standings, costly);
      if (decision === undefined) continue;
      expect(order.indexOf(decision.stage)).toBeGreaterThan(order.indexOf(present));
      expect(standings).toContain(decision.by);
      expect(decision.by.left).toBeGreaterThanOrEqual(decision.by.call);
      if (decision.stage === "costly-gone") expect(costly).toBe(true);
      if (decision.stage !== "last-answer") {
        for (const one of standings) expect(usable(one)).toBeLessThanOrEqual(usable(decision.by));
      }
      present = decision.stage;
    }
  });

test("for any limits at any moments, stages only go forward, and the most used limit decides", () => {
  fc.assert(forward(nextStage), { numRuns: propertyRuns });
});

test.each<[string, typeof nextStage]>([
  ["forgets the stage that it is in", (_present, standings, costly) => nextStage(undefined, standings, costly)],
  ["takes the first limit", (present, [first], costly) => nextStage(present, first ? [first] : [], costly)],
])("the property sees a decision that %s", (_fault, next) => {
  expect(fc.check(forward(next), { numRuns: 2_000, endOnFailure: true }).failed).toBe(true);
});

/** Whatever is drawn and asked for, waits are long enough and come to an end. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { WinkError } from "../base/index.ts";
import { nextAttempt, throttlePolicy } from "./index.ts";

const throttled = (retryAfterMs?: number): WinkError =>
  new WinkError("MODEL_THROTTLED", { problem: "no", details: retryAfterMs === undefined ? {} : { retryAfterMs } });

type Decide = typeof nextAttempt;

const policies = fc
  .record({
    attempts: fc.integer({ min: 1, max: 9 }),
    baseMs: fc.integer({ min: 1, max: 5_000 }),
    more: fc.nat(20_000),
    totalMs: fc.integer({ min: 1, max: 60_000 }),
  })
  .map(({ more, ...told }) => throttlePolicy({ ...told, maxMs: told.baseMs + more }));
const answers = fc.array(
  fc.record({
    retryAfterMs: fc.option(fc.nat(20_000), { nil: undefined }),
    draw: fc.double({ min: 0, max: 0.999999, noNaN: true }),
  }),
  { minLength: 10, maxLength: 10 },
);

/** A provider that fails each time, until nobody asks it again. */
const bounded = (decide: Decide) =>
  fc.property(policies, answers, fc.option(fc.nat(60_000), { nil: undefined }), (told, script, deadline) => {
    let waitedMs = 0;
    for (const [index, { retryAfterMs, draw }] of script.entries()) {
      const attempt = index + 1;
      const leftMs = deadline === undefined ? undefined : deadline - waitedMs;
      const next = decide(told, { error: throttled(retryAfterMs), attempt, waitedMs, leftMs }, () => draw);
      if (!next.again) return;
      expect(attempt).toBeLessThan(told.attempts);
      expect(next.waitMs).toBeGreaterThanOrEqual(Math.max(told.baseMs, retryAfterMs ?? 0));
      waitedMs += next.waitMs;
      expect(waitedMs).toBeLessThanOrEqual(told.totalMs + 1e-6);
      if (deadline !== undefined) expect(waitedMs).toBeLessThan(deadline);
    }
  });

test("waits are as long as asked for, and end in time, whatever is drawn", () => {
  fc.assert(bounded(nextAttempt), { numRuns: propertyRuns });
});

test.each<[string, Decide]>([
  ["forgets the deadline", (told, soFar, random) => nextAttempt(told, { ...soFar, leftMs: undefined }, random)],
  ["forgets earlier waits", (told, soFar, random) => nextAttempt(told, { ...soFar, waitedMs: 0 }, random)],
  ["forgets what is asked for", (told, soFar, random) => nextAttempt(told, { ...soFar, error: throttled() }, random)],
  ["forgets to count", (told, soFar, random) => nextAttempt(told, { ...soFar, attempt: 1 }, random)],
])("the property sees who %s", (_fault, decide) => {
  expect(fc.check(bounded(decide), { numRuns: 1_000, endOnFailure: true }).failed).toBe(true);
});

/** A limiter under any order of asking, settling and leaving, against a list of what was let through. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { pause } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { type Lease, type RateLimiter, type RateLimiterOptions, rateLimiter } from "./index.ts";

type Step =
  | { readonly do: "ask"; readonly tokens: number }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "settle"; readonly which: number; readonly used: number }
  | { readonly do: "leave"; readonly which: number }
  | { readonly do: "slow"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("ask" as const), tokens: fc.nat(40) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(30_000) }) },
  fc.record({ do: fc.constant("settle" as const), which: fc.nat(9), used: fc.nat(60) }),
  fc.record({ do: fc.constant("leave" as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant("slow" as const), ms: fc.nat(3_000) }),
);
const limits = fc.record({
  requestsPerSecond: fc.integer({ min: 1, max: 3 }),
  requestsPerMinute: fc.integer({ min: 1, max: 8 }),
  tokensPerMinute: fc.integer({ min: 40, max: 100 }),
});

interface Asked {
  readonly number: number;
  readonly leave: AbortController;
  /** What it counts. */
  tokens: number;
  /** When it was let through. */
  at?: number;
  lease?: Lease | undefined;
  isGone: boolean;
}

type MakeLimiter = (options: Required<RateLimiterOptions>) => RateLimiter;

const kept = (make: MakeLimiter) =>
  fc.asyncProperty(limits, fc.array(step, { maxLength: 25 }), async (most, steps) => {
    const clock = createFakeClock();
    const limiter = make({ ...most, clock });
    const all: Asked[] = [];
    const problems: string[] = [];
    const waiting = (): Asked[] => all.filter(({ at, isGone }) => at === undefined && !isGone);
    const since = (ms: number): Asked[] => all.filter(({ at }) => at !== undefined && at > clock.elapsed() - ms);
    const come = (one: Asked, lease: Lease): void => {
      one.at = clock.elapsed();
      one.lease = lease;
      if (waiting().some(({ number }) => number < one.number)) problems.push(`${one.number} has passed another`);
      if (one.isGone) problems.push(`${one.number} has left, and is let through`);
      const minute = since(60_000);
      const tokens = minute.reduce((sum, other) => sum + other.tokens, 0);
      if (since(1_000).length > most.requestsPerSecond) problems.push(`${one.number}: too many in a second`);
      if (minute.length > most.requestsPerMinute) problems.push(`${one.number}: too many in a minute`);
      if (tokens > most.tokensPerMinute) problems.push(`${one.number}: too many tokens`);
    };
    for (const one of steps) {
      if (one.do === "ask") {
        const asked: Asked = { number: all.length, leave: new AbortController(), tokens: one.tokens, isGone: false };
        all.push(asked);
        limiter.acquire({ tokens: one.tokens }, { signal: asked.leave.signal }).then(
          (lease) => come(asked, lease),
          (reason) => reason === asked || problems.push(String(reason)),
        );
      } else if (one.do === "wait") await clock.advanceAsync(one.ms);
      else if (one.do === "slow") limiter.slowDown(one.ms);
      else if (one.do === "settle") {
        const settled = all.filter(({ lease }) => lease !== undefined)[one.which];
        if (settled === undefined) continue;
        settled.tokens = one.used;
        settled.lease?.settle(one.used);
        settled.lease = undefined;
      } else {
        const leaving = waiting()[one.which];
        if (leaving === undefined) continue;
        leaving.isGone = true;
        leaving.leave.abort(leaving);
      }
      await pause();
    }
    await clock.advanceAsync(60_000 * 30);
    expect(problems).toEqual([]);
    expect([waiting().length, clock.pending()]).toEqual([0, 0]); // nobody is forgotten, and no timer
  });

test("in no window more is let through than is allowed, first come first served, and nobody is forgotten", async () => {
  await fc.assert(kept(rateLimiter), { numRuns: propertyRuns });
});

test.each<[string, MakeLimiter]>([
  ["does not count seconds", ({ requestsPerSecond: _none, ...others }) => rateLimiter(others)],
  ["counts one too few", (most) => rateLimiter({ ...most, requestsPerMinute: (most.requestsPerMinute ?? 0) + 1 })],
  ["forgets tokens", ({ tokensPerMinute: _none, ...others }) => rateLimiter(others)],
  ["lets the last one through first", lastFirst],
  ["lets those through who have left", deaf],
])("the property sees a limiter that %s", async (_fault, make) => {
  const { failed } = await fc.check(kept(make), { numRuns: 1_000, endOnFailure: true });
  expect(failed).toBe(true);
});

/** Gives the newest who waits the place that comes free. */
function lastFirst(options: Required<RateLimiterOptions>): RateLimiter {
  const limiter = rateLimiter({ ...options, tokensPerMinute: Number.MAX_SAFE_INTEGER });
  const stack: ((lease: Lease) => void)[] = [];
  return {
    ...limiter,
    acquire: (wanted) =>
      new Promise((resolve) => {
        stack.push(resolve);
        void limiter.acquire(wanted).then((lease) => stack.pop()?.(lease));
      }),
  };
}

/** Does not hear that somebody leaves. */
function deaf(options: Required<RateLimiterOptions>): RateLimiter {
  const limiter = rateLimiter(options);
  return { ...limiter, acquire: (wanted) => limiter.acquire(wanted) };
}

/** Many runs at once behind one limiter, against a provider that counts. All on a clock that goes on only when nothing else does. */
import { describe, expect, test } from "vitest";
import { looking } from "../../test/support/failing-models.ts";
import { pause, type RandomSource, WinkError } from "../base/index.ts";
import { memoryJournal } from "../journal/index.ts";
import { type Lease, type RateLimiter, rateLimiter } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { createFakeClock, type FakeClock } from "../testing/index.ts";
import { type Outcome, startRun } from "./index.ts";
import { seededBy } from "./seeded.ts";

const runs = 64;
const turns = 4;
const allowed = 10;

/** A provider that allows some requests in any second, of which others have used most when the runs begin. */
function provider(clock: FakeClock, random: RandomSource) {
  const taken: number[] = Array.from({ length: 7 }, (_, index) => index * -100);
  const refused: number[] = [];
  const modelOf = (run: number): Model => {
    let turn = 0;
    return {
      name: `model-${run}`,
      provider: "counting",
      async generate(_request, { signal }) {
        signal.throwIfAborted();
        const now = clock.elapsed();
        if (taken.filter((at) => at > now - 1_000).length >= allowed) {
          refused.push(now);
          throw new WinkError("MODEL_THROTTLED", { problem: "Too many", details: { retryAfterMs: 300 } });
        }
        taken.push(now);
        await new Promise<void>((resolve) => clock.schedule(20 + random() * 2_000, resolve));
        const call = { type: "tool-call", id: `call-${turn}`, name: "look", arguments: "{}" } as const;
        const isLast = ++turn === turns;
        const content = isLast ? [{ type: "text", text: "done" } as const] : [call];
        return { message: { role: "assistant", content }, finish: isLast ? "stop" : "tool-calls", usage: {} };
      },
    };
  };
  return { taken, refused, modelOf };
}

/** Notes who has asked a limiter and not come through, and who was let pass another. */
function watched(limiter: RateLimiter) {
  const waiting: { readonly run: number; readonly seen: Set<number> }[] = [];
  const passed: string[] = [];
  const forRun = (run: number): RateLimiter => ({
    ...limiter,
    async acquire(wanted, options): Promise<Lease> {
      const one = { run, seen: new Set<number>() };
      waiting.push(one);
      const lease = await limiter.acquire(wanted, options);
      const place = waiting.indexOf(one);
      for (const earlier of waiting.slice(0, place)) passed.push(`run ${run} before run ${earlier.run}`);
      waiting.splice(place, 1);
      return lease;
    },
  });
  return { passed, forRun };
}

/** Lets all runs go, and says what is wrong with how it went. */
async function problemsOf(make: (clock: FakeClock, random: RandomSource) => RateLimiter): Promise<readonly string[]> {
  const clock = createFakeClock();
  const { random } = seededBy("64 runs");
  const { taken, refused, modelOf } = provider(clock, random);
  const { passed, forRun } = watched(make(clock, random));
  const outcomes: Outcome<unknown>[] = [];
  for (let run = 0; run < runs; run++) {
    const options = { clock, random, journal: memoryJournal({ clock }), limiter: forRun(run) };
    void startRun(looking, modelOf(run), options).outcome.then((outcome) => outcomes.push(outcome));
  }
  while (outcomes.length < runs && clock.elapsed() < 600_000) {
    for (let round = 0; round < 4; round++) await pause();
    clock.advance(5);
  }
  const problems = [...passed];
  const late = refused.filter((at) => at >= 1_000);
  if (late.length > 0) problems.push(`${late.length} refused after the first second`);
  const completed = outcomes.filter(({ status, turns: own }) => status === "completed" && own === turns).length;
  if (completed < runs) problems.push(`${runs - completed} runs have not completed`);
  // what is allowed is used: nobody waits longer than there is reason to
  const least = ((runs * turns) / allowed - 1) * 1_000;
  if (clock.elapsed() > least * 1.2 + 5_000) problems.push(`it took ${clock.elapsed()} ms`);
  if (taken.length !== runs * turns + 7) problems.push(`${taken.length} requests were taken`);
  if (clock.pending() > 0) problems.push(`${clock.pending()} timers are left`);
  return problems;
}

const real = (clock: FakeClock): RateLimiter => rateLimiter({ requestsPerSecond: allowed, clock });

test("64 runs are never refused after the first second, all finish, and none is let pass another that has waited longer", async () => {
  expect(await problemsOf(real)).toEqual([]);
});

describe("it is seen when a limiter", () => {
  /** Gives the place that comes free to any of those who wait. */
  const unfair = (clock: FakeClock, random: RandomSource): RateLimiter => {
    const limiter = real(clock);
    const waiting: ((lease: Lease) => void)[] = [];
    return {
      ...limiter,
      acquire: () =>
        new Promise((resolve) => {
          waiting.push(resolve);
          void limiter.acquire({ tokens: 0 }).then((lease) => {
            const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
            next?.(lease);
          });
        }),
    };
  };
  const open: RateLimiter = { acquire: async () => ({ settle: () => undefined }), slowDown: () => undefined };

  test.each<[string, (clock: FakeClock, random: RandomSource) => RateLimiter, RegExp]>([
    ["is unfair", unfair, /run \d+ before run \d+/],
    ["limits nothing", () => open, /refused after the first second/],
    ["allows one too many", (clock) => rateLimiter({ requestsPerSecond: allowed + 1, clock }), /refused after/],
    ["is too slow", (clock) => rateLimiter({ requestsPerSecond: allowed / 2, clock }), /it took/],
  ])("%s", async (_fault, make, said) => {
    expect((await problemsOf(make)).join("\n")).toMatch(said);
  });
});

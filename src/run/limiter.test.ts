/** Runs with a limiter. */
import { describe, expect, test } from "vitest";
import { down, endOf, failure, looking, named, standingWorld, throttled } from "../../test/support/failing-models.ts";
import { failsAt } from "../../test/support/journal-appends.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { memoryJournal } from "../journal/index.ts";
import { BudgetLedger, deadlineAfter, type Lease, type RateLimiter, rateLimiter } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { failWith, type ScriptEntry, say } from "../model/scripted/index.ts";
import { startRun } from "./index.ts";

const usage = { inputTokens: 7, outputTokens: 3 };
/** A model that counts each request as 20 tokens. */
function counting(script: readonly ScriptEntry[], name = "own"): Model {
  const model = named(name, script);
  return {
    ...model,
    countTokens: () => 20,
    generate: async (request, options) => ({ ...(await model.generate(request, options)), usage }),
  };
}

/** A limiter that notes what it is told, and waits for what it is given. */
function noting(waits: Promise<void> = Promise.resolve()): RateLimiter & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    async acquire({ tokens }): Promise<Lease> {
      told.push(`wants ${tokens}`);
      await waits;
      return { settle: (used) => void told.push(`used ${used}`) };
    },
    slowDown: (milliseconds) => void told.push(`slow down ${milliseconds}`),
  };
}

describe("a run with a limiter", () => {
  test("wants the most that a call may use, and says what it has used", async () => {
    const { clock, options } = standingWorld();
    const limiter = noting();
    const script = [throttled(3_000), throttled(), down, failWith(failure("MODEL_THROTTLED", { reason: "quota" }))];
    const run = startRun(looking, counting(script), { ...options, limiter, maxOutputTokens: 30 });
    expect((await endOf(run, clock)).status).toBe("failed");
    const done = startRun(looking, counting([say("done")]), { ...options, journal: memoryJournal(), limiter });
    expect((await endOf(done, clock)).status).toBe("completed");
    expect(limiter.told).toEqual([
      ...["wants 50", "used 0", "slow down 3000"], // refused, so nothing was used
      ...["wants 50", "used 0", "slow down 750"],
      "wants 50", // nobody knows what a call has used that failed
      ...["wants 50", "used 0"], // nobody else need wait for a quota
      ...["wants 20", "used 10"],
    ]);
  });

  test.each([
    () => ({}) as RateLimiter, // as: what a program may give
    () => null as unknown as undefined, // as: likewise
    () => {
      throw new Error("no limiter today");
    },
  ])("whose function does not give one holds nothing back of the budget: %o", async (limiter) => {
    const { clock, options } = standingWorld();
    const budget = new BudgetLedger({ turns: 1 });
    const run = startRun(looking, counting([say("done")]), { ...options, limiter, budget });
    expect((await endOf(run, clock)).status).toBe("failed");
    expect(budget.left()).toEqual({ turns: 1 });
  });

  test("tells it no longer time than it would wait itself", async () => {
    const { clock, options } = standingWorld();
    const limiter = noting();
    await endOf(startRun(looking, counting([throttled(86_400_000)]), { ...options, limiter }), clock);
    expect(limiter.told.at(-1)).toBe("slow down 30000");
  });

  test("waits before it asks, no longer than to its deadline, and has used nothing by that", async () => {
    const { clock, journal, options } = standingWorld();
    const limiter = rateLimiter({ requestsPerMinute: 1, clock });
    await limiter.acquire({ tokens: 0 });
    const budget = new BudgetLedger({ turns: 5 });
    const run = startRun(looking, counting([]), { ...options, limiter, budget, deadline: deadlineAfter(5_000, clock) });
    expect(await endOf(run, clock)).toMatchObject({ status: "partial", reason: "deadline", attempts: 0 });
    expect(budget.used.turns).toBe(0);
    expect(budget.left().turns).toBe(5);
    expect((await journal.read("run-1")).map(({ type }) => type)).not.toContain("model/requested");
    expect(clock.pending()).toBe(0);
  });

  test("gives back a lease that comes when it has ended", async () => {
    const { clock, options } = standingWorld();
    const waits = Promise.withResolvers<void>();
    const limiter = noting(waits.promise);
    const run = startRun(looking, counting([]), { ...options, limiter });
    await clock.advanceAsync(10);
    run.abort();
    expect((await run.outcome).status).toBe("aborted");
    waits.resolve();
    await clock.advanceAsync(0);
    expect(limiter.told).toEqual(["wants 20", "used 0"]);
  });

  test("does not stand in line when its budget has no room", async () => {
    const { clock, logs, options } = standingWorld();
    const limiter = noting();
    const budget = { totalTokens: 10 };
    const run = startRun(looking, counting([]), { ...options, limiter, budget, maxOutputTokens: 1 });
    expect(await endOf(run, clock)).toMatchObject({ status: "partial", reason: "budget" });
    expect(limiter.told).toEqual([]);
    expect(logs.filter(({ event }) => event === "budget_used_up")).toMatchObject([
      { level: "info", run: "run-1", problem: expect.stringContaining("totalTokens") },
    ]);
  });

  test("fails with what a ledger throws that is not about its room", async () => {
    const { clock, options } = standingWorld();
    const budget = new BudgetLedger({ turns: 5 });
    budget.reserve = () => {
      throw new Error("broken");
    };
    const outcome = await endOf(startRun(looking, counting([]), { ...options, budget }), clock);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "RUN_FAILED" } });
  });

  test("fails with what the limiter throws", async () => {
    const { clock, options } = standingWorld();
    const limiter = rateLimiter({ tokensPerMinute: 10, clock });
    const outcome = await endOf(startRun(looking, counting([]), { ...options, limiter }), clock);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "INPUT_INVALID" } });
    expect((await rejectionOf(limiter.acquire({ tokens: 20 }))).code).toBe("INPUT_INVALID");
  });

  test("keeps no reservation when a limiter breaks", async () => {
    const { clock, options } = standingWorld();
    const budget = new BudgetLedger({ turns: 1 });
    const broken: RateLimiter = {
      ...noting(),
      acquire() {
        throw new Error("broken");
      },
    };
    const outcome = await endOf(startRun(looking, counting([]), { ...options, limiter: broken, budget }), clock);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "RUN_FAILED" } });
    expect(budget.left().turns).toBe(1);
  });

  test("keeps neither reservation nor lease when the journal does not take the request", async () => {
    const { clock, options } = standingWorld();
    const budget = new BudgetLedger({ turns: 1 });
    const limiter = noting();
    const journal = failsAt(memoryJournal(), "model/requested");
    const outcome = await endOf(startRun(looking, counting([]), { ...options, journal, limiter, budget }), clock);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "JOURNAL_FAILED" } });
    expect([budget.left().turns, limiter.told]).toEqual([1, ["wants 20", "used 0"]]);
  });

  test("has it for its own model only, unless a function gives each model its own", async () => {
    const { clock, options } = standingWorld();
    const [own, other] = [noting(), noting()];
    const play = async (limiter: RateLimiter | ((model: { name: string }) => RateLimiter | undefined)) => {
      const fallbacks = [counting([say("done")], "other")];
      const more = { ...options, journal: memoryJournal(), fallbacks, limiter, throttle: false } as const;
      await endOf(startRun(looking, counting([down]), more), clock);
    };
    await play(own);
    expect([own.told, other.told]).toEqual([["wants 20"], []]);
    await play(({ name }) => (name === "other" ? other : undefined));
    expect([own.told, other.told]).toEqual([["wants 20"], ["wants 20", "used 10"]]);
  });
});

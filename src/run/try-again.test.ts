/** Models that fail for a time: when they are asked again, and what is told of it. */
import { describe, expect, test } from "vitest";
import {
  cutBehind,
  down,
  endOf,
  failure,
  failuresIn,
  isFailure,
  looking,
  named,
  standingWorld,
  throttled,
  times,
} from "../../test/support/failing-models.ts";
import { entriesOf, eventsOf } from "../../test/support/recorded-runs.ts";
import { rejectionOf, thrownBy } from "../../test/support/thrown-by.ts";
import { modelAdapter } from "../adapter/index.ts";
import { type JournalEntry, memoryJournal } from "../journal/index.ts";
import { BudgetLedger, deadlineAfter } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, failWith, type ScriptEntry, say, scriptedModel } from "../model/scripted/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { costsOf, type RunOptions, replayRun, resumeRun, startRun } from "./index.ts";

describe("a model that fails for a time", () => {
  test("is asked again behind waits that grow, and nothing else is done again", async () => {
    const { clock, journal, logs, options } = standingWorld();
    const model = scriptedModel([callTools([{ name: "look" }]), throttled(), down, throttled(3_000), say("done")]);
    const run = startRun(looking, model, options);
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "done", turns: 2, attempts: 5 });
    model.assertComplete();
    expect(await failuresIn(journal)).toEqual([
      { code: "MODEL_THROTTLED", attempt: 1, waitMs: 750 },
      { code: "MODEL_UNAVAILABLE", attempt: 2, waitMs: 750 },
      { code: "MODEL_THROTTLED", attempt: 3, waitMs: 4_500 },
    ]);
    const told = (await eventsOf(run)).filter(({ type }) => type === "model/retried");
    expect(told).toMatchObject([
      { turn: 2, attempt: 1, code: "MODEL_THROTTLED", waitMs: 750, at: 0 },
      { turn: 2, attempt: 2, code: "MODEL_UNAVAILABLE", waitMs: 750, at: 750 },
      { turn: 2, attempt: 3, waitMs: 4_500, at: 1_500 },
    ]);
    const logged = logs.filter(({ event }) => event === "prompt_throttled");
    expect(logged).toHaveLength(3);
    expect(logged[0]).toMatchObject({
      level: "warn",
      run: "run-1",
      turn: 2,
      model: "scripted/scripted",
      attempt: 1,
      code: "MODEL_THROTTLED",
      waitMs: 750,
    });
    const [first, ...others] = (await entriesOf(journal, "model/requested")).map(({ digest }) => digest);
    expect([others.length, new Set(others).size, others.includes(String(first))]).toEqual([4, 1, false]);
  });

  test.each([
    [{ throttle: { totalMs: 30_000 } }, "`throttle.totalMs` leaves 30 s: raise it", 30_000],
    [{ throttle: { totalMs: 300_000 }, seconds: 20 }, "the deadline leaves 20 s: give the run more time", 20_000],
  ])("is left when it asks for a longer wait than %j leaves, and the error says so", async (limits, said, leftMs) => {
    const { clock, journal, options } = standingWorld();
    const { throttle, seconds } = { seconds: undefined, ...limits };
    const deadline = seconds === undefined ? undefined : deadlineAfter(seconds * 1_000, clock);
    const run = startRun(looking, scriptedModel([throttled(120_000)]), { ...options, throttle, deadline });
    const outcome = await endOf(run, clock);
    const error = outcome.status === "failed" ? outcome.error : undefined;
    expect(error?.code).toBe("MODEL_THROTTLED");
    expect(error?.message).toContain(`The provider asks for a wait of 120 s, and ${said}`);
    expect(error?.details).toMatchObject({ retryAfterMs: 120_000, leftMs });
    expect((await entriesOf(journal, "model/failed"))[0]?.error.message).toBe(error?.message);
  });

  test("is left without that advice when another stands in", async () => {
    const { clock, journal, options } = standingWorld();
    const fallbacks = [scriptedModel([say("done")], { name: "other" })];
    await endOf(startRun(looking, scriptedModel([throttled(120_000)]), { ...options, fallbacks }), clock);
    const [failed] = await entriesOf(journal, "model/failed");
    expect([failed?.fallback?.name, failed?.error.message]).toEqual([
      "other",
      expect.not.stringContaining("fallbacks"),
    ]);
  });

  test("is left in the end: the run fails with the last error", async () => {
    const { clock, journal, options } = standingWorld();
    const model = scriptedModel([...times(4, throttled()), down]);
    const run = startRun(looking, model, options);
    const outcome = await endOf(run, clock);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "MODEL_UNAVAILABLE" }, turns: 0, attempts: 5 });
    const retried = (await eventsOf(run)).flatMap((event) => (event.type === "model/retried" ? [event.attempt] : []));
    expect(retried).toEqual([1, 2, 3, 4]); // of the last one the end of the run tells
    expect((await failuresIn(journal)).at(-1)).toEqual({ code: "MODEL_UNAVAILABLE", attempt: 5 });
  });

  test.each<[string, ScriptEntry]>([
    ["a quota that is used up", failWith(failure("MODEL_THROTTLED", { reason: "quota" }))],
    ["a request that is refused", failWith(failure("MODEL_REJECTED", { status: 400 }))],
    ["what a driver should not throw", failWith(new TypeError("odd"))],
    ["a script that is over", failWith(failure("SCRIPT_MISMATCH"))],
    ["a provider that wants more patience than there is", throttled(30_001)],
  ])("is not asked again behind %s", async (_what, step) => {
    const { clock, journal, options } = standingWorld();
    const outcome = await endOf(startRun(looking, scriptedModel([step]), options), clock);
    expect(outcome).toMatchObject({ status: "failed", attempts: 1 });
    expect(await failuresIn(journal)).toHaveLength(1);
    expect(clock.now()).toBeLessThanOrEqual(50);
  });

  test("is not asked again by a run without a policy, and as often as a policy says", async () => {
    const { clock, options } = standingWorld();
    const model = () => scriptedModel(times(3, down));
    for (const [throttle, attempts] of [
      [false, 1],
      [{ attempts: 3 }, 3],
      [{ baseMs: 10, totalMs: 24 }, 2],
    ] as const) {
      const run = startRun(looking, model(), { ...options, journal: memoryJournal(), throttle });
      expect(await endOf(run, clock)).toMatchObject({ status: "failed", attempts });
    }
  });

  test("is not asked again when the wait would reach the deadline: the run fails at once", async () => {
    const { clock, options } = standingWorld();
    const run = startRun(looking, scriptedModel([throttled(2_000)]), {
      ...options,
      deadline: deadlineAfter(2_000, clock),
    });
    expect(await endOf(run, clock)).toMatchObject({ status: "failed", error: { code: "MODEL_THROTTLED" } });
    expect(clock.now()).toBeLessThanOrEqual(50);
  });

  test("is waited for no longer than until an abort", async () => {
    const { clock, options } = standingWorld();
    const run = startRun(looking, scriptedModel([down]), options);
    await clock.advanceAsync(100);
    expect(clock.pending()).toBe(1);
    run.abort("enough");
    expect(await run.outcome).toMatchObject({ status: "aborted", reason: "enough", attempts: 1 });
    expect(clock.pending()).toBe(0);
  });

  test("takes from the budget what its failed calls may have used, and leaves no room for more than there is", async () => {
    const { clock, options } = standingWorld();
    const spent = async (step: ScriptEntry, turns: number) => {
      const budget = new BudgetLedger({ turns });
      const model: Model = { ...scriptedModel([...times(2, step), say("done")]), countTokens: () => 10 };
      const outcome = await endOf(startRun(looking, model, { ...options, journal: memoryJournal(), budget }), clock);
      return [outcome.status, budget.used.turns, budget.used.inputTokens, budget.left().turns];
    };
    expect(await spent(throttled(), 1)).toEqual(["completed", 1, 10, 0]);
    expect(await spent(down, 3)).toEqual(["completed", 3, 30, 0]);
    expect(await spent(down, 2)).toEqual(["partial", 2, 20, 0]);
  });
});

describe("a wrong policy", () => {
  const wrong: RunOptions = { throttle: { attempts: 0 } };
  test("is told before there is a run", async () => {
    const journal = memoryJournal();
    await startRun(looking, scriptedModel([down]), { journal, runId: "run-1", throttle: false }).outcome;
    expect(thrownBy(() => startRun(looking, scriptedModel([]), wrong)).code).toBe("INPUT_INVALID");
    expect(thrownBy(() => modelAdapter(scriptedModel([]), wrong)).code).toBe("INPUT_INVALID");
    const resumed = rejectionOf(resumeRun(looking, scriptedModel([]), journal, "run-1", wrong));
    expect((await resumed).code).toBe("INPUT_INVALID");
  });
});

describe("a run that goes on", () => {
  test("counts on where it was cut off, and waits for what is left of the wait", async () => {
    const { clock, journal, options } = standingWorld();
    await endOf(startRun(looking, scriptedModel(times(5, down)), options), clock);
    const cut = await cutBehind(journal, clock, isFailure(2));
    const cutAt = clock.now();
    await clock.advanceAsync(300);
    const model = scriptedModel(times(3, down));
    const run = await resumeRun(looking, model, cut, "run-1", options);
    await clock.advanceAsync(400);
    expect([clock.now() - cutAt, model.requests.length]).toEqual([700, 0]);
    await clock.advanceAsync(50);
    expect(model.requests).toHaveLength(1);
    expect(await endOf(run, clock)).toMatchObject({ status: "failed", attempts: 5 });
    model.assertComplete();
    const waits = (await failuresIn(cut)).map(({ attempt, waitMs }) => [attempt, waitMs]);
    expect(waits).toEqual([
      [1, 750],
      [2, 750],
      [3, 1_250],
      [4, 2_250],
      [5, undefined],
    ]);
  });

  test("waits no longer than the whole wait by a clock that is behind, and not at all by one that is far ahead", async () => {
    const { clock, journal, options } = standingWorld();
    await clock.advanceAsync(10_000);
    await endOf(startRun(looking, scriptedModel(times(2, down)), options), clock);
    const cut = await cutBehind(journal, clock, isFailure(1));
    for (const [now, waitMs] of [
      [0, 750],
      [1_000_000, 0],
    ] as const) {
      const other = createFakeClock(now);
      const model = scriptedModel([say("done")]);
      const copy = await cutBehind(cut, other, isFailure(1));
      const journal = { ...copy, read: cut.read };
      const run = await resumeRun(looking, model, journal, "run-1", { ...options, clock: other });
      await other.advanceAsync(Math.max(0, waitMs - 1));
      expect(model.requests).toHaveLength(waitMs === 0 ? 1 : 0);
      await other.advanceAsync(1);
      expect(model.requests).toHaveLength(1);
      expect((await endOf(run, other)).status).toBe("completed");
    }
  });

  test("counts the waits that were before against all that may be", async () => {
    const { clock, journal, options } = standingWorld();
    const more = { ...options, throttle: { totalMs: 1_600 } };
    await endOf(startRun(looking, scriptedModel(times(3, down)), more), clock);
    const cut = await cutBehind(journal, clock, isFailure(2));
    const model = scriptedModel([down]);
    const outcome = await endOf(await resumeRun(looking, model, cut, "run-1", more), clock);
    expect(outcome).toMatchObject({ status: "failed", attempts: 3 });
    model.assertComplete();
  });

  test("asks nobody when all attempts were made, and fails as it would have", async () => {
    const { clock, journal, options } = standingWorld();
    await endOf(startRun(looking, scriptedModel(times(5, throttled())), options), clock);
    const cut = await cutBehind(journal, clock, isFailure(5));
    const run = await resumeRun(looking, scriptedModel([]), cut, "run-1", options);
    expect(await endOf(run, clock)).toMatchObject({
      status: "failed",
      error: { code: "MODEL_THROTTLED" },
      attempts: 5,
    });
  });

  test("counts what a process has asked that ended before the answer came", async () => {
    const { clock, journal, options } = standingWorld();
    await endOf(startRun(looking, scriptedModel([say("done")]), options), clock);
    const requested = (entry: JournalEntry): boolean => entry.type === "model/requested";
    const cut = await cutBehind(journal, clock, requested);
    const more = { ...options, throttle: { attempts: 1 } };
    const outcome = await endOf(await resumeRun(looking, scriptedModel([]), cut, "run-1", more), clock);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "MODEL_UNAVAILABLE" }, attempts: 1 });
    if (outcome.status !== "failed") return;
    expect(outcome.error).toMatchObject({ details: { run: "run-1", turn: 1, attempts: 1 } });
    expect(outcome.error.message).toBe(
      'run "run-1", turn 1: The last process to ask the model ended before the answer came. Expected an answer. Received none in 1 attempt. Find out what ends the process. Whoever resumes the run now begins to count anew.',
    );
    const twice = await cutBehind(journal, clock, requested);
    await endOf(
      await resumeRun(looking, scriptedModel([down]), twice, "run-1", { ...options, throttle: false }),
      clock,
    );
    const second = await cutBehind(twice, clock, (entry) => requested(entry) && entry.seq > 2);
    const last = await resumeRun(looking, scriptedModel([]), second, "run-1", {
      ...options,
      throttle: { attempts: 2 },
    });
    expect(await endOf(last, clock)).toMatchObject({
      error: { message: expect.stringContaining("Expected an answer. Received none in 2 attempts.") },
    });
    // whoever goes on behind the end counts anew; and without a policy nobody counts
    const again = await resumeRun(looking, scriptedModel([say("late")]), cut, "run-1", more);
    expect(await endOf(again, clock)).toMatchObject({ status: "completed", attempts: 2 });
    const free = await cutBehind(journal, clock, requested);
    const uncounted = await resumeRun(looking, scriptedModel([say("late")]), free, "run-1", {
      ...options,
      throttle: false,
    });
    expect(await endOf(uncounted, clock)).toMatchObject({ status: "completed", attempts: 2 });
  });

  test("counts calls that were made before, answered or not, at a new ledger once", async () => {
    const { clock, journal, options } = standingWorld();
    await endOf(
      startRun(looking, scriptedModel([down, throttled(), callTools([{ name: "look" }]), say("done")]), options),
      clock,
    );
    const budget = new BudgetLedger({ turns: 9 });
    const model = scriptedModel([]);
    for (let count = 0; count < 2; count++)
      expect(
        await endOf(await resumeRun(looking, model, journal, "run-1", { ...options, budget }), clock),
      ).toMatchObject({
        status: "completed",
        attempts: 4,
      });
    expect(budget.used.turns).toBe(3); // what was throttled has used nothing
  });

  test("counts a call without an answer as much as the process that made it did, and its cost is in none", async () => {
    const { clock, journal, options } = standingWorld();
    const more = { maxOutputTokens: 50, prices: () => ({ input: 1, output: 2 }) };
    const ledger = (): BudgetLedger => new BudgetLedger({ totalTokens: 1e6 });
    const [budget, other] = [ledger(), ledger()];
    const script = [down, throttled(), callTools([{ name: "look" }]), say("done")];
    const { cost } = await endOf(startRun(looking, scriptedModel(script), { ...options, ...more, budget }), clock);
    const resumed = await resumeRun(looking, scriptedModel([]), journal, "run-1", { clock, ...more, budget: other });
    const again = await endOf(resumed, clock);
    expect([other.used, again.cost]).toEqual([budget.used, cost]);
    expect(other.used.outputTokens).toBe(50 + 20); // the one that failed, and two answers
    expect(costsOf(await journal.read("run-1"), more).total).toBeCloseTo(cost ?? -1, 12);
  });

  test("is told that its journal was edited where waits and models are none", async () => {
    const { clock, journal, options } = standingWorld();
    await endOf(startRun(looking, scriptedModel([down, say("done")]), options), clock);
    for (const [field, value] of [
      ["waitMs", "soon"],
      ["waitMs", -1],
      ["fallback", null],
      ["error", 7],
    ] as const) {
      const edit = (entry: JournalEntry): JournalEntry =>
        entry.type === "model/failed" ? { ...entry, [field]: value as never } : entry; // as: edited
      const cut = await cutBehind(journal, clock, ({ type }) => type === "run/finished", edit);
      const edited = await rejectionOf(resumeRun(looking, scriptedModel([]), cut, "run-1", options));
      expect(edited.message).toContain(`The entry of type model/failed has no \`${field}\` as it should be`);
    }
  });
});

test("a replay tells the same of failed attempts and models that stood in", async () => {
  const { clock, journal, options } = standingWorld();
  const own = named("own", [throttled(), callTools([{ name: "look" }]), ...times(2, down)]);
  const other = named("other", [down, say("done")]);
  const run = startRun(looking, own, { ...options, fallbacks: [other], throttle: { attempts: 2 } });
  const outcome = await endOf(run, clock);
  const replayed = await replayRun(journal, "run-1", { prompt: looking, clock });
  expect(replayed.outcome).toEqual(outcome);
  const live = await eventsOf(run);
  expect(replayed.events.slice(0, -1)).toEqual(live.slice(0, -1));
  expect(live.map(({ type }) => type)).toContain("model/replaced");
});

test("a replay of a run that has failed comes to the same end", async () => {
  const { clock, journal, options } = standingWorld();
  const run = startRun(looking, scriptedModel(times(2, down)), { ...options, throttle: { attempts: 2 } });
  const outcome = await endOf(run, clock);
  const replayed = await replayRun(journal, "run-1", { prompt: looking, clock });
  expect(replayed.outcome).toMatchObject({ status: "failed", attempts: 2, error: { code: "MODEL_UNAVAILABLE" } });
  expect(outcome.status).toBe("failed");
  expect(replayed.events.map(({ type }) => type)).toEqual((await eventsOf(run)).map(({ type }) => type));
});

/** Attempts at a summary that fail: what they may have used stands in the journal, and counts the same wherever the run goes on. */
import { describe, expect, test } from "vitest";
import { endOf, failure, standingWorld } from "../../../test/support/failing-models.ts";
import { diesAt } from "../../../test/support/journal-appends.ts";
import { type Notes, readAll, readerOf, reading, textMessage, window } from "../../../test/support/page-reader.ts";
import { entriesOf, eventsOf } from "../../../test/support/recorded-runs.ts";
import { type Journal, memoryJournal } from "../../journal/index.ts";
import { BudgetLedger } from "../../limits/index.ts";
import { branchRun, costsOf, type RunOptions, replayRun, resumeRun, startRun } from "../index.ts";

const context = { window, downTo: 0.1 };
/** With which a process that died between two steps still finds too little room. */
const tight = { window, actAbove: 0.2, downTo: 0.2 };
const prices = () => ({ input: 3, output: 15 });
const ledger = (): BudgetLedger => new BudgetLedger({ totalTokens: 1e9, turns: 1e6 });
/** Fails twice before each summary. */
const flaky: Notes = (count) => (count % 3 === 0 ? "The pages are dull." : failure("MODEL_UNAVAILABLE"));

/** What a run that has ended counts in another process. */
async function recalled(journal: Journal, options: RunOptions) {
  const budget = ledger();
  const { clock } = standingWorld();
  const run = await resumeRun(reading, readerOf(30).model, journal, "run-1", { ...options, clock, budget });
  return { outcome: await endOf(run, clock), used: budget.used, events: await eventsOf(run) };
}

describe("failed attempts at a summary", () => {
  test("count the same in the run, in another process, at a ledger that knows them, in a branch and in a replay", async () => {
    const budget = ledger();
    const { journal, clock, outcome, summaries, events } = await readAll(30, { context, prices, budget }, flaky);
    expect(outcome.status).toBe("completed");
    const failed = summaries.length - summaries.length / 3;
    expect(failed).toBeGreaterThan(3);
    expect(budget.used.turns).toBe(31 + summaries.length);

    const again = await recalled(journal, { prices });
    expect([again.used, again.outcome.cost, again.outcome.usage]).toEqual([budget.used, outcome.cost, outcome.usage]);
    const { used } = budget;
    const { model } = readerOf(30);
    await endOf(await resumeRun(reading, model, journal, "run-1", { clock, context, prices, budget }), clock);
    expect(budget.used).toEqual(used);
    expect((await replayRun(journal, "run-1", { prompt: reading })).outcome.usage).toEqual(outcome.usage);

    const costs = costsOf(await journal.read("run-1"), { prices });
    expect(costs.total).toBeCloseTo(outcome.cost ?? -1, 9);
    const ofSummaries = costs.calls.filter(({ purpose }) => purpose === "summary");
    expect(ofSummaries).toHaveLength(summaries.length);
    expect(ofSummaries.map(({ attempt }) => attempt)).toEqual(summaries.map((_one, index) => (index % 3) + 1));
    expect(ofSummaries.map(({ usage, cost }) => [usage, cost].every((one) => one !== undefined))).toEqual(
      summaries.map((_one, index) => index % 3 === 2),
    );

    const told = (events: readonly { readonly type: string }[]): readonly object[] =>
      events.filter(({ type }) => type === "context/summarised" || type === "context/summary-failed");
    expect(told(again.events)).toEqual(told(events));
    const branched = ledger();
    const more = { clock, runId: "run-2", budget: branched, prices };
    await endOf(await branchRun(reading, model, journal, "run-1", more), clock);
    expect(branched.used).toEqual(budget.used);
  });

  test("that were refused have used nothing, and stand in the journal too", async () => {
    const budget = ledger();
    const { journal, summaries, outcome } = await readAll(30, { context, prices, budget }, failure("MODEL_REJECTED"));
    expect(summaries.length).toBeGreaterThan(0);
    expect(budget.used.turns).toBe(31);
    const again = await recalled(journal, { prices });
    expect([again.used, again.outcome.cost]).toEqual([budget.used, outcome.cost]);
    const { calls } = costsOf(await journal.read("run-1"), { prices });
    expect(calls.flatMap(({ purpose, cost }) => (purpose === "summary" ? [cost] : []))).toEqual(summaries.map(() => 0));
  });

  test("are gone on with behind a crash: with the count of attempts, what they used, and the rest of the wait", async () => {
    const { clock, options } = standingWorld();
    const kept = memoryJournal({ clock });
    const { journal, dead } = diesAt(kept, "context/summarised");
    const budget = ledger();
    void endOf(
      startRun(reading, readerOf(30, flaky).model, { ...options, journal, context: tight, budget, prices }),
      clock,
    );
    await dead;
    const failed = await entriesOf(kept, "model/failed");
    expect(failed.map(({ attempt, summary }) => [attempt, summary?.model.name])).toEqual([
      [1, "reader"],
      [2, "reader"],
    ]);
    expect(failed.every(({ waitMs = 0, atMost }) => waitMs > 0 && (atMost?.inputTokens ?? 0) > 0)).toBe(true);

    const later = ledger();
    const { model, summaries } = readerOf(30);
    const more = { clock, random: () => 0.5, context: tight, budget: later, prices };
    const outcome = await endOf(await resumeRun(reading, model, kept, "run-1", more), clock);
    expect(outcome).toMatchObject({ status: "completed", text: "read 30" });
    expect(later.used.turns).toBe(31 + summaries.length + 2);
    const { calls } = costsOf(await kept.read("run-1"), { prices });
    const ofSummaries = calls.filter(({ purpose }) => purpose === "summary");
    expect(ofSummaries.slice(0, 3).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    const again = await recalled(kept, { prices });
    expect([again.used, again.outcome.cost]).toEqual([later.used, outcome.cost]);
  });

  test("are no more than the policy says, however often a process dies", async () => {
    const { clock, options } = standingWorld();
    const kept = memoryJournal({ clock });
    const { journal, dead } = diesAt(kept, "context/summarised");
    const throttle = { attempts: 3 };
    const down = failure("MODEL_UNAVAILABLE");
    void endOf(startRun(reading, readerOf(30, down).model, { ...options, journal, context: tight, throttle }), clock);
    await dead;
    const { model, summaries } = readerOf(30, down);
    const more = { clock, random: () => 0.5, context: tight, throttle };
    await endOf(await resumeRun(reading, model, kept, "run-1", more), clock);
    const places = (await entriesOf(kept, "model/failed")).map(({ turn }) => turn);
    expect(new Set(places).size).toBeGreaterThan(1);
    for (const turn of new Set(places)) expect(places.filter((one) => one === turn)).toHaveLength(3);
    expect(summaries).toHaveLength(places.length - 3);
  });

  test("are attempts of no turn", async () => {
    const { outcome, journal } = await readAll(30, { context }, flaky);
    expect(outcome).toMatchObject({ turns: 31, attempts: 31 });
    expect((await recalled(journal, {})).outcome).toMatchObject({ turns: 31, attempts: 31 });
  });
});

test("a summary tells what an answer tells: who wrote it, its usage, its cost and how long it took", async () => {
  const { journal, events } = await readAll(30, { context, prices });
  const [summary] = await entriesOf(journal, "context/summarised");
  const { usage = {} } = summary ?? {};
  expect(summary).toMatchObject({ answeredBy: "reader-1", milliseconds: expect.any(Number) });
  const told = events.find(({ type }) => type === "context/summarised");
  const cost = ((usage.inputTokens ?? 0) * 3 + (usage.outputTokens ?? 0) * 15) / 1e6;
  expect(told).toMatchObject({ model: "test/reader", usage, cost: expect.closeTo(cost, 12), answeredBy: "reader-1" });
  expect(told).toHaveProperty("milliseconds");
  const again = await recalled(journal, { prices });
  expect(again.events.find(({ type }) => type === "context/summarised")).toEqual(told);
});

test.each<[string, Notes]>([
  ["a refusal", { message: textMessage("I would rather not."), finish: "refusal" }],
  ["an answer that a filter stopped", { message: { role: "assistant", content: [] }, finish: "refusal" }],
])("%s is no notes: the list of calls stands alone, and what it used counts", async (_what, notes) => {
  const { requests, summaries, journal, outcome } = await readAll(20, { context }, notes);
  expect(outcome).toMatchObject({ status: "completed", text: "read 20" });
  expect(summaries.length).toBeGreaterThan(0);
  const text = JSON.stringify(requests.at(-1)?.messages[1]);
  expect(text).toContain("c1: read");
  expect(text).not.toContain("rather not");
  expect(text).not.toContain("Your notes");
  expect((await entriesOf(journal, "context/summarised")).every(({ usage }) => usage !== undefined)).toBe(true);
  expect(outcome.usage.outputTokens).toBe(21 * 10 + summaries.length * 10);
});

/**
 * Runs under any mix of limits, alone and beside others on one ledger, whose models use what they like. Stages of the
 * wrap-up only go forward, what a stage forbids never runs, and what is used goes over a limit by no more than calls have
 * used beyond their reservations.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { sha256 } from "../base/index.ts";
import { type JournalEntry, memoryJournal } from "../journal/index.ts";
import { type Budget, BudgetLedger, deadlineAfter } from "../limits/index.ts";
import type { Message, Model, ToolResultPart } from "../model/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

/** What one turn of a model does. */
interface Turn {
  readonly used: { readonly inputTokens: number; readonly outputTokens: number };
  /** How many ticks pass before the answer, so that runs take turns in many orders. */
  readonly ticks: number;
  readonly milliseconds: number;
  readonly calls: readonly ("look" | "search")[];
}

interface Plan {
  readonly turns: readonly Turn[];
  readonly maxTurns: number;
  /** Whether the model gives its answer when it is asked for it. */
  readonly obeys: boolean;
}

/** What is reserved for each call. */
const reserved = { inputTokens: 10, outputTokens: 20 } as const;
const prices = () => ({ input: 1_000_000, output: 2_000_000 });

const turn: fc.Arbitrary<Turn> = fc.record({
  used: fc.record({ inputTokens: fc.nat(15), outputTokens: fc.nat(25) }),
  ticks: fc.nat(3),
  milliseconds: fc.nat(9),
  calls: fc.array(fc.constantFrom("look", "search"), { minLength: 1, maxLength: 3 }),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  turns: fc.array(turn, { minLength: 1, maxLength: 4 }),
  maxTurns: fc.integer({ min: 1, max: 24 }),
  obeys: fc.boolean(),
});
const limit = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: undefined, freq: 2 });
const budgetOf = fc
  .record({
    inputTokens: limit(150),
    outputTokens: limit(300),
    totalTokens: limit(400),
    cost: limit(600),
    turns: limit(20),
  })
  .map((budget): Budget | undefined => (Object.values(budget).some((one) => one !== undefined) ? budget : undefined));

/** A model that does as its plan says, for ever. */
function planned({ turns, obeys }: Plan, advance: (milliseconds: number) => void): Model {
  let count = 0;
  return {
    name: "planned",
    provider: "test",
    countTokens: () => reserved.inputTokens,
    async generate({ messages }) {
      const { used, ticks, milliseconds, calls } = turns[count++ % turns.length] as Turn; // as: there is one at least
      for (let tick = 0; tick < ticks; tick++) await null;
      advance(milliseconds);
      const isAsked = JSON.stringify(messages.at(-1)).includes("Call no more tools");
      if (obeys && isAsked) return { message: { role: "assistant", content: [] }, finish: "stop", usage: used };
      const content = calls.map(
        (name, at) => ({ type: "tool-call", id: `${count}.${at}`, name, arguments: "{}" }) as const,
      );
      return { message: { role: "assistant", content }, finish: "tool-calls", usage: used };
    },
  };
}

/** Runs plans side by side on one ledger. Without `marked`, one of the costly tools is not marked as such. */
async function play(plans: readonly Plan[], budget: Budget | undefined, time: number | undefined, marked = true) {
  const handler = () => ok("done");
  const look = tool({ name: "look", description: "Looks.", effects: "none", handler });
  const search = tool({ name: "search", description: "Searches.", effects: "none", costly: marked, handler });
  const build = tool({ name: "build", description: "Builds.", effects: "none", costly: true, handler });
  const task = section({ key: "task", title: "Task", body: "Do.", tools: [look, search, build] });
  const prompt = definePrompt({ ns: "test", key: "mix", sections: [task] }).bind({});
  const clock = createFakeClock();
  const ledger = budget && new BudgetLedger(budget);
  const deadline = time === undefined ? undefined : deadlineAfter(time, clock);
  const runs = plans.map(async (one) => {
    const journal = memoryJournal();
    const limits = { budget: ledger, deadline, maxTurns: one.maxTurns, maxOutputTokens: reserved.outputTokens };
    const model = planned(one, (milliseconds) => clock.advance(milliseconds));
    const outcome = await startRun(prompt, model, { ...limits, prices, journal, clock }).outcome;
    return { outcome, entries: await journal.read(outcome.runId) };
  });
  return { runs: await Promise.all(runs), ledger };
}

const stages = ["left-told", "costly-gone", "last-answer"];

/** Reads a journal and checks each step against the stage that the run was in. */
function checkEntries(entries: readonly JournalEntry[]): void {
  let stage = -1;
  let results: ToolResultPart[] = [];
  const messages: Message[] = [];
  for (const entry of entries) {
    if (entry.type === "prompt/rendered") messages.push(entry.first);
    if (entry.type === "model/responded") messages.push(entry.message);
    if (entry.type === "tool/finished") results[entry.index] = entry.result;
    if (entry.type === "tool/intended") {
      expect(stage).toBeLessThan(2);
      if (entry.name === "search") expect(stage).toBeLessThan(1);
    }
    if (entry.type !== "wrap-up/begun" && entry.type !== "model/requested") continue;
    if (results.length > 0) messages.push({ role: "tool", content: results });
    results = [];
    if (entry.type === "model/requested") {
      const digest = messages.reduce((before, message) => sha256(`${before}\n${JSON.stringify(message)}`), "");
      expect(entry.digest).toBe(digest);
    } else {
      expect(stages.indexOf(entry.stage)).toBeGreaterThan(stage);
      stage = stages.indexOf(entry.stage);
      messages.push(entry.message);
    }
  }
}

/** What all calls together have used, and by how much each went over its reservation. */
function checkLedger(entries: readonly JournalEntry[], budget: Budget, ledger: BudgetLedger): void {
  const used = entries.flatMap((entry) => (entry.type === "model/responded" ? [entry.usage as Turn["used"]] : [])); // as: the plan says both
  const measures: Record<keyof Budget, (of: Turn["used"]) => number> = {
    inputTokens: (of) => of.inputTokens,
    outputTokens: (of) => of.outputTokens,
    totalTokens: (of) => of.inputTokens + of.outputTokens,
    cost: (of) => of.inputTokens + 2 * of.outputTokens,
    turns: () => 1,
  };
  for (const { limit, most, used: consumed } of ledger.rooms()) {
    const measure = measures[limit];
    const beyond = used.reduce((sum, one) => sum + Math.max(0, measure(one) - measure(reserved)), 0);
    expect(consumed).toBeLessThanOrEqual(most + beyond);
    expect(most).toBe(budget[limit]);
  }
}

const wellBehaved = (marked: boolean) =>
  fc.asyncProperty(
    fc.array(plan, { minLength: 1, maxLength: 3 }),
    budgetOf,
    fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
    async (plans, budget, time) => {
      const { runs, ledger } = await play(plans, budget, time, marked);
      for (const [at, { outcome, entries }] of runs.entries()) {
        checkEntries(entries);
        const isAsked = entries.some((entry) => entry.type === "wrap-up/begun" && entry.stage === "last-answer");
        if (outcome.status === "completed") expect([plans[at]?.obeys, isAsked]).toEqual([true, true]);
        else expect(outcome.status).toBe("partial");
      }
      if (budget && ledger)
        checkLedger(
          runs.flatMap(({ entries }) => entries),
          budget,
          ledger,
        );
    },
  );

test("whatever models use, stages go forward, what they forbid never runs, and budgets hold", async () => {
  await fc.assert(wellBehaved(true), { numRuns: propertyRuns });
});

test("the property sees costly tools that go on", async () => {
  const searching: Turn = { used: reserved, ticks: 0, milliseconds: 0, calls: ["search"] };
  const examples: [Plan[], undefined, undefined][] = [
    [[{ turns: [searching], maxTurns: 24, obeys: false }], undefined, undefined],
  ];
  expect((await fc.check(wellBehaved(false), { examples, numRuns: 1, endOnFailure: true })).failed).toBe(true);
  expect((await fc.check(wellBehaved(true), { examples, numRuns: 1 })).failed).toBe(false);
});

test("where every call uses the same, the last answer is asked for before the last call, and no earlier", async () => {
  await fc.assert(
    fc.asyncProperty(plan, turn, budgetOf, async (one, { used, calls }, budget) => {
      const turns: readonly Turn[] = [{ used, calls, ticks: 0, milliseconds: 0 }];
      const { runs } = await play([{ ...one, turns, obeys: false }], budget, undefined);
      for (const { outcome, entries } of runs) {
        const asked = entries.flatMap((entry) =>
          entry.type === "wrap-up/begun" && entry.stage === "last-answer" ? [entry.turn] : [],
        );
        expect(asked).toEqual(outcome.turns > 1 ? [outcome.turns - 1] : []);
      }
    }),
    { numRuns: propertyRuns },
  );
});

/** What is known of models stands in where a run is told nothing better. */
import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { memoryJournal } from "../journal/index.ts";
import { BudgetLedger, type FactsOf, type ModelFacts, type Usage } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { failWith, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { type RunEvent, type RunOptions, resumeRun, startRun } from "./index.ts";

const prompt = definePrompt({
  ns: "test",
  key: "facts",
  sections: [section({ key: "task", title: "Task", body: "Speak." })],
}).bind();

/** A model that speaks once, and says what it was told of its longest answer. */
function speaker(usage: Usage, more: Partial<Model> = {}): Model & { readonly told: unknown[] } {
  const told: unknown[] = [];
  return {
    name: "speaker",
    provider: "test",
    countTokens: () => 1_000,
    told,
    async generate({ limits }) {
      told.push(limits?.maxOutputTokens);
      return { message: { role: "assistant", content: [{ type: "text", text: "done" }] }, finish: "stop", usage };
    },
    ...more,
  };
}

const usage = { inputTokens: 1_000, outputTokens: 100 };
const facts: FactsOf = ({ name }) =>
  name === "speaker" ? { maxOutputTokens: 500, price: { input: 1, output: 10 } } : undefined;
const ended = (model: Model, options: RunOptions) => startRun(prompt, model, options).outcome;

describe("the price of facts", () => {
  test("tells what a run has cost, and keeps a budget of money", async () => {
    expect((await ended(speaker(usage), { facts })).cost).toBeCloseTo(0.002, 9);
    const budget = new BudgetLedger({ cost: 1 });
    expect(await ended(speaker(usage), { facts, budget })).toMatchObject({ status: "completed" });
    expect(budget.used.cost).toBeCloseTo(0.002, 9);
  });

  test("stands behind that of `prices`, model by model", async () => {
    const prices = ({ name }: { name: string }) => (name === "speaker" ? { input: 2, output: 20 } : undefined);
    expect((await ended(speaker(usage), { facts, prices })).cost).toBeCloseTo(0.004, 9);
    expect((await ended(speaker(usage), { facts, prices: () => undefined })).cost).toBeCloseTo(0.002, 9);
    expect((await ended(speaker(usage), { facts: () => ({}) })).cost).toBeUndefined();
  });
});

describe("the longest answer of facts", () => {
  const reservedBy = async (model: Model, options: RunOptions): Promise<number | undefined> => {
    const reserved: number[] = [];
    const budget = new (class extends BudgetLedger {
      override reserve(amount: Parameters<BudgetLedger["reserve"]>[0]) {
        reserved.push(amount.outputTokens);
        return super.reserve(amount);
      }
    })({ outputTokens: 10_000 });
    await ended(model, { budget, ...options });
    return reserved[0];
  };

  test("bounds what is reserved, and the model is not told", async () => {
    const model = speaker(usage);
    expect(await reservedBy(model, { facts })).toBe(500);
    expect(model.told).toEqual([undefined]);
  });

  test("stands behind the model's own, and that behind the option", async () => {
    const model = speaker(usage, { maxOutputTokens: 200 });
    expect(await reservedBy(model, { facts })).toBe(200);
    expect(await reservedBy(model, { facts, maxOutputTokens: 100 })).toBe(100);
    expect(model.told).toEqual([200, 100]);
  });

  test("is unknown when nobody says it", () => {
    const budget = { outputTokens: 100 };
    const start = () => startRun(prompt, speaker(usage), { budget, facts: () => ({ window: 9 }) });
    expect(thrownBy(start).code).toBe("BUDGET_UNBOUNDED");
  });
});

test("the window of facts is that of the run, less the longest answer", async () => {
  const countTokens = (): number => 1_000; // of each text
  const ends = async (known: ModelFacts, context: RunOptions["context"] = { countTokens }) => {
    const { status } = await startRun(prompt, scriptedModel([say("done")]), { facts: () => known, context }).outcome;
    return status;
  };
  expect(await ends({ window: 100 })).toBe("partial");
  expect(await ends({ window: 100 }, { countTokens, window: 10_000 })).toBe("completed");
  expect(await ends({ window: 4_000 })).toBe("completed");
  expect(await ends({ window: 4_000, maxOutputTokens: 3_000 })).toBe("partial");
});

describe("a call is reserved at the most that it can cost", () => {
  const price = { input: 1, cacheWrite: 2, output: 0, tiers: [{ above: 999, input: 3, output: 0 }] };
  const options = { prices: () => price, maxOutputTokens: 1 };

  test("also when its price is that of writes to the cache, or of much input", async () => {
    const atMost = (cost: number) => ended(speaker(usage), { ...options, budget: { cost } });
    expect(await atMost(0.003)).toMatchObject({ status: "completed" });
    expect(await atMost(0.0029)).toMatchObject({ status: "partial", reason: "budget" });
    const flat = { ...options, prices: () => ({ input: 1, cacheWrite: 2, output: 0 }) };
    expect(await ended(speaker(usage), { ...flat, budget: { cost: 0.0019 } })).toMatchObject({ reason: "budget" });
  });

  test("and counted so when nobody tells what was used", async () => {
    const budget = new BudgetLedger({ cost: 1 });
    await ended(speaker({}), { ...options, budget });
    expect(budget.used.cost).toBeCloseTo(0.003, 9);
    await ended(speaker({ inputTokens: 500 }), { ...options, budget });
    expect(budget.used.cost).toBeCloseTo(0.0035, 9);
  });
});

describe("each answer is told with its cost", () => {
  const costsTold = async (events: AsyncIterable<RunEvent>): Promise<readonly (number | undefined)[]> => {
    const costs: (number | undefined)[] = [];
    for await (const step of events) if (step.type === "model/responded") costs.push(step.cost);
    return costs;
  };

  test("by its price, as the provider says, or without one", async () => {
    expect(await costsTold(startRun(prompt, speaker(usage), { facts }).events())).toEqual([0.002]);
    const telling = speaker(usage);
    const told: Model = {
      ...telling,
      generate: async (...given) => ({ ...(await telling.generate(...given)), cost: 7 }),
    };
    expect(await costsTold(startRun(prompt, told, { facts }).events())).toEqual([7]);
    expect(await costsTold(startRun(prompt, speaker(usage)).events())).toEqual([undefined]);
  });

  test("also when it is taken from the journal", async () => {
    const journal = memoryJournal();
    await startRun(prompt, speaker(usage), { journal, runId: "r", facts }).outcome;
    const unavailable = new WinkError("MODEL_UNAVAILABLE", { problem: "gone" });
    const run = await resumeRun(prompt, scriptedModel([failWith(unavailable), say("no")]), journal, "r", { facts });
    expect(await costsTold(run.events())).toEqual([0.002]);
  });
});

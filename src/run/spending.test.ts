/** Runs with a budget. */
import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { modelAdapter } from "../adapter/index.ts";
import { WinkError } from "../base/index.ts";
import { BudgetLedger } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, failWith, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { ok, tool } from "../tool/index.ts";
import { type RunOptions, startRun } from "./index.ts";

const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("seen") });
const prompt = definePrompt({
  ns: "test",
  key: "spending",
  sections: [section({ key: "task", title: "Task", body: "Look.", tools: [look] })],
}).bind({});

/** A model that counts each request as 10 tokens, and calls `look` for ever. */
function endless(
  usage: { inputTokens?: number; outputTokens?: number } = { inputTokens: 10, outputTokens: 5 },
): Model & {
  limits: unknown[];
} {
  const limits: unknown[] = [];
  let turn = 0;
  return {
    name: "endless",
    provider: "test",
    limits,
    countTokens: () => 10,
    async generate(request) {
      limits.push(request.limits?.maxOutputTokens);
      const call = { type: "tool-call", id: `call-${turn++}`, name: "look", arguments: "{}" } as const;
      return { message: { role: "assistant", content: [call] }, finish: "tool-calls", usage };
    },
  };
}

const ended = (model: Model, options: RunOptions) => startRun(prompt, model, options).outcome;

describe("a run with a budget", () => {
  test.each<[string, RunOptions, number]>([
    ["of turns", { budget: { turns: 3 } }, 3],
    ["of tokens of requests", { budget: { inputTokens: 45 } }, 4],
    ["of tokens of answers", { budget: { outputTokens: 30 }, maxOutputTokens: 20 }, 3],
    ["of tokens of both", { budget: { totalTokens: 60 }, maxOutputTokens: 20 }, 3],
    ["of money", { budget: { cost: 0.0001 }, maxOutputTokens: 20, prices: () => ({ input: 1, output: 2 }) }, 3],
  ])("%s ends as partial before the call that could go over it", async (_what, options, turns) => {
    const model = endless();
    expect(await ended(model, options)).toMatchObject({ status: "partial", reason: "budget", turns });
    expect(model.limits).toEqual(Array(turns).fill(options.maxOutputTokens));
  });

  test("counts what a provider does not tell as much as it may have been", async () => {
    const outcome = await ended(endless({}), { budget: { outputTokens: 45 }, maxOutputTokens: 20 });
    expect(outcome).toMatchObject({ status: "partial", reason: "budget", turns: 2 });
  });

  test("takes the model's own longest answer, and a token for every two bytes where nothing counts them", async () => {
    const { countTokens: _none, ...model } = endless();
    const outcome = await ended({ ...model, maxOutputTokens: 7 }, { budget: { totalTokens: 100 } });
    expect(outcome).toMatchObject({ status: "partial", turns: 0 });
    const more = await ended({ ...model, maxOutputTokens: 7 }, { budget: { totalTokens: 1_000 } });
    expect(more.turns).toBeGreaterThan(1);
    expect(model.limits[0]).toBe(7);
  });

  test("may share it with others", async () => {
    const budget = new BudgetLedger({ turns: 5 });
    const outcomes = await Promise.all([ended(endless(), { budget }), ended(endless(), { budget })]);
    expect(outcomes.map(({ status }) => status)).toEqual(["partial", "partial"]);
    expect(outcomes.reduce((sum, { turns }) => sum + turns, 0)).toBe(5);
    expect(budget.used).toEqual({ inputTokens: 50, outputTokens: 25, cost: 0, turns: 5 });
  });

  test("counts a failed call in full, unless the provider has refused it", async () => {
    const failing = (code: "MODEL_UNAVAILABLE" | "MODEL_REJECTED"): Model => ({
      ...scriptedModel([failWith(new WinkError(code, { problem: "no" }))]),
      countTokens: () => 10,
    });
    for (const [code, turns] of [
      ["MODEL_UNAVAILABLE", 1],
      ["MODEL_REJECTED", 0],
    ] as const) {
      const budget = new BudgetLedger({ turns: 5 });
      expect((await ended(failing(code), { budget })).status).toBe("failed");
      expect(budget.used).toMatchObject({ turns, inputTokens: 10 * turns });
    }
  });
});

test("a run tells what it has cost when there is a price", async () => {
  const model: Model = { ...scriptedModel([callTools([{ name: "look" }]), say("done")]), countTokens: () => 1_000 };
  const outcome = await ended(model, { prices: () => ({ input: 1, output: 2 }), maxOutputTokens: 500 });
  expect(outcome).toMatchObject({ status: "completed" });
  expect(outcome.cost).toBeGreaterThan(0);
  const free = scriptedModel([say("done")]);
  expect((await ended(free, { prices: () => undefined })).cost).toBeUndefined();
});

describe("a budget that cannot be kept is refused before the run", () => {
  test.each<[string, RunOptions, string]>([
    [
      "without a longest answer",
      { budget: { outputTokens: 100 } },
      "model test/endless: Nobody says how long an answer of the model may be, so it could go over the budget at once. Expected `maxOutputTokens`, among the options or of the model. Give `maxOutputTokens`, and `prices` for a budget of money. Example: { budget, maxOutputTokens: 4_096 }",
    ],
    [
      "with a longest answer of nothing",
      { budget: { totalTokens: 100 }, maxOutputTokens: 0 },
      "Nobody says how long an answer of the model may be",
    ],
    [
      "without a price",
      { budget: { cost: 1 }, maxOutputTokens: 10 },
      "model test/endless: Nobody knows the price of the model, so a budget of money cannot be kept. Expected `prices` that know it.",
    ],
    [
      "with prices that do not know the model",
      { budget: { cost: 1 }, maxOutputTokens: 10, prices: () => undefined },
      "Nobody knows the price",
    ],
  ])("%s", (_what, options, message) => {
    for (const work of [() => startRun(prompt, endless(), options), () => modelAdapter(endless(), options)]) {
      const error = thrownBy(work);
      expect(error.code).toBe("BUDGET_UNBOUNDED");
      expect(error.message).toContain(message);
    }
  });

  test("also when only its parent limits money", () => {
    const budget = new BudgetLedger({ turns: 1 }, new BudgetLedger({ cost: 1 }));
    expect(thrownBy(() => startRun(prompt, endless(), { budget, maxOutputTokens: 1 })).code).toBe("BUDGET_UNBOUNDED");
    expect(thrownBy(() => startRun(prompt, endless(), { budget: {} })).code).toBe("BUDGET_INVALID");
  });
});

test("nothing is counted for a run without a budget and prices", async () => {
  const countTokens = (): never => {
    throw new Error("counted");
  };
  const model: Model = { ...scriptedModel([callTools([{ name: "look" }]), say("done")]), countTokens };
  expect((await ended(model, { prices: () => undefined })).status).toBe("completed");
});

test("a message is made JSON once, however many requests hold it", async () => {
  const { countTokens: _none, ...model } = endless();
  let made = 0;
  const usage = { inputTokens: 1, outputTokens: 1 };
  const counting: Model = {
    ...model,
    async generate(request, options) {
      const { message, finish } = await model.generate(request, options);
      const toJSON = (): object => {
        made++;
        return { role: "assistant" };
      };
      return { message: Object.defineProperty({ ...message }, "toJSON", { value: toJSON }), finish, usage };
    },
  };
  const turnsOf = async (turns: number): Promise<number> => {
    made = 0;
    await ended(counting, { budget: { inputTokens: 1_000_000 }, maxTurns: turns });
    return made;
  };
  const [ten, twenty] = [await turnsOf(10), await turnsOf(20)];
  expect(twenty).toBeLessThanOrEqual(2 * ten + 2);
});

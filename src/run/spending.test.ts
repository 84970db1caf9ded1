/** Runs with a budget. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { modelAdapter } from "../adapter/index.ts";
import { WinkError } from "../base/index.ts";
import { BudgetLedger } from "../limits/index.ts";
import type { Model, ModelRequest } from "../model/index.ts";
import {
  callTools,
  failWith,
  refuse,
  type ScriptStep,
  say,
  sayJson,
  scriptedModel,
  silence,
} from "../model/scripted/index.ts";
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
    const failing = (code: "MODEL_UNAVAILABLE" | "MODEL_REJECTED" | "MODEL_THROTTLED"): Model => ({
      ...scriptedModel([failWith(new WinkError(code, { problem: "no" }))]),
      countTokens: () => 10,
    });
    for (const [code, turns] of [
      ["MODEL_UNAVAILABLE", 1],
      ["MODEL_REJECTED", 0],
      ["MODEL_THROTTLED", 0],
    ] as const) {
      const budget = new BudgetLedger({ turns: 5 });
      expect((await ended(failing(code), { budget, throttle: false })).status).toBe("failed");
      expect(budget.used).toMatchObject({ turns, inputTokens: 10 * turns });
    }
  });
});

describe("what a run has used", () => {
  const usage = { inputTokens: 100, cachedInputTokens: 60, outputTokens: 20, reasoningTokens: 8 };
  const used = { inputTokens: 100, outputTokens: 20, cost: 0, turns: 1 };
  const typed = definePrompt({ ns: "test", key: "typed", output: z.object({ sum: z.int() }), sections: [] }).bind({});
  /** Plays a script, with a usage that is the same for every answer. */
  const playing = (...steps: ScriptStep[]): Model => {
    const model = scriptedModel(steps);
    return {
      ...model,
      countTokens: () => 100,
      generate: async (request, options) => ({ ...(await model.generate(request, options)), usage }),
    };
  };

  test("counts a repair turn like any other, with cached and reasoning tokens apart", async () => {
    const budget = new BudgetLedger({ turns: 9 });
    const model = playing(sayJson({ sum: "?" }), sayJson({ sum: 3 }));
    const outcome = await startRun(typed, model, { budget }).outcome;
    expect(outcome).toMatchObject({ status: "completed", turns: 2 });
    expect(outcome.usage).toEqual({
      inputTokens: 200,
      cachedInputTokens: 120,
      outputTokens: 40,
      reasoningTokens: 16,
    });
    expect(budget.used).toEqual({ inputTokens: 200, outputTokens: 40, cost: 0, turns: 2 });
  });

  test.each<[string, ScriptStep]>([
    ["is a refusal", refuse("No.")],
    ["is cut off", say("On and", { finish: "length" })],
  ])("counts an answer that %s", async (_what, step) => {
    const budget = new BudgetLedger({ turns: 9 });
    expect((await ended(playing(step), { budget })).usage).toEqual(usage);
    expect(budget.used).toEqual(used);
  });

  test("costs what the cache gave at its own price, and reasoning as a part of the answer", async () => {
    const prices = () => ({ input: 10_000, cachedInput: 1_000, output: 100_000 });
    const budget = new BudgetLedger({ cost: 100 });
    const outcome = await ended(playing(say("done")), { budget, prices, maxOutputTokens: 50 });
    expect(outcome.cost).toBeCloseTo(0.4 + 0.06 + 2, 9);
    expect(budget.used.cost).toBeCloseTo(2.46, 9);
  });

  test("counts a call that is cut short by an abort as much as it may have used", async () => {
    const [budget, controller] = [new BudgetLedger({ totalTokens: 1_000 }), new AbortController()];
    const answer = (): Promise<never> => {
      controller.abort();
      return new Promise(() => {});
    };
    const model = playing({ ...silence(), answer });
    const outcome = await ended(model, { budget, maxOutputTokens: 50, signal: controller.signal });
    expect(outcome).toMatchObject({ status: "aborted", turns: 0, usage: {} });
    expect(budget.used).toEqual({ inputTokens: 100, outputTokens: 50, cost: 0, turns: 1 });
  });

  test("counts for all ledgers above, also those of other runs", async () => {
    const whole = new BudgetLedger({ turns: 9 });
    const half = new BudgetLedger({ turns: 5 }, whole);
    await Promise.all([
      ended(playing(say("a")), { budget: new BudgetLedger({ turns: 2 }, half) }),
      ended(playing(say("b")), { budget: half }),
    ]);
    for (const ledger of [half, whole])
      expect(ledger.used).toEqual({ ...used, inputTokens: 200, outputTokens: 40, turns: 2 });
  });
});

test("where nothing counts, a request is a token for every two bytes of its JSON", async () => {
  const [budget, reserved] = [new BudgetLedger({ inputTokens: 100_000 }), [] as number[]];
  const { reserve } = budget;
  budget.reserve = (amount) => {
    reserved.push(amount.inputTokens);
    return reserve.call(budget, amount);
  };
  const model = scriptedModel([callTools([{ name: "look" }], { text: "é😀" }), say("done")]);
  await ended(model, { budget });
  const list = ',"messages":['.length; // the brackets of the list are not counted
  const bytes = model.requests.map((request) => Buffer.byteLength(JSON.stringify(request)) - list);
  expect(reserved).toEqual(bytes.map((count) => Math.ceil(count / 2)));
});

test("prices are asked for the model of the run", async () => {
  const asked: object[] = [];
  await ended(endless(), { maxTurns: 1, prices: (model) => void asked.push(model) });
  expect(asked).toEqual([{ provider: "test", name: "endless" }]);
});

test("a request is counted once, and again when a message tells of a limit", async () => {
  const counted: number[] = [];
  const countTokens = ({ messages }: ModelRequest): number => counted.push(messages.length);
  await ended({ ...endless(), countTokens }, { budget: { inputTokens: 1_000 }, maxTurns: 4 });
  expect(counted).toEqual([1, 3, 5, 7, 8]);
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
      "model test/endless: The budget cannot be kept. Expected its longest answer, as `maxOutputTokens` among the options or of the model, or from `facts`. Received nothing. Give `maxOutputTokens`, and `prices` or `facts` that know what the model costs for a budget of money. Example: { budget, maxOutputTokens: 4_096 }",
    ],
    [
      "of money without a longest answer",
      { budget: { cost: 1 }, prices: () => ({ input: 1, output: 2 }) },
      "The budget cannot be kept. Expected its longest answer, as `maxOutputTokens` among the options or of the model, or from `facts`. Received nothing.",
    ],
    [
      "of money without both",
      { budget: { cost: 1 } },
      "The budget cannot be kept. Expected its longest answer, as `maxOutputTokens` among the options or of the model, or from `facts`; and its price, from `prices` or `facts`. Received nothing; and no price. Give `maxOutputTokens`, and `prices` or `facts` that know what the model costs for a budget of money. Example: { budget, maxOutputTokens: 4_096, prices: () => ({ input: 1.25, output: 10 }) }",
    ],
    [
      "without a price",
      { budget: { cost: 1 }, maxOutputTokens: 10 },
      "model test/endless: The budget cannot be kept. Expected its price, from `prices` or `facts`. Received no price.",
    ],
    [
      "with prices that do not know the model",
      { budget: { cost: 1 }, maxOutputTokens: 10, prices: () => undefined },
      "The budget cannot be kept. Expected its price",
    ],
  ])("%s", (_what, options, message) => {
    for (const work of [() => startRun(prompt, endless(), options), () => modelAdapter(endless(), options)]) {
      const error = thrownBy(work);
      expect(error.code).toBe("BUDGET_UNBOUNDED");
      expect(error.message).toContain(message);
    }
  });

  test("also with a model whose longest answer is nothing", () => {
    const error = thrownBy(() =>
      startRun(prompt, { ...endless(), maxOutputTokens: 0 }, { budget: { totalTokens: 100 } }),
    );
    expect(error.code).toBe("BUDGET_UNBOUNDED");
    expect(error.message).toContain(
      "The budget cannot be kept. Expected its longest answer, as `maxOutputTokens` among the options or of the model, or from `facts`. Received number 0.",
    );
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

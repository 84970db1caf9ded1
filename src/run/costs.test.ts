/** What a run has cost, told from its journal. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import type { Price, Usage } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, failWith, type ScriptStep, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, renderPrompt, section } from "../prompt/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, tool } from "../tool/index.ts";
import { costsOf, type RunOptions, startRun } from "./index.ts";

const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("seen") });
const template = definePrompt({
  ns: "test",
  key: "costs",
  sections: [
    section({ key: "rules", title: "Rules", body: "Be brief." }),
    section({
      key: "task",
      title: "Task",
      params: z.object({ what: z.string() }),
      body: "Look at {{what}}.",
      tools: [look],
    }),
  ],
});
const prompt = template.bind({ what: "it" });

/** Each section counts 100 for its text, a tool 50. */
const countTokens = (text: string): number => (text.startsWith("{") ? 50 : 100);
const rendered = renderPrompt(prompt, { countTokens });

interface Told {
  readonly usage: Usage;
  readonly cost?: number;
}

/** A scripted model that tells what each of its answers has used. */
function telling(steps: readonly ScriptStep[], told: readonly Told[], name = "m"): Model {
  const model = scriptedModel(steps, { name });
  let answers = 0;
  return {
    ...model,
    async generate(request, options) {
      const answer = await model.generate(request, options);
      return { ...answer, ...told[answers++] };
    },
  };
}

async function ranWith(
  model: Model,
  options: RunOptions = {},
): Promise<{ journal: Journal; cost: number | undefined }> {
  const journal = memoryJournal();
  const outcome = await startRun(prompt, model, { journal, runId: "r", ...options }).outcome;
  expect(outcome.status).toBe("completed");
  return { journal, cost: outcome.cost };
}

const price: Price = { input: 10, cachedInput: 1, cacheWrite: 20, output: 100 };
const prices = (): Price => price;
const twoTurns = [callTools([{ name: "look" }]), say("done")];
const first: Usage = { inputTokens: 400, cacheWriteTokens: 250, outputTokens: 10 };
const second: Usage = { inputTokens: 600, cachedInputTokens: 250, outputTokens: 20 };

describe("the costs of a run", () => {
  test("are told by call, turn and section, and are those of the outcome", async () => {
    const { journal, cost } = await ranWith(telling(twoTurns, [{ usage: first }, { usage: second }]), { prices });
    const costs = costsOf(await journal.read("r"), { prices, rendered });
    const model = { provider: "scripted", name: "m" };
    const inMicros = (millionths: number): unknown => expect.closeTo(millionths / 1e6, 12);
    expect(costs).toEqual({
      total: inMicros(7_500 + 5_750),
      calls: [
        { turn: 1, attempt: 1, purpose: "answer", model, usage: first, cost: inMicros(7_500) },
        { turn: 2, attempt: 1, purpose: "answer", model, usage: second, cost: inMicros(5_750) },
      ],
      turns: [
        { turn: 1, cost: inMicros(7_500) },
        { turn: 2, cost: inMicros(5_750) },
      ],
      sections: [
        { path: "rules", tokens: 100, cost: inMicros(2_000 + 100) },
        { path: "task", tokens: 150, cost: inMicros(3_000 + 150) },
      ],
      conversation: inMicros(1_500 + 3_500),
      answers: inMicros(1_000 + 2_000),
    });
    expect(costs.total).toBeCloseTo(cost ?? -1, 12);
  });

  test("are by the cache for what stands first in a request: tools, then texts", async () => {
    const usage = { inputTokens: 300, cachedInputTokens: 50, cacheWriteTokens: 100, outputTokens: 0 };
    const { journal } = await ranWith(telling([say("done")], [{ usage }]));
    const { sections, conversation } = costsOf(await journal.read("r"), { prices, rendered });
    expect(sections.map(({ cost }) => Math.round((cost ?? 0) * 1e6))).toEqual([2_000, 50 + 1_000]);
    expect(conversation).toBeCloseTo(500 / 1e6, 12);
  });

  test("are no more than the request when the counter counts more than the provider", async () => {
    const usage = { inputTokens: 125, outputTokens: 1 };
    const { journal } = await ranWith(telling([say("done")], [{ usage }]));
    const { sections, conversation } = costsOf(await journal.read("r"), { prices, rendered });
    expect(sections.map(({ cost }) => Math.round((cost ?? 0) * 1e6))).toEqual([500, 750]);
    expect(conversation).toBeCloseTo(0, 12);
    const nothing = await ranWith(telling([say("done")], [{ usage: { inputTokens: 0, outputTokens: 0 } }]));
    expect(costsOf(await nothing.journal.read("r"), { prices, rendered }).total).toBe(0);
  });

  test("are conversation and answers without a rendered prompt", async () => {
    const { journal } = await ranWith(telling([say("done")], [{ usage: second }]));
    const { sections, conversation, answers, total } = costsOf(await journal.read("r"), { facts: () => ({ price }) });
    expect(sections).toEqual([]);
    expect((conversation ?? 0) + (answers ?? 0)).toBeCloseTo(total ?? -1, 12);
  });

  test("take the price of who was asked", async () => {
    const quota = failWith(new WinkError("MODEL_THROTTLED", { problem: "none left", details: { reason: "quota" } }));
    const large = telling([quota], [], "large");
    const small = telling([say("done")], [{ usage: first }], "small");
    const { journal } = await ranWith(large, { fallbacks: [small] });
    const bySize = ({ name }: { name: string }): Price | undefined => (name === "small" ? price : undefined);
    const { calls, total, turns } = costsOf(await journal.read("r"), { prices: bySize });
    expect(calls).toMatchObject([
      { turn: 1, attempt: 1, model: { name: "large" }, cost: 0 },
      { turn: 1, attempt: 2, model: { name: "small" }, usage: first },
    ]);
    expect(calls[0]?.usage).toBeUndefined();
    expect([total, turns]).toEqual([calls[1]?.cost, [{ turn: 1, cost: calls[1]?.cost }]]);
    expect(total).toBeCloseTo(7_500 / 1e6, 12);
  });
});

test("a summary of older turns is a call of the turn after which it was made, and conversation", async () => {
  const shows = tool({ name: "show", description: "Shows.", effects: "none", handler: () => ok("long ".repeat(400)) });
  const long = definePrompt({
    ns: "test",
    key: "long",
    sections: [section({ key: "task", title: "Task", body: "Show.", tools: [shows] })],
  }).bind();
  const show = callTools([{ name: "show" }], { text: "I look once. ".repeat(16) });
  const model = telling([show, show, say("notes"), say("done")], Array(4).fill({ usage: first }));
  const journal = memoryJournal();
  const context = { window: 900, keepTurns: 1, countTokens: (text: string): number => text.length / 4 };
  const { cost, status } = await startRun(long, model, { journal, runId: "r", prices, context }).outcome;
  expect(status).toBe("completed");
  const costs = costsOf(await journal.read("r"), { prices, rendered: renderPrompt(long, { countTokens }) });
  expect(costs.calls.map(({ turn, purpose }) => [turn, purpose])).toEqual([
    [1, "answer"],
    [2, "answer"],
    [2, "summary"],
    [3, "answer"],
  ]);
  const inMicros = (money = Number.NaN): number => Math.round(money * 1e6);
  expect(costs.turns.map(({ cost }) => inMicros(cost))).toEqual([7_500, 15_000, 7_500]);
  expect([costs.total, costs.sections[0]?.cost, costs.conversation].map(inMicros)).toEqual([30_000, 9_000, 17_000]);
  expect(costs.total).toBeCloseTo(cost ?? -1, 12);
});

describe("a cost that the provider told", () => {
  test("needs no price, and then nobody knows its parts", async () => {
    const { journal } = await ranWith(telling([say("done")], [{ usage: first, cost: 0.5 }]));
    const costs = costsOf(await journal.read("r"), { rendered });
    expect(costs).toMatchObject({ total: 0.5, conversation: undefined, answers: undefined });
    expect(costs.sections.map(({ tokens, cost }) => [tokens, cost])).toEqual([
      [100, undefined],
      [150, undefined],
    ]);
  });

  test("counts before one by price, which tells its parts", async () => {
    const { journal } = await ranWith(telling([say("done")], [{ usage: first, cost: 0.075 }]));
    const costs = costsOf(await journal.read("r"), { prices, rendered });
    expect(costs.total).toBe(0.075);
    expect(costs.sections[0]?.cost).toBeCloseTo(0.02, 12);
    expect(costs.answers).toBeCloseTo(0.01, 12);
    const free = costsOf(await journal.read("r"), { prices: () => ({ input: 0, output: 0 }) });
    expect(free).toMatchObject({ total: 0.075, answers: undefined });
  });
});

describe("what nobody knows stays unknown", () => {
  test.each<[string, Usage, boolean]>([
    ["without a price", first, false],
    ["without a count of the request", { outputTokens: 1 }, true],
    ["without a count of the answer", { inputTokens: 1 }, true],
  ])("%s", async (_what, usage, isPriced) => {
    const told = [{ usage }, { usage, cost: 1 }];
    const { journal } = await ranWith(telling(twoTurns, told));
    const costs = costsOf(await journal.read("r"), isPriced ? { prices, rendered } : { rendered });
    expect(costs).toMatchObject({ total: undefined, conversation: undefined, answers: undefined });
    expect(costs.turns.map(({ cost }) => cost)).toEqual([undefined, 1]);
  });

  test("of a call without an answer, which is not in the total", async () => {
    const down = failWith(new WinkError("MODEL_UNAVAILABLE", { problem: "down" }));
    const clock = createFakeClock();
    const journal = memoryJournal();
    const model = telling([down, say("done")], [{ usage: first }]);
    const run = startRun(prompt, model, { journal, runId: "r", clock, throttle: { baseMs: 1, maxMs: 1 } });
    for await (const step of run.events()) if (step.type === "model/retried") setImmediate(() => clock.advance(10));
    const { calls, turns, total } = costsOf(await journal.read("r"), { prices });
    expect(calls.map(({ attempt, cost }) => [attempt, cost === undefined])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(turns).toEqual([{ turn: 1, cost: total }]);
  });

  test("of a run that was not begun, which has cost nothing", () => {
    expect(costsOf([])).toEqual({ total: 0, calls: [], turns: [], sections: [], conversation: 0, answers: 0 });
  });
});

test("another rendered prompt, or one without tokens, is refused", async () => {
  const { journal } = await ranWith(telling([say("done")], [{ usage: first }]));
  const entries = await journal.read("r");
  const other = renderPrompt(template.bind({ what: "that" }), { countTokens });
  for (const [given, problem] of [
    [other, "with `countTokens`. Received another text."],
    [renderPrompt(prompt), "with `countTokens`. Received it, without counts."],
  ] as const) {
    const error = thrownBy(() => costsOf(entries, { rendered: given }));
    expect([error.code, error.message]).toEqual(["INPUT_INVALID", expect.stringContaining(problem)]);
  }
});

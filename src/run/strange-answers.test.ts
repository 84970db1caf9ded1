/** Drivers of others: what they give that is no answer, or no count, is told as theirs, and never stands in a journal. */
import { describe, expect, test } from "vitest";
import { cutBehind, down, endOf, looking, standingWorld } from "../../test/support/failing-models.ts";
import { entriesOf } from "../../test/support/recorded-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { memoryJournal } from "../journal/index.ts";
import { BudgetLedger } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, type ScriptEntry, say, scriptedModel } from "../model/scripted/index.ts";
import { replayRun, resumeRun, startRun } from "./index.ts";

/** A scripted model whose answers are changed. */
function changed(script: readonly ScriptEntry[], change: (answer: object) => unknown): Model {
  const model = scriptedModel(script);
  // as: what no driver should give
  const generate = async (...given: Parameters<Model["generate"]>) => change(await model.generate(...given)) as never;
  return { ...model, generate };
}

const message = { role: "assistant", content: [{ type: "text", text: "done" }] };

describe("what is no answer", () => {
  test.each<[string, unknown, string, string]>([
    ["finish", { finish: "end_turn" }, '"stop" or "tool-calls" or "length" or "refusal"', 'string "end_turn"'],
    ["finish", { finish: undefined }, '"stop" or "tool-calls" or "length" or "refusal"', "nothing"],
    [
      "message.content[0].type",
      { message: { ...message, content: [{ type: "reasoning", text: "hm" }] } },
      '"text" or "tool-call"',
      'string "reasoning"',
    ],
    ["message.provider", { message: { ...message, provider: null } }, "an object", "null"],
    ["message", { message: "done" }, "an object", 'string "done"'],
    ["message.role", { message: { ...message, role: "user" } }, '"assistant"', 'string "user"'],
  ])("fails the run: %s of %j", async (field, change, expected, received) => {
    const { clock, journal, options } = standingWorld();
    const model = changed([say("done")], (answer) => ({ ...answer, ...(change as object) })); // as: of the table
    const outcome = await endOf(startRun(looking, model, { ...options, throttle: false }), clock);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "MODEL_RESPONSE_INVALID" } });
    expect(outcome.status === "failed" && outcome.error.message).toBe(
      `model scripted/scripted, ${field}: The driver gave what is no answer. Expected ${expected}. Received ${received}. Mend the driver: \`ModelResponse\` says what \`generate\` gives.`,
    );
    expect(await replayRun(journal, "run-1", { prompt: looking })).toMatchObject({ outcome: { status: "failed" } });
  });

  test("may be nothing at all", async () => {
    const { clock, options } = standingWorld();
    const model = changed([say("done")], () => undefined);
    const outcome = await endOf(startRun(looking, model, { ...options, throttle: false }), clock);
    expect(outcome.status === "failed" && outcome.error.message).toContain(
      "model scripted/scripted: The driver gave what is no answer. Expected an object. Received nothing.",
    );
  });

  test("lets another model stand in", async () => {
    const { clock, options } = standingWorld();
    const model = changed([say("done")], (answer) => ({ ...answer, finish: "end_turn" }));
    const fallbacks = [scriptedModel([say("I can")], { name: "other" })];
    const run = startRun(looking, model, { ...options, throttle: { attempts: 1 }, fallbacks });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "I can" });
  });
});

test.each([{ answeredBy: null }, { answeredBy: 5 }, { cost: Number.NaN }, { usage: { inputTokens: -1 } }])(
  "what cannot be true beside an answer is unknown: %j",
  async (change) => {
    const { clock, journal, options } = standingWorld();
    const model = changed([say("done")], (answer) => ({ ...answer, ...change }));
    expect(await endOf(startRun(looking, model, options), clock)).toMatchObject({ status: "completed" });
    const [entry] = await entriesOf(journal, "model/responded");
    for (const name of ["answeredBy", "cost"]) expect(entry).not.toHaveProperty(name);
    expect(await replayRun(journal, "run-1", { prompt: looking })).toMatchObject({ outcome: { status: "completed" } });
  },
);

test.each([Number.NaN, -1, "7", null])("a model that counts %j tokens is told", async (count) => {
  const { clock, options } = standingWorld();
  const model: Model = { ...scriptedModel([down, say("done")]), countTokens: () => count as number }; // as: what it should not give
  const prices = () => ({ input: 1, output: 2 });
  for (const counted of [{ prices }, { budget: { turns: 9 } }, { context: { window: 9_000 } }]) {
    const run = startRun(looking, model, { ...options, journal: memoryJournal(), ...counted });
    const outcome = await endOf(run, clock);
    expect(outcome).toMatchObject({ status: "failed", attempts: 0, error: { code: "INPUT_INVALID" } });
    expect(outcome.status === "failed" && outcome.error.message).toContain(
      "model scripted/scripted, countTokens: The counter of the model gives no count. Expected a number from 0 on.",
    );
  }
});

describe("an answer whose provider tells no usage", () => {
  const prices = () => ({ input: 1, output: 2 });
  const quiet = (script: readonly ScriptEntry[]): Model => ({
    ...changed(script, (answer) => ({ ...answer, usage: {} })),
    countTokens: () => 40,
  });

  test("counts the same, as much as it may have been, where its run goes on", async () => {
    const { clock, journal, options } = standingWorld();
    const budget = new BudgetLedger({ totalTokens: 1_000, turns: 9 });
    const counted = { budget, prices, maxOutputTokens: 10 };
    const script = [callTools([{ name: "look" }]), say("done")];
    const outcome = await endOf(startRun(looking, quiet(script), { ...options, ...counted }), clock);
    expect([outcome.status, outcome.cost, budget.used.inputTokens]).toEqual(["completed", 120 / 1e6, 80]);
    const [first] = await entriesOf(journal, "model/responded");
    expect(first?.atMost).toEqual({ inputTokens: 40, outputTokens: 10 });

    const cut = await cutBehind(journal, clock, ({ type }) => type === "tool/finished");
    const other = new BudgetLedger({ totalTokens: 1_000, turns: 9 });
    const run = await resumeRun(looking, quiet([say("done")]), cut, "run-1", { ...options, ...counted, budget: other });
    const resumed = await endOf(run, clock);
    expect([resumed.status, resumed.cost, other.used]).toEqual(["completed", outcome.cost, budget.used]);
  });

  test("is not counted without a budget or a price, nor noted when all was told", async () => {
    const { clock, journal, options } = standingWorld();
    await endOf(startRun(looking, quiet([say("done")]), options), clock);
    const other = memoryJournal({ clock });
    await endOf(startRun(looking, scriptedModel([say("done")]), { ...options, journal: other, prices }), clock);
    for (const kept of [journal, other])
      expect((await entriesOf(kept, "model/responded"))[0]).not.toHaveProperty("atMost");
  });
});

test("a model is none without a name", () => {
  const nameless = { ...scriptedModel([]), name: undefined } as unknown as Model; // as: what a program may give
  expect(thrownBy(() => startRun(looking, nameless)).code).toBe("INPUT_INVALID");
});

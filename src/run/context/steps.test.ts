/** When steps are taken to make room, and what they take to find out: not each turn for little, and no more work than there is said. */
import { describe, expect, test } from "vitest";
import { endOf, failure, standingWorld } from "../../../test/support/failing-models.ts";
import { entriesOf, taskPrompt } from "../../../test/support/recorded-runs.ts";
import type { Model, ModelRequest } from "../../model/index.ts";
import { ok, tool } from "../../tool/index.ts";
import { type RunOptions, startRun } from "../index.ts";

const byLength = (text: string): number => Math.ceil(text.length / 4);

/** A model that calls `look` so many times, and then is done; it remembers what it was sent. */
function looker(turns: number, more: Partial<Model> = {}): Model & { readonly sent: ModelRequest[] } {
  const sent: ModelRequest[] = [];
  let turn = 0;
  return {
    name: "looker",
    provider: "test",
    maxOutputTokens: 500,
    sent,
    async generate(request) {
      const said = { type: "text", text: "so be it" } as const;
      if (request.tools.length === 0)
        return { message: { role: "assistant", content: [said] }, finish: "stop", usage: {} };
      sent.push({ ...request, messages: [...request.messages] });
      const call = { type: "tool-call", id: `c${++turn}`, name: "look", arguments: "{}" } as const;
      return { message: { role: "assistant", content: [turn > turns ? said : call] }, finish: "stop", usage: {} };
    },
    ...more,
  };
}

/** A run of that model whose calls give texts of so many characters, behind a prompt of so many. */
async function lookedAt(
  turns: number,
  { body = 0, result = 40, model = looker(turns), ...options }: RunOptions & Partial<Said> = {},
) {
  const text = "seen ".repeat(result / 5);
  const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok(text) });
  const prompt = taskPrompt({ body: `Look. ${"Look well. ".repeat(body / 11)}`, tools: [look] });
  const world = standingWorld();
  const run = startRun(prompt, model, { maxTurns: 500, ...world.options, ...options });
  const outcome = await endOf(run, world.clock);
  const [dropped, summaries] = await Promise.all([
    entriesOf(world.journal, "context/dropped"),
    entriesOf(world.journal, "context/summarised"),
  ]);
  return { outcome, dropped, summaries, sent: "sent" in model ? (model as ReturnType<typeof looker>).sent : [] }; // as: only that one has it
}

/** How much is said. */
interface Said {
  readonly body: number;
  readonly result: number;
  readonly model: Model;
}

test("where little can be saved, nothing is summed up, however near the bound a run is", async () => {
  const context = { window: 8_000, countTokens: byLength };
  const body = 24_400; // alone above 80 % of the room
  const few = await lookedAt(12, { context, body });
  expect(few.outcome).toMatchObject({ status: "completed", turns: 13 });
  expect(few.summaries).toEqual([]);
  const { summaries, outcome } = await lookedAt(40, { context: { ...context, window: 9_000 }, body: 28_400 });
  expect(outcome.status).toBe("completed");
  const turns = summaries.map(({ turn }) => turn);
  expect(turns.length).toBeGreaterThan(1);
  for (const [index, turn] of turns.entries()) expect(turn - (turns[index - 1] ?? 0)).toBeGreaterThan(8);
});

describe("what a tokenizer is asked for grows with what is said, and not faster", () => {
  /** How often, and for how many characters, the tokenizer is asked in a run above its bound from the first turn on. */
  async function asked(turns: number, keepTurns: number, result: number): Promise<readonly [number, number]> {
    let [times, characters] = [0, 0];
    const countTokens = (text: string): number => {
      times++;
      characters += text.length;
      return byLength(text);
    };
    const context = { window: 40_000, keepTurns, actAbove: 0.01, downTo: 0.01, summaries: false, countTokens };
    const { outcome } = await lookedAt(turns, { context, result });
    expect(outcome).toMatchObject({ status: "completed", turns: turns + 1 });
    return [times, characters];
  }

  test.each([
    ["that keeps all of its turns", 500, 40],
    ["that keeps many of them", 30, 40],
    ["that keeps few", 2, 40],
    ["whose newest results are left out at each turn", 500, 1_000],
  ])("in a run %s", async (_what, keepTurns, result) => {
    for (const turns of [60, 120]) {
      const [times, characters] = await asked(turns, keepTurns, result);
      expect(times).toBeLessThan(8 * turns);
      expect(characters).toBeLessThan(8 * 1_000 * turns);
    }
  });
});

test("what stands for a result counts too: as many are left out as it takes with that", async () => {
  const costly = (text: string): number => (text.includes("are left out here") ? 100 : byLength(text));
  const window = 8_000;
  const { dropped, summaries, sent } = await lookedAt(20, { result: 1_200, context: { window, countTokens: costly } });
  const [first] = dropped;
  expect(first?.calls.length).toBeGreaterThan(5);
  expect(summaries.every(({ turn }) => turn !== first?.turn)).toBe(true);
  const next = sent[first?.turn ?? 0];
  const tokens = next?.messages.reduce((sum, message) => sum + costly(JSON.stringify(message)), 0);
  expect(tokens).toBeLessThan((window - 500) / 2);
});

test("facts are asked once a model, however long a run is", async () => {
  const asked: string[] = [];
  const facts = ({ name }: { readonly name: string }) => {
    asked.push(name);
    return { window: 4_000, maxOutputTokens: 500, price: { input: 1, output: 1 } };
  };
  const { generate } = looker(40);
  let times = 0;
  const falling: Model = {
    ...looker(40),
    name: "falling",
    generate: (request, options) =>
      ++times > 15 ? Promise.reject(failure("MODEL_REJECTED", { status: 404 })) : generate(request, options),
  };
  const fallbacks = [{ ...looker(40), generate }];
  const { outcome, dropped, summaries } = await lookedAt(40, { facts, model: falling, fallbacks, result: 1_000 });
  expect(outcome).toMatchObject({ status: "completed" });
  expect(dropped.length + summaries.length).toBeGreaterThan(1);
  expect(asked.sort()).toEqual(["falling", "looker"]);
});

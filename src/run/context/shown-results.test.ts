/** What the model that sums up is shown of results, though they are left out of what the agent is sent. */
import { expect, test } from "vitest";
import { z } from "zod";
import { taskPrompt } from "../../../test/support/recorded-runs.ts";
import { textOf } from "../../model/index.ts";
import { answerWith, scriptedModel } from "../../model/scripted/index.ts";
import { ok, tool } from "../../tool/index.ts";
import { startRun } from "../index.ts";

const report = tool({
  name: "report",
  description: "Gives a report.",
  effects: "none",
  params: z.object({ n: z.int() }),
  handler: ({ n }) => ok(`FINDING-${n} ${"All is well. ".repeat(150)}`),
});

/** The texts that a run of 20 reports asks to be summed up, in a window. */
async function shown(window: number): Promise<readonly string[]> {
  const summed: string[] = [];
  let n = 0;
  const answer = answerWith(({ tools, messages }) => {
    if (tools.length > 0)
      return n < 20
        ? { text: "I read on. ".repeat(60), calls: [{ name: "report", arguments: { n: ++n } }] }
        : { text: "done" };
    summed.push(messages.map(textOf).join());
    return { text: "Notes." };
  });
  const context = { window, countTokens: (text: string): number => Math.ceil(text.length / 4) };
  const run = startRun(taskPrompt({ tools: [report] }), scriptedModel(Array(200).fill(answer)), {
    context,
    maxOutputTokens: 200,
  });
  expect((await run.outcome).status).toBe("completed");
  expect(summed.length).toBeGreaterThan(0);
  return summed;
}

const found = (texts: readonly string[]): number =>
  new Set(texts.flatMap((text) => text.match(/FINDING-\d+/g) ?? [])).size;
const calls = (text: string): number => text.match(/assistant calls report/g)?.length ?? 0;

test("is the beginning of each one when there is room", async () => {
  for (const text of await shown(6_000)) expect(found([text])).toBe(calls(text));
});

test("is bounded, and less when there is less room", async () => {
  const texts = await shown(2_000);
  expect(found(texts)).toBeGreaterThan(5);
  for (const text of texts) {
    expect(text.length).toBeLessThan((1_800 / 2) * 4 + 200);
    expect(found([text])).toBe(calls(text));
  }
});

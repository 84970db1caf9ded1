import { describe, expect, it } from "vitest";
import { z } from "zod";
import { eventsOf } from "../../test/support/recorded-runs.ts";
import { type Schema, WinkError } from "../base/index.ts";
import { type ScriptStep, say, sayJson, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt } from "../prompt/index.ts";
import { startRun } from "./index.ts";

const Review = z.object({ items: z.array(z.object({ title: z.string() })), score: z.number().optional() });
const asking = <Output extends object>(output: Schema<unknown, Output>): Prompt<Output> =>
  definePrompt({ ns: "test", key: "review", output, sections: [] }).bind({});

const wrong = { items: [{ title: "a" }, { title: 7 }], scroe: 1 };

/** The text of the repair turn, and how the run ended. */
async function repair(prompt: Prompt<object>, ...steps: readonly ScriptStep[]) {
  const model = scriptedModel(steps);
  const run = startRun(prompt, model);
  const events = await eventsOf(run);
  const outcome = await run.outcome;
  const last = model.requests[1]?.messages.at(-1);
  const text = last?.content[0]?.type === "text" ? last.content[0].text : "";
  const { error } = outcome as { readonly error?: WinkError }; // as: an outcome of another kind has none
  return { outcome, error, text, events, requests: model.requests.length };
}

describe("an answer that does not fit", () => {
  it("is asked for once more, with each wrong field, what was expected and what came", async () => {
    const { outcome, text, events } = await repair(asking(Review), sayJson(wrong), sayJson({ items: [] }));
    const problems =
      '`scroe`: Unknown key (did you mean "score"?), expected "items" or "score", received number 1; ' +
      "`items[1].title`: Invalid input: expected string, received number 7";
    expect(text).toBe(
      `Your answer does not have the form that was asked for: ${problems}. Answer again with nothing but JSON of the form asked for.`,
    );
    expect(events.find(({ type }) => type === "repair/requested")).toMatchObject({ problems });
    expect(outcome).toMatchObject({ status: "completed", output: { items: [] } });
  });

  it("twice ends the run, with the fields in the message and all of it as data", async () => {
    const { error, requests } = await repair(asking(Review), say("Fine!"), sayJson(wrong));
    expect(requests).toBe(2);
    expect(WinkError.is(error, "OUTPUT_INVALID")).toBe(true);
    expect(error?.message).toContain(
      "`items[1].title`: Invalid input: expected string, received number 7. Expected JSON",
    );
    expect(error?.message).toContain(`Received ${JSON.stringify(wrong)}.`);
    expect(error?.parts.example).toContain("JSON");
    expect(error?.details).toEqual({
      prompt: "test:review",
      problems: [
        {
          path: "scroe",
          message: 'Unknown key (did you mean "score"?)',
          expected: '"items" or "score"',
          received: "number 1",
        },
        {
          path: "items[1].title",
          message: "Invalid input: expected string, received number",
          expected: "string",
          received: "number 7",
        },
      ],
      raw: JSON.stringify(wrong),
    });
  });

  it("is told without its secrets", async () => {
    const secret = `sk-${"a1B2".repeat(12)}`;
    const answer = say(`Sorry. ${"word ".repeat(30)}${secret} {"items":"${secret}"}`);
    const { error, text } = await repair(asking(Review), answer, answer);
    expect(text).toContain("[redacted]");
    for (const told of [text, String(error), JSON.stringify(error)]) expect(told).not.toContain("a1B2");
  });

  it("of any size is told in few words", async () => {
    const key = "k".repeat(3_000);
    const huge = sayJson({ [key]: 1, items: key, more: Object.fromEntries([...key].map((one, at) => [one + at, at])) });
    const { error, text } = await repair(asking(Review), huge, huge);
    expect(text.length).toBeLessThan(3_000);
    expect(error?.message.length).toBeLessThan(3_000);
    const empty = await repair(asking(Review), say(" "), say(" \n"));
    expect(empty.error?.message).toContain("Received an empty answer.");
  });
});

describe("an asynchronous schema", () => {
  const known = z.object({ id: z.string().refine(async (id) => id === "a", "No such id") });

  it("checks the answer", async () => {
    const { outcome, text } = await repair(asking(known), sayJson({ id: "b" }), sayJson({ id: "a" }));
    expect(text).toContain('`id`: No such id, received string "b"');
    expect(outcome).toMatchObject({ status: "completed", output: { id: "a" } });
  });

  it("that never ends does not hold a run that is aborted", async () => {
    const controller = new AbortController();
    const silent = z.string().refine(() => {
      controller.abort(new Error("enough"));
      return new Promise<never>(() => {});
    });
    const run = startRun(asking(z.object({ id: silent })), scriptedModel([sayJson({ id: "a" })]), {
      signal: controller.signal,
    });
    expect(await run.outcome).toMatchObject({ status: "aborted", reason: "enough" });
  });
});

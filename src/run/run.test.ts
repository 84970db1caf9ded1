import { describe, expect, it } from "vitest";
import { z } from "zod";
import { withAppends } from "../../test/support/journal-appends.ts";
import { eventsOf } from "../../test/support/recorded-runs.ts";
import { countedIds, WinkError } from "../base/index.ts";
import { memoryJournal } from "../journal/index.ts";
import { deadlineAfter } from "../limits/index.ts";
import {
  answerWith,
  callTools,
  failWith,
  refuse,
  say,
  sayJson,
  scriptedModel,
  silence,
} from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { createSession } from "../session/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, tool } from "../tool/index.ts";
import { type RunEvent, startRun } from "./index.ts";

const add = tool({
  name: "add",
  description: "Add two numbers.",
  effects: "none",
  params: z.object({ a: z.number(), b: z.number() }),
  result: z.object({ sum: z.number() }),
  handler: ({ a, b }) => ok({ sum: a + b }),
});
const task = section({
  key: "task",
  title: "Task",
  params: z.object({ task: z.string() }),
  body: "{{task}}",
  tools: [add],
});
const free = definePrompt({ ns: "test", key: "free", sections: [task] }).bind({ task: "Add 1 and 2." });
const typed = definePrompt({ ns: "test", key: "typed", output: z.object({ sum: z.number() }), sections: [task] }).bind({
  task: "Add 1 and 2.",
});

describe("a run", () => {
  it("asks, calls tools, and gives the typed answer", async () => {
    const model = scriptedModel([
      callTools([{ name: "add", arguments: { a: 1, b: 2 } }]),
      sayJson({ sum: 3 }, { expect: { results: [{ name: "add", text: '{"sum":3}', failed: false }] } }),
    ]);
    const outcome = await startRun(typed, model).outcome;
    expect(outcome).toMatchObject({ status: "completed", output: { sum: 3 }, turns: 2 });
    model.assertComplete();
    expect(model.requests[0]).toMatchObject({
      system: "",
      tools: [{ name: "add", parameters: { additionalProperties: false } }],
      output: { name: "test_typed_schema" },
    });
  });

  it("gives the model's text when the prompt declares no output", async () => {
    const outcome = await startRun(free, scriptedModel([say("three")])).outcome;
    expect(outcome).toMatchObject({
      status: "completed",
      output: undefined,
      text: "three",
      usage: { inputTokens: expect.any(Number) },
    });
  });

  it("puts stable sections into the system text, and the rest into the first message", async () => {
    const model = scriptedModel([say("ok")]);
    const rules = section({ key: "rules", title: "Rules", body: "Be brief." });
    await startRun(definePrompt({ ns: "test", key: "split", sections: [rules, task] }).bind({ task: "Go." }), model)
      .outcome;
    expect(model.requests[0]?.system).toBe("## 1. Rules (rules)\n\nBe brief.");
    expect(model.requests[0]?.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "## 2. Task (task)\n\nGo." }] },
    ]);
  });

  it("asks once more when the answer does not parse, naming the field", async () => {
    const model = scriptedModel([
      sayJson({ sum: "three" }),
      sayJson({ sum: 3 }, { expect: { last: { role: "user", text: "`sum`" } } }),
    ]);
    const run = startRun(typed, model);
    expect(await run.outcome).toMatchObject({ status: "completed", output: { sum: 3 } });
    expect((await eventsOf(run)).map(({ type }) => type)).toContain("repair/requested");
  });

  it("fails with the raw answer when the second answer does not parse either", async () => {
    const outcome = await startRun(typed, scriptedModel([say("three"), say("3, I said")])).outcome;
    expect(outcome.status).toBe("failed");
    expect(outcome.status === "failed" && outcome.error).toMatchObject({
      code: "OUTPUT_INVALID",
      details: { raw: "3, I said" },
    });
  });

  it("ends as refused when the model would not answer", async () => {
    expect(await startRun(typed, scriptedModel([refuse("I will not.")])).outcome).toMatchObject({
      status: "refused",
      text: "I will not.",
    });
  });

  it("ends as partial when all turns are used", async () => {
    const again = answerWith(() => ({ calls: [{ name: "add", arguments: { a: 1, b: 1 } }] }));
    expect(await startRun(free, scriptedModel([again, again]), { maxTurns: 2 }).outcome).toMatchObject({
      status: "partial",
      reason: "max-turns",
      turns: 2,
    });
  });

  it("ends as partial when the deadline passes while the model is silent", async () => {
    const clock = createFakeClock();
    const run = startRun(free, scriptedModel([silence()]), { clock, deadline: deadlineAfter(5_000, clock) });
    await untilAsked(run.events());
    clock.advance(5_000);
    expect(await run.outcome).toMatchObject({ status: "partial", reason: "deadline" });
    expect(clock.pending()).toBe(0);
  });

  it("ends as aborted, with a whole journal, when it is aborted or its signal is", async () => {
    const journal = memoryJournal();
    const controller = new AbortController();
    const first = startRun(free, scriptedModel([silence()]), { journal, runId: "first" });
    const second = startRun(free, scriptedModel([silence()]), { journal, runId: "second", signal: controller.signal });
    await untilAsked(first.events());
    await untilAsked(second.events());
    first.abort("enough");
    controller.abort(new Error("shutting down"));
    expect(await first.outcome).toMatchObject({ status: "aborted", reason: "enough" });
    expect(await second.outcome).toMatchObject({ status: "aborted", reason: "shutting down" });
    expect((await journal.read("first")).at(-1)).toMatchObject({
      type: "run/finished",
      status: "aborted",
      reason: "enough",
    });
  });

  it("fails with the driver's error, and leaves the session free for the next run", async () => {
    const session = createSession();
    const error = new WinkError("MODEL_THROTTLED", { problem: "Too fast" });
    expect(await startRun(free, scriptedModel([failWith(error)]), { session, throttle: false }).outcome).toMatchObject({
      status: "failed",
      error: { code: "MODEL_THROTTLED" },
    });
    expect(await startRun(free, scriptedModel([failWith(new TypeError("odd"))]), { session }).outcome).toMatchObject({
      status: "failed",
      error: { code: "RUN_FAILED" },
    });
    expect(await startRun(free, scriptedModel([say("fine")]), { session }).outcome).toMatchObject({
      status: "completed",
    });
  });

  it("refuses a session that another run holds", async () => {
    const session = createSession();
    const held = startRun(free, scriptedModel([silence()]), { session });
    expect(await startRun(free, scriptedModel([say("never")]), { session }).outcome).toMatchObject({
      status: "failed",
      error: { code: "SESSION_BUSY" },
    });
    held.abort();
    await held.outcome;
  });

  it("tells the model of an unknown tool, with the nearest names, and of bad arguments, with the field", async () => {
    const model = scriptedModel([
      callTools([
        { name: "ad" },
        { name: "add", arguments: { a: "x", b: 1 } },
        { name: "add", arguments: "{" },
        { name: "add", arguments: [1] },
      ]),
      say("sorry", {
        expect: {
          results: [
            { failed: true, text: 'Did you mean "add"?' },
            { failed: true, text: "`a`: Invalid input: expected number, received string" },
            { failed: true, text: "not JSON" },
            { failed: true, text: "one JSON object" },
          ],
        },
      }),
    ]);
    expect(await startRun(free, model).outcome).toMatchObject({ status: "completed" });
  });

  it("gives every reader all steps, redacted, while the journal holds what is exact", async () => {
    const secret = `sk-proj-${"a1B2".repeat(10)}`;
    const journal = memoryJournal();
    const run = startRun(free, scriptedModel([say(`the key is ${secret}`)]), { journal, ids: countedIds() });
    const outcome = await run.outcome;
    const [once, twice] = await Promise.all([eventsOf(run), eventsOf(run)]);
    expect(once).toEqual(twice);
    expect(once.map(({ type }) => type)).toEqual([
      "run/started",
      "prompt/rendered",
      "model/requested",
      "model/responded",
      "run/finished",
    ]);
    expect(JSON.stringify(once)).not.toContain(secret);
    expect(JSON.stringify(await journal.read(outcome.runId))).toContain(secret);
    expect(outcome.journal).toEqual({ driver: "memory", runId: "run-1" });
  });

  it("journals every step before the next begins, numbered without gaps", async () => {
    const journal = memoryJournal();
    const model = scriptedModel([callTools([{ name: "add", arguments: { a: 1, b: 2 } }]), say("3")]);
    const { runId } = await startRun(free, model, { journal }).outcome;
    const entries = await journal.read(runId);
    expect(entries.map(({ type }) => type)).toEqual([
      "run/started",
      "prompt/rendered",
      "model/requested",
      "model/responded",
      "tool/intended",
      "tool/finished",
      "model/requested",
      "model/responded",
      "run/finished",
    ]);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_entry, index) => index));
  });

  it("stops before the next step when the journal cannot be written", async () => {
    const journal = memoryJournal();
    let asked = 0;
    const full = withAppends(journal, async () =>
      Promise.reject(new WinkError("JOURNAL_FAILED", { problem: "disk full" })),
    );
    const model = scriptedModel([
      answerWith(() => {
        asked++;
        return { text: "hi" };
      }),
    ]);
    expect(await startRun(free, model, { journal: full }).outcome).toMatchObject({
      status: "failed",
      error: { code: "JOURNAL_FAILED" },
    });
    expect(asked).toBe(0);
  });

  it("gives calls with repeated ids an id of their own", async () => {
    const call = { name: "add", arguments: { a: 1, b: 1 }, id: "same" };
    const model = scriptedModel([callTools([call, call]), callTools([call]), say("done")]);
    expect(await startRun(free, model).outcome).toMatchObject({ status: "completed" });
    const ids = model.requests[2]?.messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === "tool-result" ? [part.id] : [])),
    );
    expect(ids).toEqual(["same", "same-2", "same-3"]);
  });

  it("refuses a wrong number of turns with a message", () => {
    expect(() => startRun(free, scriptedModel([]), { maxTurns: 0 })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID" }),
    );
  });
});

async function untilAsked(events: AsyncIterable<RunEvent>): Promise<void> {
  for await (const { type } of events) if (type === "model/requested") return;
}

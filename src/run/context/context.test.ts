/** Runs whose conversation grows beyond the window of their model. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { endOf, failure, standingWorld } from "../../../test/support/failing-models.ts";
import { diesAt } from "../../../test/support/journal-appends.ts";
import {
  isSummaryRequest,
  pageText,
  providersCount,
  read,
  readAll,
  readerOf,
  reading,
  turnOf,
  window,
} from "../../../test/support/page-reader.ts";
import { entriesOf, eventsOf, taskPrompt } from "../../../test/support/recorded-runs.ts";
import { recordingTelemetry } from "../../../test/support/recording-telemetry.ts";
import { rejectionOf, thrownBy } from "../../../test/support/thrown-by.ts";
import { modelAdapter } from "../../adapter/index.ts";
import { hideSecretsOf } from "../../base/index.ts";
import { type JournalEntry, memoryJournal } from "../../journal/index.ts";
import type { Message, Model, ModelRequest, ModelResponse, ToolCallPart } from "../../model/index.ts";
import { answerWith, callTools, say, scriptedModel } from "../../model/scripted/index.ts";
import { definePrompt, raw, section } from "../../prompt/index.ts";
import { ok, tool } from "../../tool/index.ts";
import { branchRun, type RunOptions, replayRun, resumeRun, startRun } from "../index.ts";
import { stepOf } from "../record/recorded.ts";
import type { ContextOptions } from "./context-window.ts";

const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("seen") });

/** The answer that wants the next page, whatever was sent. */
function turnAnswer({ messages }: ModelRequest): Pick<ModelResponse, "message" | "finish"> {
  const page = turnOf(messages, 0);
  const call: ToolCallPart = { type: "tool-call", id: `c${page}`, name: "read", arguments: `{"page":${page}}` };
  return { message: { role: "assistant", content: [call] }, finish: "tool-calls" };
}

const textsOf = (messages: readonly Message[]): string => JSON.stringify(messages);
const callsOf = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.type === "context/dropped" ? entry.calls : []));

describe("a conversation that grows to three times the window and more", () => {
  test("goes on without an error of the provider; steps are rare, and between them requests only grow", async () => {
    const { journal, requests, outcome, events } = await readAll(60);
    expect(outcome).toMatchObject({ status: "completed", text: "read 60" });
    const entries = await journal.read("run-1");
    const said = entries.flatMap((entry) => (entry.type === "tool/finished" ? [entry.result.text] : []));
    expect(said.length).toBe(60);
    expect(60 * pageText(10).length).toBeGreaterThan(3 * 4 * window);
    const steps = events.filter(({ type }) => type.startsWith("context/"));
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.length).toBeLessThan(20);
    expect(steps.map(({ type }) => type)).toEqual(
      entries.flatMap(({ type }) => (type.startsWith("context/") ? [type] : [])),
    );
    let anew = 0;
    for (const [index, { messages, tools }] of requests.entries()) {
      const before = requests[index - 1];
      if (before === undefined) continue;
      const same = textsOf(messages.slice(0, before.messages.length)) === textsOf(before.messages);
      if (!same || tools.length !== before.tools.length) anew++;
    }
    expect(anew).toBeLessThanOrEqual(steps.length);
  });

  test("replays without a model", async () => {
    const { journal, outcome, events } = await readAll(60);
    const replayed = await replayRun(journal, "run-1", { prompt: reading });
    expect(replayed.outcome).toEqual({ ...outcome, journal: replayed.outcome.journal, cost: replayed.outcome.cost });
    expect(replayed.events.filter(({ type }) => type.startsWith("context/"))).toEqual(
      events.filter(({ type }) => type.startsWith("context/")),
    );
  });

  test.each([
    ["a tokenizer", { countTokens: (text: string) => Math.ceil(text.length / 4) }],
    ["nothing but the lengths", {}],
    ["other shares", { actAbove: 0.95, downTo: 0.2, keepTurns: 1 }],
    ["no summaries", { summaries: false }],
  ] satisfies [string, ContextOptions][])("with %s", async (_what, more) => {
    const { outcome, summaries } = await readAll(60, { context: { window, ...more } });
    expect(outcome).toMatchObject({ status: "completed", text: "read 60" });
    if ("summaries" in more) expect(summaries).toEqual([]);
  });

  test("with the counter of a model, which is asked for what is sent", async () => {
    const { model } = readerOf(60);
    const { clock, options } = standingWorld();
    const counting: Model = { ...model, countTokens: (request) => providersCount(request) };
    const run = startRun(reading, counting, { ...options, maxTurns: 500, context: { window } });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "read 60" });
  });

  test("is refused by the provider without it: the test can fail", async () => {
    for (const context of [false, {}, { window: 1_000_000 }] as const) {
      const { outcome } = await readAll(60, { context });
      expect(outcome).toMatchObject({ status: "failed", error: { code: "MODEL_REJECTED" } });
    }
  });

  test("is sent on as it was, at whatever step its process dies", async () => {
    const context = { window, downTo: 0.2 };
    const whole = await readAll(30, { context });
    const entries = await whole.journal.read("run-1");
    expect(callsOf(entries).length).toBeGreaterThan(5);
    expect(entries.some(({ type }) => type === "context/summarised")).toBe(true);
    for (let length = 3; length < entries.length; length += 8) {
      const journal = memoryJournal({ clock: whole.clock });
      const writer = await journal.open("run-1");
      for (const entry of entries.slice(0, length)) await writer.append(stepOf(entry));
      await writer[Symbol.asyncDispose]();
      const { model, requests } = readerOf(30);
      const run = await resumeRun(reading, model, journal, "run-1", {
        ...whole.options,
        context,
        throttle: false,
      });
      const outcome = await endOf(run, whole.clock);
      expect(outcome, `cut behind ${length}`).toMatchObject({ status: "completed", text: "read 30" });
      if (requests.length === 0) continue; // all answers were there
      if (entries[length - 1]?.type.startsWith("context/")) continue; // between two steps: there may be room enough by now
      const [first, last] = [requests[0], requests.at(-1)].map((one) => textsOf(one?.messages ?? []));
      expect(whole.requests.map(({ messages }) => textsOf(messages))).toContain(first);
      expect(last).toBe(textsOf(whole.requests.at(-1)?.messages ?? []));
    }
  });
});

describe("results that are left out", () => {
  test("are read again, piece by piece, from the journal's own text; also after a crash", async () => {
    const long = "0123456789".repeat(1_700);
    const store = tool({ name: "store", description: "Long.", effects: "none", handler: () => ok(long) });
    const prompt = taskPrompt({ tools: [store] });
    const { clock, journal, options } = standingWorld();
    const context = { window: 6_000, summaries: false, keepTurns: 1, downTo: 0.4 };
    const script = [
      callTools([{ name: "store" }]),
      callTools([{ name: "store" }]),
      callTools([{ name: "read_dropped_result", arguments: { call: "call-1-1" } }], {
        expect: { tools: ["store", "read_dropped_result"] },
      }),
      answerWith(({ messages }) => {
        const text = messages.at(-1)?.content[0];
        expect(text).toMatchObject({
          text: `Characters 0 to 8000 of 17000. Go on with from: 8000.\n\n${long.slice(0, 8_000)}`,
        });
        return { calls: [{ name: "read_dropped_result", arguments: { call: "call-1-1", from: 16_000 } }] };
      }),
      answerWith(({ messages }) => {
        const text = messages.at(-1)?.content[0];
        expect(text).toMatchObject({ text: `Characters 16000 to 17000 of 17000.\n\n${long.slice(16_000)}` });
        return {
          calls: [
            { name: "read_dropped_result", arguments: { call: "none" } },
            { name: "read_dropped_result", arguments: { call: "call-1-1", from: 17_000 } },
            { name: "read_dropped_result", arguments: { call: "call-1-1", from: -1 } },
            { name: "read_dropped_result", arguments: {} },
          ],
        };
      }),
      say("done", {
        expect: {
          results: [
            { failed: true, text: "There is no result" },
            { failed: true, text: "none from 17000 on" },
            { failed: true, text: "whole number" },
            { failed: true, text: "missing" },
          ],
        },
      }),
    ];
    const run = startRun(prompt, scriptedModel(script), { ...options, context });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "done" });
    const dropped = (await entriesOf(journal, "context/dropped"))[0];
    expect(dropped?.tools?.map(({ name }) => name)).toEqual(["read_dropped_result"]);
    await replayRun(journal, "run-1", { prompt });
  });

  test("are of old turns first, and of the newest when there is no other way", async () => {
    const wide = tool({ name: "wide", description: "Wide.", effects: "none", handler: () => ok("x".repeat(30_000)) });
    const { clock, journal, options } = standingWorld();
    const script = [callTools([{ name: "wide" }, { name: "wide" }]), say("done")];
    const run = startRun(taskPrompt({ tools: [wide] }), scriptedModel(script), { ...options, context: { window } });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed" });
    expect(callsOf(await journal.read("run-1"))).toEqual(["call-1-1", "call-1-2"]);
  });

  test("are never sections that the model has opened: they are kept over a summary", async () => {
    const rules = definePrompt({
      ns: "test",
      key: "rules",
      sections: [
        section({ key: "task", title: "Task", body: "Read.", tools: [read] }),
        section({
          key: "rules",
          title: "Rules",
          body: raw(`The rule is: never whistle. ${"Be kind. ".repeat(100)}`),
          summary: "Rules.",
          visibility: "summary",
          tools: [look],
        }),
      ],
    }).bind({});
    const { clock, options } = standingWorld();
    const open = callTools([{ name: "open_sections", arguments: { section_keys: ["rules"], reason: "to know" } }]);
    const pages = Array.from({ length: 30 }, (_, page) => callTools([{ name: "read", arguments: { page } }]));
    const last = answerWith(({ messages }) => {
      expect(textsOf(messages)).toContain("never whistle");
      return { text: "done" };
    });
    const context = { window, summaries: false, downTo: 0.2, countTokens: (said: string) => said.length / 4 };
    const run = startRun(rules, scriptedModel([open, ...pages, last]), { ...options, context });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "done" });
    expect((await eventsOf(run)).some(({ type }) => type === "context/summarised")).toBe(true);
  });

  test("are counted anew for a model that stands in and has a smaller window", async () => {
    const large: Model = {
      ...readerOf(20).model,
      name: "large",
      async generate(request) {
        if (request.messages.length > 30) throw failure("MODEL_REJECTED", { status: 404 });
        return { ...turnAnswer(request), usage: { inputTokens: providersCount(request), outputTokens: 10 } };
      },
    };
    const small = readerOf(20);
    const { clock, options } = standingWorld();
    const facts = ({ name }: { readonly name: string }) => ({ window: name === "large" ? 100_000 : window });
    const run = startRun(reading, large, { ...options, facts, fallbacks: [small.model] });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "read 20" });
    expect(small.requests.length).toBeGreaterThan(3);
  });

  test("a run that cannot be made to fit ends as partial, with its reason in the journal", async () => {
    const { clock, journal, options } = standingWorld();
    const countTokens = (text: string): number => text.length;
    const run = startRun(taskPrompt({ body: "Long. ".repeat(3_000) }), scriptedModel([]), {
      ...options,
      context: { window, countTokens },
    });
    expect(await endOf(run, clock)).toMatchObject({ status: "partial", reason: "context-window" });
    expect(await entriesOf(journal, "model/requested")).toEqual([]);
    expect(
      (await replayRun(journal, "run-1", { prompt: taskPrompt({ body: "Long. ".repeat(3_000) }) })).outcome,
    ).toMatchObject({
      status: "partial",
      reason: "context-window",
    });
  });
});

describe("summaries", () => {
  const downTo = 0.1; // so low that leaving out results is never enough
  const context = { window, downTo };

  test("are asked of the model, and stand with the list of calls behind the first message", async () => {
    const { requests, summaries, events, outcome } = await readAll(30, { context });
    expect(summaries.length).toBeGreaterThan(0);
    expect(summaries[0]).toMatchObject({ tools: [] });
    expect(textsOf(summaries[0]?.messages ?? [])).toMatch(/Do\..*assistant calls read \(c1\)/);
    const [first, notes, next] = requests.at(-1)?.messages ?? [];
    expect(first).toEqual(requests[0]?.messages[0]);
    expect(textsOf(notes === undefined ? [] : [notes])).toMatch(/Your notes of them:.*The pages are dull.*c1: read/);
    expect(next?.role).toBe("assistant");
    const told = events.filter(({ type }) => type === "context/summarised");
    expect(told[0]).toMatchObject({ model: "test/reader", usage: { outputTokens: 10 } });
    expect(outcome.usage.outputTokens).toBe(31 * 10 + summaries.length * 10);
  });

  test("have spans of their own, and are no turns", async () => {
    const telemetry = recordingTelemetry();
    const { summaries } = await readAll(30, { context, telemetry });
    const { spans } = telemetry;
    expect(spans.filter(({ attributes }) => attributes["wink.summary"] === true)).toHaveLength(summaries.length);
    expect(spans.filter(({ name }) => name === "chat reader")).toHaveLength(31 + summaries.length);
    expect(spans[0]?.attributes["wink.turns"]).toBe(31);
  });

  test("count in the budget and the cost, also of a run that goes on", async () => {
    const prices = () => ({ input: 0, output: 1e6 });
    const { journal, clock, options, outcome, summaries } = await readAll(30, { context, prices });
    expect(outcome.cost).toBe(31 * 10 + summaries.length * 10);
    const resumed = await resumeRun(reading, readerOf(30).model, journal, "run-1", { ...options, prices });
    expect(await endOf(resumed, clock)).toMatchObject({ usage: outcome.usage, cost: outcome.cost });
  });

  test.each([
    ["refuses", failure("MODEL_REJECTED"), 1],
    ["stays away", failure("MODEL_UNAVAILABLE"), 5],
    ["says nothing", " ", 1],
  ])("when the model %s, the list of calls stands alone", async (_what, notes, asked) => {
    const { requests, summaries, outcome, logs } = await readAll(20, { context }, notes);
    expect(outcome.status).toBe("completed");
    expect(summaries.length % asked).toBe(0);
    expect(summaries.length).toBeGreaterThan(0);
    const text = textsOf(requests.at(-1)?.messages.slice(1, 2) ?? []);
    expect(text).toContain("c1: read");
    expect(text).not.toContain("Your notes");
    expect(logs.filter(({ event }) => event === "context_summary_failed")).toHaveLength(
      typeof notes === "string" ? 0 : summaries.length,
    );
  });

  test("are not asked for when the budget has no room for that", async () => {
    const { model, summaries } = readerOf(6);
    const { clock, options } = standingWorld();
    const run = startRun(reading, model, { ...options, context: { window: 5_000, downTo }, budget: { turns: 7 } });
    const outcome = await endOf(run, clock);
    expect(outcome.turns + summaries.length).toBeLessThanOrEqual(7);
  });

  test("an abort reaches the model that writes one", async () => {
    const { model } = readerOf(30);
    const { clock, options } = standingWorld();
    const controller = new AbortController();
    const waiting: Model = {
      ...model,
      generate: (request, given) => {
        if (!isSummaryRequest(request)) return model.generate(request, given);
        queueMicrotask(() => controller.abort("enough"));
        return new Promise((_resolve, reject) =>
          given.signal.addEventListener("abort", () => reject(given.signal.reason)),
        );
      },
    };
    const run = startRun(reading, waiting, { ...options, context, signal: controller.signal });
    expect(await endOf(run, clock)).toMatchObject({ status: "aborted", reason: "enough" });
    expect(clock.pending()).toBe(0);
  });

  test("keep the notes of before: the model is shown them whole, and they stay when it fails", async () => {
    const long = `NOTES-1 ${"word ".repeat(1_500)}END-1`;
    const { model, summaries, requests } = readerOf(60, long);
    const failing: Model = {
      ...model,
      generate: (request, given) =>
        isSummaryRequest(request) && summaries.length > 1
          ? Promise.reject(failure("MODEL_REJECTED"))
          : model.generate(request, given),
    };
    const { clock, options } = standingWorld();
    const run = startRun(reading, failing, { ...options, maxTurns: 500, context: { window, downTo: 0.3 } });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "read 60" });
    expect(textsOf(summaries[1]?.messages ?? [])).toContain("END-1");
    expect(textsOf(requests.at(-1)?.messages.slice(1, 2) ?? [])).toMatch(/Your notes of them:.*NOTES-1.*END-1/);
  });

  test("leave the last calls of a budget to the answer", async () => {
    for (let turns = 8; turns < 16; turns++) {
      const { model } = readerOf(60);
      const answering: Model = {
        ...model,
        generate: async (request, given) =>
          textsOf(request.messages.slice(-1)).includes("Call no more tools")
            ? { message: { role: "assistant", content: [{ type: "text", text: "so far" }] }, finish: "stop", usage: {} }
            : model.generate(request, given),
      };
      const { clock, options } = standingWorld();
      const run = startRun(reading, answering, { ...options, context: { window: 5_000, downTo }, budget: { turns } });
      expect(await endOf(run, clock), `${turns} calls`).toMatchObject({ status: "completed" });
    }
  });

  test("hold no value that is hidden, not even half of one", async () => {
    const secret = "blue-horse-rides-over-the-green-hills-of-home";
    using _hidden = hideSecretsOf({ OWN_SECRET: secret });
    const note = tool({
      name: "note",
      description: "Notes.",
      effects: "none",
      params: z.object({ text: z.string() }),
      handler: () => ok("x".repeat(3_000)),
    });
    const { clock, options } = standingWorld();
    const text = `${"a".repeat(80)} ${secret}`;
    const script = [
      ...Array.from({ length: 9 }, () => callTools([{ name: "note", arguments: { text } }])),
      say("done"),
    ];
    const context = { window: 9_000, downTo: 0.1, summaries: false, countTokens: (said: string) => said.length / 2 };
    const run = startRun(taskPrompt({ tools: [note] }), scriptedModel(script), { ...options, context });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed" });
    const told = (await eventsOf(run)).filter(({ type }) => type === "context/summarised");
    expect(told.length).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toContain("blue-horse");
  });

  test("a process that dies before one is written asks for it again", async () => {
    const { clock, options } = standingWorld();
    const kept = memoryJournal({ clock });
    const { journal, dead } = diesAt(kept, "context/summarised", 1);
    void startRun(reading, readerOf(30).model, { ...options, journal, context });
    await dead;
    const { model, summaries } = readerOf(30);
    const run = await resumeRun(reading, model, kept, "run-1", { clock, context });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "read 30" });
    expect(summaries.length).toBeGreaterThan(0);
  });

  test("a branch takes the steps over, and goes on with a model of another window", async () => {
    const { journal, clock } = await readAll(30, { context });
    const { model, requests } = readerOf(30);
    const more = { clock, runId: "run-2", at: 25, context: { window: 5_000 } };
    const run = await branchRun(reading, model, journal, "run-1", more);
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "read 30" });
    expect(providersCount(requests.at(-1) ?? { system: "", messages: [], tools: [] })).toBeLessThan(5_000);
  });
});

test.each([
  [{ window: 0 }, "window"],
  [{ window: Number.NaN }, "window"],
  [{ window: 1.5 }, "window"],
  [{ actAbove: 1.5 }, "actAbove"],
  [{ actAbove: 0 }, "actAbove"],
  [{ downTo: 0.9 }, "downTo"],
  [{ downTo: -1 }, "downTo"],
  [{ keepTurns: 0 }, "keepTurns"],
  [{ keepTurns: 1.5 }, "keepTurns"],
])("%j is refused before the run begins", (context, at) => {
  const error = thrownBy(() => startRun(reading, readerOf(1).model, { context }));
  expect(error).toMatchObject({ code: "INPUT_INVALID", message: expect.stringContaining(`context, ${at}`) });
});

test("no prompt has a tool of the name that dropped results are read by", () => {
  const own = tool({ name: "read_dropped_result", description: "Own.", effects: "none", handler: () => ok("") });
  expect(thrownBy(() => taskPrompt({ tools: [own] })).message).toContain("a tool of its own");
});

test.each([0, -3, 1.5])("a journal whose summary stands for %d messages is refused", async (messages) => {
  const { journal, clock, options } = await readAll(30, { context: { window, downTo: 0.1 } });
  const edited = memoryJournal({ clock });
  const writer = await edited.open("run-1");
  for (const entry of await journal.read("run-1")) {
    const step = stepOf(entry);
    await writer.append(step.type === "context/summarised" ? { ...step, messages } : step);
  }
  await writer[Symbol.asyncDispose]();
  const error = await rejectionOf(resumeRun(reading, readerOf(30).model, edited, "run-1", options));
  expect(error).toMatchObject({ code: "JOURNAL_INVALID", message: expect.stringContaining("messages") });
});

test.each([Number.NaN, 0, -1, 1.5])("a window of %d in the facts is refused", (known) => {
  const start = () => startRun(reading, readerOf(1).model, { context: {}, facts: () => ({ window: known }) });
  expect(thrownBy(start)).toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringContaining("facts of test/reader, window: This cannot be used."),
  });
});

test("a window that the longest answer would fill is refused", () => {
  const { model } = readerOf(1);
  const most = (options: RunOptions) => thrownBy(() => startRun(reading, model, options)).message;
  const said = "context, window: The context window cannot be kept by this. Expected more than the longest answer,";
  expect(most({ context: { window: 900 }, maxOutputTokens: 1_000 })).toContain(`${said} 1000 tokens.`);
  expect(most({ context: { window: 8_192 }, maxOutputTokens: 8_192 })).toContain(said);
  const long = { ...model, maxOutputTokens: 900 };
  expect(thrownBy(() => startRun(reading, long, { context: { window: 900 } })).message).toContain(said);
});

test("a window is not held against answers that a run may not be asked for", async () => {
  const { model } = readerOf(1);
  const long = { ...model, maxOutputTokens: 64_000 };
  const { clock } = standingWorld();
  const context = { window: 32_000 };
  const behind = startRun(reading, model, { context, fallbacks: [long], clock });
  expect((await endOf(behind, clock)).status).toBe("completed");
  const adapter = modelAdapter(long, { context, clock });
  expect((await endOf(adapter.run(reading, { maxOutputTokens: 4_000 }), clock)).status).toBe("completed");
  expect(thrownBy(() => modelAdapter(long, { context, maxOutputTokens: 32_000 })).code).toBe("INPUT_INVALID");
});

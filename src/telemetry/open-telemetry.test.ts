/** Spans of runs through the official SDK and exporter, to a collector that checks what it is sent. */
import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { type ReadableSpan, SimpleSpanProcessor, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { failure, named } from "../../test/support/failing-models.ts";
import { type CollectedSpan, type OtlpCollector, otlpCollector } from "../../test/support/otlp-collector.ts";
import { cutOffAt, eventsOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { agentTool, modelAdapter, replay, resume } from "../adapter/index.ts";
import { memoryJournal } from "../journal/index.ts";
import { deadlineAfter } from "../limits/index.ts";
import {
  answerWith,
  callTools,
  failWith,
  refuse,
  type ScriptEntry,
  say,
  sayJson,
  scriptedModel,
  silence,
} from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { type RunOptions, startRun } from "../run/index.ts";
import { createSession } from "../session/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { fail, ok, type Tool, tool } from "../tool/index.ts";
import { openTelemetry } from "./index.ts";

/** Counts the spans that are under way. */
class Open implements SpanProcessor {
  readonly names: string[] = [];
  onStart(span: { readonly name: string }): void {
    this.names.push(span.name);
  }
  onEnd({ name }: ReadableSpan): void {
    this.names.splice(this.names.indexOf(name), 1);
  }
  forceFlush = async (): Promise<void> => undefined;
  shutdown = async (): Promise<void> => undefined;
}

let collector: OtlpCollector;
let provider: TracerProvider;
const open = new Open();

beforeAll(async () => {
  collector = await otlpCollector();
  const exporter = new OTLPTraceExporter({ url: collector.url });
  provider = new TracerProvider({ spanProcessors: [open, new SimpleSpanProcessor({ exporter })] });
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  api.trace.setGlobalTracerProvider(provider);
});
afterAll(async () => {
  await provider.shutdown();
  await collector[Symbol.asyncDispose]();
  api.trace.disable();
  api.context.disable();
});

/** Does something, and gives the spans of it when all have ended. */
async function spansOf(work: () => Promise<unknown>): Promise<readonly CollectedSpan[]> {
  const before = collector.spans.length;
  await work();
  await provider.forceFlush();
  expect(open.names).toEqual([]);
  expect(collector.violations).toEqual([]);
  return collector.spans.slice(before);
}

/** The spans as a tree of names: children behind their parent, in brackets. */
function treeOf(spans: readonly CollectedSpan[], parent?: string): string {
  return spans
    .filter((span) => span.parent === parent)
    .map(({ id, name }) => {
      const below = treeOf(spans, id);
      return below === "" ? name : `${name} [${below}]`;
    })
    .sort()
    .join(", ");
}

const one = (spans: readonly CollectedSpan[], name: string): CollectedSpan => {
  const found = spans.filter((span) => span.name === name);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0] as CollectedSpan; // as: there is exactly one
};

const add = tool({
  name: "add",
  description: "Adds.",
  effects: "none",
  params: z.object({ a: z.number(), b: z.number() }),
  handler: ({ a, b }) => ok(String(a + b)),
});
const adding = (a: number, b: number) => ({ name: "add", arguments: { a, b } });
const faulty = tool({
  name: "faulty",
  description: "Throws.",
  effects: "none",
  handler: () => Promise.reject(new Error("no luck")),
});
const telemetry = openTelemetry(api);

const run = (tools: readonly Tool[], script: readonly ScriptEntry[], options: RunOptions = {}) =>
  startRun(taskPrompt({ tools }), named("m", script), { telemetry, runId: "run-1", ...options });
const spansOfRun = (...of: Parameters<typeof run>) => spansOf(() => run(...of).outcome);

describe("the spans of a run", () => {
  test("stand below each other, with what the conventions ask for", async () => {
    const session = createSession({ id: "session-1" });
    const typed = definePrompt({
      ns: "test",
      key: "typed",
      output: z.object({ sum: z.int() }),
      sections: [section({ key: "task", title: "Task", body: "Add.", tools: [add] })],
    }).bind();
    const model = named("m", [callTools([adding(1, 2)]), sayJson({ sum: 3 })]);
    const options = { telemetry, session, runId: "run-1", maxOutputTokens: 500 };
    const spans = await spansOf(() => startRun(typed, model, options).outcome);
    expect(treeOf(spans)).toBe("invoke_agent test:typed [chat m, chat m, execute_tool add]");
    expect(new Set(spans.map(({ trace }) => trace)).size).toBe(1);
    expect(new Set(spans.map(({ scope }) => scope))).toEqual(new Set(["weakincentives"]));
    const common = { "gen_ai.conversation.id": "session-1", "wink.run.id": "run-1" };
    const usage = { "gen_ai.usage.input_tokens": expect.any(Number), "gen_ai.usage.output_tokens": expect.any(Number) };
    const asked = { "gen_ai.provider.name": "scripted", "gen_ai.request.model": "m" };
    const agent = one(spans, "invoke_agent test:typed");
    expect(agent).toMatchObject({ kind: "internal", failed: false, message: undefined });
    expect(agent.attributes).toEqual({
      ...common,
      ...asked,
      ...usage,
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "test:typed",
      "wink.status": "completed",
      "wink.turns": 2,
    });
    expect(one(spans, "execute_tool add")).toMatchObject({ kind: "internal", failed: false });
    expect(one(spans, "execute_tool add").attributes).toEqual({
      ...common,
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "add",
      "gen_ai.tool.call.id": expect.any(String),
      "gen_ai.tool.type": "function",
      "wink.turn": 1,
      "wink.tool.effects": "none",
      "wink.tool.status": "committed",
    });
    const chats = spans.filter(({ name }) => name === "chat m");
    expect(chats.map(({ kind }) => kind)).toEqual(["client", "client"]);
    expect(chats.map(({ attributes }) => attributes)).toEqual(
      [["tool_call"], ["stop"]].map((reasons, index) => ({
        ...common,
        ...asked,
        ...usage,
        "gen_ai.operation.name": "chat",
        "gen_ai.prompt.name": "test:typed",
        "gen_ai.output.type": "json",
        "gen_ai.request.max_tokens": 500,
        "gen_ai.response.id": `scripted-${index + 1}`,
        "gen_ai.response.finish_reasons": reasons,
        "wink.turn": index + 1,
        "wink.attempt": 1,
      })),
    );
    const sum = (name: string): number => chats.reduce((total, { attributes }) => total + Number(attributes[name]), 0);
    for (const name of Object.keys(usage)) expect(agent.attributes[name]).toBe(sum(name));
  });

  test("tell ids and tokens of the cache when they are known, and nothing that is not", async () => {
    const told = { inputTokens: 9, cachedInputTokens: 5, cacheWriteTokens: 3, outputTokens: 2, reasoningTokens: 1 };
    const content = [{ type: "text", text: "Hi." }] as const;
    const answers = [{ usage: told, id: "answer-1", answeredBy: "own-2026-11-27" }, { usage: {} }];
    for (const answer of answers) {
      const model = {
        name: "own",
        provider: "openai",
        generate: async () => ({ message: { role: "assistant", content }, finish: "stop", ...answer }) as const,
      };
      const spans = await spansOf(() => startRun(taskPrompt(), model, { telemetry }).outcome);
      const { attributes } = one(spans, "chat own");
      const known = Object.entries(attributes).filter(([name]) => /usage|response.(id|model)/.test(name));
      if (answer.id === undefined) expect(known).toEqual([]);
      else
        expect(Object.fromEntries(known)).toEqual({
          "gen_ai.response.id": "answer-1",
          "gen_ai.response.model": "own-2026-11-27",
          "gen_ai.usage.input_tokens": 9,
          "gen_ai.usage.cache_read.input_tokens": 5,
          "gen_ai.usage.cache_write.input_tokens": 3,
          "gen_ai.usage.output_tokens": 2,
          "gen_ai.usage.reasoning.output_tokens": 1,
        });
      expect(attributes["gen_ai.provider.name"]).toBe("openai");
    }
  });

  test("stand below the span in which the run is begun", async () => {
    const tracer = api.trace.getTracer("app");
    const spans = await spansOf(() =>
      tracer.startActiveSpan("request", async (span) => {
        await run([], [say("Hi.")]).outcome;
        span.end();
      }),
    );
    expect(treeOf(spans)).toBe("request [invoke_agent test:task [chat m]]");
  });

  test("are one for each handler that runs, at the same time or alone, and each is the active one in its own", async () => {
    const names: string[] = [];
    const seen = tool({
      name: "seen",
      description: "Makes a span.",
      effects: "none",
      params: z.object({ name: z.string() }),
      async handler({ name }) {
        await Promise.resolve();
        api.trace.getTracer("app").startSpan(name).end();
        names.push(name);
        return ok(name);
      },
    });
    const calls = ["x", "y", "z"].map((name) => ({ name: "seen", arguments: { name } }));
    const spans = await spansOfRun([seen], [callTools(calls), say("done")]);
    expect(names).toHaveLength(3);
    const tools = "execute_tool seen [x], execute_tool seen [y], execute_tool seen [z]";
    expect(treeOf(spans)).toBe(`invoke_agent test:task [chat m, chat m, ${tools}]`);
  });

  test("of a subagent stand below that of its call", async () => {
    const child = agentTool(taskPrompt({ key: "child", tools: [add] }), {
      adapter: modelAdapter(named("small", [callTools([adding(1, 2)]), say("3")])),
      description: "Adds.",
    });
    const spans = await spansOfRun([child], [callTools([{ name: "child" }]), say("done")]);
    const below = "execute_tool child [invoke_agent test:child [chat small, chat small, execute_tool add]]";
    expect(treeOf(spans)).toBe(`invoke_agent test:task [chat m, chat m, ${below}]`);
    const call = one(spans, "execute_tool child").attributes["gen_ai.tool.call.id"];
    expect(one(spans, "invoke_agent test:child").attributes).toMatchObject({
      "wink.parent.run.id": "run-1",
      "wink.parent.call.id": call,
    });
  });

  test("tell each attempt, with the code of its error", async () => {
    const unavailable = failWith(failure("MODEL_UNAVAILABLE"));
    const clock = createFakeClock();
    const other = named("other", [say("Hi.")]);
    const options = { clock, throttle: { attempts: 2 }, fallbacks: [other], random: () => 0.5 };
    const spans = await spansOf(async () => {
      const begun = run([], [unavailable, unavailable], options);
      let ended = false;
      void begun.outcome.then(() => (ended = true));
      while (!ended) await clock.advanceAsync(1_000);
    });
    expect(treeOf(spans)).toBe("invoke_agent test:task [chat m, chat m, chat other]");
    const chats = spans.filter(({ name }) => name.startsWith("chat"));
    expect(
      chats.map(({ attributes, failed }) => [attributes["wink.attempt"], attributes["error.type"], failed]),
    ).toEqual([
      [1, "MODEL_UNAVAILABLE", true],
      [2, "MODEL_UNAVAILABLE", true],
      [3, undefined, false],
    ]);
    expect(chats[0]?.attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
    expect(one(spans, "invoke_agent test:task").failed).toBe(false);
  });

  test("are in error when what they tell of failed", async () => {
    const broken = { name: "odd", provider: "odd", generate: () => Promise.reject(new TypeError("what?")) };
    const odd = await spansOf(() => startRun(taskPrompt(), broken, { telemetry }).outcome);
    expect(one(odd, "chat odd").attributes["error.type"]).toBe("RUN_FAILED");
    expect(one(odd, "invoke_agent test:task")).toMatchObject({
      failed: true,
      attributes: { "wink.status": "failed", "error.type": "RUN_FAILED", "wink.turns": 0 },
    });

    const no = tool({ name: "no", description: "Fails.", effects: "none", handler: () => fail("not today") });
    const risky = tool({
      name: "risky",
      description: "Throws outside.",
      effects: "external",
      handler: () => Promise.reject(new Error("cut")),
    });
    const calls = ["no", "faulty", "risky", "gone"].map((name) => ({ name }));
    const spans = await spansOfRun([no, faulty, risky], [callTools(calls), refuse("No.")]);
    const told = spans.flatMap(({ name, failed, message, attributes }) =>
      name.startsWith("execute")
        ? [[name, failed, message, attributes["error.type"], attributes["wink.tool.status"]]]
        : [],
    );
    expect(told.sort()).toEqual([
      ["execute_tool faulty", true, undefined, "TOOL_FAILED", "failed"],
      ["execute_tool no", true, undefined, "TOOL_FAILED", "failed"],
      ["execute_tool risky", true, undefined, "TOOL_FAILED", "unknown"],
    ]);
    expect(one(spans, "invoke_agent test:task").attributes["wink.status"]).toBe("refused");
  });

  test("end when the run is aborted, in a model or in a handler", async () => {
    const inModel = await spansOf(async () => {
      const begun = run([], [silence()]);
      for await (const { type } of begun.events()) if (type === "model/requested") break;
      begun.abort("enough");
      await begun.outcome;
    });
    expect(one(inModel, "chat m")).toMatchObject({ failed: true, attributes: { "error.type": "aborted" } });
    expect(one(inModel, "invoke_agent test:task")).toMatchObject({
      failed: false,
      attributes: { "wink.status": "aborted" },
    });

    const stuck = tool({
      name: "stuck",
      description: "Waits.",
      effects: "none",
      handler: () => new Promise<never>(() => undefined),
    });
    const inHandler = await spansOf(async () => {
      const begun = run([stuck], [callTools([{ name: "stuck" }])]);
      for await (const { type } of begun.events()) if (type === "tool/started") break;
      begun.abort("enough");
      await begun.outcome;
    });
    expect(one(inHandler, "execute_tool stuck")).toMatchObject({
      failed: true,
      attributes: { "wink.tool.status": "failed" },
    });

    const clock = createFakeClock();
    const late = await spansOf(async () => {
      const begun = run([], [silence()], { clock, deadline: deadlineAfter(5_000, clock) });
      for await (const { type } of begun.events()) if (type === "model/requested") break;
      clock.advance(5_000);
      await begun.outcome;
    });
    expect(one(late, "chat m").attributes["error.type"]).toBe("DEADLINE_EXCEEDED");
    expect(one(late, "invoke_agent test:task").attributes).toMatchObject({
      "wink.status": "partial",
      "wink.reason": "deadline",
    });
  });

  test("of a run that waits end with it", async () => {
    const asking = tool({
      name: "asking",
      description: "Asks.",
      effects: "none",
      async handler(_params, { suspend }) {
        await suspend({ question: "May I?", answer: z.boolean() });
        return ok("yes");
      },
    });
    const spans = await spansOfRun([asking], [callTools([{ name: "asking" }])]);
    expect(one(spans, "execute_tool asking")).toMatchObject({
      failed: false,
      attributes: { "wink.tool.status": "suspended" },
    });
    expect(one(spans, "invoke_agent test:task")).toMatchObject({
      failed: false,
      attributes: { "wink.status": "suspended" },
    });
  });
});

describe("a run that goes on", () => {
  const prompt = taskPrompt({ tools: [add] });
  const script = [callTools([adding(1, 2)]), callTools([adding(3, 4)]), say("10")];

  test("has a span of its own, and none for what is recalled", async () => {
    const journal = await cutOffAt("model/responded", prompt, script, 2);
    const adapter = modelAdapter(named("m", script.slice(1)), { telemetry });
    const spans = await spansOf(async () => (await resume(journal, "run-1", { adapter, prompt })).outcome);
    expect(treeOf(spans)).toBe("invoke_agent test:task [chat m, chat m, execute_tool add]");
    const { attributes } = one(spans, "invoke_agent test:task");
    expect(attributes).toMatchObject({
      "wink.resumed": true,
      "wink.run.id": "run-1",
      "wink.status": "completed",
      "wink.turns": 2,
    });
    const attempts = spans.flatMap(({ attributes }) => attributes["wink.attempt"] ?? []);
    expect(attempts).toEqual([2, 1]);
  });

  test("has none when it has ended, nor has a replay, of recorded tools or live ones", async () => {
    const journal = memoryJournal();
    const adapter = modelAdapter(named("m", script), { telemetry });
    await spansOf(() => adapter.run(prompt, { journal, runId: "run-1" }).outcome);
    const again = await spansOf(async () => {
      await (await resume(journal, "run-1", { adapter, prompt })).outcome;
      await replay(journal, "run-1", { prompt });
      await replay(journal, "run-1", { prompt, tools: "live" });
    });
    expect(again).toEqual([]);
  });
});

describe("what was said", () => {
  const asked = { name: "add", arguments: { a: 1234567, b: 7654321 } };
  const script = [callTools([asked]), callTools([{ name: "faulty" }]), say("The sum is enormous.")];

  test("does not leave unless it is asked for", async () => {
    const before = collector.text().length;
    await spansOfRun([add, faulty], script);
    const sent = collector.text().slice(before);
    expect(sent.length).toBeGreaterThan(1_000);
    expect(sent).not.toMatch(/1234567|8888888|enormous|no luck|Do\./);
  });

  test("leaves in the form of the conventions when it is", async () => {
    const spans = await spansOfRun([add, faulty], script, {
      telemetry: openTelemetry(api, { content: true, tracerName: "mine" }),
    });
    expect(new Set(spans.map(({ scope }) => scope))).toEqual(new Set(["mine"]));
    const { attributes } = one(spans, "execute_tool add");
    expect(attributes).toMatchObject({
      "gen_ai.tool.call.arguments": '{"a":1234567,"b":7654321}',
      "gen_ai.tool.call.result": "8888888",
    });
    expect(one(spans, "execute_tool faulty").message).toBe("The tool faulty failed: no luck");
    const chats = spans.filter(({ name }) => name === "chat m").map(({ attributes }) => attributes);
    const id = attributes["gen_ai.tool.call.id"];
    const call = { type: "tool_call", id, name: "add", arguments: asked.arguments };
    expect(JSON.parse(String(chats[0]?.["gen_ai.system_instructions"]))).toEqual([
      { type: "text", content: expect.stringContaining("Do.") },
    ]);
    expect(JSON.parse(String(chats[0]?.["gen_ai.output.messages"]))).toEqual([
      { role: "assistant", parts: [call], finish_reason: "tool_call" },
    ]);
    expect(JSON.parse(String(chats[1]?.["gen_ai.input.messages"]))).toEqual([
      { role: "user", parts: [{ type: "text", content: expect.any(String) }] },
      { role: "assistant", parts: [call] },
      { role: "tool", parts: [{ type: "tool_call_response", id, response: "8888888" }] },
    ]);
  });

  test("is cut where it is long: the last messages are told, as JSON that is whole", async () => {
    const long = tool({ name: "long", description: "Talks.", effects: "none", handler: () => ok("x".repeat(9_000)) });
    const calling = answerWith(() => ({ calls: [{ name: "long" }], text: "y".repeat(50_000) }));
    const content = openTelemetry(api, { content: true });
    const spans = await spansOfRun([long], [calling, callTools([{ name: "long" }, { name: "long" }]), say("z")], {
      telemetry: content,
    });
    const last = spans.filter(({ name }) => name === "chat m").at(-1)?.attributes ?? {};
    const input = String(last["gen_ai.input.messages"]);
    expect(input.length).toBeLessThan(20_000);
    expect(JSON.parse(input)).toMatchObject([
      { role: "tool", parts: [{}, { response: expect.stringMatching(/^x+…$/) }] },
    ]);
    for (const { attributes } of spans)
      for (const value of Object.values(attributes)) expect(String(value).length).toBeLessThan(20_000);
  });
});

describe("without what is needed", () => {
  test.each<[unknown, object, string]>([
    [{}, {}, 'openTelemetry: This cannot be used. Expected `import * as api from "@opentelemetry/api"`.'],
    [undefined, {}, "openTelemetry: This cannot be used."],
    [{ trace: api.trace }, {}, "openTelemetry: This cannot be used."],
    [api, { contents: true }, 'Did you mean "content"?'],
    [api, { content: "yes" }, "openTelemetry, content: This cannot be used. Expected true or false."],
  ])("it is told at once", (given, options, text) => {
    const make = () => openTelemetry(given as typeof api, options); // as: what the types refuse
    expect(thrownBy(make)).toMatchObject({ code: "INPUT_INVALID", message: expect.stringContaining(text) });
  });

  test("a span that nobody takes costs nothing: no SDK is registered", async () => {
    const own = { trace: api.trace, context: api.context };
    api.trace.disable();
    expect(
      await startRun(taskPrompt(), named("m", [say("Hi.")]), { telemetry: openTelemetry(own) }).outcome,
    ).toMatchObject({
      status: "completed",
    });
    api.trace.setGlobalTracerProvider(provider);
  });

  test("nothing is told twice: events and outcome are as without spans", async () => {
    const script = [callTools([adding(1, 2), { name: "gone" }]), say("3")];
    const told = async (options: RunOptions) => {
      const clock = createFakeClock();
      const begun = startRun(taskPrompt({ tools: [add] }), scriptedModel(script), {
        clock,
        runId: "run-1",
        ...options,
      });
      return { events: await eventsOf(begun), outcome: await begun.outcome };
    };
    expect(await told({ telemetry })).toEqual(await told({}));
  });
});

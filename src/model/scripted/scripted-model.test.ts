import { describe, expect, test } from "vitest";
import { WinkError } from "../../base/index.ts";
import type { Message, ModelRequest } from "../index.ts";
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
} from "./index.ts";

const begin: Message = { role: "user", content: [{ type: "text", text: "Begin." }] };
const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: "Add.",
  messages: [begin],
  tools: [{ name: "add", description: "Adds.", parameters: {} }],
  ...more,
});
const open = { signal: new AbortController().signal };
const ask = (entry: ScriptEntry, more?: Partial<ModelRequest>) => scriptedModel([entry]).generate(request(more), open);
const after: readonly Message[] = [
  begin,
  { role: "assistant", content: [{ type: "tool-call", id: "c", name: "add", arguments: "{}" }] },
  { role: "tool", content: [{ type: "tool-result", id: "c", name: "add", text: "sum: 3", failed: false }] },
];

async function mismatchOf(work: Promise<unknown>): Promise<WinkError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!WinkError.is(thrown, "SCRIPT_MISMATCH")) throw new Error(`not a mismatch: ${String(thrown)}`);
  return thrown;
}

describe("answers", () => {
  test("text and JSON end the turn", async () => {
    const content = [{ type: "text", text: "Hi" }];
    expect(await ask(say("Hi"))).toMatchObject({ message: { role: "assistant", content }, finish: "stop" });
    expect(await ask(sayJson({ sum: 3 }))).toMatchObject({ message: { content: [{ text: '{"sum":3}' }] } });
    expect(await ask(say(""))).toMatchObject({ message: { content: [] }, finish: "stop" });
  });

  test("calls are numbered by turn; texts are arguments as they are", async () => {
    const step = callTools([
      { name: "add", arguments: { a: 1 } },
      { name: "add", arguments: '{"a":' },
      { name: "add", id: "own" },
    ]);
    const { message, finish } = await ask(step, { messages: after });
    expect(finish).toBe("tool-calls");
    expect(message.content).toEqual([
      { type: "tool-call", id: "call-2-1", name: "add", arguments: '{"a":1}' },
      { type: "tool-call", id: "call-2-2", name: "add", arguments: '{"a":' },
      { type: "tool-call", id: "own", name: "add", arguments: "{}" },
    ]);
    expect((await ask(callTools([{ name: "add" }], { text: "I add." }))).message.content[0]).toMatchObject({
      text: "I add.",
    });
  });

  test("refusals, cut answers, errors, functions", async () => {
    expect(await ask(refuse("No."))).toMatchObject({ finish: "refusal", message: { content: [{ text: "No." }] } });
    expect(await ask(say("and", { finish: "length" }))).toMatchObject({ finish: "length" });
    const error = new WinkError("MODEL_UNAVAILABLE", { problem: "down" });
    await expect(ask(failWith(error))).rejects.toBe(error);
    expect(await ask(({ system }) => ({ text: system }))).toMatchObject({ message: { content: [{ text: "Add." }] } });
    expect(await ask(answerWith(async () => ({ text: "later" })))).toMatchObject({ finish: "stop" });
  });

  test("equal requests get equal answers", async () => {
    const script = () => scriptedModel([callTools([{ name: "add" }])]);
    expect(await script().generate(request(), open)).toEqual(await script().generate(request(), open));
  });

  test("silence waits for the abort", async () => {
    const controller = new AbortController();
    const answer = scriptedModel([silence()]).generate(request(), controller);
    controller.abort("enough");
    await expect(answer).rejects.toBe("enough");
    await expect(scriptedModel([say("x")]).generate(request(), { signal: AbortSignal.abort("no") })).rejects.toBe("no");
  });
});

describe("strictness", () => {
  test("requests are kept as they were", async () => {
    const model = scriptedModel([say("a")], { name: "toy" });
    const messages = [begin];
    await model.generate(request({ messages }), open);
    messages.push(begin);
    expect(model).toMatchObject({ name: "toy", provider: "scripted", left: 0 });
    expect(model.requests[0]?.messages).toEqual([begin]);
  });

  test("one request too many", async () => {
    const model = scriptedModel([say("a")]);
    await model.generate(request(), open);
    const error = await mismatchOf(model.generate(request({ messages: after }), open));
    expect(error.message).toMatch(/script is over.*sum: 3/);
    expect(error.details).toMatchObject({ steps: 1, request: { messages: 3 } });
    expect(model.requests).toHaveLength(2);
  });

  test("steps left over", async () => {
    const model = scriptedModel([say("a"), callTools([]), () => ({})]);
    await model.generate(request(), open);
    expect(() => model.assertComplete()).toThrow(/step 1 of 3.*2 more requests \(callTools, function\)/);
    await model.generate(request(), open);
    await model.generate(request(), open);
    expect(() => model.assertComplete()).not.toThrow();
  });

  test("a request that fits", async () => {
    const results = [{ name: "add", text: /^sum/, failed: false }];
    const tools = ["add"];
    const pattern = { system: "Add", messages: 3, last: { role: "tool" }, results, tools, output: null };
    expect(await ask(say("ok", { expect: pattern }), { messages: after })).toMatchObject({ finish: "stop" });
    expect(await ask(say("ok", { expect: () => true }))).toMatchObject({ finish: "stop" });
    expect(await ask(say("ok", { expect: () => undefined }))).toMatchObject({ finish: "stop" });
  });

  test.each([
    ["system", { system: "Subtract" }, /step 1 \(say\), system: .*text with "Subtract".*"Add\."/],
    ["number of messages", { messages: 1 }, /messages: .*Expected 1\. Received 3/],
    ["role", { last: { role: "user" } }, /last\.role: .*"user".*"tool"/],
    ["text of results", { last: { text: /total/ } }, /last\.text: .*matching \/total\/.*"sum: 3"/],
    ["number of results", { results: [] }, /results\.length: .*Expected 0\. Received 1/],
    ["name of a result", { results: [{ name: "sub" }] }, /results\[0\]\.name/],
    ["text of a result", { results: [{ text: "4" }] }, /results\[0\]\.text/],
    ["failure of a result", { results: [{ failed: true }] }, /results\[0\]\.failed: .*true.*false/],
    ["tools", { tools: ["add", "sub"] }, /tools: .*"add, sub".*"add"/],
    ["output", { output: "sum" }, /output: .*"sum".*"none"/],
    ["words of a function", () => "a sum in the text", /Expected a sum in the text/],
    ["a function without words", () => false, /what the script's function asks for/],
  ])("a request that does not fit: %s", async (_name, expected, message) => {
    const error = await mismatchOf(ask(say("x", { expect: expected }), { messages: after }));
    expect(error.message).toMatch(message);
    expect(error.details).toMatchObject({ step: 1, request: { tools: ["add"] } });
  });
});

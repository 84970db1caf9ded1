import { describe, expect, test } from "vitest";
import { thrownBy } from "../../../test/support/thrown-by.ts";
import type { ModelRequest } from "../index.ts";
import { invalidAnswer } from "../provider/index.ts";
import { responseOf } from "./response.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const invalid = invalidAnswer(String, "m");
const read = (body: unknown, answerTool?: string) => responseOf(body, { request, answerTool, invalid });
const answer = (content: unknown, more: object = {}) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  content,
  stop_reason: "end_turn",
  ...more,
});
const text = (said: string) => ({ type: "text", text: said, citations: null });
const call = (more: object = {}) => ({ type: "tool_use", id: "c1", name: "add", input: { a: 1 }, ...more });

describe("responseOf reads", () => {
  test("text", () => {
    expect(read(answer([text("Hi"), text(""), text(" you")]))).toEqual({
      message: {
        role: "assistant",
        content: [
          { type: "text", text: "Hi" },
          { type: "text", text: " you" },
        ],
      },
      finish: "stop",
      usage: {},
      id: "msg_1",
    });
    expect(read(answer([])).message.content).toEqual([]);
  });

  test("usage: the input is what was read, written and neither, and what was not told stays unknown", () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 400,
      cache_creation_input_tokens: 30,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
    };
    expect(read(answer([], { usage })).usage).toEqual({
      inputTokens: 440,
      cachedInputTokens: 400,
      cacheWriteTokens: 30,
      outputTokens: 5,
      reasoningTokens: 2,
    });
    const none = { input_tokens: 10, cache_read_input_tokens: null, output_tokens_details: null };
    expect(read(answer([], { usage: none })).usage).toEqual({ inputTokens: 10 });
    expect(read(answer([], { usage: { input_tokens: "many", output_tokens: -1 } })).usage).toEqual({});
    expect(read(answer([], { usage: "much" })).usage).toEqual({});
  });

  test.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["tool_use", "stop"],
    ["pause_turn", "stop"],
    ["something_new", "stop"],
    [null, "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["refusal", "refusal"],
  ])("the end by %s without calls: %s", (reason, finish) => {
    expect(read(answer([text("x")], { stop_reason: reason })).finish).toBe(finish);
  });

  test.each([
    ["tool_use", "tool-calls"],
    ["end_turn", "tool-calls"],
    ["pause_turn", "tool-calls"],
    ["max_tokens", "length"],
  ])("the end by %s with calls: %s", (reason, finish) => {
    expect(read(answer([call()], { stop_reason: reason })).finish).toBe(finish);
  });

  test("a refusal with its explanation, unless there is text", () => {
    const refused = { stop_reason: "refusal", stop_details: { type: "refusal", explanation: "Not this." } };
    expect(read(answer([], refused)).message.content).toEqual([{ type: "text", text: "Not this." }]);
    expect(read(answer([text("I")], refused)).message.content).toEqual([{ type: "text", text: "I" }]);
    expect(read(answer([], { stop_reason: "refusal", stop_details: null })).message.content).toEqual([]);
  });

  test.each([
    ["an object", { a: 1 }, '{"a":1}'],
    ["missing", undefined, "{}"],
    ["null", null, "{}"],
    ["a text, as of a stream that was cut", '{"a":', '{"a":'],
    ["a list", [1], "[1]"],
  ])("input that is %s", (_name, input, expected) => {
    expect(read(answer([call({ input })])).message.content[0]).toMatchObject({ arguments: expected });
  });

  test("blocks that it has no part for, with their places", () => {
    const thinking = { type: "thinking", thinking: "hm", signature: "s" };
    const redacted = { type: "redacted_thinking", data: "x" };
    const { message } = read(answer([thinking, text("A"), redacted, text(""), { type: "new", of: [1] }, call()]));
    expect(message.provider).toEqual({
      provider: "anthropic",
      data: {
        blocks: [
          { at: 0, block: thinking },
          { at: 1, block: redacted },
          { at: 1, block: { type: "new", of: [1] } },
        ],
      },
    });
    expect(read(answer([text("A")])).message).not.toHaveProperty("provider");
  });
});

describe("an answer by a tool", () => {
  const final = (input: unknown) => call({ name: "final_answer", input });

  test("is the text, whatever was said before it", () => {
    const response = read(answer([{ type: "thinking" }, text("Here:"), final({ sum: 3 })]), "final_answer");
    expect(response).toMatchObject({ finish: "stop", message: { content: [{ type: "text", text: '{"sum":3}' }] } });
    expect(response.message.content).toHaveLength(1);
    expect(response.message.provider?.data).toEqual({ blocks: [{ at: 0, block: { type: "thinking" } }] });
  });

  test("counts once, and not beside other calls", () => {
    expect(read(answer([final({ a: 1 }), final({ a: 2 })]), "final_answer").message.content).toEqual([
      { type: "text", text: '{"a":1}' },
    ]);
    const early = read(answer([call(), final({ a: 1 })]), "final_answer");
    expect(early.finish).toBe("tool-calls");
    expect(early.message.content).toEqual([{ type: "tool-call", id: "c1", name: "add", arguments: '{"a":1}' }]);
  });

  test("that was cut off is one of length", () => {
    const cut = read(answer([final('{"a":')], { stop_reason: "max_tokens" }), "final_answer");
    expect(cut).toMatchObject({ finish: "length", message: { content: [{ text: '{"a":' }] } });
  });
});

describe("responseOf refuses", () => {
  test.each([
    ["nothing", undefined, /not JSON\. .*Received nothing/],
    ["a page", "<!doctype html>\n<html><body>It works!</body></html>", /Received <!doctype html> <html>/],
    ["a list", [], /not JSON/],
    ["no content", { id: "x" }, /no content/],
    ["content that is text", answer("Hi"), /no content/],
    ["a block that is null", answer([null]), /Block 0 .* no type/],
    ["a block without a type", answer([text("a"), { text: "b" }]), /Block 1 .* no type/],
    ["a text that is none", answer([{ type: "text", text: 7 }]), /Block 0 is a text without it/],
    ["a call of nothing", answer([call({ name: "" })]), /block 0 .* names no tool/],
  ])("%s", (_name, body, message) => {
    const error = thrownBy(() => read(body));
    expect(error.code).toBe("MODEL_RESPONSE_INVALID");
    expect(error.message).toMatch(message);
  });
});

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
const read = (body: unknown) => responseOf(body, request, invalidAnswer(String, "m"));
const answer = (message: object, more: object = {}, finish_reason = "stop") => ({
  id: "chatcmpl-1",
  choices: [{ index: 0, message: { role: "assistant", content: null, refusal: null, ...message }, finish_reason }],
  ...more,
});
const call = (more: object = {}) => ({
  id: "c1",
  type: "function",
  function: { name: "add", arguments: "{}" },
  ...more,
});

describe("responseOf reads", () => {
  test("text", () => {
    expect(read(answer({ content: "Hi" }))).toEqual({
      message: { role: "assistant", content: [{ type: "text", text: "Hi" }] },
      finish: "stop",
      usage: {},
      id: "chatcmpl-1",
    });
  });

  test("usage, and leaves unknown what was not told", () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    const whole = { inputTokens: 10, cachedInputTokens: 4, cacheWriteTokens: 3, outputTokens: 5, reasoningTokens: 2 };
    expect(read(answer({ content: "x" }, { usage })).usage).toEqual(whole);
    expect(read(answer({ content: "x" }, { usage: { prompt_tokens: 1 } })).usage).toEqual({ inputTokens: 1 });
    expect(read(answer({ content: "x" }, { usage: { prompt_tokens: "many" } })).usage).toEqual({});
  });

  test("tool calls, whatever the server gives as the cause of the end", () => {
    const response = read(answer({ content: "I add.", tool_calls: [call()] }));
    expect(response.finish).toBe("tool-calls");
    expect(response.message.content).toEqual([
      { type: "text", text: "I add." },
      { type: "tool-call", id: "c1", name: "add", arguments: "{}" },
    ]);
    expect(read(answer({ content: "none" }, {}, "tool_calls")).finish).toBe("stop");
  });

  test.each([
    ["missing", undefined, "{}"],
    ["null", null, "{}"],
    ["empty", "", "{}"],
    ["an object", { a: 1 }, '{"a":1}'],
    ["no JSON", '{"a":', '{"a":'],
  ])("arguments that are %s", (_name, given, expected) => {
    const { message } = read(answer({ tool_calls: [call({ function: { name: "add", arguments: given } })] }));
    expect(message.content[0]).toMatchObject({ arguments: expected });
  });

  test("refusals, by the model and by the filter", () => {
    const refused = read(answer({ refusal: "I will not." }));
    expect(refused).toMatchObject({ finish: "refusal", message: { content: [{ text: "I will not." }] } });
    expect(read(answer({ content: "" }, {}, "content_filter"))).toMatchObject({ finish: "refusal" });
  });

  test("an answer that was cut off, also within a call", () => {
    expect(read(answer({ content: "and so" }, {}, "length")).finish).toBe("length");
    expect(read(answer({ tool_calls: [call()] }, {}, "length")).finish).toBe("length");
  });

  test("an empty answer, and content in parts", () => {
    expect(read(answer({})).message.content).toEqual([]);
    const parts = [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "A" },
      { type: "text", text: "B" },
    ];
    expect(read(answer({ content: parts })).message.content).toEqual([{ type: "text", text: "AB" }]);
  });

  test("what the provider wants back", () => {
    const message = {
      reasoning_content: "hm",
      tool_calls: [call(), call({ id: "__proto__", extra_content: { google: { thought_signature: "s" } } })],
    };
    expect(read(answer(message)).message.provider).toEqual({
      provider: "openai",
      data: {
        message: { reasoning_content: "hm" },
        calls: [null, { extra_content: { google: { thought_signature: "s" } } }],
      },
    });
    expect(read(answer({ content: "x", reasoning: "hm" })).message.provider?.data).toEqual({
      message: { reasoning: "hm" },
    });
    expect(read(answer({ content: "x", annotations: [] })).message).not.toHaveProperty("provider");
  });
});

describe("responseOf refuses", () => {
  test.each([
    ["nothing", undefined, /not JSON\. .*Received nothing/],
    ["a page", "<!doctype html>\n<html><body>It works!</body></html>", /Received <!doctype html> <html>/],
    ["a list", [], /not JSON/],
    ["no choices", { id: "x" }, /no choices/],
    ["empty choices", { choices: [] }, /no choices/],
    ["a null message", { choices: [{ message: null }] }, /message is missing/],
    ["calls that are no list", answer({ tool_calls: "add" }), /not a list/],
    ["a call of nothing", answer({ tool_calls: [{ id: "c", type: "function" }] }), /names no function/],
    ["a call that is null", answer({ tool_calls: [null] }), /Tool call 0 .* names no function/],
  ])("%s", (_name, body, message) => {
    const error = thrownBy(() => read(body));
    expect(error.code).toBe("MODEL_RESPONSE_INVALID");
    expect(error.message).toMatch(message);
  });
});

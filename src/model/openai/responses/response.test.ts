import { describe, expect, test } from "vitest";
import { thrownBy } from "../../../../test/support/thrown-by.ts";
import type { ModelRequest } from "../../index.ts";
import { invalidAnswer } from "../../provider/index.ts";
import { responseOf } from "./response.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const read = (body: unknown, stored = false) =>
  responseOf(body, request, { invalid: invalidAnswer(String, "m"), stored });
const answer = (output: readonly object[], more: object = {}) => ({
  id: "resp_1",
  status: "completed",
  output,
  ...more,
});
const said = (text: string, more: object = {}) => ({
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text, annotations: [] }],
  ...more,
});
const call = (more: object = {}) => ({ type: "function_call", call_id: "c1", name: "add", arguments: "{}", ...more });

describe("responseOf reads", () => {
  test("text, and keeps nothing where there is nothing to keep", () => {
    expect(read(answer([said("Hi")]))).toEqual({
      message: { role: "assistant", content: [{ type: "text", text: "Hi" }] },
      finish: "stop",
      usage: {},
      id: "resp_1",
    });
    expect(read({ output: [] })).toEqual({ message: { role: "assistant", content: [] }, finish: "stop", usage: {} });
    expect(read(answer([{ type: "message", content: "plain" }])).message.content).toEqual([
      { type: "text", text: "plain" },
    ]);
  });

  test("usage, and leaves unknown what was not told", () => {
    const usage = {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 15,
    };
    expect(read(answer([], { usage })).usage).toEqual({
      inputTokens: 10,
      cachedInputTokens: 4,
      cacheWriteTokens: 2,
      outputTokens: 5,
      reasoningTokens: 3,
    });
    expect(read(answer([], { usage: { input_tokens: "many", output_tokens_details: 3 } })).usage).toEqual({});
  });

  test("all calls, together with what was said before and between them", () => {
    const response = read(answer([said("I add."), call(), call({ call_id: "c2", arguments: '{"a":' }), said("Both.")]));
    expect(response.finish).toBe("tool-calls");
    expect(response.message.content).toEqual([
      { type: "text", text: "I add." },
      { type: "tool-call", id: "c1", name: "add", arguments: "{}" },
      { type: "tool-call", id: "c2", name: "add", arguments: '{"a":' },
      { type: "text", text: "Both." },
    ]);
  });

  test("calls without an id, with one id twice, without arguments", () => {
    const calls = [call({ call_id: undefined }), call({ arguments: null }), call({ arguments: { a: 1 } })];
    const ids = read(answer(calls)).message.content.map(
      (part) => part.type === "tool-call" && [part.id, part.arguments],
    );
    expect(ids).toEqual([
      [expect.stringMatching(/^call-/), "{}"],
      ["c1", "{}"],
      [expect.stringMatching(/^call-/), '{"a":1}'],
    ]);
  });

  test("a comment beside the final answer as no part of it", () => {
    const output = [said("Let me see.", { phase: "commentary" }), said('{"a":1}', { phase: "final_answer" })];
    const { message } = read(answer(output));
    expect(message.content).toEqual([{ type: "text", text: '{"a":1}' }]);
    expect(message.provider?.data).toMatchObject({
      items: [{ whole: output[0] }, { beside: { phase: "final_answer" } }],
    });
    const [comment] = read(answer([output[0] ?? {}, call()])).message.content;
    expect(comment).toEqual({ type: "text", text: "Let me see." });
  });

  test("reasoning that can go back: with its content, or by its id when the provider keeps it", () => {
    const thoughts = [
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA" },
      { type: "reasoning", id: "rs_2", summary: [], content: [{ type: "reasoning_text", text: "hm" }] },
      { type: "reasoning", id: "rs_3", summary: [], encrypted_content: null },
    ];
    const kept = (stored: boolean) => JSON.stringify(read(answer([...thoughts, said("Hi")]), stored).message.provider);
    expect(kept(false)).toMatch(/rs_1.*rs_2/);
    expect(kept(false)).not.toContain("rs_3");
    expect(kept(true)).toMatch(/rs_1.*rs_2.*rs_3/);
  });

  test("refusals, by the model and by the filter", () => {
    const content = [{ type: "refusal", refusal: "I will not." }];
    expect(read(answer([said("", { content })]))).toMatchObject({
      finish: "refusal",
      message: { content: [{ text: "I will not." }] },
    });
    const incomplete_details = { reason: "content_filter" };
    expect(read(answer([said("and")], { status: "incomplete", incomplete_details })).finish).toBe("refusal");
  });

  test.each(["max_output_tokens", "steered", undefined])("an answer that was cut off: %s", (reason) => {
    const cut = { status: "incomplete", incomplete_details: { reason } };
    expect(read(answer([said("and so")], cut)).finish).toBe("length");
    expect(read(answer([call({ status: "incomplete", arguments: '{"a' })], cut)).finish).toBe("length");
  });
});

describe("responseOf refuses", () => {
  test.each([
    ["nothing", undefined, /not JSON\. .*Received nothing/],
    ["a page", "<html>It works!</html>", /Received <html>It works/],
    ["a chat completion", { choices: [] }, /no output/],
    ["output that is no list", { output: "Hi" }, /no output/],
    ["an answer that goes on", { status: "in_progress", output: [] }, /has not ended/],
    ["an item of nothing", answer([null as unknown as object]), /Item 0 .* has no type/],
    ["an item without a type", answer([said("x"), {}]), /Item 1 .* has no type/],
    ["a call of nothing", answer([call({ name: undefined })]), /Item 0 .* calls no function/],
  ])("%s", (_name, body, message) => {
    const error = thrownBy(() => read(body));
    expect(error.code).toBe("MODEL_RESPONSE_INVALID");
    expect(error.message).toMatch(message);
  });
});

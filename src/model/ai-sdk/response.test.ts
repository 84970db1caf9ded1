import { describe, expect, test } from "vitest";
import { WinkError } from "../../base/index.ts";
import type { ModelRequest } from "../index.ts";
import { invalidAnswer } from "../provider/index.ts";
import { responseOf } from "./response.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const typed: ModelRequest = { ...request, output: { name: "answer", schema: { type: "object" } } };
const context = {
  request,
  from: "acme.chat",
  invalid: invalidAnswer(String, "m"),
  brokenOff: (reason: unknown) => new Error(`broken off: ${String(reason)}`),
};
const read = (result: unknown, asked = request) => responseOf(result, { ...context, request: asked });

const text = { type: "text", text: "Hi" };
const call = { type: "tool-call", toolCallId: "c1", toolName: "add", input: '{"a":1}' };
/** An answer of version 2, and the same of the later ones. */
const flat = (content: readonly object[], finishReason = "stop", more: object = {}) => ({
  content,
  finishReason,
  usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15, reasoningTokens: 2, cachedInputTokens: 4 },
  response: { id: "answer-1" },
  warnings: [],
  ...more,
});
const nested = (content: readonly object[], unified = "stop", more: object = {}) => ({
  ...flat(content),
  finishReason: { unified, raw: "end_turn" },
  usage: {
    inputTokens: { total: 10, noCache: 3, cacheRead: 4, cacheWrite: 3 },
    outputTokens: { total: 5, text: 3, reasoning: 2 },
  },
  ...more,
});

describe("responseOf reads", () => {
  test("text, the cause of the end, usage and id of every version", () => {
    const message = { role: "assistant", content: [text] };
    const usage = { inputTokens: 10, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 };
    expect(read(flat([text]))).toEqual({ message, finish: "stop", usage, id: "answer-1" });
    expect(read(nested([text]))).toEqual({
      message,
      finish: "stop",
      usage: { ...usage, cacheWriteTokens: 3 },
      id: "answer-1",
    });
  });

  test("what was not told stays unknown, and cached tokens that were counted apart are counted in", () => {
    const usage = (given: unknown) => read(flat([text], "stop", { usage: given, response: {} })).usage;
    expect(usage(undefined)).toEqual({});
    expect(usage({ inputTokens: Number.NaN, outputTokens: "many", reasoningTokens: -1 })).toEqual({});
    expect(usage({ inputTokens: { total: undefined, cacheRead: 1 }, outputTokens: null })).toEqual({
      cachedInputTokens: 1,
    });
    expect(usage({ inputTokens: 10, cachedInputTokens: 90 })).toEqual({ inputTokens: 100, cachedInputTokens: 90 });
  });

  test.each([
    ["stop", [text, call], "tool-calls"],
    ["tool-calls", [text], "stop"],
    ["tool-calls", [call], "tool-calls"],
    ["tool-calls", [{ ...call, providerExecuted: true }], "stop"],
    ["length", [call], "length"],
    ["content-filter", [text], "refusal"],
    ["other", [text], "stop"],
    ["unknown", [call], "tool-calls"],
  ])("%s with %j: what came decides", (reason, content, finish) => {
    expect(read(flat(content, reason)).finish).toBe(finish);
    expect(read(nested(content, reason)).finish).toBe(finish);
  });

  test("an answer that was broken off is an error with the provider's word for it", () => {
    expect(() => read(flat([text], "error"))).toThrow("broken off: error");
    expect(() => read(nested([text], "error"))).toThrow("broken off: end_turn");
    expect(() => read(nested([text], "interrupted", { finishReason: { unified: "interrupted" } }))).toThrow(
      "broken off: interrupted",
    );
  });

  test("calls, with an id of their own when the provider gave none or one twice", () => {
    const calls = [call, call, { ...call, toolCallId: undefined }, { ...call, toolCallId: 5 }];
    const ids = (result: object) => read(result).message.content.map((part) => part.type === "tool-call" && part.id);
    const first = ids(flat(calls));
    expect(first[0]).toBe("c1");
    expect(new Set(first).size).toBe(4);
    expect(ids(nested(calls))).toEqual(first);
    expect(ids(flat(calls, "stop", { response: { id: "answer-2" } }))).not.toEqual(first);
  });

  test.each([
    ["missing", undefined, "{}"],
    ["empty", "", "{}"],
    ["an object", { a: 1 }, '{"a":1}'],
    ["no JSON", '{"a":', '{"a":'],
  ])("arguments that are %s", (_name, input, expected) => {
    expect(read(flat([{ ...call, input }])).message.content[0]).toMatchObject({ arguments: expected });
  });

  test("nothing to send back when the message itself says all", () => {
    const sources = [text, call, { type: "source", sourceType: "url", id: "s", url: "https://example.org" }];
    expect(read(flat([...sources, { type: "hologram" }])).message).not.toHaveProperty("provider");
    expect(read(flat([{ type: "reasoning", text: "hm" }, text])).message.provider).toEqual({
      provider: "ai-sdk",
      data: { from: "acme.chat", content: [{ type: "reasoning", text: "hm" }, { own: "text" }] },
    });
  });

  test("the text that the provider chose for the typed answer, and keeps its drafts to send back", () => {
    const drafts = [text, { type: "text", text: '{"a":1}', providerMetadata: { acme: { phase: "final" } } }];
    const chosen = nested(drafts, "stop", { structuredOutputText: '{"a":1}' });
    const { message } = read(chosen, typed);
    expect(message.content).toEqual([{ type: "text", text: '{"a":1}' }]);
    expect(message.provider?.data).toEqual({
      from: "acme.chat",
      content: [text, { type: "text", text: '{"a":1}', providerOptions: { acme: { phase: "final" } } }],
    });
    expect(read({ ...chosen, structuredOutputText: "" }, typed).message.content).toEqual([]);
    expect(read(chosen).message.content).toHaveLength(2);
    expect(read(nested([text, call], "stop", { structuredOutputText: "x" }), typed).message.content).toHaveLength(2);
    expect(read(nested([text], "stop", { structuredOutputText: "Hi" }), typed).message).not.toHaveProperty("provider");
  });
});

describe("responseOf refuses", () => {
  const cycle: Record<string, unknown> = { type: "text" };
  cycle.self = cycle;
  test.each([
    ["nothing", undefined, /no object/],
    ["a text", "<html>", /web page came.*<html>/],
    ["no content", { finishReason: "stop" }, /no content/],
    ["content that is no list", flat("x" as never), /no content/],
    ["no reason", { content: [] }, /why it ended/],
    ["a reason of another kind", { content: [], finishReason: { raw: "x" } }, /why it ended/],
    ["a part that is null", flat([null as never]), /Part 0 of the answer has no type/],
    ["a part without a type", flat([{ text: "x" }]), /has no type/],
    ["text without text", flat([text, { type: "text" }]), /Part 1 of the answer has no `text`/],
    ["text that JSON cannot hold", flat([cycle]), /no `text`/],
    ["a call of nothing", flat([{ ...call, toolName: "" }]), /without a name/],
    ["a call whose input is no JSON", flat([{ ...call, input: { a: 1n } }]), /input in part 0 .*bigint/],
    ["metadata that is no object", flat([{ ...text, providerMetadata: "x" }]), /metadata of part 0/],
    ["metadata that JSON cannot hold", flat([{ ...text, providerMetadata: { a: { b: new Date(0) } } }]), /a Date/],
    ["a file without data", flat([{ type: "file", mediaType: "image/png" }]), /without data/],
    ["a file at no address", flat([{ type: "file", mediaType: "x", data: { type: "url", url: "?" } }]), /without data/],
    ["a result without a call", flat([{ type: "tool-result", toolName: "x", result: 1 }]), /no `toolCallId`/],
    ["a question for approval", flat([{ type: "tool-approval-request", approvalId: "a" }]), /tool of its own/],
  ])("%s", (_name, result, message) => {
    let thrown: unknown;
    try {
      read(result);
    } catch (error) {
      thrown = error;
    }
    expect(WinkError.is(thrown, "MODEL_RESPONSE_INVALID")).toBe(true);
    expect(String(thrown)).toMatch(message);
  });
});

import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { eventStream } from "../../../test/support/event-stream.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type LoopbackAnswer, loopbackOpenAI } from "../../testing/index.ts";
import type { ModelRequest, ModelResponse } from "../index.ts";
import { type OpenAISettings, openaiModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const open = new AbortController().signal;
const key = "a-key-of-no-known-form";

const chunk = (delta: object, more: object = {}) => ({ id: "c", choices: [{ index: 0, delta, ...more }] });
const call = (index: number | undefined, id: string | undefined, name: string | undefined, args?: unknown) =>
  chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: args } }] });
const end = (finish_reason = "stop") => chunk({}, { finish_reason });
const usage = { id: "c", choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } };

/** The answer of a model whose client streams these chunks. */
function streamed(...chunks: readonly unknown[]): Promise<ModelResponse> {
  async function* stream(): AsyncGenerator<unknown> {
    for (const one of chunks) yield one;
  }
  const client = { apiKey: key, chat: { completions: { create: async () => stream() } } };
  return openaiModel({ client, model: "m" }).generate(request, { signal: open, onProgress: () => undefined });
}

const callsIn = ({ message }: ModelResponse) =>
  message.content.flatMap((part) => (part.type === "tool-call" ? [[part.name, part.arguments]] : []));

describe("chunks of servers that differ from OpenAI's", () => {
  test.each([
    [
      "no index at all",
      [call(undefined, "1", "a", "{}"), call(undefined, "2", "b", '{"x":'), call(undefined, "", "", "1}")],
    ],
    ["the same index for all", [call(0, "1", "a", "{}"), call(0, "2", "b", '{"x":1}')]],
    ["indexes that do not begin at 0, in another order", [call(7, "2", "b", '{"x":1}'), call(3, "1", "a", "{}")]],
    ["another id in each piece", [call(0, "1", "a"), call(0, "9", undefined, "{}"), call(1, "2", "b", '{"x":1}')]],
    ["the name in each piece", [call(0, "1", "a", "{"), call(0, "1", "a", "}"), call(1, "2", "b", '{"x":1}')]],
    ["arguments as an object", [call(0, "1", "a", {}), call(1, "2", "b", { x: 1 })]],
    ["arguments that are missing", [call(0, "1", "a", null), call(1, "2", "b", '{"x":1}')]],
  ])("calls with %s", async (_name, chunks) => {
    const response = await streamed(...chunks, end("tool_calls"));
    expect(callsIn(response)).toEqual([
      ["a", "{}"],
      ["b", '{"x":1}'],
    ]);
    expect(response.finish).toBe("tool-calls");
  });

  test("content in parts, usage in each chunk, chunks without choices, other choices", async () => {
    const { message, usage: counts } = await streamed(
      { choices: [], prompt_filter_results: [] },
      { ...chunk({ content: [{ type: "thinking", thinking: "hm" }] }), usage: { completion_tokens: 1 } },
      { ...chunk({ content: [{ type: "text", text: "Hi" }] }), usage: { completion_tokens: 2 } },
      { choices: [{ index: 1, delta: { content: "another" }, finish_reason: "length" }] },
      end(),
    );
    expect(message.content).toEqual([{ type: "text", text: "Hi" }]);
    expect(counts).toEqual({ outputTokens: 2 });
  });

  test("a cause of the end that is empty until the end", async () => {
    const chunks = [chunk({ content: "H" }, { finish_reason: "" }), chunk({}, { finish_reason: "length" })];
    expect((await streamed(...chunks, chunk({}, { finish_reason: "" }))).finish).toBe("length");
    expect((await rejectionOf(streamed(chunks[0]))).code).toBe("MODEL_UNAVAILABLE");
  });

  test("a whole message in one chunk", async () => {
    const chunks = [{ choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] }];
    expect((await streamed(...chunks)).message.content).toEqual([{ type: "text", text: "Hi" }]);
  });

  test("arguments and contents as data that is nested too deep to be written", async () => {
    const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    const response = await streamed(chunk({ content: deep }), call(0, "1", "a", deep), end());
    expect(callsIn(response)).toEqual([["a", "[nested too deep]"]]);
  });

  test("a signature that comes behind the thought that it signs goes back with it", async () => {
    const detail = (more: object) => chunk({ reasoning_details: [{ type: "reasoning.text", index: 0, ...more }] });
    const chunks = [detail({ text: "so ", signature: null }), detail({ text: "it is" }), detail({ signature: "s" })];
    expect((await streamed(...chunks, end())).message.provider?.data).toEqual({
      message: { reasoning_details: [{ type: "reasoning.text", index: 0, text: "so it is", signature: "s" }] },
    });
  });
});

describe("a stream that fails", () => {
  const half = chunk({ content: "half of" });
  test.each([
    ["ends in the middle", [half], "MODEL_UNAVAILABLE", /It broke off\..* Received 7 characters\./],
    ["ends before it begins", [], "MODEL_RESPONSE_INVALID", /before an answer began/],
    ["tells an overload", [half, { error: { message: "busy", code: "server_error" } }], "MODEL_UNAVAILABLE", /busy/],
    ["tells an error in words", [half, { error: "out of memory" }], "MODEL_UNAVAILABLE", /out of memory/],
    ["tells a status", [half, { error: { code: 503, message: "down" } }], "MODEL_UNAVAILABLE", /status 503.*down/],
    [
      "tells a status in the choice",
      [chunk({}, { error: { code: "429", message: "x" } })],
      "MODEL_THROTTLED",
      /too fast/,
    ],
    [
      "ends with an error",
      [half, chunk({}, { finish_reason: "error" })],
      "MODEL_UNAVAILABLE",
      /failed while it answered/,
    ],
    ["tells a limit", [{ error: { code: "rate_limit_exceeded", message: "slow" } }], "MODEL_THROTTLED", /slow/],
    ["tells a used-up quota", [{ error: { code: "insufficient_quota" } }], "MODEL_THROTTLED", /quota/],
    ["refuses", [{ error: { type: "invalid_request_error", message: "no" } }], "MODEL_REJECTED", /refused.*no/],
    ["has a chunk of nothing", [null], "MODEL_RESPONSE_INVALID", /not JSON/],
    ["has calls that are no list", [chunk({ tool_calls: "a" })], "MODEL_RESPONSE_INVALID", /not a list/],
    ["has a call of nothing", [chunk({ tool_calls: [null] })], "MODEL_RESPONSE_INVALID", /not JSON/],
    [
      "has a call without a name",
      [call(0, "1", undefined, "{}"), end()],
      "MODEL_RESPONSE_INVALID",
      /names no function/,
    ],
  ])("%s", async (_name, chunks, code, message) => {
    const error = await rejectionOf(streamed(...chunks));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("shows no key", async () => {
    const error = await rejectionOf(streamed({ error: { code: `bad ${key}`, message: `the key ${key}` } }));
    expect(JSON.stringify(error)).not.toContain(key);
  });
});

describe("over HTTP with the official client", () => {
  async function served(answer: LoopbackAnswer, settings: OpenAISettings = {}) {
    await using server = await loopbackOpenAI({ answers: [answer], apiKey: key });
    const client = new OpenAI({ apiKey: key, baseURL: server.baseURL, maxRetries: 0, logLevel: "off" });
    const seen: number[] = [];
    const onProgress = ({ characters }: { characters: number }) => seen.push(characters);
    const response = await openaiModel({ client, model: "m", settings }).generate(request, {
      signal: open,
      onProgress,
    });
    return { response, seen, body: server.requests[0]?.body };
  }

  test("asks for a stream with its usage, and tells how much has come", async () => {
    const events = [chunk({ content: "Hel" }), chunk({ content: "lo" }), end(), usage];
    const { response, seen, body } = await served(eventStream(events));
    expect(body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(response).toEqual({
      message: { role: "assistant", content: [{ type: "text", text: "Hello" }] },
      finish: "stop",
      usage: { inputTokens: 3, outputTokens: 2 },
      id: "c",
    });
    expect(seen).toEqual([3, 5, 5, 5]);
  });

  test("takes what `extra` says of streams", async () => {
    const whole = { choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] };
    expect((await served({ body: whole }, { extra: { stream: false } })).body).not.toHaveProperty("stream_options");
    const events = [chunk({ content: "Hi" }), end()];
    expect((await served(eventStream(events), { extra: { stream_options: null } })).body.stream_options).toBeNull();
  });

  test("takes a whole answer of a server that knows no streams", async () => {
    const body = { id: "c", choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] };
    const { response } = await served({ body });
    expect(response).toMatchObject({ message: { content: [{ text: "Hi" }] }, id: "c" });
  });

  test.each<[string, LoopbackAnswer, string, RegExp]>([
    ["a choice of nothing", eventStream([{ choices: [null] }]), "MODEL_RESPONSE_INVALID", /cannot read the answer/],
    ["an empty body", { body: "" }, "MODEL_RESPONSE_INVALID", /nothing/],
    [
      "a page",
      { body: "<html>It works!</html>", contentType: "text/html; charset=utf-8" },
      "MODEL_RESPONSE_INVALID",
      /It works/,
    ],
    ["garbage called JSON", { body: "{]" }, "MODEL_RESPONSE_INVALID", /not JSON/],
    ["an error with status 200", { body: { error: { code: 429, message: "later" } } }, "MODEL_THROTTLED", /later/],
  ])("%s", async (_name, answer, code, message) => {
    const error = await rejectionOf(served(answer));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

test("a stream is read no further when the signal aborts, also when the client does not look at it", async () => {
  const controller = new AbortController();
  let pieces = 0;
  async function* long(): AsyncGenerator<unknown> {
    while (pieces < 100) yield chunk({ content: String(pieces++) });
  }
  const model = openaiModel({ client: { chat: { completions: { create: async () => long() } } }, model: "m" });
  const onProgress = () => controller.abort("enough");
  await expect(model.generate(request, { signal: controller.signal, onProgress })).rejects.toBe("enough");
  expect(pieces).toBe(2);
});

test("what the listener throws is no failure of the provider", async () => {
  await using server = await loopbackOpenAI({ answers: [{ say: "Hello" }], apiKey: key });
  const client = new OpenAI({ apiKey: key, baseURL: server.baseURL, maxRetries: 0, logLevel: "off" });
  const error = new TypeError("the listener's own");
  const onProgress = () => {
    throw error;
  };
  await expect(openaiModel({ client, model: "m" }).generate(request, { signal: open, onProgress })).rejects.toBe(error);
});

test("without onProgress nothing is streamed", async () => {
  const bodies: unknown[] = [];
  const create = async (body: unknown) => {
    bodies.push(body);
    return { choices: [{ message: { content: "Hi" } }] };
  };
  await openaiModel({ client: { chat: { completions: { create } } }, model: "m" }).generate(request, { signal: open });
  expect(bodies[0]).not.toHaveProperty("stream");
});

import { inspect } from "node:util";
import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import { eventStream } from "../../../test/support/event-stream.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type LoopbackAnswer, type LoopbackServer, loopbackAnthropic } from "../../testing/index.ts";
import type { GenerateOptions, ModelRequest } from "../index.ts";
import { type AnthropicSettings, anthropicModel } from "./index.ts";

const apiKey = "a-key-of-no-known-form";
const parameters = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
const request: ModelRequest = {
  system: "Add.",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [{ name: "add", description: "Adds.", parameters }],
};
const open = new AbortController().signal;

function modelOf({ baseURL }: { readonly baseURL: string }, settings: AnthropicSettings = {}, timeout = 60_000) {
  const client = new Anthropic({ apiKey, baseURL, maxRetries: 0, timeout, logLevel: "off" });
  return anthropicModel({ client, model: "claude-loopback", settings });
}
const ask = (server: LoopbackServer, options: Partial<GenerateOptions> = {}, settings: AnthropicSettings = {}) =>
  modelOf(server, settings).generate(request, { signal: open, ...options });
const streaming = { onProgress: () => undefined };

const thinking = { type: "thinking", thinking: "", signature: "c2ln" };
const called = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-loopback",
  content: [
    thinking,
    { type: "text", text: "I add." },
    { type: "tool_use", id: "toolu_1", name: "add", input: { a: 1 } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 10, cache_read_input_tokens: 90, cache_creation_input_tokens: 5, output_tokens: 7 },
};
const events = [
  { type: "message_start", message: { ...called, content: [], stop_reason: null } },
  { type: "ping" },
  { type: "content_block_start", index: 0, content_block: { ...thinking, signature: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "c2ln" } },
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "I " } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "add." } },
  { type: "content_block_start", index: 2, content_block: { ...called.content[2], input: {} } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"a": 1}' } },
  { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 7 } },
  { type: "message_stop" },
];

describe("over HTTP with the official client", () => {
  test("the client takes the longest answer, as it comes in a stream", async () => {
    await using server = await loopbackAnthropic({ answers: [eventStream(events, "silent")], apiKey });
    const client = new Anthropic({ apiKey, baseURL: server.baseURL, maxRetries: 0, logLevel: "off" });
    const model = anthropicModel({ client, model: "claude-loopback", settings: { maxOutputTokens: 128_000 } });
    expect(await model.generate(request, { signal: open })).toMatchObject({ finish: "tool-calls" });
  });

  const error = (type: string, message: string) => ({ type, message });
  const faults: Record<string, [LoopbackAnswer, string, RegExp, object?]> = {
    "429 with seconds": [
      { status: 429, error: error("rate_limit_error", "slow down"), headers: { "retry-after": "7" } },
      "MODEL_THROTTLED",
      /slow down.*Wait 7 s/,
      { reason: "rate", retryAfterMs: 7_000, code: "rate_limit_error", requestId: "req_loopback_0" },
    ],
    "429 for a limit of money": [
      {
        status: 429,
        error: { ...error("rate_limit_error", "no"), details: { error_code: "contract_spend_limit_reached" } },
      },
      "MODEL_THROTTLED",
      /quota/,
      { reason: "quota", code: "contract_spend_limit_reached" },
    ],
    "400 for want of money": [
      { status: 400, error: error("invalid_request_error", "Your credit balance is too low to access the API.") },
      "MODEL_THROTTLED",
      /quota/,
      { reason: "quota" },
    ],
    "401": [
      { status: 401, error: error("authentication_error", "invalid x-api-key") },
      "MODEL_REJECTED",
      /ANTHROPIC_API_KEY/,
    ],
    "404": [{ status: 404, error: error("not_found_error", "model: x") }, "MODEL_REJECTED", /"claude-loopback"/],
    "a prompt that is too long": [
      { status: 400, error: error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum") },
      "MODEL_REJECTED",
      /does not fit the model's context window/,
    ],
    "a temperature that is not taken": [
      { status: 400, error: error("invalid_request_error", "`temperature` is deprecated for this model.") },
      "MODEL_REJECTED",
      /Leave `temperature`.* out of the settings/,
    ],
    "a forced call with thinking": [
      {
        status: 400,
        error: error("invalid_request_error", "Thinking may not be enabled when tool_choice forces tool use."),
      },
      "MODEL_REJECTED",
      /`thinking` to "disabled"/,
    ],
    "thinking that the model does not know": [
      { status: 400, error: error("invalid_request_error", "adaptive thinking is not supported on this model") },
      "MODEL_REJECTED",
      /Set `thinking` in the settings/,
    ],
    "a limit that the model does not have": [
      { status: 400, error: error("invalid_request_error", "max_tokens: 128000 > 64000") },
      "MODEL_REJECTED",
      /`maxOutputTokens`/,
    ],
    "a schema that is not taken": [
      { status: 400, error: error("invalid_request_error", "output_config.format.schema: too complex") },
      "MODEL_REJECTED",
      /`outputFormat`.*"tool"/,
    ],
    "an error with status 200": [
      { body: { type: "error", error: error("overloaded_error", "later") } },
      "MODEL_UNAVAILABLE",
      /later/,
    ],
  };
  test.each(Object.entries(faults))("%s", async (_name, [answer, code, message, details = {}]) => {
    await using server = await loopbackAnthropic({ answers: [answer], apiKey });
    const failure = await rejectionOf(ask(server));
    expect(failure).toMatchObject({ code, details });
    expect(failure.message).toMatch(message);
    expect(inspect(failure, { depth: 9 })).not.toContain(apiKey);
  });

  const half = events.slice(0, 7);
  const broken: Record<string, [LoopbackAnswer, string, RegExp]> = {
    "an error within it": [
      eventStream([...half, { type: "error", error: error("overloaded_error", `Overloaded for ${apiKey}`) }], "silent"),
      "MODEL_UNAVAILABLE",
      /status 529.*Overloaded for \[key\]/,
    ],
    "too many requests within it": [
      eventStream([{ type: "error", error: error("rate_limit_error", "slow") }], "silent"),
      "MODEL_THROTTLED",
      /slow/,
    ],
    "a type of error that nobody knows": [
      eventStream([{ type: "error", error: error("new_error", "?") }], "silent"),
      "MODEL_UNAVAILABLE",
      /status 500/,
    ],
  };
  test.each(Object.entries(broken))("a stream with %s", async (_name, [answer, code, message]) => {
    await using server = await loopbackAnthropic({ answers: [answer], apiKey });
    const failure = await rejectionOf(ask(server, streaming));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(inspect(failure, { depth: 9 })).not.toContain(apiKey);
  });

  test("the client's own time-out", async () => {
    await using server = await loopbackAnthropic({ answers: [{ fault: "silence" }], apiKey });
    const failure = await rejectionOf(modelOf(server, {}, 30).generate(request, { signal: open }));
    expect(failure).toMatchObject({ code: "MODEL_UNAVAILABLE", message: expect.stringMatching(/not answer in time/) });
  });
});

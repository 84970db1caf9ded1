import { describe, expect, test } from "vitest";
import type { GenerateOptions, ModelRequest } from "../index.ts";
import { type AnthropicBody, type AnthropicSettings, anthropicModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const open = new AbortController().signal;
const start = {
  type: "message_start",
  message: { id: "m", content: [], usage: { input_tokens: 3, output_tokens: 1 } },
};
const block = (index: unknown, content_block: unknown = { type: "text", text: "" }) => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: unknown, given: unknown) => ({ type: "content_block_delta", index, delta: given });
const said = (text: unknown) => delta(0, { type: "text_delta", text });
const stop = { type: "message_stop" };

async function* streamOf(events: readonly unknown[]): AsyncGenerator<unknown> {
  yield* events;
}

/** What a model makes of events; the client is asked for a stream by asking for progress. */
function read(events: readonly unknown[], options: Partial<GenerateOptions> = {}) {
  const model = anthropicModel({ client: { messages: { create: async () => streamOf(events) } }, model: "m" });
  return model.generate(request, { signal: open, onProgress: () => undefined, ...options });
}

describe("a stream", () => {
  test("tells progress in characters of text, reasoning and arguments", async () => {
    const seen: number[] = [];
    const events = [
      start,
      block(0, { type: "thinking", thinking: "a", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "bc" }),
      delta(0, { type: "signature_delta", signature: "s" }),
      block(1),
      delta(1, { type: "text_delta", text: "defg" }),
      { type: "ping" },
      block(2, { type: "tool_use", id: "c", name: "add", input: {} }),
      delta(2, { type: "input_json_delta", partial_json: "" }),
      delta(2, { type: "input_json_delta", partial_json: '{"a": 1.0}' }),
      stop,
    ];
    const response = await read(events, { onProgress: ({ characters }) => void seen.push(characters) });
    expect(seen).toEqual([0, 1, 3, 3, 3, 7, 7, 7, 7, 17, 17]);
    expect(response.message.content[1]).toMatchObject({ arguments: '{"a":1}' });
    expect(response.message.provider?.data).toMatchObject({
      blocks: [{ at: 0, block: { thinking: "abc", signature: "s" } }],
    });
  });

  test("leaves arguments that were cut off as they came", async () => {
    const events = [
      start,
      block(0, { type: "tool_use", id: "c", name: "add", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"a":' }),
      { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage: { output_tokens: 9, input_tokens: null } },
      stop,
    ];
    const response = await read(events);
    expect(response).toMatchObject({ finish: "length", usage: { inputTokens: 3, outputTokens: 9 } });
    expect(response.message.content[0]).toMatchObject({ arguments: '{"a":' });
  });

  test("is read to its end, so that its connection can be used again; what comes after the last event counts nothing", async () => {
    let isRead = false;
    async function* longer(): AsyncGenerator<unknown> {
      yield* [start, stop, { type: "error", error: {} }, "odd"];
      isRead = true;
    }
    const model = anthropicModel({ client: { messages: { create: async () => longer() } }, model: "m" });
    expect(await model.generate(request, { signal: open, onProgress: () => undefined })).toMatchObject({ id: "m" });
    expect(isRead).toBe(true);
  });

  test.each([
    [{ type: "overloaded_error", message: "Overloaded" }, "MODEL_UNAVAILABLE", 529],
    [{ type: "rate_limit_error", message: "slow" }, "MODEL_THROTTLED", 429],
    [{ type: "invalid_request_error", message: "prompt is too long: 2 tokens > 1" }, "MODEL_REJECTED", 400],
    [{ type: "never_heard_of" }, "MODEL_UNAVAILABLE", 500],
  ])("with the error %j is that error", async (error, code, status) => {
    const events = [start, block(0), said("half"), { type: "error", error }];
    await expect(read(events)).rejects.toMatchObject({ code, details: { status } });
  });

  test("with an error in words tells them", async () => {
    const failing = read([start, block(0), said("half"), { type: "error", error: "out of memory" }]);
    await expect(failing).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
      message: expect.stringMatching(/failed while it answered.*out of memory/),
    });
  });

  test.each([
    ["nothing", []],
    ["an event that is none", ["text"]],
    ["no beginning", [block(0), said("a"), stop]],
    ["an end without a beginning", [{ type: "message_delta", delta: {} }, stop]],
    ["two beginnings", [start, start]],
    ["a beginning of nothing", [{ type: "message_start" }]],
    ["a block twice", [start, block(0), block(0)]],
    ["a block at no place", [start, block("0")]],
    ["a block that is none", [start, block(0, null)]],
    ["more of a block that has not begun", [start, said("a")]],
    ["more that is nothing", [start, block(0), delta(0, null)]],
    ["a text that is none", [start, block(0, { type: "text", text: 7 }), stop]],
  ])("of another form is refused: %s", async (_name, events) => {
    await expect(read(events)).rejects.toMatchObject({ code: "MODEL_RESPONSE_INVALID" });
  });

  test("that brings pieces of no text is read without them", async () => {
    const response = await read([start, block(0), said(7), said("a"), delta(0, { type: "new", of: 1 }), stop]);
    expect(response.message.content).toEqual([{ type: "text", text: "a" }]);
  });

  test("ends with the signal's reason when that aborts", async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort("enough");
    const events = [start, block(0), said("a"), said("b"), stop];
    await expect(read(events, { signal: controller.signal, onProgress })).rejects.toBe("enough");
  });

  test("is no failure of the provider when the listener throws", async () => {
    const error = new Error("the listener's own");
    const onProgress = (): void => {
      throw error;
    };
    await expect(read([start, block(0), stop], { onProgress })).rejects.toBe(error);
  });
});

describe("a stream is asked for", () => {
  async function bodySent(settings: AnthropicSettings, options: Partial<GenerateOptions> = {}): Promise<AnthropicBody> {
    let sent: AnthropicBody | undefined;
    const create = async (body: AnthropicBody): Promise<unknown> => {
      sent = body;
      return { content: [] };
    };
    const model = anthropicModel({ client: { messages: { create } }, model: "m", settings });
    await model.generate(request, { signal: open, ...options });
    if (sent === undefined) throw new Error("nothing was sent");
    return sent;
  }

  test("when progress is, or when the answer may be too long to wait for", async () => {
    expect(await bodySent({})).not.toHaveProperty("stream");
    expect(await bodySent({}, { onProgress: () => undefined })).toHaveProperty("stream", true);
    expect(await bodySent({ maxOutputTokens: 21_333 })).not.toHaveProperty("stream");
    expect(await bodySent({ maxOutputTokens: 21_334 })).toHaveProperty("stream", true);
  });

  test("or not, as `extra` says; whatever the client gives is read", async () => {
    expect(await bodySent({ extra: { stream: false } }, { onProgress: () => undefined })).toHaveProperty(
      "stream",
      false,
    );
    const client = { messages: { create: async () => streamOf([start, block(0), said("Hi"), stop]) } };
    const model = anthropicModel({ client, model: "m", settings: { extra: { stream: true } } });
    expect(await model.generate(request, { signal: open })).toMatchObject({ message: { content: [{ text: "Hi" }] } });
  });
});

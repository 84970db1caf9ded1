import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { MockLanguageModelV3, MockLanguageModelV4 } from "ai/test";
import { describe, expect, test } from "vitest";
import { type JsonObject, type Logger, WinkError } from "../../base/index.ts";
import { type LoopbackAnswer, type LoopbackServer, loopbackOpenAI } from "../../testing/loopback/index.ts";
import type { Message, ModelRequest, ModelResponse } from "../index.ts";
import { type AiSdkLanguageModel, aiSdkModel } from "./index.ts";

const parameters = {
  type: "object",
  properties: { a: { type: "integer" }, b: { type: "integer" } },
  required: ["a", "b"],
  additionalProperties: false,
};
const output = {
  name: "sum",
  schema: { type: "object", properties: { sum: { type: "integer" } }, required: ["sum"], additionalProperties: false },
};
const request: ModelRequest = {
  system: "Add.",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [{ name: "add", description: "Adds two numbers.", parameters }],
  output,
};
const open = new AbortController().signal;

function modelOf({ baseURL, apiKey }: Pick<LoopbackServer, "baseURL" | "apiKey">, more: { apiKey?: string } = {}) {
  const provider = createOpenAICompatible({ name: "local", baseURL, apiKey, supportsStructuredOutputs: true, ...more });
  return aiSdkModel({ model: provider("loopback-1") });
}

async function failureOf(work: Promise<unknown>): Promise<WinkError> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!WinkError.is(thrown)) throw new Error(`not an error of the library: ${inspect(thrown)}`);
  return thrown;
}

/** The conversation after the calls of an answer got their results. */
function afterCalls({ message }: ModelResponse): readonly Message[] {
  const results = message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [{ type: "tool-result", id: part.id, name: part.name, text: "3", failed: false } as const]
      : [],
  );
  return [...request.messages, message, { role: "tool", content: results }];
}

describe("over HTTP with a provider of the AI SDK", () => {
  test("a conversation with calls ends in an answer of the form asked for", async () => {
    const calls = [
      { name: "add", arguments: { a: 1, b: 2 } },
      { name: "add", arguments: { a: 3, b: 4 } },
    ];
    const answers = [{ calls, usage: { outputTokens: 20, reasoningTokens: 5 } }, { json: { sum: 10 } }];
    await using server = await loopbackOpenAI({ answers, model: "loopback-1" });
    const model = modelOf(server);
    expect(model).toMatchObject({ name: "loopback-1", provider: "ai-sdk" });
    const first = await model.generate(request, { signal: open });
    expect(first).toMatchObject({
      finish: "tool-calls",
      id: "chatcmpl-loopback-0",
      usage: { cachedInputTokens: 0, outputTokens: 20, reasoningTokens: 5 },
    });
    const second = await model.generate({ ...request, messages: afterCalls(first) }, { signal: open });
    expect(second).toMatchObject({ finish: "stop", message: { content: [{ text: '{"sum":10}' }] } });
    expect(second.usage.cachedInputTokens).toBeGreaterThan(0);
    expect(server.violations).toEqual([]);
    const [begun, ended] = server.requests.map(({ body }) => body);
    expect(begun.response_format.json_schema).toMatchObject({ name: "sum", schema: output.schema });
    expect(begun.tools[0].function).toMatchObject({ name: "add", parameters });
    expect(ended.messages.map(({ role }: { role: string }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "tool",
    ]);
    expect(ended.messages[2].tool_calls[0].function.arguments).toBe('{"a":1,"b":2}');
  });

  const reasoned = {
    id: "r1",
    choices: [
      {
        message: {
          role: "assistant",
          content: "Hi",
          reasoning_content: "hm",
          tool_calls: [
            {
              id: "c1",
              type: "function",
              function: { name: "add", arguments: '{"a":1,"b":2}' },
              extra_content: { google: { thought_signature: "sig" } },
            },
          ],
        },
        finish_reason: "tool_calls",
      },
    ],
  };

  test("reasoning and signatures go back with the message", async () => {
    await using server = await loopbackOpenAI({ answers: [{ body: reasoned }, { json: { sum: 3 } }] });
    const model = modelOf(server);
    const first = await model.generate(request, { signal: open });
    expect(first.usage).toEqual({});
    const messages: readonly Message[] = JSON.parse(JSON.stringify(afterCalls(first))); // as a journal keeps them
    await model.generate({ ...request, messages }, { signal: open });
    expect(server.requests[1]?.body.messages[2]).toMatchObject({
      reasoning_content: "hm",
      tool_calls: [{ id: "c1", extra_content: { google: { thought_signature: "sig" } } }],
    });
    expect(server.violations).toEqual([]);
  });

  const faults: Record<string, [LoopbackAnswer, string, RegExp]> = {
    "429 with seconds": [{ status: 429, headers: { "retry-after": "7" } }, "MODEL_THROTTLED", /Wait 7 s/],
    "429 for money": [
      { status: 429, error: { code: "insufficient_quota", message: "pay" } },
      "MODEL_THROTTLED",
      /quota/,
    ],
    "500": [{ status: 500, error: { message: "oh no" } }, "MODEL_UNAVAILABLE", /status 500.*oh no/],
    "503 with a page": [{ status: 503, text: "<html>busy</html>" }, "MODEL_UNAVAILABLE", /<html>busy/],
    "400": [{ status: 400, error: { message: "bad schema" } }, "MODEL_REJECTED", /bad schema/],
    "a page instead of an answer": [
      { body: "<html>It works!</html>", contentType: "text/html" },
      "MODEL_RESPONSE_INVALID",
      /It works/,
    ],
    "garbage called JSON": [{ body: "{]" }, "MODEL_RESPONSE_INVALID", /\{\]/],
    "an empty answer": [{ body: "" }, "MODEL_RESPONSE_INVALID", /cannot be read/],
    "JSON of another kind": [{ body: { models: [] } }, "MODEL_RESPONSE_INVALID", /models/],
    "an error with status 200": [{ body: { error: { code: 429, message: "later" } } }, "MODEL_THROTTLED", /later/],
    "half an answer": [{ fault: "half" }, "MODEL_UNAVAILABLE", /connection .* failed/i],
    "a dropped connection": [{ fault: "drop" }, "MODEL_UNAVAILABLE", /connection .* failed/i],
  };
  test.each(Object.entries(faults))("%s", async (_name, [answer, code, message]) => {
    await using server = await loopbackOpenAI({ answers: [answer] });
    const error = await failureOf(modelOf(server).generate(request, { signal: open }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(server.apiKey);
    expect(server.requests.length).toBeLessThan(2);
  });

  test("a wrong key is told, but not shown", async () => {
    await using server = await loopbackOpenAI({ answers: [] });
    const apiKey = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789";
    const error = await failureOf(modelOf(server, { apiKey }).generate(request, { signal: open }));
    expect(error).toMatchObject({ code: "MODEL_REJECTED", details: { status: 401, code: "invalid_api_key" } });
    expect(error.message).toMatch(/Incorrect API key.*`apiKey`/);
    expect([String(error), inspect(error, { depth: 9, showHidden: true })].join()).not.toContain(apiKey);
  });

  test("a server that is not there", async () => {
    const server = await loopbackOpenAI({ answers: [] });
    await server[Symbol.asyncDispose]();
    const error = await failureOf(modelOf(server).generate(request, { signal: open }));
    expect(error.code).toBe("MODEL_UNAVAILABLE");
    expect(error.message).toContain(server.baseURL);
  });

  test("an abort ends the wait for a silent server with the signal's reason", async () => {
    await using server = await loopbackOpenAI({ answers: [{ fault: "silence" }] });
    const controller = new AbortController();
    const reason = new WinkError("DEADLINE_EXCEEDED", { problem: "over" });
    const answer = modelOf(server).generate(request, { signal: controller.signal });
    void server.arrived(0).then(() => controller.abort(reason));
    await expect(answer).rejects.toBe(reason);
  });

  test("an aborted signal sends nothing", async () => {
    await using server = await loopbackOpenAI({ answers: [{ say: "?" }] });
    await expect(modelOf(server).generate(request, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
    expect(server.requests).toEqual([]);
  });
});

/** A server that sends events, and tells when the connection of the first request is closed by the client. */
async function eventServer(events: readonly unknown[], ends: boolean) {
  const server = createServer((message, response) => {
    message.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (ends) response.end("data: [DONE]\n\n");
    server.emit("asked", once(response, "close"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // as: a TCP server's address is never a text
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    apiKey: "k",
    closed: once(server, "asked").then(([closed]) => closed as Promise<unknown>), // as: emitted above
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("over HTTP as a stream", () => {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: "s1",
    choices: [{ index: 0, delta, finish_reason }],
  });
  const call = (more: object) => chunk({ tool_calls: [{ index: 0, ...more }] });

  test("gives the same as the whole", async () => {
    const events = [
      chunk({ role: "assistant", reasoning_content: "h" }),
      chunk({ reasoning_content: "m" }),
      chunk({ content: "H" }),
      chunk({ content: "i" }),
      call({
        id: "c1",
        type: "function",
        function: { name: "add", arguments: "" },
        extra_content: { google: { thought_signature: "sig" } },
      }),
      call({ function: { arguments: '{"a":1,' } }),
      call({ function: { arguments: '"b":2}' } }),
      chunk({}, "tool_calls"),
    ];
    const message = {
      role: "assistant",
      content: "Hi",
      reasoning_content: "hm",
      tool_calls: [
        {
          id: "c1",
          type: "function",
          function: { name: "add", arguments: '{"a":1,"b":2}' },
          extra_content: { google: { thought_signature: "sig" } },
        },
      ],
    };
    const body = { id: "s1", choices: [{ message, finish_reason: "tool_calls" }] };
    await using server = await eventServer(events, true);
    await using whole = await loopbackOpenAI({ answers: [{ body }] });
    const progress: number[] = [];
    const onProgress = ({ characters }: { characters: number }): void => void progress.push(characters);
    const streamed = await modelOf(server).generate(request, { signal: open, onProgress });
    expect(streamed).toEqual(await modelOf(whole).generate(request, { signal: open }));
    expect(streamed.message.provider?.data).toMatchObject({ from: "local.chat" });
    expect(progress.at(-1)).toBe("hmHi".length + '{"a":1,"b":2}'.length);
  });

  test("is closed when it tells an error, or when the signal aborts", async () => {
    {
      await using server = await eventServer([chunk({ content: "H" }), { error: { message: "oh no" } }], false);
      const error = await failureOf(modelOf(server).generate(request, { signal: open, onProgress: () => undefined }));
      expect(error).toMatchObject({ code: "MODEL_UNAVAILABLE", retryable: true });
      expect(error.message).toContain("oh no");
      await await server.closed;
    }
    await using server = await eventServer([chunk({ content: "H" })], false);
    const controller = new AbortController();
    const onProgress = (): void => controller.abort("stop");
    await expect(modelOf(server).generate(request, { signal: controller.signal, onProgress })).rejects.toBe("stop");
    await await server.closed;
  });

  test("that ends within the answer is an error", async () => {
    await using server = await eventServer([chunk({ content: "H" })], true);
    const error = await failureOf(modelOf(server).generate(request, { signal: open, onProgress: () => undefined }));
    expect(error).toMatchObject({ code: "MODEL_UNAVAILABLE", retryable: true });
  });
});

describe("models of each version", () => {
  const content = [{ type: "text" as const, text: "Hi" }];
  const usage = {
    inputTokens: { total: 9, noCache: 2, cacheRead: 3, cacheWrite: 4 },
    outputTokens: { total: 5, text: 4, reasoning: 1 },
  };
  const read = { inputTokens: 9, cachedInputTokens: 3, outputTokens: 5, reasoningTokens: 1 };
  const finishReason = { unified: "stop" as const, raw: "end_turn" };
  const flat = { inputTokens: 9, outputTokens: 5, totalTokens: 14, reasoningTokens: 1, cachedInputTokens: 3 };
  const image: ModelRequest = {
    ...request,
    messages: [{ role: "user", content: [{ type: "image", mediaType: "image/png", data: "AAAA" }] }],
  };

  test("2, as a plain object", async () => {
    const asked: unknown[] = [];
    const model: AiSdkLanguageModel = {
      specificationVersion: "v2",
      provider: "acme.chat",
      modelId: "acme-1",
      doGenerate: async (options) => {
        asked.push(options.prompt.at(-1)?.content);
        return { content, finishReason: "stop", usage: flat, warnings: [] };
      },
      doStream: () => Promise.reject(new Error("not asked to stream")),
    };
    const answer = await aiSdkModel({ model }).generate(image, { signal: open });
    expect(answer).toEqual({ message: { role: "assistant", content }, finish: "stop", usage: read });
    expect(asked).toEqual([[{ type: "file", mediaType: "image/png", data: "AAAA" }]]);
  });

  test("3, as the SDK's own fake", async () => {
    const model = new MockLanguageModelV3({ doGenerate: { content, finishReason, usage, warnings: [] } });
    const answer = await aiSdkModel({ model }).generate(image, { signal: open });
    expect(answer.usage).toEqual({ ...read, cacheWriteTokens: 4 });
    expect(model.doGenerateCalls[0]?.prompt.at(-1)?.content).toMatchObject([{ data: "AAAA" }]);
    expect(model.doGenerateCalls[0]?.abortSignal).toBe(open);
  });

  test("4, as the SDK's own fake", async () => {
    const model = new MockLanguageModelV4({ doGenerate: { content, finishReason, usage, warnings: [] } });
    const answer = await aiSdkModel({ model }).generate(image, { signal: open });
    expect(answer.usage).toEqual({ ...read, cacheWriteTokens: 4 });
    expect(model.doGenerateCalls[0]?.prompt.at(-1)?.content).toMatchObject([{ data: { type: "data", data: "AAAA" } }]);
  });

  test("and nothing else", () => {
    for (const model of ["openai/gpt-5.2", undefined, {}, { specificationVersion: "v1" }]) {
      const make = (): unknown => aiSdkModel({ model: model as never }); // as: what a user without types may pass
      expect(make).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
    }
  });
});

test("warnings are logged, each once, and stop nothing", async () => {
  const logged: (JsonObject | undefined)[] = [];
  const logger: Logger = { log: (_level, _event, facts) => void logged.push(facts) };
  const model = new MockLanguageModelV4({
    modelId: "acme-1",
    provider: "acme.chat",
    doGenerate: async () => ({
      content: [],
      finishReason: { unified: "stop", raw: undefined },
      usage: { inputTokens: {}, outputTokens: {} } as never, // as: what is missing stays unknown
      warnings: [{ type: "unsupported", feature: "topK" }],
    }),
  });
  const own = aiSdkModel({ model, logger });
  await own.generate(request, { signal: open });
  await own.generate(request, { signal: open });
  expect(logged).toEqual([
    { provider: "acme.chat", model: "acme-1", warning: 'object {"type":"unsupported","feature":"topK"}' },
  ]);
});

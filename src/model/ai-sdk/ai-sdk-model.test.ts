import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { MockLanguageModelV3, MockLanguageModelV4 } from "ai/test";
import { describe, expect, test } from "vitest";
import { eventStream } from "../../../test/support/event-stream.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import type { JsonObject, Logger } from "../../base/index.ts";
import { type LoopbackServer, loopbackOpenAI } from "../../testing/loopback/index.ts";
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

function modelOf({ baseURL, apiKey }: LoopbackServer) {
  const provider = createOpenAICompatible({ name: "local", baseURL, apiKey, supportsStructuredOutputs: true });
  return aiSdkModel({ model: provider("loopback-1") });
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

  test("an error with status 200", async () => {
    await using server = await loopbackOpenAI({ answers: [{ body: { error: { code: 429, message: "later" } } }] });
    const error = await rejectionOf(modelOf(server).generate(request, { signal: open }));
    expect(error.code).toBe("MODEL_THROTTLED");
    expect(error.message).toContain("later");
  });
});

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
    await using server = await loopbackOpenAI({ answers: [eventStream(events), { body }] });
    const progress: number[] = [];
    const onProgress = ({ characters }: { characters: number }): void => void progress.push(characters);
    const streamed = await modelOf(server).generate(request, { signal: open, onProgress });
    expect(streamed).toEqual(await modelOf(server).generate(request, { signal: open }));
    expect(streamed.message.provider?.data).toMatchObject({ from: "local.chat" });
    expect(progress.at(-1)).toBe("hmHi".length + '{"a":1,"b":2}'.length);
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

import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { type LoopbackAnswer, type LoopbackLiteLLMOptions, type LoopbackServer, loopbackLiteLLM } from "../index.ts";

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

const plain: Body = { model: "anthropic/claude-x", messages: [{ role: "user", content: "Hello" }] };
const clientOf = ({ apiKey, baseURL }: LoopbackServer): OpenAI =>
  new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
const start = (answers: LoopbackAnswer[], more: Partial<LoopbackLiteLLMOptions> = {}): Promise<LoopbackServer> =>
  loopbackLiteLLM({ answers, ...more });
const errorOf = async (work: PromiseLike<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return error;
  }
};

describe("loopbackLiteLLM", () => {
  test("answers below its base path, by the model that stands behind the name", async () => {
    await using server = await start([{ say: "Hello" }, { say: "Hello" }], { basePath: "/llm" });
    expect(server.baseURL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/llm\/v1$/);
    const { data, response } = await clientOf(server).chat.completions.create(plain).withResponse();
    expect(data).toMatchObject({ model: "claude-x", choices: [{ message: { content: "Hello" } }] });
    expect(response.headers.get("x-litellm-call-id")).toBe("call-loopback-0");
    expect(response.headers.get("x-litellm-model-id")).toBe("model-loopback");
    const without = new OpenAI({ apiKey: server.apiKey, baseURL: server.baseURL.replace(/\/v1$/, ""), maxRetries: 0 });
    expect(await without.chat.completions.create(plain)).toMatchObject({ model: "claude-x" });
  });

  test("tells the cost in a header, or with the usage of a stream", async () => {
    const usage = { inputTokens: 100, outputTokens: 25 };
    const answers = [0, 1].map(() => ({ say: "Hello", usage }));
    await using server = await start([...answers, ...answers]);
    const client = clientOf(server);
    const whole = await client.chat.completions.create(plain).withResponse();
    expect(whole.response.headers.get("x-litellm-response-cost")).toBe("0.0002");
    const stream = { ...plain, stream: true, stream_options: { include_usage: true } } as const;
    const { data, response } = await client.chat.completions.create(stream).withResponse();
    expect(response.headers.get("x-litellm-response-cost")).toBeNull();
    const told: unknown[] = [];
    for await (const chunk of data) if (chunk.usage) told.push(chunk.usage);
    expect(told).toMatchObject([{ prompt_tokens: 100, cost: 0.0002 }]);
    await using dear = await start(answers, { cost: ({ outputTokens }) => outputTokens });
    const { response: paid } = await clientOf(dear).chat.completions.create(plain).withResponse();
    expect(paid.headers.get("x-litellm-response-cost")).toBe("25");
  });

  test("has errors of its own form", async () => {
    await using server = await start([
      { status: 429, headers: { "retry-after": "3" } },
      { status: 400, error: { type: "budget_exceeded" } },
      { status: 529 },
    ]);
    const client = clientOf(server);
    expect(await errorOf(client.chat.completions.create(plain))).toMatchObject({
      status: 429,
      code: "429",
      type: "throttling_error",
      param: null,
      message: expect.stringContaining("litellm.RateLimitError: RateLimitError: OpenAIException"),
    });
    expect(await errorOf(client.chat.completions.create(plain))).toMatchObject({
      status: 400,
      code: "400",
      type: "budget_exceeded",
      message: expect.stringContaining("Budget has been exceeded!"),
    });
    expect(await errorOf(client.chat.completions.create(plain))).toMatchObject({ status: 529, type: null });
    const stranger = new OpenAI({ apiKey: "other", baseURL: server.baseURL, maxRetries: 0 });
    expect(await errorOf(stranger.chat.completions.create(plain))).toMatchObject({ status: 401, type: "auth_error" });
    await using choosy = await start([], { model: "openai/gpt-x" });
    expect(await errorOf(clientOf(choosy).chat.completions.create(plain))).toMatchObject({
      status: 400,
      message: expect.stringContaining("Invalid model name passed in model=anthropic/claude-x"),
    });
  });

  test("gives thinking blocks, and sees whether they come back unchanged", async () => {
    const thoughtful: LoopbackAnswer = { say: "Yes.", thinking: "Let me see …" };
    await using server = await start([thoughtful, thoughtful, { say: "Fine." }, { say: "?" }]);
    const client = clientOf(server);
    const { choices } = await client.chat.completions.create(plain);
    const message = choices[0]?.message as OpenAI.ChatCompletionMessage & { thinking_blocks: object[] };
    expect(message).toMatchObject({
      reasoning_content: "Let me see …",
      thinking_blocks: [{ type: "thinking", thinking: "Let me see …", signature: expect.stringMatching(/^signed-/) }],
    });
    let thinking = "";
    const signatures = new Set<unknown>();
    for await (const chunk of await client.chat.completions.create({ ...plain, stream: true })) {
      const delta = chunk.choices[0]?.delta as { thinking_blocks?: { thinking: string; signature: string | null }[] };
      for (const block of delta.thinking_blocks ?? []) {
        thinking += block.thinking;
        if (block.signature !== null) signatures.add(block.signature);
      }
    }
    expect([{ type: "thinking", thinking, signature: [...signatures][0] }]).toEqual(message.thinking_blocks);
    const next = (blocks: object[]) =>
      ({ ...plain, messages: [...plain.messages, { ...message, thinking_blocks: blocks }, ...plain.messages] }) as Body;
    await client.chat.completions.create(next(message.thinking_blocks));
    expect(server.violations).toEqual([]);
    await errorOf(client.chat.completions.create(next([{ ...message.thinking_blocks[0], thinking: "No" }])));
    expect(server.violations).toEqual(["request 3: messages[1]: the thinking does not fit its signature"]);
  });

  test("has errors of its own form in the middle of a stream too", async () => {
    await using server = await start([{ fault: "error" }]);
    const stream = await clientOf(server).chat.completions.create({ ...plain, stream: true });
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    };
    expect(await errorOf(read())).toMatchObject({ type: "internal_server_error", code: "500" });
  });

  test("takes fields of its own, and no others", async () => {
    await using server = await start([{ say: "Fine." }, { say: "?" }]);
    const client = clientOf(server);
    const more = { fallbacks: ["openai/gpt-x"], tags: ["a"], litellm_session_id: "s", thinking: { type: "adaptive" } };
    await client.chat.completions.create({ ...plain, ...more } as Body);
    expect(server.violations).toEqual([]);
    await errorOf(client.chat.completions.create({ ...plain, colour: "red" } as Body));
    expect(server.violations).toEqual(["request 1: unknown field colour"]);
  });
});

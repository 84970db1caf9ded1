import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { WinkError } from "../../base/index.ts";
import { type LoopbackAnswer, type LoopbackServer, loopbackLiteLLM } from "../../testing/index.ts";
import type { ModelRequest } from "../index.ts";
import { litellmModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [],
};
const { signal } = new AbortController();
const clientOf = ({ apiKey, baseURL }: LoopbackServer): OpenAI =>
  new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
const open = (answer: LoopbackAnswer): Promise<LoopbackServer> =>
  loopbackLiteLLM({ answers: [answer], cost: () => 0.25 });

describe("what an answer cost", () => {
  test.each([
    ["whole", {}],
    ["streamed", { onProgress: () => undefined }],
  ])("is told of a %s one", async (_way, more) => {
    await using server = await open({ say: "Hello" });
    const model = litellmModel({ client: clientOf(server), model: "openai/gpt-x" });
    expect(model).toMatchObject({ name: "openai/gpt-x", provider: "litellm" });
    expect(await model.generate(request, { signal, ...more })).toMatchObject({ cost: 0.25, finish: "stop" });
  });

  test.each(["", "free", "-1", "Infinity"])("is unknown when the header is %j", async (header) => {
    await using server = await open({ say: "Hello", headers: { "x-litellm-response-cost": header } });
    const model = litellmModel({ client: clientOf(server), model: "openai/gpt-x" });
    expect(await model.generate(request, { signal })).not.toHaveProperty("cost");
  });

  test("is unknown to a client that gives no headers", async () => {
    const choices = [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }];
    const client = { chat: { completions: { create: async () => ({ id: "c", choices }) } } };
    const response = await litellmModel({ client, model: "m" }).generate(request, { signal });
    expect(response).not.toHaveProperty("cost");
  });
});

test.each([
  ["whole", {}],
  ["streamed", { onProgress: () => undefined }],
])("signed thoughts of a %s answer go back as they came", async (_way, more) => {
  const thinking = "One and one are two, and two and one are three.";
  await using server = await loopbackLiteLLM({ answers: [{ say: "Three.", thinking }, { say: "Sure." }] });
  const model = litellmModel({ client: clientOf(server), model: "anthropic/claude-x" });
  const { message } = await model.generate(request, { signal, ...more });
  await model.generate({ ...request, messages: [...request.messages, message, ...request.messages] }, { signal });
  expect(server.requests[1]?.body.messages[1]).toMatchObject({
    reasoning_content: thinking,
    thinking_blocks: [{ type: "thinking", thinking, signature: expect.stringMatching(/^signed-/) }],
  });
  expect(server.violations).toEqual([]);
});

test("errors speak of the proxy, and of what it says", async () => {
  const error = { message: "litellm.UnsupportedParamsError: set drop_params=True" };
  await using server = await open({ status: 400, error });
  const model = litellmModel({ client: clientOf(server), model: "openai/gpt-x" });
  const thrown: unknown = await model.generate(request, { signal }).catch((cause: unknown) => cause);
  if (!WinkError.is(thrown)) throw thrown;
  expect(thrown).toMatchObject({ code: "MODEL_REJECTED", details: { provider: "litellm" } });
  expect(thrown.message).toContain("drop_params: true");
});

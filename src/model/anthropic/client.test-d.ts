import type Anthropic from "@anthropic-ai/sdk";
import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/messages";
import { expectTypeOf, test } from "vitest";
import { type AnthropicBody, type AnthropicClient, anthropicModel } from "./index.ts";

declare const official: Anthropic;

test("the official client fits as it is", () => {
  expectTypeOf<Anthropic>().toExtend<AnthropicClient>();
  anthropicModel({ client: official, model: "claude-sonnet-5-5" });
});

test("what is sent is what the official client takes", () => {
  expectTypeOf<AnthropicBody>().toExtend<MessageCreateParamsBase>();
});

test("a fake needs one method", () => {
  anthropicModel({ client: { messages: { create: async () => ({}) } }, model: "fake" });
});

test("settings are typed", () => {
  anthropicModel({
    client: official,
    model: "m",
    settings: { thinking: { budgetTokens: 2_000 }, cache: "1h", toolChoice: "auto", outputFormat: "tool" },
  });
  // @ts-expect-error: a misspelt setting
  anthropicModel({ client: official, model: "m", settings: { thinkng: "adaptive" } });
  // @ts-expect-error: not a time
  anthropicModel({ client: official, model: "m", settings: { cache: "2h" } });
  // @ts-expect-error: a client is needed
  anthropicModel({ model: "m" });
});

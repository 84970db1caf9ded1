import type OpenAI from "openai";
import type { AzureOpenAI } from "openai";
import type { ChatCompletionCreateParamsBase } from "openai/resources/chat/completions/completions";
import type { ResponseCreateParams } from "openai/resources/responses/responses";
import { expectTypeOf, test } from "vitest";
import {
  type ChatBody,
  type OpenAIClient,
  type OpenAIResponsesClient,
  type OpenAIResponsesSettings,
  openaiModel,
  openaiResponsesModel,
  type ResponsesBody,
} from "./index.ts";

declare const official: OpenAI;

test("the official client fits as it is", () => {
  expectTypeOf<OpenAI>().toExtend<OpenAIClient>();
  expectTypeOf<AzureOpenAI>().toExtend<OpenAIClient>();
  openaiModel({ client: official, model: "gpt-5.2" });
  expectTypeOf<OpenAI>().toExtend<OpenAIResponsesClient>();
  expectTypeOf<AzureOpenAI>().toExtend<OpenAIResponsesClient>();
  openaiResponsesModel({ client: official, model: "gpt-5.2" });
});

test("what is sent is what the official client takes", () => {
  expectTypeOf<ChatBody>().toExtend<ChatCompletionCreateParamsBase>();
  expectTypeOf<Omit<ResponsesBody, "stream">>().toExtend<ResponseCreateParams>();
});

test("a fake needs one method", () => {
  openaiModel({ client: { chat: { completions: { create: async () => ({}) } } }, model: "fake" });
  openaiResponsesModel({ client: { responses: { create: async () => ({}) } }, model: "fake" });
});

test("settings are typed", () => {
  openaiModel({ client: official, model: "m", settings: { temperature: 0, toolChoice: { tool: "add" }, stop: ["x"] } });
  // @ts-expect-error: a misspelt setting
  openaiModel({ client: official, model: "m", settings: { temprature: 0 } });
  // @ts-expect-error: not a choice
  openaiModel({ client: official, model: "m", settings: { toolChoice: "always" } });
  // @ts-expect-error: a client is needed
  openaiModel({ model: "m" });
});

test("settings of the Responses API are its own", () => {
  openaiResponsesModel({ client: official, model: "m", settings: { reasoningSummary: "auto", store: true } });
  expectTypeOf<OpenAIResponsesSettings>().not.toHaveProperty("seed");
  expectTypeOf<OpenAIResponsesSettings>().not.toHaveProperty("stop");
  expectTypeOf<OpenAIResponsesSettings>().not.toHaveProperty("presencePenalty");
  expectTypeOf<OpenAIResponsesSettings>().not.toHaveProperty("frequencyPenalty");
  expectTypeOf<OpenAIResponsesSettings>().not.toHaveProperty("maxTokensField");
  // @ts-expect-error: no such summary
  openaiResponsesModel({ client: official, model: "m", settings: { reasoningSummary: "long" } });
});

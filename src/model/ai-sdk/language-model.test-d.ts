import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type {
  LanguageModelV2,
  LanguageModelV2CallOptions,
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV4,
  LanguageModelV4CallOptions,
} from "@ai-sdk/provider";
import { expectTypeOf, test } from "vitest";
import {
  type AiSdkCallOptions,
  type AiSdkLanguageModel,
  type AiSdkPlainFile,
  type AiSdkTaggedFile,
  aiSdkModel,
} from "./index.ts";

declare const model: LanguageModelV4;

test("models of the three versions fit as they are", () => {
  expectTypeOf<LanguageModelV2>().toExtend<AiSdkLanguageModel>();
  expectTypeOf<LanguageModelV3>().toExtend<AiSdkLanguageModel>();
  expectTypeOf<LanguageModelV4>().toExtend<AiSdkLanguageModel>();
  const provider = createOpenAICompatible({ name: "local", baseURL: "http://localhost:11434/v1" });
  aiSdkModel({ model: provider("qwen3") });
});

test("what is sent is what they take", () => {
  expectTypeOf<AiSdkCallOptions<AiSdkPlainFile>>().toExtend<LanguageModelV2CallOptions>();
  expectTypeOf<AiSdkCallOptions<AiSdkPlainFile>>().toExtend<LanguageModelV3CallOptions>();
  expectTypeOf<AiSdkCallOptions<AiSdkTaggedFile>>().toExtend<LanguageModelV4CallOptions>();
  expectTypeOf<AiSdkCallOptions<AiSdkTaggedFile>>().not.toExtend<LanguageModelV3CallOptions>();
});

test("a fake needs two names and two methods", () => {
  const ask = async (): Promise<unknown> => ({ content: [], finishReason: "stop", usage: {} });
  aiSdkModel({
    model: { specificationVersion: "v2", provider: "p", modelId: "m", doGenerate: ask, doStream: ask },
  });
});

test("settings are typed", () => {
  aiSdkModel({ model, settings: { temperature: 0, toolChoice: { tool: "add" }, reasoningEffort: "low" } });
  aiSdkModel({ model, settings: { providerOptions: { openai: { store: false } } } });
  // @ts-expect-error: a misspelt setting
  aiSdkModel({ model, settings: { temprature: 0 } });
  // @ts-expect-error: options stand below the name of their provider
  aiSdkModel({ model, settings: { providerOptions: { store: false } } });
  // @ts-expect-error: a name is no model
  aiSdkModel({ model: "openai/gpt-5.2" });
});

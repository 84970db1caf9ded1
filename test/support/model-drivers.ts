/** The drivers of the library with their official clients, over loopback servers, as the conformance suite takes them. */

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { aiSdkModel } from "../../src/model/ai-sdk/index.ts";
import { anthropicModel } from "../../src/model/anthropic/index.ts";
import { litellmModel } from "../../src/model/litellm/index.ts";
import { openaiModel, openaiResponsesModel } from "../../src/model/openai/index.ts";
import {
  type LoopbackServer,
  loopbackAnthropic,
  loopbackLiteLLM,
  loopbackOpenAI,
  type ModelCaseSettings,
  type ModelDriver,
} from "../../src/testing/index.ts";

/** A driver with its name in documents, and the client through which it is tested. */
export interface NamedDriver extends ModelDriver {
  readonly name: string;
  readonly client: string;
}

const all = {
  tools: true,
  parallelCalls: true,
  toolChoice: true,
  nativeOutput: true,
  outputByTool: false,
  outputInWords: true,
  streaming: true,
  reasoningEcho: true,
  images: true,
  files: true,
  refusals: true,
  filters: true,
  anyKey: true,
  cachedTokens: true,
  cacheWrites: false,
  reasoningTokens: true,
  cost: false,
} as const;
const chatFiltered = {
  id: "chatcmpl-filtered",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "" }, finish_reason: "content_filter" }],
};
const openaiQuota = { status: 429, error: { message: "You exceeded your current quota", code: "insufficient_quota" } };

/** The settings of a case as the drivers of OpenAI's form have them. */
function settingsOf({ maxOutputTokens, output, toolChoice }: ModelCaseSettings) {
  const outputFormat = output === undefined ? undefined : output === "nativeOutput" ? "json-schema" : "none";
  return { maxOutputTokens, toolChoice, outputFormat } as const;
}

const officialClient = ({ apiKey, baseURL }: LoopbackServer): OpenAI =>
  new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });

/** All drivers that are tested by the suite. */
export const modelDrivers: readonly NamedDriver[] = [
  {
    name: "`openaiModel`",
    client: "`openai`",
    capabilities: all,
    quota: openaiQuota,
    filtered: chatFiltered,
    async open(script) {
      const server = await loopbackOpenAI(script);
      const settings = settingsOf(script.settings);
      return Object.assign(server, {
        model: openaiModel({ client: officialClient(server), model: "gpt-loopback", settings }),
      });
    },
  },
  {
    name: "`openaiResponsesModel`",
    client: "`openai`",
    capabilities: all,
    quota: openaiQuota,
    filtered: {
      id: "resp_filtered",
      object: "response",
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
      output: [],
    },
    async open(script) {
      const server = await loopbackOpenAI(script);
      const settings = settingsOf(script.settings);
      const model = openaiResponsesModel({ client: officialClient(server), model: "gpt-loopback", settings });
      return Object.assign(server, { model });
    },
  },
  {
    name: "`anthropicModel`",
    client: "`@anthropic-ai/sdk`",
    capabilities: { ...all, filters: false, outputByTool: true, cacheWrites: true },
    quota: { status: 402, error: { type: "billing_error", message: "Your credit balance is too low" } },
    answerTool: "final_answer",
    async open(script) {
      const server = await loopbackAnthropic(script);
      const { apiKey, baseURL } = server;
      const { output } = script.settings;
      const outputFormat = output === "outputByTool" ? "tool" : settingsOf(script.settings).outputFormat;
      const client = new Anthropic({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
      const settings = { ...settingsOf(script.settings), outputFormat } as const;
      return Object.assign(server, { model: anthropicModel({ client, model: "claude-loopback", settings }) });
    },
  },
  {
    name: "`aiSdkModel`",
    client: "`@ai-sdk/openai-compatible`",
    capabilities: { ...all, anyKey: false },
    quota: openaiQuota,
    filtered: chatFiltered,
    async open(script) {
      const server = await loopbackOpenAI(script);
      const { apiKey, baseURL } = server;
      const known = { supportsStructuredOutputs: true, includeUsage: true };
      const provider = createOpenAICompatible({ name: "local", baseURL, apiKey, ...known });
      const settings = settingsOf(script.settings);
      return Object.assign(server, { model: aiSdkModel({ model: provider("loopback-1"), settings }) });
    },
  },
  {
    name: "`litellmModel`",
    client: "`openai`",
    capabilities: { ...all, cost: true },
    quota: { status: 400, error: { type: "budget_exceeded" } },
    filtered: chatFiltered,
    async open(script) {
      const server = await loopbackLiteLLM(script);
      const settings = settingsOf(script.settings);
      return Object.assign(server, {
        model: litellmModel({ client: officialClient(server), model: "openai/gpt-loopback", settings }),
      });
    },
  },
];

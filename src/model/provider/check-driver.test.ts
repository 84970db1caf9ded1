import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../../../test/support/thrown-by.ts";
import { aiSdkModel } from "../ai-sdk/index.ts";
import { anthropicModel } from "../anthropic/index.ts";
import { litellmModel } from "../litellm/index.ts";
import { openaiModel, openaiResponsesModel } from "../openai/index.ts";

const address = { apiKey: "a-key-of-no-known-form", baseURL: "http://127.0.0.1:9/v1", maxRetries: 0 };
const clients = { openai: new OpenAI(address), anthropic: new Anthropic(address) };
const language = { specificationVersion: "v2", provider: "p", modelId: "m", doGenerate() {}, doStream() {} };

/** A driver as plain JavaScript calls it. */
type Untyped = (options: unknown) => unknown;
const drivers = {
  openaiModel: [openaiModel as Untyped, { client: clients.openai, model: "m" }], // as: wrong options are tried
  openaiResponsesModel: [openaiResponsesModel as Untyped, { client: clients.openai, model: "m" }], // as: the same
  litellmModel: [litellmModel as Untyped, { client: clients.openai, model: "m" }], // as: the same
  anthropicModel: [anthropicModel as Untyped, { client: clients.anthropic, model: "m" }], // as: the same
  aiSdkModel: [aiSdkModel as Untyped, { model: language }], // as: the same
} satisfies Record<string, [Untyped, object]>;
const names = Object.keys(drivers) as (keyof typeof drivers)[]; // as: its keys are just these

/** What a driver says to options beside those that it needs. */
function refusalOf(driver: keyof typeof drivers, options: object): string {
  const [make, given] = drivers[driver];
  const error = thrownBy(() => make({ ...given, ...options }));
  expect(error.code).toBe("INPUT_INVALID");
  expect(String(error.stack)).not.toContain(address.apiKey);
  return error.message;
}

describe.each(names)("%s refuses when the model is made", (name) => {
  const refused: [object, RegExp][] = [
    [{ temprature: 0 }, /settings, temprature: There is no such option.*Did you mean "temperature"/],
    [{ max_tokens: 5 }, /max_tokens: There is no such option/],
    [{ temperature: "hot" }, /, temperature:.*a number.*"hot"/],
    [{ temperature: null }, /, temperature:.*null/],
    [{ topP: "1" }, /, topP:/],
    [
      { maxOutputTokens: 0 },
      name === "anthropicModel" ? /`maxOutputTokens`.*at least 1/ : /, maxOutputTokens:.*from 1 on/,
    ],
    [{ maxOutputTokens: "100" }, /\bmaxOutputTokens\b.*"100"/],
    [{ outputFormat: "json" }, /, outputFormat:.*"json-schema" or .*Received string "json"/],
    [{ toolChoice: "any" }, /, toolChoice:.*"required" or \{ tool/],
    [{ toolChoice: { name: "x" } }, /, toolChoice:/],
  ];
  test.each(refused)("settings %j", (settings, message) => {
    expect(refusalOf(name, { settings })).toMatch(message);
  });

  test("what is no object of settings, and settings beside `settings`", () => {
    for (const settings of ["x", null, []]) expect(refusalOf(name, { settings })).toMatch(/settings`?: .*an object/);
    expect(refusalOf(name, { temperature: 0 })).toMatch(`${name}, temperature: There is no such option`);
    expect(refusalOf(name, { setings: {} })).toContain('Did you mean "settings"?');
  });

  test("no options, and no model", () => {
    const [make, { model: _, ...rest }] = drivers[name];
    for (const options of [undefined, null, "m", rest, { ...rest, model: "" }]) {
      expect(thrownBy(() => make(options))).toMatchObject({ code: "INPUT_INVALID" });
    }
  });
});

describe("a client is refused when the model is made", () => {
  test.each(["openaiModel", "openaiResponsesModel", "litellmModel"] as const)("%s", (name) => {
    expect(refusalOf(name, { client: undefined })).toMatch(/client: It is missing. Expected an OpenAI client/);
    expect(refusalOf(name, { client: clients.anthropic })).toContain("Received an object of class Anthropic");
    expect(refusalOf(name, { client: OpenAI })).toContain("a function: OpenAI");
    expect(refusalOf(name, { client: "key" })).toContain("an OpenAI client");
  });

  test("anthropicModel", () => {
    expect(refusalOf("anthropicModel", { client: clients.openai })).toContain("Received an object of class OpenAI");
    expect(refusalOf("anthropicModel", { client: undefined })).toContain("Expected an Anthropic client");
  });
});

test.each<[keyof typeof drivers, object]>([
  ["openaiModel", { seed: "x" }],
  ["openaiModel", { stop: 5 }],
  ["openaiModel", { temperature: -1 }],
  ["openaiModel", { topP: 2 }],
  ["openaiModel", { extra: "x" }],
  ["openaiModel", { store: "yes" }],
  ["openaiModel", { maxTokensField: "max" }],
  ["openaiResponsesModel", { parallelToolCalls: "no" }],
  ["openaiResponsesModel", { reasoningSummary: "long" }],
  ["litellmModel", { reasoningEffort: 3 }],
  ["anthropicModel", { thinking: true }],
  ["anthropicModel", { thinking: { budgetTokens: 2_000, budget: 1 } }],
  ["anthropicModel", { cache: "10m" }],
  ["anthropicModel", { effort: "huge" }],
  ["anthropicModel", { stop: [5] }],
  ["anthropicModel", { serviceTier: "flex" }],
  ["anthropicModel", { temperature: Number.POSITIVE_INFINITY }],
  ["aiSdkModel", { headers: "x" }],
  ["aiSdkModel", { providerOptions: [] }],
])("%s refuses settings %j", (name, settings) => {
  const [setting = ""] = Object.keys(settings);
  expect(refusalOf(name, { settings })).toContain(`settings, ${setting}: This cannot be used`);
});

test.each<[object, string]>([
  [{ headers: { ok: "x", "x-count": 1 } }, "headers, x-count: This cannot be used. Expected text. Received number 1."],
  [
    { headers: { authorization: 5 } },
    "headers, authorization: This cannot be used. Expected text. Received [redacted]",
  ],
  [
    { providerOptions: { openai: "x" } },
    'providerOptions, openai: This cannot be used. Expected an object. Received string "x".',
  ],
  [{ systemOptions: { a: {}, b: null } }, "systemOptions, b: This cannot be used. Expected an object. Received null."],
])("aiSdkModel names the field that is wrong: %j", (settings, message) => {
  expect(refusalOf("aiSdkModel", { settings })).toContain(`aiSdkModel, settings, ${message}`);
});

test.each<[keyof typeof drivers, string]>([
  ["openaiModel", "reasoningEffort"],
  ["openaiResponsesModel", "verbosity"],
  ["litellmModel", "promptCacheKey"],
  ["anthropicModel", "userId"],
  ["aiSdkModel", "reasoningEffort"],
])("%s says of a blank `%s` what would be right", (name, setting) => {
  for (const blank of ["", " "])
    expect(refusalOf(name, { settings: { [setting]: blank } })).toContain(
      `, ${setting}: This cannot be used. Expected text that is not blank. Received string "${blank}".`,
    );
});

test.each(names)("%s refuses a clock that tells no time, or no log to write to", (name) => {
  for (const clock of [{}, null, "now", { now: 5 }])
    expect(refusalOf(name, { clock })).toContain(`${name}, clock: This cannot be used. Expected an object with now.`);
  if (name !== "aiSdkModel") return;
  for (const logger of [{}, null, { log: "x" }, () => undefined])
    expect(refusalOf(name, { logger })).toContain(
      "aiSdkModel, logger: This cannot be used. Expected an object with log.",
    );
});

test.each<[keyof typeof drivers, object]>([
  ["openaiModel", { reasoningEffort: "ultra", verbosity: "max", temperature: 3, frequencyPenalty: 5, seed: -1 }],
  ["openaiResponsesModel", { reasoningEffort: "ultra", store: undefined }],
  ["litellmModel", { extra: { drop_params: true }, stop: ["a", "b"] }],
  ["anthropicModel", { cache: "1h", effort: "max", toolChoice: { tool: "look" } }],
  [
    "aiSdkModel",
    { topK: 4, headers: { a: "b", empty: "" }, providerOptions: { openai: { x: 1 } }, reasoningEffort: "ultra" },
  ],
])("%s takes what a server may know: %j", (name, settings) => {
  const [make, given] = drivers[name];
  expect(make({ ...given, settings })).toHaveProperty("name", "m");
});

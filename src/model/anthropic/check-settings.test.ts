import { expect, test } from "vitest";
import { thrownBy } from "../../../test/support/thrown-by.ts";
import { type AnthropicSettings, anthropicModel } from "./index.ts";

const modelOf = (settings: AnthropicSettings) =>
  anthropicModel({ client: { messages: { create: async () => ({}) } }, model: "m", settings });

const refused: readonly (readonly [AnthropicSettings, RegExp])[] = [
  [{ maxOutputTokens: 0 }, /`maxOutputTokens`.*Received 0/],
  [{ maxOutputTokens: 1.5 }, /`maxOutputTokens`/],
  [{ temperature: 1.1 }, /`temperature`.*0 to 1/],
  [{ temperature: Number.NaN }, /settings, temperature: .*a number.*Received number NaN/],
  [{ topP: -0.1 }, /`topP`/],
  [{ topK: 0.5 }, /`topK`/],
  [{ temperature: 0.5, topP: 0.5 }, /not both/],
  [{ stop: " \n" }, /`stop`/],
  [{ stop: ["END", ""] }, /`stop`/],
  [{ thinking: { budgetTokens: 1_023 } }, /`thinking.budgetTokens`.*at least 1024/],
  [{ thinking: { budgetTokens: 16_000 } }, /less than `maxOutputTokens` \(16000\)/],
  [{ thinking: { budgetTokens: 2_000 }, maxOutputTokens: 2_000 }, /`thinking.budgetTokens`/],
  [{ thinking: "adaptive", temperature: 0 }, /`temperature`.*with thinking/],
  [{ thinking: { budgetTokens: 2_000 }, temperature: 0.5 }, /`temperature`.*with thinking/],
  [{ thinking: "adaptive", topP: 0.9 }, /`topP`/],
  [{ thinking: "adaptive", topK: 5 }, /`topK`/],
  [{ thinking: "adaptive", toolChoice: "required" }, /`toolChoice`/],
  [{ thinking: "adaptive", toolChoice: { tool: "add" } }, /`toolChoice`/],
  [{ thinking: "adaptive", toolChoice: "none", outputFormat: "tool" }, /`toolChoice`/],
  [{ thinkingDisplay: "omitted" }, /`thinkingDisplay`/],
  [{ thinking: "disabled", thinkingDisplay: "omitted" }, /`thinkingDisplay`/],
];
test.each(refused)("refuses %j when the model is made", (settings, message) => {
  const error = thrownBy(() => modelOf(settings));
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toMatch(message);
});

const taken: readonly AnthropicSettings[] = [
  {},
  { temperature: 0, topK: 0, stop: ["END"] },
  { thinking: { budgetTokens: 1_024 }, maxOutputTokens: 1_025, temperature: 1, toolChoice: "auto" },
  { thinking: "adaptive", topP: 0.95, toolChoice: "none", thinkingDisplay: "summarized" },
  { thinking: "disabled", temperature: 0.5, toolChoice: "required" },
];
test.each(taken)("takes %j", (settings) => {
  expect(modelOf(settings).maxOutputTokens).toBe(settings.maxOutputTokens ?? 16_000);
});

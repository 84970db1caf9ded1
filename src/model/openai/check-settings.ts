/** What no server can take as a setting. Words of which servers know others, such as how much is reasoned, are any text. */
import { aFlag, aName, anObject, from1, type OptionKind, oneOf } from "../../base/index.ts";
import { aNumber, aStop, aToolChoice, aWhole, between } from "../provider/index.ts";
import type { OpenAIResponsesSettings, OpenAISettings, SharedSettings } from "./settings.ts";

const shared: Readonly<Record<keyof SharedSettings, OptionKind>> = {
  temperature: between(0, Infinity),
  topP: between(0, 1),
  maxOutputTokens: from1,
  reasoningEffort: aName,
  verbosity: aName,
  parallelToolCalls: aFlag,
  toolChoice: aToolChoice,
  outputFormat: oneOf("json-schema", "json-object", "none"),
  strictSchemas: aFlag,
  promptCacheKey: aName,
  safetyIdentifier: aName,
};

/** The settings of Chat Completions. */
export const chatSettings: Readonly<Record<keyof OpenAISettings, OptionKind>> = {
  ...shared,
  seed: aWhole,
  stop: aStop,
  presencePenalty: aNumber,
  frequencyPenalty: aNumber,
  maxTokensField: oneOf("max_completion_tokens", "max_tokens"),
  store: aFlag,
  extra: anObject,
};

/** The settings of the Responses API. */
export const responsesSettings: Readonly<Record<keyof OpenAIResponsesSettings, OptionKind>> = {
  ...shared,
  reasoningSummary: oneOf("auto", "concise", "detailed"),
  store: aFlag,
  extra: anObject,
};

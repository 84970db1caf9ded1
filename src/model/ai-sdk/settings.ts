import {
  aName,
  anObject,
  aText,
  checkOptions,
  from1,
  type JsonObject,
  type OptionKind,
  oneOf,
} from "../../base/index.ts";
import type { ModelRequest } from "../index.ts";
import {
  aNumber,
  aStop,
  aToolChoice,
  aWhole,
  mostTokens,
  stopList,
  type ToolChoice,
  toolChoiceNow,
} from "../provider/index.ts";
import type { AiSdkCallOptions, AiSdkReasoning } from "./language-model.ts";

/** What may be set for all requests of a model. Only what is given is sent. */
export interface AiSdkSettings {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: string | readonly string[] | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  /** The longest answer, in tokens; the smaller one counts when a request sets a limit too. */
  readonly maxOutputTokens?: number | undefined;
  /** How much the model thinks; only models of version 4 look at it, for others it is an option of the provider. */
  readonly reasoningEffort?: AiSdkReasoning | undefined;
  /** Sent only with tools. `required` and a named tool hold until the first call, then `auto`: else a run never ends. */
  readonly toolChoice?: ToolChoice | undefined;
  /**
   * How the form of the final answer is asked for: `json-schema` unless told; `json-object` or `none` for models that
   * know no schemas, or that stop calling tools when they are given one (the schema then stands in the system text).
   */
  readonly outputFormat?: "json-schema" | "json-object" | "none" | undefined;
  /** What only the provider knows, by its name: `{ openai: { reasoningEffort: "low" } }`. */
  readonly providerOptions?: Readonly<Record<string, JsonObject>> | undefined;
  /** The same for the system text alone, such as a cache point: `{ anthropic: { cacheControl: { type: "ephemeral" } } }`. */
  readonly systemOptions?: Readonly<Record<string, JsonObject>> | undefined;
  /** More headers of each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What each setting must be; the rest is the model's affair. */
const kinds: Readonly<Record<keyof AiSdkSettings, OptionKind>> = {
  temperature: aNumber,
  topP: aNumber,
  topK: aNumber,
  seed: aWhole,
  stop: aStop,
  presencePenalty: aNumber,
  frequencyPenalty: aNumber,
  maxOutputTokens: from1,
  reasoningEffort: aName,
  toolChoice: aToolChoice,
  outputFormat: oneOf("json-schema", "json-object", "none"),
  providerOptions: anObject,
  systemOptions: anObject,
  headers: anObject,
};

/** Throws `INPUT_INVALID` for settings that no model could take; `at` says where they stand. */
export function checkSettings(at: string, settings: AiSdkSettings): void {
  checkOptions(at, settings, kinds);
  const { providerOptions = {}, systemOptions = {}, headers = {} } = settings;
  checkFields(`${at}, providerOptions`, providerOptions, anObject);
  checkFields(`${at}, systemOptions`, systemOptions, anObject);
  checkFields(`${at}, headers`, headers, aText);
}

/** Checks fields of any names, so that the one that is wrong is told. */
const checkFields = (at: string, fields: object, fieldKind: OptionKind): void =>
  checkOptions(at, fields, Object.fromEntries(Object.keys(fields).map((name) => [name, fieldKind])));

/** Writes into the options of a call what the settings and the request's limits say. */
export function applySettings(
  options: Omit<AiSdkCallOptions<never>, "prompt">,
  settings: AiSdkSettings,
  request: ModelRequest,
): void {
  const { stop } = settings;
  if (settings.temperature !== undefined) options.temperature = settings.temperature;
  if (settings.topP !== undefined) options.topP = settings.topP;
  if (settings.topK !== undefined) options.topK = settings.topK;
  if (settings.seed !== undefined) options.seed = settings.seed;
  if (stop !== undefined) options.stopSequences = stopList(stop);
  if (settings.presencePenalty !== undefined) options.presencePenalty = settings.presencePenalty;
  if (settings.frequencyPenalty !== undefined) options.frequencyPenalty = settings.frequencyPenalty;
  if (settings.reasoningEffort !== undefined) options.reasoning = settings.reasoningEffort;
  if (settings.providerOptions !== undefined) options.providerOptions = { ...settings.providerOptions };
  if (settings.headers !== undefined) options.headers = { ...settings.headers };
  const most = mostTokens(settings.maxOutputTokens, request);
  if (most !== Infinity) options.maxOutputTokens = most;
  const choice = options.tools && toolChoiceNow(settings.toolChoice, request);
  if (choice !== undefined) {
    options.toolChoice = typeof choice === "string" ? { type: choice } : { type: "tool", toolName: choice.tool };
  }
}

import type { JsonObject } from "../../base/index.ts";
import type { ToolChoice } from "../provider/index.ts";

/** How much a reasoning model thinks; which words a model knows differs. */
export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What may be set for all requests of a model, whichever API it is asked through. Only what is given is sent. */
export interface SharedSettings {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /** The longest answer, in tokens; the smaller one counts when a request sets a limit too. */
  readonly maxOutputTokens?: number | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
  readonly verbosity?: "low" | "medium" | "high" | undefined;
  /** Whether the model may ask for several calls in one turn; sent only with tools. */
  readonly parallelToolCalls?: boolean | undefined;
  /** Sent only with tools. `required` and a named tool hold until the first call, then `auto`: else a run never ends. */
  readonly toolChoice?: ToolChoice | undefined;
  /**
   * How the form of the final answer is asked for: `json-schema` unless told; `json-object` or `none` for servers that
   * know no schemas, or that stop calling tools when they are given one (the schema then stands in the system text).
   */
  readonly outputFormat?: "json-schema" | "json-object" | "none" | undefined;
  /** Whether schemas that fit OpenAI's strict dialect are sent as strict; true unless told. */
  readonly strictSchemas?: boolean | undefined;
  /** Names the cache that requests of the same beginning share. */
  readonly promptCacheKey?: string | undefined;
  /** An opaque name of the end user, for the provider's abuse checks. */
  readonly safetyIdentifier?: string | undefined;
}

/** What may be set for all requests to Chat Completions. Only what is given is sent. */
export interface OpenAISettings extends SharedSettings {
  readonly seed?: number | undefined;
  readonly stop?: string | readonly string[] | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  /** The name of the longest answer's limit: `max_completion_tokens` unless told; older servers know only `max_tokens`. */
  readonly maxTokensField?: "max_completion_tokens" | "max_tokens" | undefined;
  /** Whether the provider may keep the answer. */
  readonly store?: boolean | undefined;
  /** More fields of the body, as they are: what one server knows and this list does not (`top_k`, `service_tier` …). */
  readonly extra?: JsonObject | undefined;
}

/** What may be set for all requests to the Responses API. Only what is given is sent. */
export interface OpenAIResponsesSettings extends SharedSettings {
  /** Whether the model sums its reasoning up, and how; the summaries are kept with the message, as they came. */
  readonly reasoningSummary?: "auto" | "concise" | "detailed" | undefined;
  /** Whether the provider may keep the answer; false unless told. */
  readonly store?: boolean | undefined;
  /** More fields of the body, as they are: `metadata`, `service_tier`, `truncation` … */
  readonly extra?: JsonObject | undefined;
}

/** The fields of a body that both APIs have. */
interface SharedFields {
  temperature?: number;
  top_p?: number;
  parallel_tool_calls?: boolean;
  prompt_cache_key?: string;
  safety_identifier?: string;
}

/** Writes into a body what is the same in both APIs. */
export function applyShared(body: SharedFields, settings: SharedSettings, withTools: boolean): void {
  if (settings.temperature !== undefined) body.temperature = settings.temperature;
  if (settings.topP !== undefined) body.top_p = settings.topP;
  if (settings.promptCacheKey !== undefined) body.prompt_cache_key = settings.promptCacheKey;
  if (settings.safetyIdentifier !== undefined) body.safety_identifier = settings.safetyIdentifier;
  if (withTools && settings.parallelToolCalls !== undefined) body.parallel_tool_calls = settings.parallelToolCalls;
}

import type { JsonObject } from "../../base/index.ts";
import type { ModelRequest } from "../index.ts";
import type { ChatBody, ChatToolChoice, ReasoningEffort } from "./client.ts";

/** What may be set for all requests of a model. Only what is given is sent. */
export interface OpenAISettings {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: string | readonly string[] | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  /** The longest answer, in tokens; the smaller one counts when a request sets a limit too. */
  readonly maxOutputTokens?: number | undefined;
  /** The name of that limit in the request: `max_completion_tokens` unless told; older servers know only `max_tokens`. */
  readonly maxTokensField?: "max_completion_tokens" | "max_tokens" | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
  readonly verbosity?: "low" | "medium" | "high" | undefined;
  /** Whether the model may ask for several calls in one turn; sent only with tools. */
  readonly parallelToolCalls?: boolean | undefined;
  /** Sent only with tools. `required` and a named tool hold until the first call, then `auto`: else a run never ends. */
  readonly toolChoice?: "auto" | "none" | "required" | { readonly tool: string } | undefined;
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
  /** Whether the provider may keep the answer. */
  readonly store?: boolean | undefined;
  /** More fields of the body, as they are: what one server knows and this list does not (`top_k`, `service_tier` …). */
  readonly extra?: JsonObject | undefined;
}

/** Writes into a body what the settings and the request's limits say. */
export function applySettings(body: ChatBody, settings: OpenAISettings, request: ModelRequest): void {
  const { stop } = settings;
  if (settings.temperature !== undefined) body.temperature = settings.temperature;
  if (settings.topP !== undefined) body.top_p = settings.topP;
  if (settings.seed !== undefined) body.seed = settings.seed;
  if (stop !== undefined) body.stop = typeof stop === "string" ? [stop] : [...stop];
  if (settings.presencePenalty !== undefined) body.presence_penalty = settings.presencePenalty;
  if (settings.frequencyPenalty !== undefined) body.frequency_penalty = settings.frequencyPenalty;
  if (settings.reasoningEffort !== undefined) body.reasoning_effort = settings.reasoningEffort;
  if (settings.verbosity !== undefined) body.verbosity = settings.verbosity;
  if (settings.promptCacheKey !== undefined) body.prompt_cache_key = settings.promptCacheKey;
  if (settings.safetyIdentifier !== undefined) body.safety_identifier = settings.safetyIdentifier;
  if (settings.store !== undefined) body.store = settings.store;
  const most = smaller(settings.maxOutputTokens, request.limits?.maxOutputTokens);
  if (most !== undefined) body[settings.maxTokensField ?? "max_completion_tokens"] = most;
  if (body.tools !== undefined) {
    if (settings.parallelToolCalls !== undefined) body.parallel_tool_calls = settings.parallelToolCalls;
    if (settings.toolChoice !== undefined) body.tool_choice = toolChoice(settings.toolChoice, request);
  }
  if (settings.extra !== undefined) Object.assign(body, settings.extra);
}

function toolChoice(choice: NonNullable<OpenAISettings["toolChoice"]>, request: ModelRequest): ChatToolChoice {
  if (choice === "auto" || choice === "none") return choice;
  if (request.messages.some(({ role }) => role === "tool")) return "auto";
  return choice === "required" ? choice : { type: "function", function: { name: choice.tool } };
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

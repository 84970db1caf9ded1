import type { JsonObject } from "../../base/index.ts";
import type { ModelRequest } from "../index.ts";
import { mostTokens, stopList, type ToolChoice } from "../provider/index.ts";
import type { AnthropicBody, AnthropicCacheControl, AnthropicEffort, AnthropicThinking } from "./client.ts";

/** What may be set for all requests of a model. Only what is given is sent, and `max_tokens`, which the API demands. */
export interface AnthropicSettings {
  /**
   * The longest answer, in tokens, thinking included; 16,000 unless told, which every model of today gives and a client waits
   * for without a stream. The smaller one counts when a request sets a limit too.
   */
  readonly maxOutputTokens?: number | undefined;
  /**
   * Whether, and for how long after it was last read, the provider keeps what is sent again with each request: tools, system
   * text, messages. True unless told, which is `5m`.
   */
  readonly cache?: boolean | "5m" | "1h" | undefined;
  /**
   * Whether the model thinks before it answers: `adaptive` lets it decide, a budget in tokens (at least 1,024, less than
   * `maxOutputTokens`) is for older models. As the model does by itself unless told.
   */
  readonly thinking?: "adaptive" | "between-tools" | "disabled" | { readonly budgetTokens: number } | undefined;
  /** Whether thoughts come back as a summary or only as a signature; as the model does unless told. */
  readonly thinkingDisplay?: "summarized" | "omitted" | undefined;
  readonly effort?: AnthropicEffort | undefined;
  /** 0 to 1. Newer models refuse it, and so does the API together with thinking or `topP`. */
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly stop?: string | readonly string[] | undefined;
  /** Whether the model may ask for several calls in one turn; sent only with tools. */
  readonly parallelToolCalls?: boolean | undefined;
  /**
   * Sent only with tools. `required` and a named tool hold until the first call, then `auto`: else a run never ends. Neither
   * goes with thinking.
   */
  readonly toolChoice?: ToolChoice | undefined;
  /**
   * How the form of the final answer is asked for: `json-schema` unless told; `tool` by a tool that the model must call to
   * answer; `none` in words in the system text, as `json-schema` does when the schema is none that the provider takes.
   */
  readonly outputFormat?: "json-schema" | "tool" | "none" | undefined;
  /** An opaque name of the end user, for the provider's abuse checks. */
  readonly userId?: string | undefined;
  readonly serviceTier?: "auto" | "standard_only" | undefined;
  /** More fields of the body, as they are: what this list does not know (`inference_geo`, `speed` …). */
  readonly extra?: JsonObject | undefined;
}

/** The longest answer unless the settings tell. */
export const defaultMaxOutputTokens = 16_000;

/** The smallest budget for thinking that the API takes. */
export const leastBudget = 1_024;

/** Whether the settings make the model think, so that no call of a tool can be forced. */
export const thinks = ({ thinking }: AnthropicSettings): boolean =>
  thinking === "adaptive" || typeof thinking === "object";

/** The mark of a point for the cache, if there are to be any. */
export function cacheControl({ cache = true }: AnthropicSettings): AnthropicCacheControl | undefined {
  if (cache === false) return undefined;
  return cache === true ? { type: "ephemeral" } : { type: "ephemeral", ttl: cache };
}

/** The longest answer to a request. */
export const maxTokens = (settings: AnthropicSettings, request: ModelRequest): number =>
  mostTokens(settings.maxOutputTokens ?? defaultMaxOutputTokens, request);

/** Writes into a body what the settings say; tools, their choice and the form of the answer are written before. */
export function applySettings(body: AnthropicBody, settings: AnthropicSettings): void {
  const { stop } = settings;
  const thinking = thinkingOf(settings, body.max_tokens);
  if (thinking !== undefined) body.thinking = thinking;
  if (settings.effort !== undefined) body.output_config = { ...body.output_config, effort: settings.effort };
  if (settings.temperature !== undefined) body.temperature = settings.temperature;
  if (settings.topP !== undefined) body.top_p = settings.topP;
  if (settings.topK !== undefined) body.top_k = settings.topK;
  if (stop !== undefined) body.stop_sequences = stopList(stop);
  if (settings.userId !== undefined) body.metadata = { user_id: settings.userId };
  if (settings.serviceTier !== undefined) body.service_tier = settings.serviceTier;
  if (settings.extra !== undefined) Object.assign(body, settings.extra);
}

/** A budget must be less than the longest answer: a request with a small limit thinks with half of it, or not at all. */
function thinkingOf(settings: AnthropicSettings, maxTokens: number): AnthropicThinking | undefined {
  const { thinking, thinkingDisplay } = settings;
  const display = thinkingDisplay === undefined ? {} : { display: thinkingDisplay };
  if (thinking === undefined) return undefined;
  if (thinking === "adaptive") return { type: "adaptive", ...display };
  if (thinking === "between-tools") return { type: "between_tools" };
  if (thinking === "disabled") return { type: "disabled" };
  const budget = thinking.budgetTokens < maxTokens ? thinking.budgetTokens : Math.floor(maxTokens / 2);
  return budget < leastBudget ? { type: "disabled" } : { type: "enabled", budget_tokens: budget, ...display };
}

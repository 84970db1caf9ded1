/**
 * What the driver needs of a client, and what it sends: the part of the Messages API that it speaks. An object of class
 * `Anthropic` (package `@anthropic-ai/sdk`, 1) fits as it is; so does anything else with this one method.
 */

/** The client that a user passes in. It owns address, key, headers and time-out. */
export interface AnthropicClient {
  /** Where requests go; named in errors, without credentials. */
  readonly baseURL?: unknown;
  /** The key; read only to keep it out of errors. */
  readonly apiKey?: unknown;
  /** A token in the place of the key; read for the same reason. */
  readonly authToken?: unknown;
  readonly messages: {
    /** Gives the whole answer or, when the body has `stream: true`, what its events can be read from. */
    create(body: AnthropicBody, options?: { signal?: AbortSignal }): PromiseLike<unknown>;
  };
}

/** The body of a request. */
export interface AnthropicBody {
  model: string;
  max_tokens: number;
  system?: AnthropicTextBlock[];
  messages: AnthropicMessage[];
  tools?: AnthropicTool[];
  tool_choice?: AnthropicToolChoice;
  thinking?: AnthropicThinking;
  output_config?: { effort?: AnthropicEffort; format?: AnthropicFormat };
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop_sequences?: string[];
  metadata?: { user_id: string };
  service_tier?: "auto" | "standard_only";
  stream?: boolean;
}

/** How much effort the model puts into an answer; which words a model knows differs. */
export type AnthropicEffort = "low" | "medium" | "high" | "xhigh" | "max";

/** The form of the final answer. */
export interface AnthropicFormat {
  type: "json_schema";
  schema: Record<string, unknown>;
}

/** Marks the end of what the provider shall keep: all that stands before, and the block itself. */
export interface AnthropicCacheControl {
  type: "ephemeral";
  ttl?: "5m" | "1h";
}

/** One message, as it is sent. Roles alternate. */
export interface AnthropicMessage {
  role: "user" | "assistant";
  content: AnthropicBlock[];
}

/** A part of a message. */
export type AnthropicBlock =
  | AnthropicTextBlock
  | AnthropicImageBlock
  | AnthropicDocumentBlock
  | AnthropicToolUseBlock
  | AnthropicToolResultBlock
  | AnthropicThinkingBlock;

/** A text, never an empty one. */
export interface AnthropicTextBlock {
  type: "text";
  text: string;
  cache_control?: AnthropicCacheControl;
}

/** An image. */
export interface AnthropicImageBlock {
  type: "image";
  source: { type: "base64"; media_type: AnthropicImageType; data: string };
  cache_control?: AnthropicCacheControl;
}

/** The kinds of images that the API takes. */
export type AnthropicImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

/** A file: a PDF, or text. */
export interface AnthropicDocumentBlock {
  type: "document";
  source:
    | { type: "base64"; media_type: "application/pdf"; data: string }
    | { type: "text"; media_type: "text/plain"; data: string };
  title?: string;
  cache_control?: AnthropicCacheControl;
}

/** A call that the model asked for. */
export interface AnthropicToolUseBlock {
  type: "tool_use";
  id: string;
  name: string;
  input: unknown;
}

/** The result of one call. */
export interface AnthropicToolResultBlock {
  type: "tool_result";
  tool_use_id: string;
  content?: string;
  is_error?: boolean;
  cache_control?: AnthropicCacheControl;
}

/** What the model thought, as it came. */
export type AnthropicThinkingBlock =
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "redacted_thinking"; data: string };

/** A tool. */
export interface AnthropicTool {
  name: string;
  description: string;
  input_schema: { type: "object"; [keyword: string]: unknown };
  cache_control?: AnthropicCacheControl;
}

/** Which tool the model may or must call. */
export type AnthropicToolChoice =
  | { type: "none" }
  | { type: "auto" | "any"; disable_parallel_tool_use?: boolean }
  | { type: "tool"; name: string; disable_parallel_tool_use?: boolean };

/** Whether and how much the model thinks before it answers. */
export type AnthropicThinking =
  | { type: "enabled"; budget_tokens: number; display?: "summarized" | "omitted" }
  | { type: "adaptive"; display?: "summarized" | "omitted" }
  | { type: "between_tools" }
  | { type: "disabled" };

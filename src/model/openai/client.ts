/**
 * What the driver needs of a client, and what it sends: the part of the Chat Completions protocol that it speaks. An
 * object of class `OpenAI` (package `openai`, 5 to 7) fits as it is; so does anything else with this one method.
 */
import type { ReasoningEffort } from "./settings.ts";

/** The client that a user passes in. It owns address, key and time-out. */
export interface OpenAIClient {
  /** Where requests go; named in errors, without credentials. */
  readonly baseURL?: unknown;
  /** The key; read only to keep it out of errors. */
  readonly apiKey?: unknown;
  readonly chat: {
    readonly completions: {
      create(body: ChatBody, options?: { signal?: AbortSignal }): PromiseLike<unknown>;
    };
  };
}

/** The body of a request. */
export interface ChatBody {
  model: string;
  messages: ChatMessage[];
  tools?: ChatTool[];
  tool_choice?: ChatToolChoice;
  parallel_tool_calls?: boolean;
  response_format?: ChatResponseFormat;
  temperature?: number;
  top_p?: number;
  seed?: number;
  stop?: string[];
  presence_penalty?: number;
  frequency_penalty?: number;
  max_completion_tokens?: number;
  max_tokens?: number;
  reasoning_effort?: ReasoningEffort;
  verbosity?: "low" | "medium" | "high";
  prompt_cache_key?: string;
  safety_identifier?: string;
  store?: boolean;
  stream?: boolean;
  stream_options?: { include_usage: boolean };
}

/** One message, as it is sent. */
export type ChatMessage = ChatSystemMessage | ChatUserMessage | ChatAssistantMessage | ChatToolMessage;

/** The stable head of the prompt. */
export interface ChatSystemMessage {
  role: "system";
  content: string;
}

/** What the prompt or a repair turn says; plain text when there is nothing else. */
export interface ChatUserMessage {
  role: "user";
  content: string | ChatPart[];
}

/** What the model said, sent back. */
export interface ChatAssistantMessage {
  role: "assistant";
  content: string | null;
  tool_calls?: ChatToolCall[];
}

/** The result of one call. */
export interface ChatToolMessage {
  role: "tool";
  tool_call_id: string;
  content: string;
}

/** A part of a user message. */
export type ChatPart =
  | { type: "text"; text: string }
  | { type: "image_url"; image_url: { url: string } }
  | { type: "file"; file: { filename: string; file_data: string } };

/** A call that the model asked for. */
export interface ChatToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

/** A tool. */
export interface ChatTool {
  type: "function";
  function: { name: string; description: string; parameters: Record<string, unknown>; strict?: boolean };
}

/** Which tool the model may or must call. */
export type ChatToolChoice = "auto" | "none" | "required" | { type: "function"; function: { name: string } };

/** The form of the final answer. */
export type ChatResponseFormat =
  | { type: "json_object" }
  | { type: "json_schema"; json_schema: { name: string; schema: Record<string, unknown>; strict: boolean } };

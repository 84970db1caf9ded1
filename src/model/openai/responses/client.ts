/**
 * What the Responses driver needs of a client, and what it sends. An object of class `OpenAI` (package `openai`, 5 to 7)
 * fits as it is; so does anything else with this one method.
 */
import type { ReasoningEffort } from "../settings.ts";

/** The client that a user passes in. It owns address, key and time-out. */
export interface OpenAIResponsesClient {
  /** Where requests go; named in errors, without credentials. */
  readonly baseURL?: unknown;
  /** The key; read only to keep it out of errors. */
  readonly apiKey?: unknown;
  readonly responses: {
    create(body: ResponsesBody, options?: { signal?: AbortSignal }): PromiseLike<unknown>;
  };
}

/** The body of a request. */
export interface ResponsesBody {
  model: string;
  /** The stable head of the prompt. */
  instructions?: string;
  input: ResponsesItem[];
  tools?: ResponsesTool[];
  tool_choice?: ResponsesToolChoice;
  parallel_tool_calls?: boolean;
  text?: { format?: ResponsesFormat; verbosity?: "low" | "medium" | "high" };
  reasoning?: { effort?: ReasoningEffort; summary?: "auto" | "concise" | "detailed" };
  temperature?: number;
  top_p?: number;
  max_output_tokens?: number;
  prompt_cache_key?: string;
  safety_identifier?: string;
  store: boolean;
  /** What the answer shall hold besides: reasoning that can be sent back though nothing is stored. */
  include: "reasoning.encrypted_content"[];
  stream?: boolean;
}

/** One item of the conversation, as it is sent. */
export type ResponsesItem = ResponsesMessage | ResponsesOutput | ResponsesCall | ResponsesResult | ResponsesKept;

/** What the prompt or a repair turn says, or what a model said that the provider knows nothing of. */
export interface ResponsesMessage {
  type: "message";
  role: "user" | "assistant";
  content: string | ResponsesPart[];
}

/** What the model said, sent back with what the provider had put beside it. */
export interface ResponsesOutput {
  type: "message";
  role: "assistant";
  id: string;
  status: "in_progress" | "completed" | "incomplete";
  content: { type: "output_text"; text: string; annotations: [] }[];
}

/** A call that the model asked for. */
export interface ResponsesCall {
  type: "function_call";
  call_id: string;
  name: string;
  arguments: string;
}

/** The result of one call. */
export interface ResponsesResult {
  type: "function_call_output";
  call_id: string;
  output: string;
}

/** An item that goes back as it came: what the model thought, in a form that only the provider reads. */
export interface ResponsesKept {
  type: "reasoning";
  id: string;
  summary: { type: "summary_text"; text: string }[];
  encrypted_content?: string | null;
}

/** A part of a user message. */
export type ResponsesPart =
  | { type: "input_text"; text: string }
  | { type: "input_image"; detail: "auto"; image_url: string }
  | { type: "input_file"; filename: string; file_data: string };

/** A tool. `strict` is always told: this API takes a schema as strict when it is not. */
export interface ResponsesTool {
  type: "function";
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  strict: boolean;
}

/** Which tool the model may or must call. */
export type ResponsesToolChoice = "auto" | "none" | "required" | { type: "function"; name: string };

/** The form of the final answer. */
export type ResponsesFormat =
  | { type: "json_object" }
  | { type: "json_schema"; name: string; schema: Record<string, unknown>; strict: boolean };

/**
 * What the driver needs of a model of the AI SDK, and what it sends: the part of the language model specification that it
 * speaks. Objects of `LanguageModelV2`, `V3` and `V4` (AI SDK 5, 6 and 7) fit as they are.
 */
import type { JsonObject, JsonValue } from "../../base/index.ts";

/** The model that a user passes in. Its provider owns address, key and time-out. */
export type AiSdkLanguageModel =
  | (AiSdkModelMethods<AiSdkPlainFile> & { readonly specificationVersion: "v2" | "v3" })
  | (AiSdkModelMethods<AiSdkTaggedFile> & { readonly specificationVersion: "v4" });

/** What is called; how files are sent depends on the version. */
export interface AiSdkModelMethods<File> {
  /** The name of the provider: `openai.chat`, `anthropic.messages` … */
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: AiSdkCallOptions<File>): PromiseLike<unknown>;
  doStream(options: AiSdkCallOptions<File>): PromiseLike<unknown>;
}

/** A file as versions 2 and 3 take it: base64, or an address. */
export type AiSdkPlainFile = string | URL;

/** A file as version 4 takes it. */
export type AiSdkTaggedFile = { type: "data"; data: string } | { type: "url"; url: URL };

/** What one call is given. */
export interface AiSdkCallOptions<File> {
  prompt: AiSdkMessage<File>[];
  tools?: AiSdkTool[];
  toolChoice?: AiSdkToolChoice;
  responseFormat?: AiSdkResponseFormat;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  seed?: number;
  stopSequences?: string[];
  presencePenalty?: number;
  frequencyPenalty?: number;
  /** Versions before 4 do not look at it. */
  reasoning?: AiSdkReasoning;
  headers?: Record<string, string>;
  providerOptions?: AiSdkProviderOptions;
  abortSignal: AbortSignal;
}

/** How much a reasoning model thinks; which words a model knows differs. */
export type AiSdkReasoning = "provider-default" | "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What only one provider knows, by the provider's name: `{ anthropic: { … } }`. */
export type AiSdkProviderOptions = Record<string, JsonObject>;

/** What may hang on messages and parts. */
interface WithOptions {
  providerOptions?: AiSdkProviderOptions;
}

/** One message, as it is sent. */
export type AiSdkMessage<File> = WithOptions &
  (
    | { role: "system"; content: string }
    | { role: "user"; content: (AiSdkTextPart | AiSdkFilePart<File>)[] }
    | { role: "assistant"; content: AiSdkAssistantPart<File>[] }
    | { role: "tool"; content: AiSdkToolResultPart[] }
  );

/** A part of what the model said, sent back. */
export type AiSdkAssistantPart<File> =
  | AiSdkTextPart
  | AiSdkReasoningPart
  | AiSdkFilePart<File>
  | AiSdkToolCallPart
  | AiSdkToolResultPart;

/** A piece of text. */
export interface AiSdkTextPart extends WithOptions {
  type: "text";
  text: string;
}

/** What the model thought. */
export interface AiSdkReasoningPart extends WithOptions {
  type: "reasoning";
  text: string;
}

/** A file, or an image. */
export interface AiSdkFilePart<File> extends WithOptions {
  type: "file";
  mediaType: string;
  filename?: string;
  data: File;
}

/** A call that the model asked for; `input` is the arguments as a value. */
export interface AiSdkToolCallPart extends WithOptions {
  type: "tool-call";
  toolCallId: string;
  toolName: string;
  input: JsonValue;
  /** Whether the provider runs the tool itself. */
  providerExecuted?: boolean;
}

/** The result of one call. */
export interface AiSdkToolResultPart extends WithOptions {
  type: "tool-result";
  toolCallId: string;
  toolName: string;
  output: AiSdkToolOutput;
}

/** What a call came to: ours are texts. */
export type AiSdkToolOutput =
  | { type: "text" | "error-text"; value: string }
  | { type: "json" | "error-json"; value: JsonValue };

/** A tool. */
export interface AiSdkTool {
  type: "function";
  name: string;
  description: string;
  inputSchema: JsonObject;
}

/** Which tool the model may or must call. */
export type AiSdkToolChoice = { type: "auto" } | { type: "none" } | { type: "required" } | AiSdkNamedTool;

/** One tool that must be called. */
export interface AiSdkNamedTool {
  type: "tool";
  toolName: string;
}

/** The form of the final answer; without a schema, any JSON. */
export interface AiSdkResponseFormat {
  type: "json";
  schema?: JsonObject;
  name?: string;
}

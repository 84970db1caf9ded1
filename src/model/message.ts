/** What passes between a run and a model, as plain data that a journal can hold. */
import type { JsonObject, JsonValue } from "../base/index.ts";

/** A piece of text. */
export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

/** An image, as base64 data. */
export interface ImagePart {
  readonly type: "image";
  readonly mediaType: string;
  readonly data: string;
}

/** A file, as base64 data. */
export interface FilePart {
  readonly type: "file";
  readonly mediaType: string;
  readonly name?: string | undefined;
  readonly data: string;
}

/** The model's wish to call a tool. `arguments` is the text as it came: it may be no JSON at all. */
export interface ToolCallPart {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** What a tool call came to, as the model sees it. */
export interface ToolResultPart {
  readonly type: "tool-result";
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** Whether the call failed, was refused, or its outcome is unknown. */
  readonly failed: boolean;
}

/** Data of one provider that must go back to it as it came: reasoning items, thinking signatures. */
export interface ProviderData {
  readonly provider: string;
  readonly data: JsonValue;
}

interface MessageBase {
  readonly provider?: ProviderData | undefined;
}

/** What the prompt or a repair turn says. */
export interface UserMessage extends MessageBase {
  readonly role: "user";
  readonly content: readonly (TextPart | ImagePart | FilePart)[];
}

/** What the model says: text and tool calls in order. */
export interface AssistantMessage extends MessageBase {
  readonly role: "assistant";
  readonly content: readonly (TextPart | ToolCallPart)[];
}

/** The results of one turn's tool calls: one for each call, in call order. */
export interface ToolMessage extends MessageBase {
  readonly role: "tool";
  readonly content: readonly ToolResultPart[];
}

/** One message of a conversation. */
export type Message = UserMessage | AssistantMessage | ToolMessage;

/** A tool as a model sees it; `parameters` is a JSON Schema (draft 2020-12) of an object. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

/** The form that the final answer must have. */
export interface OutputSpec {
  /** Letters, digits, `_` and `-` only. */
  readonly name: string;
  /** A JSON Schema of an object; a list is wrapped as `{ items: […] }`. */
  readonly schema: JsonObject;
}

/** All text of a message, joined. */
export function textOf(message: Message): string {
  let text = "";
  for (const part of message.content) if (part.type === "text") text += part.text;
  return text;
}

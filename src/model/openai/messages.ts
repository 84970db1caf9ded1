/** Messages as Chat Completions has them. */
import { isJsonObject, type JsonObject } from "../../base/index.ts";
import type { AssistantMessage, Message, UserMessage } from "../index.ts";
import { mappedOnce } from "../provider/index.ts";
import type { ChatAssistantMessage, ChatMessage, ChatPart, ChatToolCall } from "./client.ts";

/** The driver's name, in models and in provider data. */
export const provider = "openai";

/** What this provider wants back with a message: unknown to us, sent as it came. */
export interface EchoData {
  /** Fields of the message. */
  readonly message?: JsonObject;
  /** Fields of its tool calls, by their place: a run may give a call another id. */
  readonly calls?: readonly (JsonObject | null)[];
}

const chatList = mappedOnce<ChatMessage>((list, message) => list.push(...chatMessagesOf(message)));

/** The system text and the messages, in a list of this request's own. */
export function chatMessages(system: string, messages: readonly Message[]): ChatMessage[] {
  const list = chatList(messages);
  if (system !== "") list.unshift({ role: "system", content: system });
  return list;
}

/** One message as Chat Completions has it: a message of tool results becomes one for each result. */
export function chatMessagesOf(message: Message): readonly ChatMessage[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: userContent(message, chatPart) }];
    case "assistant":
      return [assistantMessage(message)];
    case "tool":
      return message.content.map(({ id, text }) => ({ role: "tool", tool_call_id: id, content: text }));
  }
}

/** What the user says: one text as it is, anything else in parts. */
export function userContent<Part>(
  { content }: UserMessage,
  partOf: (part: UserMessage["content"][number]) => Part,
): string | Part[] {
  const [only] = content;
  return content.length === 1 && only?.type === "text" ? only.text : content.map(partOf);
}

function chatPart(part: UserMessage["content"][number]): ChatPart {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return { type: "image_url", image_url: { url: dataUrl(part) } };
    case "file":
      return { type: "file", file: { filename: part.name ?? "file", file_data: dataUrl(part) } };
  }
}

/** Base64 data as an address. */
export const dataUrl = ({ mediaType, data }: { readonly mediaType: string; readonly data: string }): string =>
  `data:${mediaType};base64,${data}`;

function assistantMessage(message: AssistantMessage): ChatAssistantMessage {
  let text = "";
  const calls: ChatToolCall[] = [];
  const echo = echoOf(message);
  for (const part of message.content) {
    if (part.type === "text") text += part.text;
    else {
      const call: ChatToolCall = {
        id: part.id,
        type: "function",
        function: { name: part.name, arguments: part.arguments },
      };
      calls.push(Object.assign(call, echo?.calls?.[calls.length]));
    }
  }
  const own: ChatAssistantMessage = { role: "assistant", content: text === "" && calls.length > 0 ? null : text };
  if (calls.length > 0) own.tool_calls = calls;
  return Object.assign(own, echo?.message);
}

function echoOf({ provider: own }: AssistantMessage): EchoData | undefined {
  if (own?.provider !== provider || !isJsonObject(own.data)) return undefined;
  return own.data as EchoData; // as: this driver wrote it (response.ts)
}

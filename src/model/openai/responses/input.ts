/** Messages as the Responses API has them: a flat list of items, in which reasoning stands between what is said. */
import { isJsonObject, type JsonObject } from "../../../base/index.ts";
import type { AssistantMessage, Message, UserMessage } from "../../index.ts";
import { mappedOnce } from "../../provider/index.ts";
import { dataUrl, userContent } from "../messages.ts";
import type { ResponsesItem, ResponsesKept, ResponsesPart } from "./client.ts";

/** Names the data that this API wants back. It is not that of Chat Completions, which would not know it. */
export const echoProvider = "openai-responses";

/** What this API wants back with a message: its output items in their order. */
export interface EchoData {
  readonly items: readonly EchoItem[];
}

/** An item that the message itself does not hold, as it came; or what an item of the message had besides. */
export type EchoItem = { readonly whole: JsonObject } | { readonly beside: JsonObject };

/** The messages of a request as items, in a list of this request's own. */
export const inputOf: (messages: readonly Message[]) => ResponsesItem[] = mappedOnce((list, message) =>
  list.push(...itemsOf(message)),
);

/** One message as items. */
export function itemsOf(message: Message): readonly ResponsesItem[] {
  switch (message.role) {
    case "user":
      return [{ type: "message", role: "user", content: userContent(message, inputPart) }];
    case "assistant":
      return assistantItems(message);
    case "tool":
      return message.content.map(({ id, text }) => ({ type: "function_call_output", call_id: id, output: text }));
  }
}

function inputPart(part: UserMessage["content"][number]): ResponsesPart {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image":
      return { type: "input_image", detail: "auto", image_url: dataUrl(part) };
    case "file":
      return { type: "input_file", filename: part.name ?? "file", file_data: dataUrl(part) };
  }
}

/** What the model said and asked for, each part behind the reasoning that led to it; other reasoning is not taken back. */
function assistantItems(message: AssistantMessage): ResponsesItem[] {
  const items: ResponsesItem[] = [];
  const echo = echoOf(message);
  let next = 0;
  for (const part of message.content) {
    let beside: JsonObject | undefined;
    while (beside === undefined && next < echo.length) {
      const item = echo[next++];
      if (item === undefined || "beside" in item) beside = item?.beside ?? {};
      else items.push(item.whole as unknown as ResponsesKept); // as: the provider's own item, sent back as it came
    }
    items.push(partItem(part, beside));
  }
  return items;
}

function partItem(part: AssistantMessage["content"][number], beside: JsonObject = {}): ResponsesItem {
  if (part.type === "tool-call") {
    const { id, name, arguments: text } = part;
    const own = beside.type === "function_call" ? beside : {};
    return { ...own, type: "function_call", call_id: id, name, arguments: text };
  }
  const { text } = part;
  if (beside.type !== "message") return { type: "message", role: "assistant", content: text };
  const { id, ...own } = beside;
  if (typeof id !== "string") return { ...own, type: "message", role: "assistant", content: text };
  const content: [{ type: "output_text"; text: string; annotations: [] }] = [
    { type: "output_text", text, annotations: [] },
  ];
  return { status: "completed", ...own, type: "message", role: "assistant", id, content };
}

function echoOf({ provider: own }: AssistantMessage): readonly EchoItem[] {
  if (own?.provider !== echoProvider || !isJsonObject(own.data)) return [];
  return (own.data as unknown as EchoData).items; // as: this driver wrote it (response.ts)
}

/** Messages as the Messages API has them. Each is mapped once: later turns send the same ones again. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import type { AssistantMessage, Message, ToolMessage } from "../index.ts";
import { argumentsObject, mappedOnce } from "../provider/index.ts";
import type { AnthropicBlock, AnthropicCacheControl, AnthropicMessage } from "./client.ts";
import { userBlock } from "./user-block.ts";

/** The driver's name, in models and in provider data. */
export const provider = "anthropic";

/** A block that the library has no part for, with the place in the message's parts before which it stands. */
export interface KeptBlock {
  readonly at: number;
  readonly block: JsonObject;
}

const mapped = mappedOnce(add);

/** The messages, in a list of this request's own, with points for the cache on the last two of the user if it is wanted. */
export function messagesOf(messages: readonly Message[], cache: AnthropicCacheControl | undefined): AnthropicMessage[] {
  const list = mapped(messages);
  if (cache !== undefined) setPoints(list, cache);
  return list;
}

/** Roles must alternate: what follows a message of its own role joins it. A message without content is left out. */
function add(list: AnthropicMessage[], message: Message): void {
  const content = blocksOf(message);
  if (content.length === 0) return;
  const role = message.role === "assistant" ? "assistant" : "user";
  const before = list.at(-1);
  if (before?.role === role) list[list.length - 1] = { role, content: [...before.content, ...content] };
  else list.push({ role, content });
}

/**
 * Two points: one where the request before had its last, so that it is found however many blocks have come since (the
 * provider looks back twenty), and one for the request to come.
 */
function setPoints(list: AnthropicMessage[], cache: AnthropicCacheControl): void {
  let points = 0;
  for (let index = list.length - 1; index >= 0 && points < 2; index--) {
    const { role, content } = list[index] ?? { role: "assistant", content: [] };
    const last = content.at(-1);
    if (role !== "user" || last === undefined) continue;
    list[index] = { role, content: [...content.slice(0, -1), Object.assign({ ...last }, { cache_control: cache })] };
    points++;
  }
}

function blocksOf(message: Message): AnthropicBlock[] {
  switch (message.role) {
    case "user":
      return message.content.flatMap((part) => userBlock(part) ?? []);
    case "assistant":
      return assistantBlocks(message);
    case "tool":
      return message.content.map(resultBlock);
  }
}

function assistantBlocks(message: AssistantMessage): AnthropicBlock[] {
  const blocks: AnthropicBlock[] = [];
  const kept = keptBlocks(message);
  for (const [index, part] of message.content.entries()) {
    for (const { at, block } of kept) if (at === index) blocks.push(asItCame(block));
    if (part.type === "tool-call") {
      blocks.push({ type: "tool_use", id: part.id, name: part.name, input: argumentsObject(part.arguments) });
    } else if (part.text.trim() !== "") blocks.push({ type: "text", text: part.text });
  }
  for (const { at, block } of kept) if (at >= message.content.length) blocks.push(asItCame(block));
  // an answer that was cut off while the model thought: the API refuses a message that ends so
  while (isThinking(blocks.at(-1)?.type)) blocks.pop();
  return blocks;
}

/** Tells whether a type of block is one of what the model thought. */
const isThinking = (type: JsonValue | undefined): boolean => type === "thinking" || type === "redacted_thinking";

const asItCame = (block: JsonObject): AnthropicBlock => block as unknown as AnthropicBlock; // as: it came from the provider, and the types of blocks are its own

/** The kept blocks of this driver's own messages; data of another provider, or of another form, is none. */
function keptBlocks({ provider: own }: AssistantMessage): readonly KeptBlock[] {
  if (own?.provider !== provider || !isJsonObject(own.data) || !Array.isArray(own.data.blocks)) return [];
  return own.data.blocks.filter(isKeptBlock);
}

const isKeptBlock = (kept: JsonValue): kept is JsonValue & KeptBlock =>
  isJsonObject(kept) && typeof kept.at === "number" && isJsonObject(kept.block);

/** Empty content is refused where a call failed, so that a failure without words gets one. */
function resultBlock({ id, text, failed }: ToolMessage["content"][number]): AnthropicBlock {
  const content = text.trim() === "" ? (failed ? "failed" : undefined) : text;
  return {
    type: "tool_result",
    tool_use_id: id,
    ...(content === undefined ? {} : { content }),
    ...(failed ? { is_error: true } : {}),
  };
}

/** The Messages API: how an answer is written, in one piece and as a stream. */
import type { JsonObject } from "../../../base/index.ts";
import { reported, textOf } from "../checks.ts";
import type { Endpoint, Frame } from "../protocol.ts";
import { argumentsValue, type Spoken, spoken, textPieces } from "../spoken.ts";
import { type Tokens, tokensUsed } from "../tokens.ts";
import { cacheCounter } from "./cache-points.ts";
import { type GivenThinking, isThinking, redactedData, signatureOf } from "./given-thinking.ts";
import { checkMessages, versionHeader } from "./messages-check.ts";

/** Makes the endpoint of a server. */
export function messagesEndpoint(): Endpoint {
  const thinking: GivenThinking = new Map();
  const count = cacheCounter();
  return {
    problems: (body, headers) => reported((report) => checkMessages(body, headers[versionHeader], thinking, report)),
    write(said, { body, index }) {
      const words = spoken(said, `toolu_${index}`);
      const content = contentOf(words, index);
      const thoughts = content.filter(isThinking);
      if (thoughts.length > 0) for (const { id } of words.calls) if (id !== undefined) thinking.set(id, thoughts);
      const message: Whole = {
        id: `msg_loopback_${index}`,
        type: "message",
        role: "assistant",
        model: words.model ?? textOf(body.model),
        content,
        stop_reason: stopReason(words),
        stop_sequence: null,
        stop_details:
          words.refusal === undefined ? null : { type: "refusal", category: null, explanation: words.refusal },
        usage: usageOf(tokensUsed(said, words, count(body))),
      };
      return { body: message, frames: () => messageFrames(message, words) };
    },
    errorFrame: (error) => ({
      event: "error",
      data: { type: "error", error: { type: "overloaded_error", message: "Overloaded", ...error } },
    }),
  };
}

function contentOf(words: Spoken, index: number): readonly JsonObject[] {
  const { calls, redactedThinking, text, thinking } = words;
  const content: JsonObject[] = [];
  if (redactedThinking) content.push({ type: "redacted_thinking", data: redactedData(index) });
  if (thinking !== undefined) content.push({ type: "thinking", thinking, signature: signatureOf(thinking) });
  if (text !== undefined) content.push({ type: "text", text, citations: null });
  for (const call of calls) {
    const { id, name } = call;
    content.push({ type: "tool_use", ...(id !== undefined && { id }), name, input: argumentsValue(call) });
  }
  return content;
}

function stopReason({ calls, cut, refusal }: Spoken): string {
  if (cut) return "max_tokens";
  if (refusal !== undefined) return "refusal";
  return calls.length > 0 ? "tool_use" : "end_turn";
}

/** Here the tokens of the request are told apart: new ones, those that were read from the cache and those written to it. */
function usageOf(tokens: Tokens): JsonObject {
  const { cachedInputTokens: read, cacheWriteTokens: written } = tokens;
  return {
    input_tokens: Math.max(0, tokens.inputTokens - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    output_tokens: tokens.outputTokens,
    output_tokens_details: { thinking_tokens: tokens.reasoningTokens },
    server_tool_use: null,
    service_tier: "standard",
  };
}

/** A message as it is sent in one piece. */
interface Whole extends JsonObject {
  readonly content: readonly JsonObject[];
  readonly usage: JsonObject;
  readonly stop_reason: string;
  readonly stop_sequence: null;
  readonly stop_details: JsonObject | null;
}

function messageFrames(message: Whole, words: Spoken): readonly Frame[] {
  const frames: Frame[] = [];
  const emit = (type: string, fields: JsonObject, more?: true): void =>
    void frames.push({ event: type, data: { type, ...fields }, ...(more && { more }) });
  const begun = { content: [], stop_reason: null, stop_details: null, usage: { ...message.usage, output_tokens: 1 } };
  emit("message_start", { message: { ...message, ...begun } });
  let call = 0;
  for (const [index, block] of message.content.entries()) {
    const delta = (fields: JsonObject, more?: true): void =>
      emit("content_block_delta", { index, delta: fields }, more);
    emit("content_block_start", { index, content_block: { ...block, ...emptied(block) } });
    if (index === 0) emit("ping", {});
    if (block.type === "thinking") {
      for (const thinking of textPieces(String(block.thinking))) delta({ type: "thinking_delta", thinking }, true);
      delta({ type: "signature_delta", signature: block.signature ?? "" });
    } else if (block.type === "text") {
      for (const text of textPieces(String(block.text))) delta({ type: "text_delta", text }, true);
    } else if (block.type === "tool_use") {
      const text = words.calls[call++]?.arguments ?? "";
      for (const partial_json of ["", ...textPieces(text)]) delta({ type: "input_json_delta", partial_json }, true);
    }
    emit("content_block_stop", { index });
  }
  const { stop_details, stop_reason, stop_sequence, usage } = message;
  emit("message_delta", { delta: { stop_reason, stop_sequence, stop_details }, usage });
  emit("message_stop", {});
  return frames;
}

/** What of a block comes later. */
function emptied({ type }: JsonObject): JsonObject {
  if (type === "text") return { text: "" };
  if (type === "thinking") return { thinking: "", signature: "" };
  return type === "tool_use" ? { input: {} } : {};
}

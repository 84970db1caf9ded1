/** The Responses API: how an answer is written in one piece, and what is remembered of it. */
import type { JsonObject } from "../../../base/index.ts";
import { reported, textOf } from "../checks.ts";
import type { Asked, Endpoint } from "../protocol.ts";
import { type Spoken, spoken } from "../spoken.ts";
import { promptCounter, type Tokens, tokensUsed } from "../tokens.ts";
import { sealOf } from "./given-reasoning.ts";
import { checkResponses, type GivenResponses } from "./responses-check.ts";
import { responsesFrames } from "./responses-frames.ts";

/** Makes the endpoint of a server. */
export function responsesEndpoint(): Endpoint {
  const memory: GivenResponses = { before: new Map(), stored: new Map(), calls: new Map() };
  const count = promptCounter();
  return {
    problems: (body) => reported((report) => checkResponses(body, memory, report)),
    write(said, asked) {
      const words = spoken(said, `call_${asked.index}`);
      const items = itemsOf(words, asked);
      remember(items, asked, memory);
      const tokens = tokensUsed(said, words, count(promptText(asked.body)));
      const body = responseOf(asked, items, words, tokens);
      return { body, frames: () => responsesFrames(body, items) };
    },
    errorFrame: (error) => ({
      event: "error",
      data: {
        type: "error",
        code: "server_error",
        message: "The server had an error",
        param: null,
        sequence_number: 99,
        ...error,
      },
    }),
  };
}

/** The text of a request in the order in which a provider caches it. */
function promptText({ tools, text, instructions, input }: JsonObject): string {
  return [tools ?? [], text ?? null, instructions ?? null, ...[input ?? ""].flat()]
    .map((part) => JSON.stringify(part))
    .join();
}

function itemsOf(words: Spoken, { body, index }: Asked): readonly JsonObject[] {
  const { calls, cut, refusal, text, thinking } = words;
  const status = cut ? "incomplete" : "completed";
  const items: JsonObject[] = [];
  if (thinking !== undefined) {
    const id = `rs_loopback_${index}`;
    const summary = thinking === "" ? [] : [{ type: "summary_text", text: thinking }];
    const sealed = Array.isArray(body.include) && body.include.includes("reasoning.encrypted_content");
    items.push({ id, type: "reasoning", summary, ...(sealed && { encrypted_content: sealOf(id, summary) }) });
  }
  const parts: JsonObject[] = [];
  if (text !== undefined) parts.push({ type: "output_text", text, annotations: [], logprobs: [] });
  if (refusal !== undefined) parts.push({ type: "refusal", refusal });
  if (parts.length > 0) {
    items.push({ id: `msg_loopback_${index}`, type: "message", role: "assistant", status, content: parts });
  }
  for (const [number, { id, name, arguments: args }] of calls.entries()) {
    const call = { type: "function_call", status, name, arguments: args, ...(id !== undefined && { call_id: id }) };
    items.push({ id: `fc_loopback_${index}_${number}`, ...call });
  }
  return items;
}

const responseId = (index: number): string => `resp_loopback_${index}`;

function remember(items: readonly JsonObject[], { body, index }: Asked, memory: GivenResponses): void {
  const reasoning = items.find(({ type }) => type === "reasoning");
  for (const item of items) {
    if (reasoning !== undefined && item !== reasoning)
      memory.before.set(textOf(item.call_id ?? item.id), textOf(reasoning.id));
    if (body.store !== false) memory.stored.set(textOf(item.id), item);
  }
  if (body.store === false) return;
  memory.calls.set(
    responseId(index),
    items.flatMap(({ call_id: id }) => (typeof id === "string" ? [id] : [])),
  );
}

function responseOf(asked: Asked, items: readonly JsonObject[], { cut, model }: Spoken, tokens: Tokens): JsonObject {
  const { body, index } = asked;
  return {
    id: responseId(index),
    object: "response",
    created_at: 1_700_000_000,
    status: cut ? "incomplete" : "completed",
    error: null,
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    model: model ?? textOf(body.model),
    output: items,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    reasoning: body.reasoning ?? { effort: null, summary: null },
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: body.text ?? { format: { type: "text" } },
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    truncation: "disabled",
    usage: {
      input_tokens: tokens.inputTokens,
      input_tokens_details: { cached_tokens: tokens.cachedInputTokens },
      output_tokens: tokens.outputTokens,
      output_tokens_details: { reasoning_tokens: tokens.reasoningTokens },
      total_tokens: tokens.inputTokens + tokens.outputTokens,
    },
  };
}

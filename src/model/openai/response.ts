/** Checks an answer at the edge: servers that call themselves compatible differ, and garbage must not travel on. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import type { Usage } from "../../limits/index.ts";
import type { AssistantMessage, Finish, ModelRequest, ModelResponse, TextPart, ToolCallPart } from "../index.ts";
import { argumentsText, callId, type InvalidAnswer, putCount, toldNames, type UsageCounts } from "../provider/index.ts";
import { type EchoData, provider } from "./messages.ts";

/** Reads the body of an answer; throws `MODEL_RESPONSE_INVALID` when it has not the form of a chat completion. */
export function responseOf(body: unknown, request: ModelRequest, invalid: InvalidAnswer): ModelResponse {
  if (!isJsonObject(body)) throw invalid("The answer is not JSON", "a chat completion", body);
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isJsonObject(choice)) throw invalid("The answer has no choices", "`choices` with one answer", body);
  const { message } = choice;
  if (!isJsonObject(message)) throw invalid("The answer's message is missing", "`choices[0].message`", choice);
  const names = toldNames(body.id, body.model);
  const refusal = typeof message.refusal === "string" && message.refusal !== "" ? message.refusal : undefined;
  const calls = toolCalls(message.tool_calls, names.id ?? String(request.messages.length), invalid);
  const text = textOfContent(message.content) || (refusal ?? "");
  const content: (TextPart | ToolCallPart)[] = text === "" ? [] : [{ type: "text", text }];
  for (const { part } of calls) content.push(part);
  const echo = echoData(message, calls);
  const own: AssistantMessage = { role: "assistant", content };
  return {
    message: echo === undefined ? own : { ...own, provider: { provider, data: echo } },
    finish: refusal === undefined ? finishOf(choice.finish_reason, calls.length) : "refusal",
    usage: usageOf(body.usage),
    ...names,
  };
}

/** The cause of the end. Some servers say `stop` for calls, others `tool_calls` for none: what came decides. */
function finishOf(reason: JsonValue | undefined, calls: number): Finish {
  if (reason === "content_filter") return "refusal";
  if (reason === "length") return "length";
  return calls > 0 ? "tool-calls" : "stop";
}

/** Text, or the text parts of a list: some servers send thoughts beside them. */
export function textOfContent(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const part of content) {
    if (isJsonObject(part) && part.type === "text" && typeof part.text === "string") text += part.text;
  }
  return text;
}

interface ReadCall {
  readonly part: ToolCallPart;
  readonly raw: JsonObject;
}

function toolCalls(list: JsonValue | undefined, answer: string, invalid: InvalidAnswer): readonly ReadCall[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw invalid("The answer's tool calls are not a list", "`tool_calls` as a list", list);
  const taken = new Set<string>();
  return list.map((raw, index) => {
    const fn = isJsonObject(raw) ? raw.function : undefined;
    if (!isJsonObject(raw) || !isJsonObject(fn) || typeof fn.name !== "string" || fn.name === "") {
      throw invalid(`Tool call ${index} of the answer names no function`, "`function.name`", raw);
    }
    const id = callId(raw.id, taken, answer, index);
    return { part: { type: "tool-call", id, name: fn.name, arguments: argumentsText(fn.arguments) }, raw };
  });
}

/** What reasoning servers want back with their message: without it they refuse the next request, or think anew. */
export const echoedOfMessage: readonly string[] = [
  "reasoning",
  "reasoning_content",
  "reasoning_details",
  "thinking_blocks",
  "extra_content",
];
/** The same for the calls of a message. */
export const echoedOfCall: readonly string[] = ["extra_content"];

function echoData(message: JsonObject, calls: readonly ReadCall[]): JsonObject | undefined {
  const own = picked(message, echoedOfMessage);
  const ofCalls = calls.map(({ raw }) => picked(raw, echoedOfCall) ?? null);
  const any = ofCalls.some((fields) => fields !== null);
  if (own === undefined && !any) return undefined;
  const data = { ...(own && { message: own }), ...(any && { calls: ofCalls }) } satisfies EchoData;
  return data;
}

function picked(from: JsonObject, names: readonly string[]): JsonObject | undefined {
  let found: Record<string, JsonValue> | undefined;
  for (const name of names) {
    const value = from[name];
    if (value === undefined || value === null) continue;
    found ??= {};
    found[name] = value;
  }
  return found;
}

function usageOf(usage: JsonValue | undefined): Usage {
  if (!isJsonObject(usage)) return {};
  const counts: UsageCounts = {};
  // The names of the other protocol first: some servers know only those, others send both and mean these.
  putCount(counts, "inputTokens", usage.input_tokens);
  putCount(counts, "inputTokens", usage.prompt_tokens);
  putCount(counts, "cachedInputTokens", usage.cached_tokens);
  putCount(counts, "cachedInputTokens", member(usage.prompt_tokens_details, "cached_tokens"));
  putCount(counts, "cacheWriteTokens", member(usage.prompt_tokens_details, "cache_write_tokens"));
  putCount(counts, "outputTokens", usage.output_tokens);
  putCount(counts, "outputTokens", usage.completion_tokens);
  putCount(counts, "reasoningTokens", member(usage.completion_tokens_details, "reasoning_tokens"));
  return counts;
}

const member = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) ? value[name] : undefined;

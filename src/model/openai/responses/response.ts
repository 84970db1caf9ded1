/** Checks an answer of the Responses API at the edge: garbage must not travel on. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../base/index.ts";
import type { Usage } from "../../../limits/index.ts";
import type { AssistantMessage, Finish, ModelRequest, ModelResponse, TextPart, ToolCallPart } from "../../index.ts";
import {
  argumentsText,
  callId,
  type InvalidAnswer,
  putCount,
  toldNames,
  type UsageCounts,
} from "../../provider/index.ts";
import { type EchoItem, echoProvider } from "./input.ts";

/** How an answer is read. */
export interface Reading {
  readonly invalid: InvalidAnswer;
  /** Whether the provider keeps the answer, so that its items can be told to it by their ids alone. */
  readonly stored: boolean;
}

/** Reads the body of an answer; throws `MODEL_RESPONSE_INVALID` when it has not the form of this API's response. */
export function responseOf(body: unknown, request: ModelRequest, { invalid, stored }: Reading): ModelResponse {
  if (!isJsonObject(body)) throw invalid("The answer is not JSON", "a response", body);
  if (!Array.isArray(body.output)) throw invalid("The answer has no output", "`output` as a list", body);
  const { status } = body;
  if (typeof status === "string" && status !== "completed" && status !== "incomplete") {
    throw invalid("The answer has not ended", "`status` completed or incomplete", status);
  }
  const names = toldNames(body.id, body.model);
  const output = stored ? body.output : body.output.filter((item) => !isReference(item));
  const read = readItems(output, names.id ?? String(request.messages.length), invalid);
  const own: AssistantMessage = { role: "assistant", content: read.content };
  const echo = read.echo.some(isWorthKeeping) ? { items: read.echo } : undefined;
  return {
    message: echo === undefined ? own : { ...own, provider: { provider: echoProvider, data: echo } },
    finish: finishOf(body, read),
    usage: usageOf(body.usage),
    ...names,
  };
}

interface ReadItems {
  readonly content: readonly (TextPart | ToolCallPart)[];
  readonly echo: EchoItem[];
  readonly refused: boolean;
  readonly calls: number;
}

/** Reads all output items in order: texts and calls are the message, anything else goes back as it came. */
function readItems(output: readonly JsonValue[], answer: string, invalid: InvalidAnswer): ReadItems {
  const content: (TextPart | ToolCallPart)[] = [];
  const echo: EchoItem[] = [];
  const taken = new Set<string>();
  let [calls, refused] = [0, false];
  const ends = output.some((item) => isJsonObject(item) && item.phase === "final_answer");
  for (const [index, item] of output.entries()) {
    if (!isJsonObject(item) || typeof item.type !== "string") {
      throw invalid(`Item ${index} of the answer has no type`, "items with a `type`", item);
    }
    if (item.type === "function_call") {
      if (typeof item.name !== "string" || item.name === "") {
        throw invalid(`Item ${index} of the answer calls no function`, "`name`", item);
      }
      const id = callId(item.call_id, taken, answer, calls++);
      content.push({ type: "tool-call", id, name: item.name, arguments: argumentsText(item.arguments) });
      echo.push({ beside: without(item, ["call_id", "name", "arguments"]) });
    } else {
      const said = item.type === "message" ? textIn(item.content) : undefined;
      refused ||= said?.refused === true;
      // a comment beside the final answer is no part of it: the answer may have to be JSON
      if (said === undefined || said.text === "" || (ends && item.phase === "commentary")) echo.push({ whole: item });
      else {
        content.push({ type: "text", text: said.text });
        echo.push({ beside: without(item, ["role", "content"]) });
      }
    }
  }
  return { content, echo, refused, calls };
}

/** Text of a message item; that of a refusal when there is no other. */
function textIn(content: JsonValue | undefined): { readonly text: string; readonly refused: boolean } {
  if (typeof content === "string") return { text: content, refused: false };
  let [text, refusal] = ["", ""];
  for (const part of Array.isArray(content) ? content : []) {
    if (!isJsonObject(part)) continue;
    if (part.type === "output_text" && typeof part.text === "string") text += part.text;
    if (part.type === "refusal" && typeof part.refusal === "string") refusal += part.refusal;
  }
  return { text: text || refusal, refused: refusal !== "" };
}

const without = (item: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

/** Reasoning that says no more than its id: sent back, the provider would look for what it has not kept. */
function isReference(item: JsonValue): boolean {
  if (!isJsonObject(item) || item.type !== "reasoning") return false;
  const { encrypted_content: secret, content } = item;
  return (typeof secret !== "string" || secret === "") && !(Array.isArray(content) && content.length > 0);
}

/** Items of which nothing but the type is left need not be kept. */
const isWorthKeeping = (item: EchoItem): boolean => "whole" in item || Object.keys(item.beside).length > 1;

/** The cause of the end. What was cut off for any other cause than the filter counts as too long. */
function finishOf({ status, incomplete_details: details }: JsonObject, { refused, calls }: ReadItems): Finish {
  const reason = isJsonObject(details) ? details.reason : undefined;
  if (refused || reason === "content_filter") return "refusal";
  if (status === "incomplete") return "length";
  return calls > 0 ? "tool-calls" : "stop";
}

function usageOf(usage: JsonValue | undefined): Usage {
  if (!isJsonObject(usage)) return {};
  const counts: UsageCounts = {};
  const { input_tokens_details: input, output_tokens_details: output } = usage;
  putCount(counts, "inputTokens", usage.input_tokens);
  if (isJsonObject(input)) {
    putCount(counts, "cachedInputTokens", input.cached_tokens);
    putCount(counts, "cacheWriteTokens", input.cache_write_tokens);
  }
  putCount(counts, "outputTokens", usage.output_tokens);
  if (isJsonObject(output)) putCount(counts, "reasoningTokens", output.reasoning_tokens);
  return counts;
}

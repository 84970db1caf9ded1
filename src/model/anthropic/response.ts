/** Checks an answer at the edge: servers that call themselves compatible differ, and garbage must not travel on. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import type { Usage } from "../../limits/index.ts";
import type { AssistantMessage, Finish, ModelRequest, ModelResponse, TextPart, ToolCallPart } from "../index.ts";
import { argumentsText, callId, type InvalidAnswer, putCount, toldNames, type UsageCounts } from "../provider/index.ts";
import { type KeptBlock, provider } from "./messages.ts";

/** What an answer is read by. */
interface ReadingOptions {
  readonly request: ModelRequest;
  /** The tool whose input is the answer. */
  readonly answerTool: string | undefined;
  readonly invalid: InvalidAnswer;
}

/** Reads the body of an answer; throws `MODEL_RESPONSE_INVALID` when it has not the form of a message. */
export function responseOf(body: unknown, { request, answerTool, invalid }: ReadingOptions): ModelResponse {
  if (!isJsonObject(body)) throw invalid("The answer is not JSON", "a message", body);
  if (!Array.isArray(body.content)) throw invalid("The answer has no content", "`content` as a list of blocks", body);
  const names = toldNames(body.id, body.model);
  const read = readBlocks(body.content, answerTool, names.id ?? String(request.messages.length), invalid);
  const { parts, kept, hasCalls } = read;
  const refused = body.stop_reason === "refusal";
  if (refused && !parts.some(({ type }) => type === "text")) parts.push(...explanation(body.stop_details));
  const own: AssistantMessage = { role: "assistant", content: parts };
  return {
    message: kept.length === 0 ? own : { ...own, provider: { provider, data: { blocks: kept } } },
    finish: finishOf(body.stop_reason, hasCalls),
    usage: usageOf(body.usage),
    ...names,
  };
}

interface ReadBlocks {
  parts: (TextPart | ToolCallPart)[];
  kept: (KeptBlock & JsonObject)[];
  readonly hasCalls: boolean;
}

/** Text and calls become parts; every other block is kept as it is, to go back in its place. */
function readBlocks(
  blocks: readonly JsonValue[],
  answerTool: string | undefined,
  answer: string,
  invalid: InvalidAnswer,
): ReadBlocks {
  const parts: ReadBlocks["parts"] = [];
  const kept: ReadBlocks["kept"] = [];
  const taken = new Set<string>();
  let given: string | undefined;
  for (const [index, block] of blocks.entries()) {
    const at = `\`content[${index}]\``;
    if (!isJsonObject(block) || typeof block.type !== "string") {
      throw invalid(`Block ${index} of the answer has no type`, `${at} with its \`type\``, block);
    }
    if (block.type === "text") {
      if (typeof block.text !== "string") throw invalid(`Block ${index} is a text without it`, `${at}.text`, block);
      if (block.text !== "") parts.push({ type: "text", text: block.text });
    } else if (block.type === "tool_use") {
      const { name } = block;
      if (typeof name !== "string" || name === "") {
        throw invalid(`The call in block ${index} of the answer names no tool`, `${at}.name`, block);
      }
      const input = argumentsText(block.input);
      if (name === answerTool) given ??= input;
      else parts.push({ type: "tool-call", id: callId(block.id, taken, answer, index), name, arguments: input });
    } else kept.push({ at: parts.length, block });
  }
  const hasCalls = parts.some(({ type }) => type === "tool-call");
  // an answer beside calls came too early: the model gives another when it has seen the results
  if (given === undefined || hasCalls) return { parts, kept, hasCalls };
  return { parts: [{ type: "text", text: given }], kept: kept.map(({ block }) => ({ at: 0, block })), hasCalls };
}

/** Why the provider refused, when it says so. */
function explanation(details: JsonValue | undefined): readonly TextPart[] {
  const text = isJsonObject(details) ? details.explanation : undefined;
  return typeof text === "string" && text !== "" ? [{ type: "text", text }] : [];
}

/** The cause of the end. Of causes that say neither cut off nor refused, what came decides. */
function finishOf(reason: JsonValue | undefined, hasCalls: boolean): Finish {
  if (reason === "refusal") return "refusal";
  if (reason === "max_tokens" || reason === "model_context_window_exceeded") return "length";
  return hasCalls ? "tool-calls" : "stop";
}

/** The API counts what was read from its cache, and written to it, beside the other input. */
function usageOf(usage: JsonValue | undefined): Usage {
  if (!isJsonObject(usage)) return {};
  const counts: UsageCounts = {};
  putCount(counts, "inputTokens", usage.input_tokens);
  putCount(counts, "cachedInputTokens", usage.cache_read_input_tokens);
  putCount(counts, "cacheWriteTokens", usage.cache_creation_input_tokens);
  if (counts.inputTokens !== undefined) {
    counts.inputTokens += (counts.cachedInputTokens ?? 0) + (counts.cacheWriteTokens ?? 0);
  }
  putCount(counts, "outputTokens", usage.output_tokens);
  const details = usage.output_tokens_details;
  if (isJsonObject(details)) putCount(counts, "reasoningTokens", details.thinking_tokens);
  return counts;
}

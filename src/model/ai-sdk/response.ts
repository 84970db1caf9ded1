/** Checks an answer at the edge: models are objects of many packages, and garbage must not travel on. */
import type { Usage } from "../../limits/index.ts";
import type { AssistantMessage, Finish, ModelRequest, ModelResponse } from "../index.ts";
import { type InvalidAnswer, putCount, toldNames, type UsageCounts } from "../provider/index.ts";
import { isRecord, type ReadContent, readContent } from "./content.ts";
import { type EchoPart, echoData } from "./echo.ts";

/** What an answer is read with. */
export interface AnswerContext {
  readonly request: ModelRequest;
  /** The provider's name, to which echoed parts go back. */
  readonly from: string;
  readonly invalid: InvalidAnswer;
  /** Makes the error for an answer that was broken off; `reason` is the provider's own word for it. */
  readonly brokenOff: (reason: unknown) => Error;
}

/** Reads what `doGenerate` gives, of any version; throws `MODEL_RESPONSE_INVALID` when it has not its form. */
export function responseOf(result: unknown, { request, from, invalid, brokenOff }: AnswerContext): ModelResponse {
  if (!isRecord(result)) throw invalid("The answer is no object", "`content`, `finishReason` and `usage`", result);
  const { unified, raw } = reasonOf(result.finishReason);
  if (typeof unified !== "string") {
    throw invalid("The answer does not say why it ended", "`finishReason`", result.finishReason);
  }
  const told = isRecord(result.response) ? result.response : {};
  const names = toldNames(told.id, told.modelId);
  const read = readContent(result.content, names.id ?? String(request.messages.length), invalid);
  if (unified === "error" || unified === "interrupted") throw brokenOff(raw ?? unified);
  const { content, echo } = selected(read, request, result.structuredOutputText);
  const message: AssistantMessage = { role: "assistant", content };
  const data = echoData(echo, from);
  return {
    message: data === undefined ? message : { ...message, provider: data },
    finish: finishOf(unified, read.calls),
    usage: usageOf(result.usage),
    ...names,
  };
}

/** Version 2 gives a word, later ones the word with the provider's own. */
function reasonOf(reason: unknown): { readonly unified?: unknown; readonly raw?: unknown } {
  return isRecord(reason) ? reason : { unified: reason };
}

/** The cause of the end. Some providers say `stop` for calls, others `tool-calls` for none: what came decides. */
function finishOf(reason: string, calls: number): Finish {
  if (reason === "content-filter") return "refusal";
  if (reason === "length") return "length";
  return calls > 0 ? "tool-calls" : "stop";
}

/** A provider may say which text is the typed answer, among drafts: then that is the message, and the drafts only go back. */
function selected({ content, echo, calls }: ReadContent, { output }: ModelRequest, chosen: unknown): Selected {
  if (typeof chosen !== "string" || output === undefined || calls > 0) return { content, echo };
  const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.join("") === chosen) return { content, echo };
  const drafts = echo.map((part): EchoPart => {
    if (part.own === undefined) return part;
    const { own, ...options } = part;
    return { type: own, text: texts.shift() ?? "", ...options };
  });
  return { content: chosen === "" ? [] : [{ type: "text", text: chosen }], echo: drafts };
}

type Selected = Pick<ReadContent, "content" | "echo">;

/** Usage as flat numbers (version 2) or by kind (later). */
function usageOf(usage: unknown): Usage {
  if (!isRecord(usage)) return {};
  const counts: UsageCounts = {};
  const { inputTokens: input, outputTokens: output } = usage;
  putCount(counts, "inputTokens", isRecord(input) ? input.total : input);
  putCount(counts, "cachedInputTokens", isRecord(input) ? input.cacheRead : usage.cachedInputTokens);
  putCount(counts, "cacheWriteTokens", isRecord(input) ? input.cacheWrite : undefined);
  putCount(counts, "outputTokens", isRecord(output) ? output.total : output);
  putCount(counts, "reasoningTokens", isRecord(output) ? output.reasoning : usage.reasoningTokens);
  const { inputTokens, cachedInputTokens } = counts;
  if (inputTokens !== undefined && cachedInputTokens !== undefined && cachedInputTokens > inputTokens) {
    counts.inputTokens = inputTokens + cachedInputTokens; // some of version 2 count cached tokens apart
  }
  return counts;
}

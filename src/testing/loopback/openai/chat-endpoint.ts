/** Chat Completions: how an answer is written, in one piece and as a stream. */
import { isJsonObject, type JsonObject } from "../../../base/index.ts";
import { reported, textOf } from "../checks.ts";
import type { Asked, Endpoint, Frame } from "../protocol.ts";
import { type Spoken, type SpokenCall, spoken, textPieces } from "../spoken.ts";
import { promptCounter, type Tokens, tokensUsed } from "../tokens.ts";
import { type ChatFields, checkChat } from "./chat-check.ts";

/** How a server speaks Chat Completions that is not OpenAI's own. */
export interface ChatDialect {
  /** Fields that it takes beside those of OpenAI. */
  readonly fields: ChatFields;
  /** The model that answers, by the name that was asked for. */
  answering(model: string): string;
  /** Fields of a message with thoughts. */
  thoughtFields(thinking: string): JsonObject;
  /** The same in pieces, for a stream. */
  thoughtPieces(thinking: string): readonly JsonObject[];
  /** What is wrong with thoughts that come back. */
  thoughtProblems(body: JsonObject): readonly string[];
  /** What the answer cost, for servers that tell it: in a header, or with the usage of a stream. */
  readonly cost?: { readonly header: string; of(tokens: Tokens): number } | undefined;
}

/** Makes the endpoint of a server. */
export function chatEndpoint(dialect: ChatDialect): Endpoint {
  const count = promptCounter();
  return {
    problems: (body) => [
      ...reported((report) => checkChat(body, dialect.fields, report)),
      ...dialect.thoughtProblems(body),
    ],
    write(said, asked) {
      const words = spoken(said, `call_${asked.index}`);
      const tokens = tokensUsed(said, words, count(promptText(asked.body)));
      const usage = usageOf(tokens);
      const cost = dialect.cost?.of(tokens);
      return {
        body: { ...head(words, asked, dialect, "chat.completion"), choices: [choiceOf(words, dialect)], usage },
        ...(dialect.cost && { headers: { [dialect.cost.header]: String(cost) } }),
        frames: () => chatFrames(words, asked, dialect, cost === undefined ? usage : { ...usage, cost }),
      };
    },
    errorFrame: (_error, data) => ({ data }),
  };
}

/** The text of a request in the order in which a provider caches it. */
function promptText({ tools, response_format: format, messages }: JsonObject): string {
  return [tools ?? [], format ?? null, ...(Array.isArray(messages) ? messages : [])]
    .map((part) => JSON.stringify(part))
    .join();
}

const head = ({ model }: Spoken, { body, index }: Asked, dialect: ChatDialect, object: string): object => ({
  id: `chatcmpl-loopback-${index}`,
  object,
  created: 1_700_000_000,
  model: model ?? dialect.answering(textOf(body.model)),
});

function choiceOf(words: Spoken, dialect: ChatDialect): object {
  const { text = null, refusal = null, thinking, calls } = words;
  const thoughts = thinking === undefined ? {} : dialect.thoughtFields(thinking);
  const message = { role: "assistant", content: text, refusal, annotations: [], ...thoughts };
  return {
    index: 0,
    message: calls.length === 0 ? message : { ...message, tool_calls: calls.map(toolCall) },
    logprobs: null,
    finish_reason: finishOf(words),
  };
}

const finishOf = ({ cut, calls }: Spoken): string => (cut ? "length" : calls.length > 0 ? "tool_calls" : "stop");

const toolCall = ({ id, name, arguments: text }: SpokenCall): object => ({
  ...(id !== undefined && { id }),
  type: "function",
  function: { name, arguments: text },
});

const usageOf = (tokens: Tokens): object => ({
  prompt_tokens: tokens.inputTokens,
  completion_tokens: tokens.outputTokens,
  total_tokens: tokens.inputTokens + tokens.outputTokens,
  prompt_tokens_details: { cached_tokens: tokens.cachedInputTokens, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: tokens.reasoningTokens, audio_tokens: 0 },
});

function chatFrames(words: Spoken, asked: Asked, dialect: ChatDialect, usage: object): readonly Frame[] {
  const { stream_options: options } = asked.body;
  const withUsage = isJsonObject(options) && options.include_usage === true;
  const common = { ...head(words, asked, dialect, "chat.completion.chunk"), ...(withUsage && { usage: null }) };
  const chunk = (delta: object, finish: string | null = null): Frame => ({
    data: { ...common, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] },
  });
  const said = (delta: object): Frame => ({ ...chunk(delta), more: true });
  const frames = [chunk({ role: "assistant", content: words.calls.length > 0 ? null : "", refusal: null })];
  if (words.thinking !== undefined) frames.push(...dialect.thoughtPieces(words.thinking).map(said));
  for (const content of textPieces(words.text ?? "")) frames.push(said({ content }));
  for (const refusal of textPieces(words.refusal ?? "")) frames.push(said({ refusal }));
  for (const [index, call] of words.calls.entries()) {
    frames.push(chunk({ tool_calls: [{ index, ...toolCall({ ...call, arguments: "" }) }] }));
    for (const text of textPieces(call.arguments))
      frames.push(said({ tool_calls: [{ index, function: { arguments: text } }] }));
  }
  frames.push(chunk({}, finishOf(words)));
  if (withUsage) frames.push({ data: { ...common, choices: [], usage } });
  return [...frames, { data: "[DONE]" }];
}

import { isJsonObject, type JsonObject } from "../../../base/index.ts";
import { signatureOf } from "../anthropic/given-thinking.ts";
import { names } from "../checks.ts";
import { type ChatDialect, chatEndpoint } from "../openai/chat-endpoint.ts";
import type { Protocol } from "../protocol.ts";
import { type LoopbackOptions, type LoopbackServer, startLoopback } from "../server.ts";
import { textPieces } from "../spoken.ts";
import type { Tokens } from "../tokens.ts";

/** What a server of {@link loopbackLiteLLM} is made with. */
export interface LoopbackLiteLLMOptions extends LoopbackOptions {
  /** Where the proxy stands on its host; `/litellm` unless told. */
  readonly basePath?: string | undefined;
  /** Reckons what an answer cost; a millionth for each token, four for each of the answer, unless told. */
  readonly cost?: ((tokens: LoopbackTokens) => number) | undefined;
}

/** The tokens of one answer of a loopback server. */
export type LoopbackTokens = Tokens;

/** Errors by status: the exception that the message names, and the type. */
const errors = new Map([
  [400, ["BadRequestError", "invalid_request_error"]],
  [401, ["AuthenticationError", "auth_error"]],
  [403, ["PermissionDeniedError", "permission_denied_error"]],
  [404, ["NotFoundError", "not_found_error"]],
  [408, ["Timeout", "timeout_error"]],
  [429, ["RateLimitError", "throttling_error"]],
  [500, ["InternalServerError", "internal_server_error"]],
  [503, ["ServiceUnavailableError", "service_unavailable_error"]],
]);

/**
 * Starts a server on 127.0.0.1 that speaks as the proxy LiteLLM does: Chat Completions, also as streams, below a base path.
 * Models are named with their provider, `openai/gpt-x`. Answers tell what they cost: in the header
 * `x-litellm-response-cost`, in a stream with the usage. A used-up budget is
 * `{ status: 400, error: { type: "budget_exceeded" } }`. All else is as of the other loopback servers.
 */
export function loopbackLiteLLM(options: LoopbackLiteLLMOptions): Promise<LoopbackServer> {
  const { basePath = "/litellm", cost = defaultCost } = options;
  const endpoint = chatEndpoint({ ...liteLLMChat, cost: { header: "x-litellm-response-cost", of: cost } });
  const protocol: Protocol = {
    basePath: `${basePath}/v1`,
    endpoints: new Map(
      [`${basePath}/v1/chat/completions`, `${basePath}/chat/completions`].map((path) => [path, endpoint]),
    ),
    refusal({ authorization: key = "none" }, apiKey) {
      if (key === `Bearer ${apiKey}`) return undefined;
      const message = `Authentication Error, Invalid proxy server token passed. Received API Key = ${key.replace("Bearer ", "")}`;
      return { status: 401, error: { message } };
    },
    unknownModel: (model) => ({
      status: 400,
      error: { message: `/chat/completions: Invalid model name passed in model=${model}.` },
    }),
    headers: (index) => ({
      "x-litellm-call-id": index === undefined ? "call-loopback" : `call-loopback-${index}`,
      ...(index !== undefined && { "x-litellm-model-id": "model-loopback" }),
    }),
    errorBody(status, error) {
      const [exception, type] = errors.get(status) ?? ["APIError", null];
      const message =
        error.type === "budget_exceeded"
          ? "Budget has been exceeded! Current cost: 10.51, Max budget: 10.0"
          : `litellm.${exception}: ${exception}: OpenAIException - status ${status}`;
      return { error: { message, type, param: null, code: String(status), ...error } };
    },
  };
  return startLoopback(options, protocol);
}

const defaultCost = ({ inputTokens, outputTokens }: Tokens): number => (inputTokens + 4 * outputTokens) / 1_000_000;

const liteLLMChat: ChatDialect = {
  fields: {
    ofBody: names(
      "allowed_openai_params,api_base,api_version,cache,caching,context_fallback_dict,drop_params,extra_body,extra_headers," +
        "fallbacks,guardrails,litellm_metadata,litellm_session_id,litellm_trace_id,max_retries,mock_response,num_retries," +
        "request_timeout,tags,thinking,timeout,top_k",
    ),
    ofMessages: names("thinking_blocks,cache_control,provider_specific_fields"),
  },
  answering: (model) => model.slice(model.indexOf("/") + 1),
  thoughtFields: (thinking) => ({ reasoning_content: thinking, thinking_blocks: [blockOf(thinking)] }),
  thoughtPieces: (thinking) => [
    ...textPieces(thinking).map((piece) => ({
      reasoning_content: piece,
      thinking_blocks: [{ type: "thinking", thinking: piece, signature: null }],
    })),
    { thinking_blocks: [{ ...blockOf(thinking), thinking: "" }] },
  ],
  thoughtProblems(body) {
    const messages = Array.isArray(body.messages) ? body.messages : [];
    return messages.flatMap((message, index) => {
      const blocks = isJsonObject(message) && Array.isArray(message.thinking_blocks) ? message.thinking_blocks : [];
      const isWhole = blocks.every(
        (block) =>
          isJsonObject(block) && typeof block.thinking === "string" && block.signature === signatureOf(block.thinking),
      );
      return isWhole ? [] : [`messages[${index}]: the thinking does not fit its signature`];
    });
  },
};

const blockOf = (thinking: string): JsonObject => ({ type: "thinking", thinking, signature: signatureOf(thinking) });

import { type Clock, isJsonObject, type JsonObject } from "../../base/index.ts";
import type { Model } from "../index.ts";
import { chatModel } from "../openai/chat-model.ts";
import type { OpenAIClient, OpenAISettings } from "../openai/index.ts";
import { chatService } from "../openai/service.ts";
import { headerOf, type Service } from "../provider/index.ts";

/** Options of {@link litellmModel}. */
export interface LiteLLMModelOptions {
  /** The client: `new OpenAI({ apiKey, baseURL, maxRetries: 0 })` of the `openai` package, with the proxy's key and address. */
  readonly client: OpenAIClient;
  /** The name that the proxy has for the model: `openai/gpt-5.2`, or one of its configuration. */
  readonly model: string;
  readonly settings?: OpenAISettings | undefined;
  /** Only to read dates in `Retry-After`; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

/**
 * A model behind the proxy LiteLLM. It is asked as {@link openaiModel} asks, and its answers tell what they cost, in US dollars:
 * a whole one by a header, which only the official client gives, a streamed one with its usage.
 * Throws `INPUT_INVALID` as that does. A call throws `MODEL_REJECTED`, `MODEL_THROTTLED` (for a used-up budget with `details.reason` `quota`), `MODEL_UNAVAILABLE` or
 * `MODEL_RESPONSE_INVALID`; an abort throws the signal's reason.
 */
export function litellmModel(options: LiteLLMModelOptions): Model {
  return chatModel(options, { at: "litellmModel", service, costOf });
}

const service: Service = {
  ...chatService,
  provider: "litellm",
  keyFrom: "the client's `apiKey`, a key of the proxy",
  addressFrom: "`baseURL`, the proxy's address",
  sayings: [[/UnsupportedParams|drop_params/, "Leave the setting out, or set `extra: { drop_params: true }`."]],
};

/** The header tells nothing that is known of a stream, which begins before it has cost anything. */
function costOf({ usage }: JsonObject, headers: unknown): number | undefined {
  const told = isJsonObject(usage) ? usage.cost : undefined;
  const cost = typeof told === "number" ? told : Number(headerOf(headers, "x-litellm-response-cost") || Number.NaN);
  return Number.isFinite(cost) && cost >= 0 ? cost : undefined;
}

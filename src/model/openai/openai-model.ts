import type { Clock } from "../../base/index.ts";
import type { Model } from "../index.ts";
import { chatModel } from "./chat-model.ts";
import type { OpenAIClient } from "./client.ts";
import { chatService } from "./service.ts";
import type { OpenAISettings } from "./settings.ts";

/** Options of {@link openaiModel}. */
export interface OpenAIModelOptions {
  /** The client: `new OpenAI({ maxRetries: 0, … })` of the `openai` package, for runs ask again themselves. Time-outs are its affair. */
  readonly client: OpenAIClient;
  /** The provider's name for the model. */
  readonly model: string;
  readonly settings?: OpenAISettings | undefined;
  /** Only to read dates in `Retry-After`; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

/**
 * A model behind Chat Completions: OpenAI, and what speaks its protocol (Ollama, vLLM, LiteLLM …). Given `onProgress`, it
 * streams: an answer that breaks off is `MODEL_UNAVAILABLE`.
 * Throws `INPUT_INVALID` for options that no server can take. A call throws `MODEL_REJECTED`, `MODEL_THROTTLED` (with `details.retryAfterMs`), `MODEL_UNAVAILABLE` or
 * `MODEL_RESPONSE_INVALID`; an abort throws the signal's reason.
 */
export function openaiModel(options: OpenAIModelOptions): Model {
  return chatModel(options, { at: "openaiModel", service: chatService });
}

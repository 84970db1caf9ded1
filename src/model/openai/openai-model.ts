import { type Clock, systemClock } from "../../base/index.ts";
import type { Model } from "../index.ts";
import { invalidAnswer, remoteCall } from "../provider/index.ts";
import { chatAssembly } from "./chat-stream.ts";
import type { OpenAIClient } from "./client.ts";
import { provider } from "./messages.ts";
import { receive } from "./receive.ts";
import { bodyMaker } from "./request.ts";
import { responseOf } from "./response.ts";
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
 * Throws `MODEL_REJECTED`, `MODEL_THROTTLED` (with `details.retryAfterMs`), `MODEL_UNAVAILABLE` or
 * `MODEL_RESPONSE_INVALID`; an abort throws the signal's reason.
 */
export function openaiModel(options: OpenAIModelOptions): Model {
  const { client, model, settings = {}, clock = systemClock } = options;
  const bodies = bodyMaker(model, settings);
  const call = remoteCall(chatService, client, model, clock);
  const invalid = invalidAnswer(call.hide);
  return {
    name: model,
    provider,
    maxOutputTokens: settings.maxOutputTokens,
    async generate(request, { signal, onProgress }) {
      const body = bodies.bodyOf(request, onProgress !== undefined);
      const answer = await call.ask((own) => {
        const sent = client.chat.completions.create(body, { signal: own });
        return body.stream === true ? receive(sent, { assembly: chatAssembly(invalid), invalid, onProgress }) : sent;
      }, signal);
      return responseOf(answer, request, call.hide);
    },
  };
}

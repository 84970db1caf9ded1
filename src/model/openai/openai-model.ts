import { type Clock, systemClock } from "../../base/index.ts";
import type { Model } from "../index.ts";
import type { OpenAIClient } from "./client.ts";
import { listenerSignal } from "./listener-signal.ts";
import { provider } from "./messages.ts";
import { type Asked, errorInBody, providerError, withoutKey } from "./provider-error.ts";
import { bodyMaker } from "./request.ts";
import { responseOf } from "./response.ts";
import type { OpenAISettings } from "./settings.ts";

/** Options of {@link openaiModel}. */
export interface OpenAIModelOptions {
  /** The client: `new OpenAI({ … })` of the `openai` package. Time-outs and retries are its affair. */
  readonly client: OpenAIClient;
  /** The provider's name for the model. */
  readonly model: string;
  readonly settings?: OpenAISettings | undefined;
  /** Only to read dates in `Retry-After`; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

/**
 * A model behind Chat Completions: OpenAI, and what speaks its protocol (Ollama, vLLM, LiteLLM …).
 * Throws `MODEL_REJECTED`, `MODEL_THROTTLED` (with `details.retryAfterMs`), `MODEL_UNAVAILABLE` or
 * `MODEL_RESPONSE_INVALID`; an abort throws the signal's reason.
 */
export function openaiModel(options: OpenAIModelOptions): Model {
  const { client, model, settings = {}, clock = systemClock } = options;
  const bodies = bodyMaker(model, settings);
  // only the official client is known to do with a signal that merely listens: others may hand it to `fetch`
  const signalFor = "fetchWithTimeout" in client ? listenerSignal : (signal: AbortSignal): AbortSignal => signal;
  const hide = (text: string): string => withoutKey(text, keyOf(client.apiKey));
  const asked = (): Asked => ({ model, address: hide(addressOf(client.baseURL)), key: keyOf(client.apiKey), clock });
  return {
    name: model,
    provider,
    maxOutputTokens: settings.maxOutputTokens,
    async generate(request, { signal }) {
      signal.throwIfAborted();
      let answer: unknown;
      try {
        answer = await client.chat.completions.create(bodies.bodyOf(request), { signal: signalFor(signal) });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw providerError(error, asked());
      }
      const error = errorInBody(answer);
      if (error !== undefined) throw providerError(error, asked());
      return responseOf(answer, request, hide);
    },
  };
}

const keyOf = (key: unknown): string | undefined => (typeof key === "string" ? key : undefined);

/** An address for people: no user, password or query. */
function addressOf(baseURL: unknown): string {
  if (typeof baseURL !== "string" || !URL.canParse(baseURL)) return "the provider's address";
  const { origin, pathname } = new URL(baseURL);
  return `${origin}${pathname}`;
}

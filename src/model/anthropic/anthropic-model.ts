import { type Clock, systemClock } from "../../base/index.ts";
import type { Model } from "../index.ts";
import { checkDriver, receive, remoteCall } from "../provider/index.ts";
import { checkSettings, settingKinds } from "./check-settings.ts";
import type { AnthropicClient } from "./client.ts";
import { provider } from "./messages.ts";
import { bodyMaker } from "./request.ts";
import { responseOf } from "./response.ts";
import { messagesService } from "./service.ts";
import { type AnthropicSettings, defaultMaxOutputTokens } from "./settings.ts";
import { messageAssembly } from "./stream.ts";

/** Options of {@link anthropicModel}. */
export interface AnthropicModelOptions {
  /**
   * The client: `new Anthropic({ maxRetries: 0, … })` of the `@anthropic-ai/sdk` package, for runs ask again themselves. Time-outs and
   * headers are its affair.
   */
  readonly client: AnthropicClient;
  /** The provider's name for the model. */
  readonly model: string;
  readonly settings?: AnthropicSettings | undefined;
  /** Only to read dates in `Retry-After`; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

const driver = {
  at: "anthropicModel",
  settings: settingKinds,
  client: "an Anthropic client",
  method: "messages.create",
};

/** The longest answer that the official client waits for without a stream: it reckons with an hour for 128,000 tokens. */
const longestWithoutStream = 21_333;

/**
 * A model behind Anthropic's Messages API. It streams when progress is asked for, or when answers may be longer than clients wait
 * for in one piece. Throws `INPUT_INVALID` for settings that the API refuses. A call throws `MODEL_REJECTED`, `MODEL_THROTTLED`
 * (with `details.retryAfterMs`), `MODEL_UNAVAILABLE` or `MODEL_RESPONSE_INVALID`; an abort throws the signal's reason.
 */
export function anthropicModel(options: AnthropicModelOptions): Model {
  checkDriver(driver, options);
  const { client, model, settings = {}, clock = systemClock } = options;
  checkSettings(settings);
  const bodies = bodyMaker(model, settings);
  const { ask, invalid } = remoteCall(messagesService, client, model, clock);
  return {
    name: model,
    provider,
    maxOutputTokens: settings.maxOutputTokens ?? defaultMaxOutputTokens,
    async generate(request, options) {
      const { body, answerTool } = bodies.bodyOf(request);
      // unless `extra` says otherwise
      if (options.onProgress !== undefined || body.max_tokens > longestWithoutStream) body.stream ??= true;
      const answer = await ask((own) => {
        const sent = client.messages.create(body, { signal: own.signal });
        return receive(sent, { ...own, assembly: messageAssembly(invalid), invalid, isStreamed: body.stream === true });
      }, options);
      return responseOf(answer, { request, answerTool, invalid });
    },
  };
}

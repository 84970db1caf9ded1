import { type Clock, systemClock, WinkError } from "../../../base/index.ts";
import type { Model } from "../../index.ts";
import { checkDriver, receive, remoteCall } from "../../provider/index.ts";
import { responsesSettings } from "../check-settings.ts";
import { provider } from "../messages.ts";
import { responsesService } from "../service.ts";
import type { OpenAIResponsesSettings, OpenAISettings } from "../settings.ts";
import type { OpenAIResponsesClient } from "./client.ts";
import { bodyMaker } from "./request.ts";
import { responseOf } from "./response.ts";
import { responsesAssembly } from "./stream.ts";

/** Options of {@link openaiResponsesModel}. */
export interface OpenAIResponsesModelOptions {
  /** The client: `new OpenAI({ maxRetries: 0, … })` of the `openai` package, for runs ask again themselves. Time-outs are its affair. */
  readonly client: OpenAIResponsesClient;
  /** The provider's name for the model. */
  readonly model: string;
  readonly settings?: OpenAIResponsesSettings | undefined;
  /** Only to read dates in `Retry-After`; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

/**
 * A model behind OpenAI's Responses API. Nothing is stored at the provider unless told; what the model thought goes back
 * to it in encrypted form. Given `onProgress`, it streams: an answer that breaks off is `MODEL_UNAVAILABLE`.
 * Throws `INPUT_INVALID` for settings that this API has not; `generate` throws `MODEL_REJECTED`, `MODEL_THROTTLED`,
 * `MODEL_UNAVAILABLE` or `MODEL_RESPONSE_INVALID`; an abort throws the signal's reason.
 */
export function openaiResponsesModel(options: OpenAIResponsesModelOptions): Model {
  refuseForeign(options?.settings);
  checkDriver(driver, options);
  const { client, model, settings = {}, clock = systemClock } = options;
  const bodies = bodyMaker(model, settings);
  const call = remoteCall(responsesService, client, model, clock);
  const { invalid } = call;
  return {
    name: model,
    provider,
    maxOutputTokens: settings.maxOutputTokens,
    async generate(request, options) {
      const body = bodies.bodyOf(request, options.onProgress !== undefined);
      const answer = await call.ask((own) => {
        const sent = client.responses.create(body, { signal: own.signal });
        const isStreamed = body.stream === true;
        return receive(sent, { ...own, assembly: responsesAssembly(invalid), invalid, isStreamed });
      }, options);
      return responseOf(answer, request, { invalid, stored: body.store });
    },
  };
}

const driver = {
  at: "openaiResponsesModel",
  settings: responsesSettings,
  client: "an OpenAI client",
  method: "responses.create",
};

/** Settings that only Chat Completions has: the types refuse them, plain JavaScript does not. */
const foreign: Readonly<Record<Exclude<keyof OpenAISettings, keyof OpenAIResponsesSettings>, true>> = {
  frequencyPenalty: true,
  maxTokensField: true,
  presencePenalty: true,
  seed: true,
  stop: true,
};

function refuseForeign(settings: OpenAIResponsesSettings | undefined): void {
  const given: Readonly<Record<string, unknown>> = { ...settings };
  const found = Object.keys(foreign).filter((name) => given[name] !== undefined);
  if (found.length === 0) return;
  throw new WinkError("INPUT_INVALID", {
    problem: "The Responses API has no such settings",
    at: "openaiResponsesModel",
    expected: "settings that this API knows",
    received: found.join(", "),
    fix: "Leave them out, or use openaiModel.",
    details: { settings: found },
  });
}

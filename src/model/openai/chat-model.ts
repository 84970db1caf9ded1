import { type Clock, isJsonObject, type JsonObject, systemClock } from "../../base/index.ts";
import type { Model } from "../index.ts";
import { checkDriver, receive, remoteCall, type Service } from "../provider/index.ts";
import { chatAssembly } from "./chat-stream.ts";
import { chatSettings } from "./check-settings.ts";
import type { OpenAIClient } from "./client.ts";
import { bodyMaker } from "./request.ts";
import { responseOf } from "./response.ts";
import type { OpenAISettings } from "./settings.ts";

interface ChatOptions {
  readonly client: OpenAIClient;
  readonly model: string;
  readonly settings?: OpenAISettings | undefined;
  readonly clock?: Clock | undefined;
}

/** Who speaks Chat Completions, and what they do beside it. */
export interface ChatKind {
  /** The function that makes the model. */
  readonly at: string;
  readonly service: Service;
  /** Reads what an answer cost from its body, or from the headers that it came with. */
  readonly costOf?: (body: JsonObject, headers: unknown) => number | undefined;
}

/** Makes a model behind Chat Completions. */
export function chatModel(options: ChatOptions, { at, costOf, service }: ChatKind): Model {
  checkDriver({ at, settings: chatSettings, client: "an OpenAI client", method: "chat.completions.create" }, options);
  const { client, model, settings = {}, clock = systemClock } = options;
  const bodies = bodyMaker(model, settings);
  const call = remoteCall(service, client, model, clock);
  const { invalid } = call;
  return {
    name: model,
    provider: service.provider,
    maxOutputTokens: settings.maxOutputTokens,
    async generate(request, options) {
      const body = bodies.bodyOf(request, options.onProgress !== undefined);
      let headers: unknown;
      const onHeaders = (came: unknown): void => {
        headers = came;
      };
      const answer = await call.ask((own) => {
        const sent = client.chat.completions.create(body, { signal: own.signal });
        const isStreamed = body.stream === true;
        return receive(sent, { ...own, assembly: chatAssembly(invalid), invalid, isStreamed, onHeaders });
      }, options);
      const response = responseOf(answer, request, invalid);
      const cost = isJsonObject(answer) ? costOf?.(answer, headers) : undefined;
      return cost === undefined ? response : { ...response, cost };
    },
  };
}

/** One call of a client that a user passed in: its key kept out of errors, its failures told as errors of the library. */
import { type Clock, isJsonObject } from "../../base/index.ts";
import type { GenerateOptions } from "../index.ts";
import { type InvalidAnswer, invalidAnswer } from "./invalid-answer.ts";
import { listenerSignal } from "./listener-signal.ts";
import { type Asked, providerError, type Service, withoutKey } from "./provider-error.ts";
import { errorInBody } from "./told-error.ts";

/** What is read of any client: where requests go, without credentials in errors, and the key, to keep it out of them. */
export interface RemoteClient {
  readonly baseURL?: unknown;
  readonly apiKey?: unknown;
  /** What some clients have in the place of a key. */
  readonly authToken?: unknown;
}

/** The calls of one model's client. */
export interface RemoteCall {
  /**
   * Asks; `send` is given the signal for the client, and the listener, through which it tells of progress. Throws what the
   * listener throws, the signal's reason when it aborts, else what {@link providerError} makes of a failure, of the client or
   * told in the answer.
   */
  ask(send: (options: GenerateOptions) => PromiseLike<unknown>, options: GenerateOptions): Promise<unknown>;
  /** Makes the errors for answers that have not the form of the protocol, without the client's key. */
  readonly invalid: InvalidAnswer;
}

/** Makes the calls of a client for one model of a service. */
export function remoteCall(service: Service, client: RemoteClient, model: string, clock: Clock): RemoteCall {
  // only the official clients are known to do with a signal that merely listens: others may hand it to `fetch`
  const signalFor = "fetchWithTimeout" in client ? listenerSignal : (signal: AbortSignal): AbortSignal => signal;
  const hide = (text: string): string =>
    [client.apiKey, client.authToken].reduce<string>((said, key) => withoutKey(said, keyOf(key)), text);
  const asked = (): Asked => ({ service, model, address: hide(addressOf(client.baseURL)), hide, clock });
  return {
    invalid: invalidAnswer(hide, model, () => ({ ...service, ...asked() })),
    async ask(send, { signal, onProgress }) {
      signal.throwIfAborted();
      let answer: unknown;
      let ofListener: { readonly error: unknown } | undefined;
      const tell: GenerateOptions["onProgress"] =
        onProgress &&
        ((progress) => {
          try {
            onProgress(progress);
          } catch (error) {
            ofListener = { error };
            throw error;
          }
        });
      try {
        answer = await send({ signal: signalFor(signal), onProgress: tell });
      } catch (error) {
        if (ofListener !== undefined) throw ofListener.error; // no failure of the provider
        if (signal.aborted) throw signal.reason;
        throw providerError(error, asked());
      }
      const failure = errorInBody(answer) ?? (isJsonObject(answer) ? service.failureIn?.(answer) : undefined);
      if (failure !== undefined) throw providerError(failure, asked());
      return answer;
    },
  };
}

const keyOf = (key: unknown): string | undefined => (typeof key === "string" ? key : undefined);

/** An address for people: no user, password or query. */
export function addressOf(baseURL: unknown): string {
  if (typeof baseURL !== "string" || !URL.canParse(baseURL)) return "the provider's address";
  const { origin, pathname } = new URL(baseURL);
  return `${origin}${pathname}`;
}

/** One call of a client that a user passed in: its key kept out of errors, its failures told as errors of the library. */
import type { Clock } from "../../base/index.ts";
import { listenerSignal } from "./listener-signal.ts";
import { type Asked, errorInBody, providerError, type Service, withoutKey } from "./provider-error.ts";

/** What is read of any client: where requests go, without credentials in errors, and the key, to keep it out of them. */
export interface RemoteClient {
  readonly baseURL?: unknown;
  readonly apiKey?: unknown;
  /** What some clients have in the place of a key. */
  readonly authToken?: unknown;
}

/** The calls of one model's client. */
export interface RemoteCall {
  /** Asks; throws the signal's reason when it aborts, else what {@link providerError} makes of a failure. */
  ask(send: (signal: AbortSignal) => PromiseLike<unknown>, signal: AbortSignal): Promise<unknown>;
  /** Takes the client's key out of a text. */
  hide(text: string): string;
}

/** Makes the calls of a client for one model of a service. */
export function remoteCall(service: Service, client: RemoteClient, model: string, clock: Clock): RemoteCall {
  // only the official clients are known to do with a signal that merely listens: others may hand it to `fetch`
  const signalFor = "fetchWithTimeout" in client ? listenerSignal : (signal: AbortSignal): AbortSignal => signal;
  const hide = (text: string): string =>
    [client.apiKey, client.authToken].reduce<string>((said, key) => withoutKey(said, keyOf(key)), text);
  const asked = (): Asked => ({ service, model, address: hide(addressOf(client.baseURL)), hide, clock });
  return {
    hide,
    async ask(send, signal) {
      signal.throwIfAborted();
      let answer: unknown;
      try {
        answer = await send(signalFor(signal));
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw providerError(error, asked());
      }
      const error = errorInBody(answer, service);
      if (error !== undefined) throw providerError(error, asked());
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

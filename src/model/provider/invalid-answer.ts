import { messageFrom, WinkError } from "../../base/index.ts";

/** Makes the error for an answer that has not the form of the protocol. */
export type InvalidAnswer = (problem: string, expected: string, received: unknown) => WinkError;

/** Who answered. */
interface Answerer {
  readonly provider: string;
  /** Without credentials; undefined where it is not known. */
  readonly address?: string | undefined;
  readonly addressFrom: string;
}

/** Makes `MODEL_RESPONSE_INVALID` errors that show the beginning of what came; `hide` takes out what must not be shown. */
export const invalidAnswer =
  (hide: (text: string) => string, model: string, answerer?: () => Answerer): InvalidAnswer =>
  (problem, expected, received) => {
    const { provider, address, addressFrom } = answerer?.() ?? {};
    const isPage = typeof received === "string" && page.test(received);
    const from = addressFrom === undefined ? "" : ` (${addressFrom})`;
    return new WinkError("MODEL_RESPONSE_INVALID", {
      at: `model "${model}"`,
      problem: isPage ? `A web page came from ${address ?? provider ?? "the provider"}` : problem,
      expected,
      received: shown(received, hide),
      fix: isPage ? `Check the base URL${from}: a login, a proxy or another server answers there.` : undefined,
      details: { model, ...(provider !== undefined && { provider }), ...(address !== undefined && { address }) },
    });
  };

/** A page by its beginning, or by its type where a client keeps the page to itself. */
const page = /^(?:\s*<(?:!doctype html|html)|text\/html)\b/i;

/** The beginning of what came, on one line. What must not be shown goes first: a cut would leave half of it. */
function shown(value: unknown, hide: (text: string) => string): string {
  if (value === undefined || value === null || value === "") return "nothing";
  return messageFrom(hide(textOf(value)).trim().slice(0, mostRead), 120);
}

/** An answer need not be JSON: some clients give objects that they have made themselves. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return "an object that JSON cannot hold";
  }
}

/** More than is ever shown, so that what else is taken out of it is seen whole. */
const mostRead = 10_000;

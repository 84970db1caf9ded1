/**
 * What comes back for a request: a whole answer, or a stream whose pieces are put together to what a whole answer would
 * have been. The pieces are read through the client; only an answer that is no stream, though one was asked for, is read
 * from under it: the official client would find no pieces in it.
 */
import { isJsonObject, type JsonValue, WinkError } from "../../base/index.ts";
import type { Progress } from "../index.ts";
import { headerOf, type InvalidAnswer } from "../provider/index.ts";

/** Puts the pieces of one stream together. */
export interface Assembly {
  /** Characters of the answer so far. */
  readonly characters: number;
  /** Takes the next piece; throws what it tells of a failure. */
  take(piece: unknown): void;
  /** The body of the answer; throws when the stream ended before it did. */
  whole(): unknown;
}

/** How an answer is received. */
export interface Receiving {
  readonly assembly: Assembly;
  readonly invalid: InvalidAnswer;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with the headers of the response, by a client that gives them. */
  readonly onHeaders?: ((headers: unknown) => void) | undefined;
}

/** Receives the answer that a client was asked for. */
export async function receive(sent: PromiseLike<unknown>, receiving: Receiving): Promise<unknown> {
  const { assembly, invalid, onHeaders, onProgress } = receiving;
  const response = hasResponse(sent) ? await sent.asResponse() : undefined; // a request that fails does so here
  let came = response !== undefined;
  onHeaders?.(response?.headers);
  try {
    const body = onProgress === undefined || response === undefined ? undefined : await bodyBeside(response);
    if (body !== undefined) return body;
    const answer = await sent;
    came = true;
    if (!isStream(answer)) return answer;
    for await (const piece of answer) {
      assembly.take(piece);
      onProgress?.({ characters: assembly.characters });
    }
  } catch (error) {
    throw came && isStumble(error)
      ? invalid("The client cannot read the answer", "an answer of the protocol", error.message)
      : error;
  }
  return assembly.whole();
}

/** What a provider tells of its failure inside an answer, as something to throw; undefined when it tells nothing. */
export function toldError(error: JsonValue | undefined): Error | undefined {
  const tells = typeof error === "string" ? error !== "" : isJsonObject(error);
  return tells ? Object.assign(new Error(typeof error === "string" ? error : ""), { error }) : undefined;
}

/** The error for a stream that ended without a word about its end: what came may be half of an answer. */
export function brokenOff(characters: number): WinkError {
  return new WinkError("MODEL_UNAVAILABLE", {
    problem: `The provider's stream broke off after ${characters} characters`,
    expected: "a stream that says that its answer has ended",
    fix: "Try again; if it stays so, look for a proxy or server that ends connections early.",
    details: { characters },
  });
}

/** The part of a `Response` that is read here. */
interface RawResponse {
  readonly headers: unknown;
  text(): Promise<string>;
}

/** Tells whether a client gives the response beside its promise for the answer, as the official one does. */
function hasResponse(sent: object): sent is { asResponse(): Promise<RawResponse> } {
  return "asResponse" in sent && typeof sent.asResponse === "function";
}

/** The body of a response that is JSON or a page, though a stream was asked for; undefined for anything else. */
async function bodyBeside(response: RawResponse): Promise<unknown> {
  const type = headerOf(response.headers, "content-type") ?? "";
  if (!/^(?:application|text)\/(?:json|html)|\+json/i.test(type)) return undefined;
  const text = await response.text();
  return /json/i.test(type) && text !== "" ? JSON.parse(text) : text;
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

/** Tells whether a client failed over what it was given, not over the connection: it takes the protocol for granted. */
function isStumble(error: unknown): error is Error {
  if (!(error instanceof Error) || error.cause !== undefined) return false;
  return error instanceof TypeError || error.constructor.name === "OpenAIError";
}

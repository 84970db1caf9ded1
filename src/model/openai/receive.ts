/**
 * What the `openai` client gives for a request: a whole answer, or a stream. The pieces of a stream are read through the
 * client; only an answer that is no stream, though one was asked for, is read from under it: it would find no pieces in it.
 */
import type { GenerateOptions } from "../index.ts";
import { type Assembly, headerOf, type InvalidAnswer, readPieces } from "../provider/index.ts";

/** How an answer is received. */
export interface Receiving extends GenerateOptions {
  readonly assembly: Assembly;
  readonly invalid: InvalidAnswer;
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
    return await readPieces(answer, assembly, receiving);
  } catch (error) {
    throw came && isStumble(error)
      ? invalid("The client cannot read the answer", "an answer of the protocol", error.message)
      : error;
  }
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

/** Tells whether a client failed over what it was given, not over the connection: it takes the protocol for granted. */
function isStumble(error: unknown): error is Error {
  if (!(error instanceof Error) || error.cause !== undefined) return false;
  return error instanceof TypeError || error.constructor.name === "OpenAIError";
}

/**
 * What an official client gives for a request: a whole answer, or a stream. The pieces of a stream are read through the
 * client; only an answer that is no stream, though one was asked for, is read from under it: it would find no pieces in it.
 */
import { parseJson } from "../../base/index.ts";
import type { GenerateOptions } from "../index.ts";
import type { InvalidAnswer } from "./invalid-answer.ts";
import { type Assembly, readPieces } from "./read-pieces.ts";
import { headerOf } from "./retry-after.ts";

/** How an answer is received. */
export interface Receiving extends GenerateOptions {
  readonly assembly: Assembly;
  readonly invalid: InvalidAnswer;
  /** Whether a stream was asked for. */
  readonly isStreamed: boolean;
  /** Called with the headers of the response, by a client that gives them. */
  readonly onHeaders?: ((headers: unknown) => void) | undefined;
}

/** Receives the answer that a client was asked for. */
export async function receive(sent: PromiseLike<unknown>, receiving: Receiving): Promise<unknown> {
  const { assembly, invalid, isStreamed, onHeaders } = receiving;
  const response = hasResponse(sent) ? await sent.asResponse() : undefined; // a request that fails does so here
  let came = response !== undefined;
  onHeaders?.(response?.headers);
  try {
    const body = response && (await bodyBeside(response, isStreamed));
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

/**
 * The body of a response that its client would stumble over: JSON or a page, though a stream was asked for, or anything but JSON
 * though none was; undefined for what the client reads.
 */
async function bodyBeside(response: RawResponse, isStreamed: boolean): Promise<unknown> {
  const type = headerOf(response.headers, "content-type") ?? "";
  const isJson = /^(?:application|text)\/json|\+json/i.test(type);
  if (isStreamed ? !isJson && !/^(?:application|text)\/html/i.test(type) : isJson || type === "") return undefined;
  const text = await response.text();
  if (!isJson || text === "") return text;
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : text; // whoever looks at the answer says that a text is none
}

/** Tells whether a client failed over what it was given, not over the connection: it takes the protocol for granted. */
function isStumble(error: unknown): error is Error {
  if (!(error instanceof Error) || error.cause !== undefined) return false;
  return error instanceof TypeError || /^(?:OpenAI|Anthropic)Error$/.test(error.constructor.name);
}

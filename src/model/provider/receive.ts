/**
 * What an official client gives for a request: a whole answer, or a stream. What clients know is read through the client: the pieces
 * of a stream, and a body that is called JSON. All else is read from under it, for it would find nothing in it.
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
    const body = response && (await bodyBeside(response, isStreamed, invalid));
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
  readonly status: unknown;
  readonly headers: unknown;
  text(): Promise<string>;
}

/** Tells whether a client gives the response beside its promise for the answer, as the official one does. */
function hasResponse(sent: object): sent is { asResponse(): Promise<RawResponse> } {
  return "asResponse" in sent && typeof sent.asResponse === "function";
}

/**
 * The body of a response that its client would stumble over: JSON or a page, though a stream was asked for; nothing, or what is not
 * called JSON, though none was. Servers name types as they like: JSON of any type is taken. Undefined for what the client reads.
 */
async function bodyBeside(response: RawResponse, isStreamed: boolean, invalid: InvalidAnswer): Promise<unknown> {
  const [type = ""] = (headerOf(response.headers, "content-type") ?? "").split(";", 1);
  const isBeside = isStreamed
    ? /^(?:application|text)\/(?:json|html)\b|\+json\b/i.test(type)
    : isEmpty(response) || !/^\s*(?:application\/json|\S+\+json)\s*$/.test(type); // as the clients look for it
  if (!isBeside) return undefined;
  const text = await response.text();
  const parsed = parseJson(text);
  if (parsed.ok) return parsed.value;
  const problem = text === "" ? "The answer is empty" : `The answer is not JSON that can be read: ${parsed.problem}`;
  throw invalid(problem, "an answer of the protocol", text);
}

const isEmpty = ({ status, headers }: RawResponse): boolean =>
  status === 204 || headerOf(headers, "content-length") === "0";

/** Tells whether a client failed over what it was given, not over the connection: it takes the protocol for granted. */
function isStumble(error: unknown): error is Error {
  if (!(error instanceof Error) || error.cause !== undefined) return false;
  return error instanceof TypeError || /^(?:OpenAI|Anthropic)Error$/.test(error.constructor.name);
}

/**
 * Tells what an error of the AI SDK means. Its classes are not imported: an error is known by its name and fields, so that the
 * packages of any version, and of other makers, are understood.
 */
import { type Clock, isJsonObject, messageFrom, parseJson, WinkError } from "../../base/index.ts";
import {
  addressOf,
  errorInBody,
  invalidAnswer,
  isBrokenConnection,
  providerError,
  type Service,
} from "../provider/index.ts";
import { isRecord } from "./content.ts";

/** Who was asked. */
interface AskedModel {
  readonly provider: string;
  readonly modelId: string;
}

/** Makes the errors of one model: `MODEL_REJECTED`, `_THROTTLED`, `_UNAVAILABLE` or `_RESPONSE_INVALID`. */
export interface Failures {
  /** For what a call threw. */
  thrown(error: unknown): WinkError;
  /** For what a stream failed with, or told as an error; `began`: some of the answer had come by then. */
  told(error: unknown, began?: boolean): WinkError;
  /** For an answer that was broken off for a reason in the provider's words. */
  brokenOff(reason: unknown): WinkError;
}

/** Where a provider has its address from. */
export const addressFrom = "the provider's `baseURL`";

/** Makes the errors of a model. */
export function failuresOf({ provider, modelId: model }: AskedModel, clock: Clock): Failures {
  const service: Service = {
    provider,
    answer: "an answer of the AI SDK's form",
    keyFrom: "the provider's `apiKey`, or the variable that its package reads",
    addressFrom,
  };
  const thrown = (error: unknown): WinkError => {
    const fields = fieldsOf(error);
    if (fields.name === "AI_RetryError" && fields.lastError !== undefined) return thrown(fields.lastError);
    const url = typeof fields.url === "string" && URL.canParse(fields.url) ? fields.url : undefined;
    const address = url === undefined ? undefined : addressOf(url);
    return (
      unreadable(error, { ...service, model, address }) ??
      providerError(readable(error), { service, model, address: address ?? provider, hide: String, clock })
    );
  };
  const brokenOff = (reason: unknown): WinkError =>
    new WinkError("MODEL_UNAVAILABLE", {
      at: `model "${model}"`,
      problem: `${provider} broke its answer off`,
      expected: service.answer,
      received: typeof reason === "string" ? `"${messageFrom(reason, 300)}"` : "no reason",
      fix: "Try again later.",
      details: { provider, model },
    });
  return {
    thrown,
    told(error, began = false) {
      if (began && isEarlyEnd(fieldsOf(error))) return brokenOff(fieldsOf(error).message);
      if (WinkError.is(error) || error instanceof Error || statusOf(fieldsOf(error)) !== undefined)
        return thrown(error);
      return brokenOff(isRecord(error) ? error.message : error);
    },
    brokenOff,
  };
}

/** Who answered. */
interface Answering {
  readonly provider: string;
  readonly model: string;
  /** Undefined where the error does not tell it. */
  readonly address: string | undefined;
  readonly addressFrom: string;
}

/** The error for an answer that came, but could not be read by the model's own code. */
function unreadable(error: unknown, asked: Answering): WinkError | undefined {
  const fields = fieldsOf(error);
  // a success that broke is a connection that ended within the answer
  const isAnswer = unreadableNames.has(String(fields.name)) || (isSuccess(fields) && !isBroken(fields));
  if (!isAnswer || errorInBody(bodyOf(fields)) !== undefined) return undefined;
  const shown = [fields.responseBody, fields.text, fields.value, fields.data].find((value) => value !== undefined);
  const problem = `The answer of ${asked.address ?? asked.provider} cannot be read: ${messageFrom(saidBy(fields), 300)}`;
  return invalidAnswer(String, asked.model, () => asked)(problem, "an answer of the provider's form", shown);
}

const unreadableNames = new Set([
  "AI_JSONParseError",
  "AI_TypeValidationError",
  "AI_InvalidResponseDataError",
  "AI_NoContentGeneratedError",
  "AI_EmptyResponseBodyError",
]);

/** The same error with status, headers and what the server said where {@link providerError} looks for them. */
function readable(error: unknown): unknown {
  const fields = fieldsOf(error);
  const body = bodyOf(fields);
  const inBody = isSuccess(fields) ? errorInBody(body) : undefined;
  if (inBody !== undefined) return Object.assign(inBody, { headers: fields.responseHeaders });
  const status = isSuccess(fields) ? undefined : statusOf(fields);
  if (status === undefined && !isBroken(fields)) return error;
  const said = isJsonObject(body) && isJsonObject(body.error) ? body.error : isJsonObject(body) ? body : {};
  const message = typeof said.message === "string" && said.message !== "" ? said.message : saidBy(fields);
  const made = new Error(message, { cause: fields.cause });
  // a failure without a status that may be tried again is one of the network
  made.name = status === undefined ? "APIConnectionError" : String(fields.name ?? "Error");
  if (error instanceof Error && error.stack !== undefined) made.stack = error.stack;
  if (status === undefined) return made;
  return Object.assign(made, { status, headers: fields.responseHeaders, error: { ...said, message } });
}

/** What a server said, as data: parsed by the package, or as text. */
function bodyOf({ data, responseBody }: Fields): unknown {
  if (isJsonObject(data)) return data;
  const parsed = typeof responseBody === "string" ? parseJson(responseBody) : undefined;
  return parsed?.ok ? parsed.value : undefined;
}

/** What an error says: its message, and a body that is no JSON, or else what caused it. */
function saidBy(fields: Fields): string {
  const message = textOf(fields.message);
  const more =
    bodyOf(fields) === undefined ? textOf(fields.responseBody) || textOf(fieldsOf(fields.cause).message) : "";
  return message.includes(more) ? message : `${message}: ${more}`;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

/** The status that an error carries: of HTTP, or told within a stream. */
function statusOf({ statusCode, code }: Fields): number | undefined {
  if (typeof statusCode === "number") return statusCode;
  return typeof code === "number" && code >= 400 && code < 600 ? code : undefined;
}

const isSuccess = ({ statusCode }: Fields): boolean => typeof statusCode === "number" && statusCode < 300;

/** A failure of the network: some packages say that it may be tried again, others only what caused it. */
const isBroken = ({ cause, isRetryable }: Fields): boolean => isRetryable === true || isBrokenConnection(cause);

/** Tells whether a stream ended too early: where data should be, there is none. */
const isEarlyEnd = ({ name, data }: Fields): boolean => name === "AI_InvalidResponseDataError" && data === undefined;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (isRecord(value) ? value : {});

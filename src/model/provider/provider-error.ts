/**
 * Tells what a client's error means. The classes of the SDK are not imported: an error is known by its status, code and
 * name, so that other versions of the SDK, and other clients, are understood as well.
 */
import { type Clock, isJsonObject, type JsonObject, type JsonValue, messageFrom, WinkError } from "../../base/index.ts";
import { headerOf, retryAfterMs } from "./retry-after.ts";
import { unreachable } from "./unreachable.ts";

/** A provider's interface, as errors speak of it. */
export interface Service {
  /** The driver's name: `openai`. */
  readonly provider: string;
  /** What an answer is called: "a chat completion". */
  readonly answer: string;
  /** Where the client has its key from: "`apiKey`, OPENAI_API_KEY". */
  readonly keyFrom: string;
  /** Where the client has its address from: "`baseURL`, OPENAI_BASE_URL". */
  readonly addressFrom: string;
  /** The status that a type of error stands for: within a stream, and in bodies of status 200, errors have none. */
  statusOf?(type: string): number | undefined;
  /** What an answer tells of its failure in another place than `error`, as something to throw. */
  failureIn?(body: JsonObject): Error | undefined;
  /** What to do about parameters, by their names, when the provider says that it does not know them. */
  readonly advice?: readonly Advice[];
  /** What to do when the provider says just this. */
  readonly sayings?: readonly Advice[];
}

/** What to do when something is found in a provider's words. */
export type Advice = readonly [found: RegExp, fix: string];

/** Who was asked, for the texts of errors. */
export interface Asked {
  readonly service: Service;
  readonly model: string;
  /** The client's address, without credentials. */
  readonly address: string;
  /** Takes the client's keys out of what a server says. */
  hide(text: string): string;
  readonly clock: Clock;
}

/** The error of the library that a client's error stands for: `MODEL_REJECTED`, `_THROTTLED`, `_UNAVAILABLE`, `_RESPONSE_INVALID`. */
export function providerError(thrown: unknown, asked: Asked): WinkError {
  if (WinkError.is(thrown)) return thrown;
  const facts = factsOf(thrown, asked);
  const { status } = facts;
  if (status === undefined) return facts.inside ? insideAnswer(facts, asked) : withoutStatus(thrown, facts, asked);
  if (status === 429 || status === 402 || isQuota(facts)) return throttled(facts, asked);
  if (status === 408 || status === 409 || status === 425 || status >= 500) {
    return failure("MODEL_UNAVAILABLE", facts, asked, {
      problem: `The provider at ${asked.address} failed with status ${status}`,
      fix: tryLater,
    });
  }
  if (status < 400) {
    return failure("MODEL_RESPONSE_INVALID", facts, asked, {
      problem: `${asked.address} answered with status ${status}`,
    });
  }
  return failure("MODEL_REJECTED", facts, asked, {
    problem: `The provider at ${asked.address} refused the request with status ${status}`,
    fix: nextStep(status, facts, asked),
  });
}

const statusOf = (type: unknown, service: Service): number | undefined =>
  typeof type === "string" ? service.statusOf?.(type) : undefined;

/**
 * Takes the client's key out of a text, also as addresses and JSON write it: keys of unknown form are not found by
 * `redact`. It must see the text before it is cut, or half a key may stay.
 */
export function withoutKey(said: string, key: string | undefined): string {
  if (key === undefined || key.length < 6) return said;
  let clean = said;
  for (const form of [key, encodeURIComponent(key.toWellFormed()), JSON.stringify(key).slice(1, -1)])
    clean = clean.replaceAll(form, "[key]");
  return clean;
}

const tryLater = "Try again later; if it stays so, look at the provider's status page or the server's log.";

interface Facts {
  readonly status: number | undefined;
  /** Whether the provider itself said it: without a status, inside an answer that had begun. */
  readonly inside: boolean;
  readonly code: string | undefined;
  readonly param: string | undefined;
  readonly said: string;
  readonly requestId: string | undefined;
  readonly headers: unknown;
  readonly thrown: unknown;
}

function factsOf(thrown: unknown, asked: Asked): Facts {
  const fields = fieldsOf(thrown);
  const body = isJsonObject(fields.error) ? fields.error : {};
  const error = isJsonObject(body.error) ? body.error : body; // some clients give the body's error, others the body
  const details = isJsonObject(error.details) ? error.details : {};
  const type = text(fields.type) ?? text(error.type);
  const hidden = (told: string | undefined): string | undefined => told && asked.hide(told);
  return {
    status:
      typeof fields.status === "number" ? fields.status : (statusIn(error.code) ?? statusOf(error.type, asked.service)),
    inside: isJsonObject(fields.error) || text(fields.error) !== undefined,
    code: hidden(word(fields.code) ?? word(error.code) ?? text(details.error_code) ?? type),
    param: text(fields.param) ?? text(error.param),
    said: clean(text(error.message) ?? saidBy(thrown), asked),
    requestId: hidden(
      text(fields.requestID) ?? headerOf(fields.headers, "x-request-id") ?? headerOf(fields.headers, "request-id"),
    ),
    headers: fields.headers,
    thrown,
  };
}

/** Proxies write the status that they were told as the error's code, as a number or a text. */
function statusIn(code: unknown): number | undefined {
  return /^[45]\d\d$/.test(String(code)) ? Number(code) : undefined;
}

/** A code that says more than the status: LiteLLM writes the status where others have a word. */
const word = (code: unknown): string | undefined => (statusIn(code) === undefined ? text(code) : undefined);

/** An error inside an answer that began with status 200: its code alone says of what kind it is. */
function insideAnswer(facts: Facts, asked: Asked): WinkError {
  const { code = "", said } = facts;
  if (isQuota(facts) || /rate_limit|too_many_requests/.test(code) || /^rate limit/i.test(said))
    return throttled(facts, asked);
  if (ofRequest.test(code)) {
    return failure("MODEL_REJECTED", facts, asked, {
      problem: `The provider at ${asked.address} refused the request`,
      fix: nextStep(400, facts, asked),
    });
  }
  return failure("MODEL_UNAVAILABLE", facts, asked, {
    problem: `The provider at ${asked.address} failed while it answered`,
    fix: tryLater,
  });
}

/** Codes of errors that the same request would meet again. */
const ofRequest =
  /^(?:invalid_|unsupported_|context_length|image_|empty_image|failed_to_download|model_not_found|authentication_|permission_|not_found_)|_policy|data_residency/;

function withoutStatus(thrown: unknown, facts: Facts, asked: Asked): WinkError {
  const never = unreachable(thrown);
  if (never !== undefined) {
    const said = clean(never.said, asked);
    return failure("MODEL_UNAVAILABLE", { ...facts, said, code: never.code }, asked, {
      problem: `The connection to ${asked.address} failed before it was made`,
      fix: checkServer(asked.service),
      details: { reason: "unreachable" },
    });
  }
  const names = namesOf(thrown);
  if (names.includes("SyntaxError")) {
    return failure("MODEL_RESPONSE_INVALID", facts, asked, {
      problem: `The answer of ${asked.address} is not JSON`,
    });
  }
  if (/Timeout|Abort/.test(names) || /timed? ?out/i.test(facts.said)) {
    return failure("MODEL_UNAVAILABLE", facts, asked, {
      problem: `${asked.address} did not answer in time`,
      fix: "Try again later, or give the client a longer `timeout`.",
    });
  }
  if (/Connection/.test(names) || isBrokenConnection(thrown)) {
    return failure("MODEL_UNAVAILABLE", facts, asked, {
      problem: `The connection to ${asked.address} failed`,
      fix: checkServer(asked.service),
    });
  }
  return failure("MODEL_REJECTED", facts, asked, { problem: "The client could not make the request" });
}

const checkServer = ({ addressFrom }: Service): string =>
  `Check that the server runs, the base URL (${addressFrom}) and the network.`;

function throttled(facts: Facts, asked: Asked): WinkError {
  const quota = facts.status === 402 || isQuota(facts);
  const wait = retryAfterMs(facts.headers, asked.clock);
  const problem = quota ? "The quota of the key is used up" : "Requests come too fast";
  const fix = quota
    ? "Raise the quota or pay the bill of the key's account; waiting does not help."
    : wait === undefined
      ? "Wait and try again."
      : `Wait ${Math.ceil(wait / 1000)} s and try again.`;
  const details = { reason: quota ? "quota" : "rate", ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  const more = { problem: `${problem}, says the provider at ${asked.address}`, fix, details, retryable: !quota };
  return failure("MODEL_THROTTLED", facts, asked, more);
}

/** Whether money is missing, not patience: no provider has a status for it that others keep to. */
const isQuota = ({ code, said }: Facts): boolean =>
  /^(?:insufficient_quota|billing_error|budget_exceeded|\w+_spend_limit_reached)$/.test(code ?? "") ||
  /insufficient_quota|exceeded your current quota|credit balance is too low|exceededbudget/i.test(said);

function nextStep(status: number, { code, param, said }: Facts, { model, service }: Asked): string {
  if (status === 401) return `Check the key (${service.keyFrom}).`;
  if (status === 403) return `Check that the key (${service.keyFrom}) may use this model and project.`;
  if (status === 404) return `Check the model's name ("${model}") and the base URL (${service.addressFrom}).`;
  if (status === 413) return "Send less: the request is larger than the provider takes.";
  if (code === "context_length_exceeded" || /prompt is too long|exceeds? the context window/i.test(said))
    return "Send less: the request does not fit the model's context window.";
  const { advice, sayings } = service;
  const unknown = isUnknown.test(`${code ?? ""} ${said}`) ? firstOf(advice, param ?? said) : undefined;
  return firstOf(sayings, said) ?? unknown ?? "Correct the request as the provider's message says.";
}

/** How providers say that they do not know a parameter; a value that is wrong is another matter. */
const isUnknown =
  /(?:un(?:known|supported|recogni[sz]ed|expected)|extra)[_ ](?:\w+ )?(?:parameter|param|argument|field|input|key|option)|(?:\bnot|n['’]t) (?:be )?(?:support|allow|permit|recogni[sz]e|available)|\b(?:deprecated|unknown|un(?:supported|available)(?! value))\b/i;

/** The advice on what is named first. */
function firstOf(advice: readonly Advice[] = [], said: string): string | undefined {
  const found = advice.map(([name, fix]) => ({ fix, at: said.search(name) })).filter(({ at }) => at >= 0);
  return found.toSorted((a, b) => a.at - b.at)[0]?.fix;
}

interface Told {
  readonly problem: string;
  readonly fix?: string;
  readonly details?: JsonObject;
  readonly retryable?: boolean;
}

function failure(code: ConstructorParameters<typeof WinkError>[0], facts: Facts, asked: Asked, told: Told): WinkError {
  const details: Record<string, JsonValue> = { provider: asked.service.provider, model: asked.model, ...told.details };
  if (facts.status !== undefined) details.status = facts.status;
  if (facts.code !== undefined) details.code = facts.code;
  if (facts.requestId !== undefined) details.requestId = facts.requestId;
  const cause = cleanCause(facts.thrown, asked);
  return new WinkError(code, {
    at: `model "${asked.model}"`,
    expected: asked.service.answer,
    ...told,
    received: facts.said === "" ? "no message" : `"${facts.said}"`,
    details,
    cause,
  });
}

/** The error without what a client hangs on it: headers, bodies, keys. */
function cleanCause(thrown: unknown, asked: Asked): Error {
  const cause = new Error(clean(saidBy(thrown), asked));
  cause.name = namesOf(thrown).split(" ")[0] || "Error";
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  const frames = stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  cause.stack = [`${cause.name}: ${cause.message}`, ...frames.map((line) => asked.hide(line))].join("\n");
  return cause;
}

/** What a server said: one line, not too long, without the client's key. */
const clean = (said: string, { hide }: Asked): string => messageFrom(hide(said), 300);

/** All that an error says: it is cut only when the key is out of it. */
function saidBy(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message || thrown.name : thrown);
  } catch {
    return messageFrom(thrown);
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // as: fields are checked one by one
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** The names that an error goes by: those of its class and those above it, and its own. */
function namesOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "";
  const names: string[] = [];
  for (let of: unknown = thrown; of instanceof Error; of = Object.getPrototypeOf(of)) names.push(of.constructor.name);
  return [...names, thrown.name].join(" ");
}

/** Tells how `fetch` says that a connection broke: a TypeError whose cause has a code of the system or of undici. */
export function isBrokenConnection(thrown: unknown): boolean {
  const { cause, code, message } = fieldsOf(thrown);
  const broken = /^(UND_ERR|E[A-Z]{4,}|HPE_|ERR_(SOCKET|TLS|SSL))/;
  if (broken.test(String(code)) || broken.test(String(fieldsOf(cause).code))) return true;
  return namesOf(thrown).includes("TypeError") && /^(terminated|fetch failed)$/.test(String(message));
}

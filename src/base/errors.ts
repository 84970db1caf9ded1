/**
 * The one error class of the library. Expected failures are values; a `WinkError` is for bugs and for the
 * outside world breaking. Code that must tell errors apart looks at `code`, never at the message.
 * Texts and details are redacted when the error is made, because errors travel to logs and models.
 */
import { type ErrorCode, type ErrorCodeFacts, errorCodes } from "./error-codes.ts";
import type { JsonObject } from "./json-value.ts";
import { redact } from "./redact.ts";
import { redactBeginning, redactDeep } from "./redact-deep.ts";

/** What an error says. The message is put together from these parts; each is one plain phrase. */
export interface ErrorParts {
  /** What was wrong, as a sentence without its full stop. */
  readonly problem: string;
  /** Where: a section path, tool, file and line, entry of a journal. */
  readonly at?: string | undefined;
  /** What would have been right. */
  readonly expected?: string | undefined;
  /** What came instead. */
  readonly received?: string | undefined;
  /** What to do; the table's own advice when left out. */
  readonly fix?: string | undefined;
  /** One that works: a line of code or input in the place of the wrong one. */
  readonly example?: string | undefined;
  /** The same as data, for programs. */
  readonly details?: JsonObject | undefined;
  /** Whether the same call may succeed later; the table's own word when left out. */
  readonly retryable?: boolean | undefined;
  /** What led to this error. Kept with its texts redacted. */
  readonly cause?: unknown;
}

const brand = Symbol.for("weakincentives.error");

/** An error of the library: a stable `code`, a message that says what, where, expected, received and what to do. */
export class WinkError extends Error {
  override readonly name = "WinkError";
  /** One of the table {@link errorCodes}. */
  readonly code: ErrorCode;
  /** The facts of this error as plain data; secrets are redacted. */
  readonly details: JsonObject;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** The parts that the message was made from. */
  declare readonly parts: Omit<ErrorParts, "details" | "retryable" | "cause">;

  constructor(code: ErrorCode, parts: ErrorParts) {
    const facts: ErrorCodeFacts = errorCodes[code];
    const told = {
      problem: redact(parts.problem),
      at: parts.at === undefined ? undefined : redact(parts.at),
      expected: parts.expected === undefined ? undefined : redact(parts.expected),
      received: parts.received === undefined ? undefined : redact(parts.received),
      fix: parts.fix === undefined ? facts.fix : redact(parts.fix),
      example: parts.example === undefined ? undefined : redact(parts.example),
    };
    super(messageOf(told), parts.cause === undefined ? undefined : { cause: redactedCause(parts.cause, 0) });
    Object.defineProperty(this, brand, { value: true });
    this.code = code;
    Object.defineProperty(this, "parts", { value: told }); // not enumerable: printing the error says the same once
    this.details = redactDeep(parts.details ?? {}) as JsonObject; // as: redacting an object gives an object
    this.retryable = parts.retryable ?? facts.retryable;
  }

  /** Tells whether a value is a `WinkError`, of this or another copy of the package, and of the code if one is given. */
  static is(value: unknown, code?: ErrorCode): value is WinkError {
    if (typeof value !== "object" || value === null || !(brand in value)) return false;
    return code === undefined || (value as { readonly code?: unknown }).code === code; // as: any object may be asked for a property
  }

  /** The error as plain data, for logs and machine-readable output. */
  toJSON(): JsonObject {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      details: this.details,
      retryable: this.retryable,
    };
  }
}

function messageOf(told: WinkError["parts"]): string {
  const sentences = [ended(told.at === undefined ? told.problem : `${told.at}: ${told.problem}`)];
  if (told.expected !== undefined) sentences.push(ended(`Expected ${told.expected}`));
  if (told.received !== undefined) sentences.push(ended(`Received ${told.received}`));
  if (told.fix !== undefined && told.fix !== "") sentences.push(told.fix);
  if (told.example !== undefined) sentences.push(`Example: ${told.example}`);
  return sentences.join(" ");
}

/** A phrase as a sentence; one that brings its own end keeps it. */
const ended = (phrase: string): string => (/[.?!]$/.test(phrase) ? phrase : `${phrase}.`);

/** What is wrong, for a model to read: the message of an error without the advice that is meant for programmers. */
export function problemFrom(thrown: unknown): string {
  return WinkError.is(thrown)
    ? messageOf({ ...thrown.parts, fix: undefined, example: undefined })
    : messageFrom(thrown);
}

/** What was wrong alone, of anything that was thrown. */
export const bareProblem = (thrown: unknown): string =>
  WinkError.is(thrown) ? thrown.parts.problem : messageFrom(thrown);

/** Causes below this many others are left out; it also ends a chain that leads back to itself. */
const deepestCause = 4;

/** A copy of a cause that carries no secret: library errors are already clean, others keep name, message and stack. */
function redactedCause(cause: unknown, depth: number): unknown {
  try {
    if (WinkError.is(cause)) return cause;
    return cause instanceof Error ? cleanError(cause, depth) : redactDeep(cause);
  } catch {
    return "[unreadable]"; // a getter or proxy that throws must not break the report of another error
  }
}

function cleanError(cause: Error, depth: number): Error {
  const copy = new Error(cleanText(() => cause.message));
  copy.name = cleanText(() => cause.name);
  copy.stack = cleanText(() => cause.stack ?? cause.message);
  if (cause.cause !== undefined && depth < deepestCause) copy.cause = redactedCause(cause.cause, depth + 1);
  return copy;
}

const cleanText = (read: () => unknown): string => redact(safeText(read));

/** The message of anything that was thrown, redacted and on one line at most `limit` characters long. */
export function messageFrom(thrown: unknown, limit = 500): string {
  const text = safeText(() => (thrown instanceof Error ? thrown.message || thrown.name : textOf(thrown, limit)));
  const line = redact(wholeWords(text)).replace(/\s+/g, " ").trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** A value as text: a list, and an object without words of its own, is told as the beginning of its JSON. */
function textOf(value: unknown, limit: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  const hasWords = typeof value.toString === "function" && value.toString !== Object.prototype.toString;
  return hasWords && !Array.isArray(value) ? value : JSON.stringify(redactBeginning(value, limit));
}

/** Characters that are told of one error. */
const longestStack = 2_000;

/**
 * Where something thrown comes from: its stack, those of its `errors` and of what caused it, redacted and cut at 4,000 characters;
 * undefined for what is no error.
 */
export function stackFrom(thrown: unknown): string | undefined {
  return thrown instanceof Error
    ? stacksOf(thrown, 0)
        .join("\n")
        .slice(0, 2 * longestStack)
        .toWellFormed()
    : undefined;
}

function stacksOf(thrown: unknown, depth: number): readonly string[] {
  if (!(thrown instanceof Error)) return [messageFrom(thrown)];
  const stack = redact(wholeWords(safeText(() => thrown.stack || thrown))).slice(0, longestStack);
  if (depth === deepestCause) return [stack];
  try {
    const { cause } = thrown;
    const errors = "errors" in thrown && Array.isArray(thrown.errors) ? thrown.errors.slice(0, 5) : [];
    const told = (word: string, inner: unknown): readonly string[] => {
      const [first, ...others] = stacksOf(inner, depth + 1);
      return [`${word}: ${first}`, ...others];
    };
    return [
      stack,
      ...errors.flatMap((one) => told("One of its errors", one)),
      ...(cause === undefined ? [] : told("Caused by", cause)),
    ];
  } catch {
    return [stack]; // a getter that throws
  }
}

/** The beginning of a long text, cut between words: half a secret may not be known as one. */
function wholeWords(text: string): string {
  return text.length <= longestRead ? text : `${text.slice(0, text.lastIndexOf(" ", longestRead) + 1)}…`;
}

const longestRead = 65_536;

function safeText(read: () => unknown): string {
  try {
    return String(read());
  } catch {
    return "a value without text"; // a hostile toString or getter must not break the report of another error
  }
}

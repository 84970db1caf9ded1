import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import type { ModelRequest } from "../index.ts";
import { textOf } from "../index.ts";

/**
 * What a request must look like. A function tells a problem as text, or `false` for one without words; a pattern is
 * met when all that it names is met.
 */
export type Expectation = ((request: ModelRequest) => string | boolean | undefined) | RequestPattern;

/** A partial picture of a request. Texts must contain a given string or match a given expression. */
export interface RequestPattern {
  readonly system?: TextPattern | undefined;
  /** How many messages there are. */
  readonly messages?: number | undefined;
  /** The last message. */
  readonly last?: { readonly role?: string | undefined; readonly text?: TextPattern | undefined } | undefined;
  /** The results in the last message: as many as are listed, in this order. */
  readonly results?: readonly ResultPattern[] | undefined;
  /** The names of all tools, in order. */
  readonly tools?: readonly string[] | undefined;
  /** The name of the output, or `null` for free text. */
  readonly output?: string | null | undefined;
}

/** A partial picture of one result. */
export interface ResultPattern {
  readonly name?: string | undefined;
  readonly text?: TextPattern | undefined;
  readonly failed?: boolean | undefined;
}

/** A piece that a text must contain, or an expression that it must match. */
export type TextPattern = string | RegExp;

/** Where a request differs from what a script expects. */
interface Mismatch {
  readonly at: string;
  readonly expected: string;
  readonly received: string;
}

/** Compares a request with what is expected; undefined when it fits. */
export function mismatchOf(request: ModelRequest, expected: Expectation | undefined): Mismatch | undefined {
  if (expected === undefined) return undefined;
  if (typeof expected === "function") {
    const problem = expected(request);
    if (problem === undefined || problem === true || problem === "") return undefined;
    return { at: "request", expected: problem || "what the script's function asks for", received: lastText(request) };
  }
  for (const difference of differences(request, expected)) return difference;
  return undefined;
}

function* differences(request: ModelRequest, pattern: RequestPattern): Generator<Mismatch> {
  yield* textDiffers("system", pattern.system, request.system);
  yield* differs("messages", pattern.messages, request.messages.length);
  const last = request.messages.at(-1);
  yield* differs("last.role", pattern.last?.role, last?.role ?? "none");
  yield* textDiffers("last.text", pattern.last?.text, lastText(request));
  if (pattern.results !== undefined) {
    const results = last?.role === "tool" ? last.content : [];
    yield* differs("results.length", pattern.results.length, results.length);
    for (const [index, wanted] of pattern.results.entries()) {
      const result = results[index];
      yield* differs(`results[${index}].name`, wanted.name, result?.name ?? "none");
      yield* textDiffers(`results[${index}].text`, wanted.text, result?.text ?? "");
      yield* differs(`results[${index}].failed`, wanted.failed, result?.failed ?? false);
    }
  }
  const names = request.tools.map(({ name }) => name);
  yield* differs("tools", pattern.tools?.join(", "), names.join(", "));
  if (pattern.output !== undefined) yield* differs("output", pattern.output ?? "none", request.output?.name ?? "none");
}

function* differs(at: string, expected: JsonValue | undefined, received: JsonValue): Generator<Mismatch> {
  if (expected === undefined || expected === received) return;
  yield { at, expected: JSON.stringify(expected), received: JSON.stringify(received) };
}

function* textDiffers(at: string, expected: TextPattern | undefined, received: string): Generator<Mismatch> {
  if (expected === undefined) return;
  const fits = typeof expected === "string" ? received.includes(expected) : received.search(expected) >= 0;
  if (fits) return;
  const wanted = typeof expected === "string" ? `text with ${JSON.stringify(expected)}` : `text matching ${expected}`;
  yield { at, expected: wanted, received: JSON.stringify(cut(received)) };
}

/** What the last message says, tool results included. */
function lastText(request: ModelRequest): string {
  const last = request.messages.at(-1);
  if (last === undefined) return "";
  return last.role === "tool" ? last.content.map(({ text }) => text).join("\n") : textOf(last);
}

/** A request in short, for the details of an error. */
export function summaryOf(request: ModelRequest): JsonObject {
  const last = request.messages.at(-1);
  return {
    messages: request.messages.length,
    last: { role: last?.role ?? "none", text: cut(lastText(request)) },
    tools: request.tools.map(({ name }) => name),
    output: request.output?.name ?? null,
  };
}

/** A pattern as data, for the details of an error. */
export function expectationAsJson(expected: Expectation | undefined): JsonValue {
  if (expected === undefined) return null;
  if (typeof expected === "function") return "a function";
  const text = JSON.stringify(expected, (_key, value: unknown) => (value instanceof RegExp ? String(value) : value));
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : null;
}

const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 299)}…` : text);

/** Reading and writing JSON, within limits. */
import { hash } from "node:crypto";
import { requires } from "./contracts.ts";
import { messageFrom, WinkError } from "./errors.ts";
import { jsonProblem } from "./json-problem.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";

/** Limits for texts from outside. */
export interface JsonLimits {
  /** The longest text, in UTF-16 units; 16 Mi unless told. */
  readonly maxLength?: number;
  /** The deepest nesting of lists and objects; 200 unless told. */
  readonly maxDepth?: number;
}

/** What {@link parseJson} gives: the value, or a sentence that says what is wrong and where. */
export type JsonParsed =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: string };

/** Parses JSON from outside within limits; never throws for a text, and drops no key (`__proto__` becomes an own key). */
export function parseJson(text: string, limits: JsonLimits = {}): JsonParsed {
  const { maxLength = 16 * 1024 * 1024, maxDepth = 200 } = limits;
  requires(() => maxLength >= 0 && maxDepth >= 0, "A limit is no count, and would limit nothing", {
    maxLength,
    maxDepth,
  });
  if (text.length > maxLength)
    return { ok: false, problem: `the text is ${text.length} characters long, more than ${maxLength}` };
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue; // as: JSON.parse gives nothing else
  } catch {
    return { ok: false, problem: jsonProblem(text) };
  }
  const problem = problemIn(value, maxDepth);
  return problem === undefined ? { ok: true, value } : { ok: false, problem };
}

/** Goes down level by level, not by calling itself: the depth is what may be hostile. */
function problemIn(value: JsonValue, limit: number): string | undefined {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const inner: JsonValue[] = [];
    for (const item of level) {
      // JSON.parse gives Infinity for 1e999, which could not be written again
      if (typeof item === "number" && !Number.isFinite(item)) return "a number is too large";
      if (typeof item !== "object" || item === null) continue;
      if (depth >= limit) return `it is nested deeper than ${limit} levels`;
      for (const child of Object.values(item)) inner.push(child);
    }
    level = inner;
  }
  return undefined;
}

/**
 * Writes a value as compact JSON with sorted keys, so that equal values give equal texts.
 * Throws `JSON_INVALID` for a value that is nested too deep for the stack (some thousand levels).
 */
export function canonicalJson(value: JsonValue): string {
  try {
    return JSON.stringify(value, (_key, inner: JsonValue) => (isJsonObject(inner) ? sorted(inner) : inner));
  } catch (cause) {
    throw new WinkError("JSON_INVALID", {
      at: "value",
      problem: "It cannot be written as JSON",
      expected: "plain data",
      received: messageFrom(cause, 200),
      cause,
    });
  }
}

function sorted(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Writes a value as compact JSON, or throws `JSON_INVALID` saying why it cannot be kept (a cycle, a bigint). */
export function toJson(value: unknown, what: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new WinkError("JSON_INVALID", {
      at: what,
      problem: "It cannot be written as JSON",
      expected: "plain data",
      received: messageFrom(cause, 200),
      cause,
    });
  }
  if (text === undefined) {
    throw new WinkError("JSON_INVALID", {
      at: what,
      problem: "It cannot be written as JSON",
      expected: "plain data",
      received: typeof value,
    });
  }
  return text;
}

/** The SHA-256 of a text's UTF-8 bytes, as 64 lower-case hexadecimal digits. */
export function sha256(text: string | Uint8Array): string {
  return hash("sha256", text, "hex");
}

import { type JsonParsed, messageFrom, parseJson } from "../base/index.ts";

/** A value as it would come back from JSON, or why JSON cannot hold it. Never throws. */
export function jsonCopy(value: unknown): JsonParsed {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text === undefined ? { ok: false, problem: `JSON cannot hold ${typeof value}` } : parseJson(text);
  } catch (error) {
    return { ok: false, problem: messageFrom(error) };
  }
}

/** The arguments of calls: a run has them as text, some providers as data. */
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../base/index.ts";

/**
 * The arguments of a call as text: missing ones are none, and some servers send them as data. Data that is nested too deep to be
 * written becomes a text that is no JSON, so that the model is told of it as of any other arguments that cannot be read.
 */
export function argumentsText(value: JsonValue | undefined): string {
  if (value === undefined || value === null || value === "") return "{}";
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value);
  } catch {
    return "[nested too deep]";
  }
}

/**
 * Arguments as an object, for providers that take nothing else. Those that are none, as of an answer that was cut off, stand
 * under a name that says so: the model shall see what it wrote beside the result that tells what was wrong.
 */
export function argumentsObject(text: string): JsonObject {
  const parsed = parseJson(text);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : { INVALID_JSON: text };
}

import type { JsonValue } from "../../base/index.ts";

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

/** JSON as typed data: the only form in which state, events, journals and tool results are kept. */

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
/** A list that JSON can hold. */
export type JsonArray = readonly JsonValue[];
/** An object that JSON can hold. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Tells whether a value is a JSON object: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

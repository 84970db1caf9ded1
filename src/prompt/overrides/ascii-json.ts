import { canonicalJson, type JsonValue } from "../../base/index.ts";

/**
 * Writes a value as JSON of which equal values give equal bytes, in any encoding: sorted keys, and `\u00e9` for what is not
 * ASCII. Without `indent` there is no space in it.
 */
export function asciiJson(value: JsonValue, indent = 0): string {
  const sorted: unknown = JSON.parse(canonicalJson(value));
  return JSON.stringify(sorted, null, indent).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

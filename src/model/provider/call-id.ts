import { type JsonValue, sha256 } from "../../base/index.ts";

/** The id of a tool call: the provider's, unless it gave none or gave it twice; then one made of the answer's id and the place. */
export function callId(given: JsonValue | undefined, taken: Set<string>, answer: string, index: number): string {
  const usable = typeof given === "string" && given !== "" && !taken.has(given);
  const id = usable ? given : `call-${sha256(`${answer}/${index}`).slice(0, 24)}`;
  taken.add(id);
  return id;
}

/** The hashes that overrides are written against: another text in the code gives another hash. */
import { type JsonObject, type JsonValue, sha256 } from "../../base/index.ts";
import { asciiJson } from "./ascii-json.ts";

/** The SHA-256 of a section's text as its author wrote it: indents and blank lines count. */
export function contentHash(written: string): string {
  // bytes of UTF-8 cannot tell half a surrogate pair from another
  return sha256(written.isWellFormed() ? written : JSON.stringify(written));
}

/** What a model is told of a tool, and what it gets from it. Name and examples are no part of it. */
export interface ToolContract {
  readonly description: string;
  /** The JSON Schema of the parameters, with their descriptions. */
  readonly parameters: JsonObject;
  /** The JSON Schema of the result. */
  readonly result: JsonValue;
}

/** The SHA-256 of a tool's contract, made from the hashes of its three parts. */
export function contractHash({ description, parameters, result }: ToolContract): string {
  return sha256([description, asciiJson(parameters), asciiJson(result)].map(sha256).join("::"));
}

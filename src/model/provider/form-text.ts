import type { OutputSpec } from "../index.ts";

/** Tells the form of the final answer in words, for providers that are not given the schema. */
export function formText({ schema }: OutputSpec): string {
  return `When you are done, answer with nothing but JSON that fits this JSON Schema:\n${JSON.stringify(schema)}`;
}

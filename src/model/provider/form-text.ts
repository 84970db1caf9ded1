/** How the form of the final answer is told. */
import type { OutputSpec } from "../index.ts";
import { cached } from "./cached.ts";

const texts = new WeakMap<OutputSpec, string>();

/** Tells the form in words, for providers that are not given the schema. */
export const formText = (output: OutputSpec): string =>
  cached(
    texts,
    output,
    () =>
      `When you are done, answer with nothing but JSON that fits this JSON Schema:\n${JSON.stringify(output.schema)}`,
  );

/** A system text with words of the driver's own behind it. */
export const withWords = (system: string, words: string): string =>
  [system, words].filter((text) => text !== "").join("\n\n");

/** The name of the form, no longer than providers take. */
export const formName = ({ name }: OutputSpec): string => name.slice(0, 64);

import { canonicalJson, inputJsonSchema, type JsonValue, type Schema, sha256 } from "../base/index.ts";
import type { CompiledTemplate } from "./compiled-template.ts";

/** The SHA-256 of all that makes a definition: texts, schemas, tool contracts, slice versions; not the code of handlers. */
export function definitionHash({ ns, key, nodes, output }: CompiledTemplate): string {
  const sections = nodes.map(
    ({ section, path, heading }): JsonValue => ({
      path,
      heading,
      body: section.body.kind === "parts" ? [...section.body.parts] : { text: section.body.text.text },
      params: section.params === undefined ? null : inputJsonSchema(section.params),
      tools: section.tools.map(({ name, description, effects, parameters, result, onUnknown }) => ({
        name,
        description,
        effects,
        parameters,
        result: resultSchema(result),
        onUnknown,
      })),
      slices: section.slices.map(({ name, version, policy }) => ({ name, version, policy })),
    }),
  );
  return sha256(canonicalJson({ ns, key, sections, output: output?.jsonSchema ?? null }));
}

function resultSchema(result: Schema | undefined): JsonValue {
  if (result === undefined) return null;
  try {
    return inputJsonSchema(result);
  } catch {
    return "unknown"; // nobody is shown the schema of a result, so it need not have a JSON Schema
  }
}

import { canonicalJson, inputJsonSchema, type JsonObject, type JsonValue, type Schema, sha256 } from "../base/index.ts";
import type { Tool } from "../tool/index.ts";
import type { CompiledTemplate } from "./compiled-template.ts";

/**
 * The SHA-256 of all that makes a definition: texts, schemas, tool contracts, slices. Of functions only counts whether
 * there is one where there may be none, not their code.
 */
export function definitionHash({ ns, key, nodes, output }: CompiledTemplate): string {
  const sections = nodes.map(
    ({ section, path, heading, examples }): JsonValue => ({
      path,
      heading,
      examples,
      body: section.body.kind === "parts" ? [...section.body.parts] : { text: section.body.text.text },
      params: section.params === undefined ? null : inputJsonSchema(section.params),
      enabled: section.enabled !== undefined,
      summary: section.summary === undefined ? null : [...section.summary.parts],
      visibility: typeof section.visibility === "function" ? "chosen" : section.visibility,
      tools: section.tools.map(contractOf),
      slices: section.slices.map(({ name, version, policy, item }) => ({
        name,
        version,
        policy,
        item: schemaOf(item),
      })),
    }),
  );
  return sha256(canonicalJson({ ns, key, sections, output: output?.jsonSchema ?? null }));
}

function contractOf(tool: Tool): JsonObject {
  const { name, description, effects, parameters, result, onUnknown } = tool;
  return {
    name,
    description,
    effects,
    parameters,
    result: result === undefined ? "none" : schemaOf(result),
    onUnknown,
    undo: tool.undo !== undefined,
    reconcile: tool.reconcile !== undefined,
    resources: Object.entries(tool.resources)
      .map(([as, token]) => [as, token.name])
      .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  };
}

/** Nobody is shown the schema of a result or an item, so it need not have a JSON Schema. */
function schemaOf(schema: Schema): JsonValue {
  try {
    return inputJsonSchema(schema);
  } catch {
    return null;
  }
}

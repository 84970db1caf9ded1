/** Shows the params that a prompt needs, by their schemas. */
import { inputJsonSchema, isJsonObject, type JsonObject, type JsonValue, WinkError } from "../base/index.ts";
import type { SectionNode } from "../prompt/index.ts";

/** The same error; one for params that do not fit shows all that must be given, as the command line takes them. */
export function withParamsExample(thrown: unknown, nodes: readonly SectionNode[]): unknown {
  if (!WinkError.is(thrown, "PARAMS_INVALID")) return thrown;
  const { parts, details } = thrown;
  return new WinkError("PARAMS_INVALID", { ...parts, example: paramsExample(nodes), details, cause: thrown });
}

function paramsExample(nodes: readonly SectionNode[]): string {
  const params: Record<string, JsonValue> = {};
  for (const { section } of nodes) {
    if (section.params !== undefined) Object.assign(params, sampleObject(inputJsonSchema(section.params)));
  }
  return `--params '${JSON.stringify(params).replaceAll("'", "'\\''")}'`;
}

function sampleObject({ properties, required }: JsonObject): JsonObject {
  if (!isJsonObject(properties) || !Array.isArray(required)) return {};
  return Object.fromEntries(required.map((name) => [String(name), sample(properties[String(name)])]));
}

/** A value of a schema, with `…` for texts. */
export function sample(schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return "…";
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? "…";
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return sample(choices[0]);
  if (schema.type === "object") return sampleObject(schema);
  const samples: Readonly<Record<string, JsonValue>> = { array: [], boolean: true, integer: 1, null: null, number: 1 };
  return samples[String(schema.type)] ?? "…";
}

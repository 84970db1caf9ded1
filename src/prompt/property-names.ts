import { inputJsonSchema, isJsonObject, type JsonObject, outputJsonSchema, type Schema } from "../base/index.ts";

/** The names of the properties that a schema of an object takes in, unions included; undefined when it does not say. */
export function inputNames(schema: Schema): readonly string[] | undefined {
  const names = new Set<string>();
  return collect(inputJsonSchema(schema), names) ? [...names] : undefined;
}

/** The names of the properties that it gives out; undefined when it does not say, as after a transform. */
export function outputNames(schema: Schema): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  try {
    return collect(outputJsonSchema(schema), names) ? names : undefined;
  } catch {
    return undefined; // a transform has no JSON Schema of its output
  }
}

function collect(schema: JsonObject, names: Set<string>): boolean {
  let found = false;
  if (isJsonObject(schema.properties)) {
    for (const name of Object.keys(schema.properties)) names.add(name);
    found = true;
  }
  for (const branches of [schema.anyOf, schema.oneOf, schema.allOf]) {
    if (!Array.isArray(branches)) continue;
    found = branches.every((branch) => isJsonObject(branch) && collect(branch, names)) || found;
  }
  return found;
}

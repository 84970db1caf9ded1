/** The form of a prompt's final answer, compiled once from its schema. */
import {
  inputJsonSchema,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Schema,
  WinkError,
} from "../base/index.ts";

/** A list is asked for as `{ items: […] }`, because providers want an object. */
export interface CompiledOutput {
  readonly schema: Schema;
  readonly container: "object" | "array";
  /** The name of the format for the provider: letters, digits, `_` and `-`. */
  readonly name: string;
  /** What the provider is asked for. */
  readonly jsonSchema: JsonObject;
}

/** Compiles an output schema; throws `PROMPT_INVALID` unless it is that of an object or a list. */
export function compileOutput(promptName: string, schema: Schema, at: string): CompiledOutput {
  const jsonSchema = inputJsonSchema(schema);
  const name = outputName(promptName);
  const kinds = kindsOf(jsonSchema, jsonSchema);
  const [kind] = kinds;
  if (kinds.size === 1 && kind === "object") return { schema, container: "object", name, jsonSchema };
  if (kinds.size === 1 && kind === "array")
    return { schema, container: "array", name, jsonSchema: wrapped(jsonSchema) };
  throw new WinkError("PROMPT_INVALID", {
    at,
    problem: "The output is neither an object nor a list",
    expected: "z.object({…}), z.array(…), a union of objects, or no output at all for free text",
    received: `a schema of ${[...kinds].join(" or ")}`,
    example: "output: z.object({ answer: z.string() })",
  });
}

/** What a schema may be: `object`, `array` or another type; each branch of a union adds its own. */
function kindsOf(schema: JsonValue, root: JsonObject, depth = 0): ReadonlySet<string> {
  if (!isJsonObject(schema) || depth > 32) return new Set(["unknown type"]);
  const branches: readonly JsonValue[] | undefined = [schema.anyOf, schema.oneOf, schema.allOf].find((list) =>
    Array.isArray(list),
  );
  if (branches !== undefined) return new Set(branches.flatMap((branch) => [...kindsOf(branch, root, depth + 1)]));
  if (typeof schema.$ref === "string" && isJsonObject(root.$defs)) {
    return kindsOf(root.$defs[schema.$ref.replace("#/$defs/", "")] ?? null, root, depth + 1);
  }
  return new Set([typeof schema.type === "string" ? schema.type : "unknown type"]);
}

/** A list as the only property of an object; what points at definitions or at the list itself must still find them. */
function wrapped(list: JsonObject): JsonObject {
  const { $defs, ...items } = list;
  const object = { type: "object", properties: { items }, required: ["items"], additionalProperties: false };
  return moved($defs === undefined ? object : { ...object, $defs }) as JsonObject; // as: an object stays an object
}

function moved(node: JsonValue): JsonValue {
  if (Array.isArray(node)) return node.map(moved);
  if (!isJsonObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === "$ref" && value === "#" ? "#/properties/items" : moved(value),
    ]),
  );
}

/** Runs of other characters become one `_`; an empty name becomes `prompt`; `_schema` is added. */
export function outputName(promptName: string): string {
  const clean = promptName.replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+|_+$/g, "");
  return `${(clean || "prompt").slice(0, 57)}_schema`;
}

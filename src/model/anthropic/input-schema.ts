/**
 * The schema of a tool's input. The API takes only schemas of objects, without a choice at the top: a choice between objects
 * is sent as one object with the fields of all. That is wider, and harms nothing: arguments are checked by the real schema.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import { cached } from "../provider/index.ts";
import type { AnthropicTool } from "./client.ts";

type InputSchema = AnthropicTool["input_schema"];

const known = new WeakMap<JsonObject, InputSchema>();

/** A schema of an object as the API takes it. Worked out once per schema object. */
export function inputSchema(schema: JsonObject): InputSchema {
  return cached(known, schema, () => {
    const { anyOf, oneOf, allOf, ...rest } = schema;
    if (schema.type === "object" && anyOf === undefined && oneOf === undefined && allOf === undefined) {
      return { ...rest, type: "object" };
    }
    const { $defs, description } = schema;
    const fields = fieldsOf(schema, schema, new Set());
    const properties = [...fields.all].map(([name, nodes]): [string, JsonValue] => [name, oneOfAll(nodes)]);
    return {
      type: "object",
      ...(description === undefined ? {} : { description }),
      properties: Object.fromEntries(properties),
      required: [...fields.required],
      ...($defs === undefined ? {} : { $defs }),
    };
  });
}

interface Fields {
  /** What each field may be, by the branches that have it. */
  readonly all: Map<string, JsonValue[]>;
  /** The fields that every branch asks for. */
  readonly required: Set<string>;
}

/** The fields of an object, of a choice between objects, or of what it refers to; `seen` are the references on the way. */
function fieldsOf(node: JsonValue | undefined, root: JsonObject, seen: ReadonlySet<string>): Fields {
  const fields: Fields = { all: new Map(), required: new Set() };
  if (!isJsonObject(node)) return fields;
  if (typeof node.$ref === "string" && !seen.has(node.$ref)) {
    const definitions = isJsonObject(root.$defs) ? root.$defs : {};
    take(fields, [fieldsOf(definitions[node.$ref.replace("#/$defs/", "")], root, new Set([...seen, node.$ref]))], true);
  }
  if (isJsonObject(node.properties)) {
    for (const [name, value] of Object.entries(node.properties)) fields.all.set(name, [value]);
  }
  if (Array.isArray(node.required)) {
    for (const name of node.required) if (typeof name === "string") fields.required.add(name);
  }
  for (const [list, all] of [[node.anyOf, false] as const, [node.oneOf, false] as const, [node.allOf, true] as const]) {
    if (!Array.isArray(list)) continue;
    take(
      fields,
      list.map((branch: JsonValue) => fieldsOf(branch, root, seen)),
      all,
    );
  }
  return fields;
}

/** Adds the fields of branches; asked for is what all of them ask for or, when all branches hold at once, what any does. */
function take(fields: Fields, branches: readonly Fields[], together: boolean): void {
  for (const branch of branches) {
    for (const [name, nodes] of branch.all) fields.all.set(name, [...(fields.all.get(name) ?? []), ...nodes]);
    for (const name of branch.required) {
      if (together || branches.every(({ required }) => required.has(name))) fields.required.add(name);
    }
  }
}

/** What fits any of some schemas; the same one twice counts once. */
function oneOfAll(nodes: readonly JsonValue[]): JsonValue {
  const different = new Map(nodes.map((node) => [JSON.stringify(node), node]));
  const [only] = different.values();
  return different.size === 1 && only !== undefined ? only : { anyOf: [...different.values()] };
}

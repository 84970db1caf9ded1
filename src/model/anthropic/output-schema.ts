/**
 * JSON Schema as Anthropic's structured outputs have it: a subset in which the provider guarantees the form. What the subset
 * has no word for but only narrows a value (lengths, bounds, patterns) is left out: the answer is checked by the real schema.
 * A schema that cannot be brought into it without changing which fields there are has no such form.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";

/** The schema in the provider's subset, or undefined when it cannot be told in it. Pure. */
export function outputSchema(schema: JsonObject): JsonObject | undefined {
  if (schema.type !== "object" || refersToItself(schema)) return undefined;
  const counts = { optional: 0, unions: 0 };
  const made = subsetNode(schema, counts);
  return counts.optional > mostOptional || counts.unions > mostUnions ? undefined : made;
}

/** More of them in one request and the provider refuses it. */
const mostOptional = 24;
const mostUnions = 16;

const kept = new Set("type,required,description,title".split(","));
const dropped = new Set(
  (
    "$schema,$id,$comment,default,examples,deprecated,readOnly,writeOnly,minimum,maximum,exclusiveMinimum,exclusiveMaximum," +
    "multipleOf,minLength,maxLength,pattern,maxItems,uniqueItems,contentEncoding,contentMediaType"
  ).split(","),
);
const formats = new Set(
  "date-time,time,date,duration,email,hostname,uri,ipv4,ipv6,uuid".split(",") satisfies readonly JsonValue[],
);

interface Counts {
  optional: number;
  unions: number;
}

function subsetNode(node: JsonValue | undefined, counts: Counts): JsonObject | undefined {
  if (!isJsonObject(node)) return undefined;
  if (typeof node.$ref === "string") return node.$ref.startsWith("#/$defs/") ? { $ref: node.$ref } : undefined;
  if (!["type", "anyOf", "oneOf", "enum", "const"].some((key) => key in node)) return undefined;
  const made: Record<string, JsonValue> = {};
  if (Array.isArray(node.type) && node.type.length > 1) counts.unions++;
  for (const [key, value] of Object.entries(node)) {
    let inner: JsonValue | undefined = value;
    let name = key;
    if (dropped.has(key)) continue;
    else if (key === "format") {
      if (typeof value !== "string" || !formats.has(value)) continue;
    } else if (key === "minItems") {
      if (value !== 0 && value !== 1) continue;
    } else if (key === "enum") inner = Array.isArray(value) && value.every(isSimple) ? value : undefined;
    else if (key === "const") inner = isSimple(value) ? value : undefined;
    else if (key === "items") inner = subsetNode(value, counts);
    else if (key === "properties" || key === "$defs") inner = subsetMap(value, counts);
    else if (key === "additionalProperties") inner = value === false ? value : undefined;
    else if (key === "anyOf" || key === "oneOf") {
      counts.unions++;
      name = "anyOf";
      inner = "anyOf" in made ? undefined : subsetList(value, counts);
    } else if (!kept.has(key)) return undefined;
    if (inner === undefined) return undefined;
    made[name] = inner;
  }
  if (takes(made.type, "array") && made.items === undefined) return undefined;
  return takes(made.type, "object") ? closedObject(made, counts) : made;
}

const isSimple = (value: JsonValue): boolean => value === null || typeof value !== "object";

const takes = (types: JsonValue | undefined, type: string): boolean =>
  types === type || (Array.isArray(types) && types.includes(type));

/** An object names all its fields, and no other may come; fields may be missing, but not many. */
function closedObject(node: Record<string, JsonValue>, counts: Counts): JsonObject | undefined {
  const { properties = {}, required = [] } = node;
  if (!isJsonObject(properties) || !Array.isArray(required) || node.additionalProperties !== false) return undefined;
  counts.optional += Object.keys(properties).filter((name) => !required.includes(name)).length;
  return { ...node, properties };
}

function subsetList(list: JsonValue, counts: Counts): JsonValue[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const inner = list.map((node) => subsetNode(node, counts));
  return inner.every((node) => node !== undefined) ? inner : undefined;
}

function subsetMap(map: JsonValue, counts: Counts): JsonObject | undefined {
  if (!isJsonObject(map)) return undefined;
  const inner: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(map)) {
    const node = subsetNode(value, counts);
    if (node === undefined) return undefined;
    inner.push([name, node]);
  }
  return Object.fromEntries(inner);
}

/** Whether following references leads back to where one was: the provider takes no such schema. */
function refersToItself(schema: JsonObject): boolean {
  const definitions = isJsonObject(schema.$defs) ? schema.$defs : {};
  const open = new Set<string>();
  const done = new Set<string>();
  const visit = (node: JsonValue | undefined): boolean => {
    if (Array.isArray(node)) return node.some(visit);
    if (!isJsonObject(node)) return false;
    const target = typeof node.$ref === "string" ? node.$ref : undefined;
    if (target === "#") return true;
    const name = target?.replace("#/$defs/", "");
    if (name !== undefined && !done.has(name)) {
      if (open.has(name)) return true;
      open.add(name);
      if (visit(definitions[name])) return true;
      open.delete(name);
      done.add(name);
    }
    return Object.entries(node).some(([key, value]) => key !== "$defs" && visit(value));
  };
  return visit(schema);
}

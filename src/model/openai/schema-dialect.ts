/**
 * JSON Schema as OpenAI's strict mode has it: a subset in which the provider guarantees the form. A schema that can be
 * brought into it without changing which fields there are is sent strict; any other is sent as it is. What strict mode
 * has no word for but only narrows a value (lengths, defaults) is left out: the answer is checked by the real schema.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import { cached } from "../provider/index.ts";

/** A schema to send, and whether strict mode may be asked for. */
interface DialectSchema {
  readonly schema: JsonObject;
  readonly strict: boolean;
}

const known = new WeakMap<JsonObject, DialectSchema>();

/** The form in which a schema is sent. Worked out once per schema object. */
export const dialectOf = (schema: JsonObject): DialectSchema =>
  cached(known, schema, () => {
    const strict = strictSchema(schema);
    return strict === undefined ? { schema, strict: false } : { schema: strict, strict: true };
  });

/** A schema in the strict dialect, or undefined when it cannot be told in it. Pure. */
export function strictSchema(schema: JsonObject): JsonObject | undefined {
  return schema.type === "object" ? strictNode(schema, 0) : undefined;
}

/** Keywords that the dialect knows and whose values stay as they are. */
const kept = new Set(
  "type,required,enum,const,$ref,description,title,minimum,maximum,exclusiveMinimum,exclusiveMaximum,multipleOf,minItems,maxItems".split(
    ",",
  ),
);
/** Keywords that only narrow or annotate: they are left out. */
const dropped = new Set(
  "$schema,$id,$comment,default,examples,deprecated,readOnly,writeOnly,minLength,maxLength,uniqueItems,contentEncoding,contentMediaType".split(
    ",",
  ),
);
const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
/** The deepest nesting that strict mode takes. */
const deepest = 10;

function strictNode(node: JsonValue | undefined, depth: number): JsonObject | undefined {
  if (!isJsonObject(node) || depth > deepest) return undefined;
  if (typeof node.$ref === "string") return { $ref: node.$ref };
  if (!["type", "anyOf", "oneOf", "enum", "const"].some((key) => key in node)) return undefined;
  const strict: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(node)) {
    if (kept.has(key)) strict[key] = value;
    else if (dropped.has(key)) continue;
    else if (key === "format") {
      if (typeof value === "string" && formats.has(value)) strict[key] = value;
    } else if (key === "pattern") {
      if (typeof value === "string" && !/\(\?[=!<]/.test(value)) strict[key] = value;
    } else if (key === "items") {
      const items = strictNode(value, depth + 1);
      if (items === undefined) return undefined;
      strict[key] = items;
    } else if (key === "anyOf" || key === "oneOf") {
      const choices = strictList(value, depth + 1);
      if (choices === undefined || "anyOf" in strict) return undefined;
      strict.anyOf = choices;
    } else if (key === "properties" || key === "$defs") {
      const inner = strictMap(value, depth + (key === "properties" ? 1 : 0));
      if (inner === undefined) return undefined;
      strict[key] = inner;
    } else if (key === "additionalProperties" && value === false) strict[key] = false;
    else return undefined;
  }
  if (strict.type === "array" && strict.items === undefined) return undefined;
  return takesObjects(strict.type) ? closedObject(strict) : strict;
}

const takesObjects = (type: JsonValue | undefined): boolean =>
  type === "object" || (Array.isArray(type) && type.includes("object"));

/** In strict mode an object names all its fields, all are required, and no other may come. */
function closedObject(node: Record<string, JsonValue>): JsonObject | undefined {
  const { properties = {}, required = [] } = node;
  if (!isJsonObject(properties) || !Array.isArray(required) || node.additionalProperties !== false) return undefined;
  const names = Object.keys(properties);
  if (names.length !== required.length || !names.every((name) => required.includes(name))) return undefined;
  return { ...node, properties, required };
}

function strictList(list: JsonValue, depth: number): JsonValue[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const inner = list.map((node) => strictNode(node, depth));
  return inner.every((node) => node !== undefined) ? inner : undefined;
}

function strictMap(map: JsonValue, depth: number): JsonObject | undefined {
  if (!isJsonObject(map)) return undefined;
  const inner: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(map)) {
    const node = strictNode(value, depth);
    if (node === undefined) return undefined;
    inner.push([name, node]);
  }
  return Object.fromEntries(inner);
}

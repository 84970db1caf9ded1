import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";

/** Closes every object in a JSON Schema that does not say itself what other keys may hold: `additionalProperties: false`. */
export function closed(schema: JsonObject): JsonObject {
  return closeNode(schema) as JsonObject; // as: an object stays an object
}

/** An `open` schema is one of several that hold for the same value: closed, it would refuse what the others name. */
function closeNode(node: JsonValue, open = false): JsonValue {
  if (Array.isArray(node)) return node.map((item) => closeNode(item, open));
  if (!isJsonObject(node)) return node;
  const shared = node.properties !== undefined;
  const copy: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(node)) {
    if (valueKeywords.has(key)) copy[key] = value;
    else if (mapKeywords.has(key) && isJsonObject(value)) copy[key] = mapValues(value, (inner) => closeNode(inner));
    else copy[key] = closeNode(value, openKeywords.has(key) || (choiceKeywords.has(key) && (open || shared)));
  }
  if (open || hasOthers(node) || !isObjectType(node.type) || node.additionalProperties !== undefined) return copy;
  if (node.properties === undefined) copy.properties = {};
  copy.additionalProperties = false;
  return copy;
}

/** Whether other schemas hold beside what this one says itself. */
const hasOthers = (node: JsonObject): boolean =>
  "$ref" in node || [...openKeywords, ...choiceKeywords].some((keyword) => keyword in node);

const isObjectType = (type: JsonValue | undefined): boolean =>
  type === "object" || (Array.isArray(type) && type.includes("object"));

/** Keywords whose value is data and not a schema. */
const valueKeywords = new Set(["default", "const", "enum", "examples"]);
/** Keywords whose schemas hold beside the one that they stand in. */
const openKeywords = new Set(["allOf", "if", "then", "else", "not"]);
/** Keywords of which one schema holds in the place of the one that they stand in. */
const choiceKeywords = new Set(["anyOf", "oneOf"]);
/** Keywords whose value maps names to schemas, so that a property called "default" is still a schema. */
const mapKeywords = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"]);

function mapValues(value: JsonObject, change: (inner: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}

/** Tells a JSON Schema of an object in short, for people. */
import { isJsonObject, type JsonObject, type JsonValue } from "../base/index.ts";
import type { Row } from "./table.ts";

/** So deep in unions and lists nobody reads on; it also ends a schema that leads back to itself. */
const deepest = 3;

/** A longer type is cut. */
const longestType = 60;

/** One row a field: name, type, whether it is required, description. The forms of a union stand one below the other. */
export function schemaFields(schema: JsonValue, root: JsonValue = schema, depth = 0): readonly Row[] {
  const node = targetOf(schema, root);
  if (depth > deepest) return [];
  const { properties, required, allOf } = node;
  const own = Object.entries(isJsonObject(properties) ? properties : {}).map(([name, field]): Row => {
    const type = typeText(field, root);
    const shown = type.length > longestType ? `${type.slice(0, longestType - 1)}…` : type;
    const { description } = targetOf(field, root);
    const isRequired = Array.isArray(required) && required.includes(name);
    const said = typeof description === "string" ? description : "";
    return [name, shown, isRequired ? "required" : "optional", said];
  });
  const all = Array.isArray(allOf) ? allOf.flatMap((part) => schemaFields(part, root, depth + 1)) : [];
  const [first = [], ...others] = choicesOf(node).map((choice) => schemaFields(choice, root, depth + 1));
  return [...own, ...all, ...first, ...others.flatMap((rows): readonly Row[] => ["---- or", ...rows])];
}

function typeText(schema: JsonValue | undefined, root: JsonValue, depth = 0): string {
  const node = targetOf(schema, root);
  if (depth > deepest) return "…";
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (Array.isArray(node.enum)) return node.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = choicesOf(node).map((choice) => typeText(choice, root, depth + 1));
  if (choices.length > 0) return [...new Set(choices)].join(" | ");
  if (node.type === "array") return `list of ${typeText(node.items, root, depth + 1)}`;
  if (isJsonObject(node.properties)) return `{ ${Object.keys(node.properties).join(", ")} }`;
  return [node.type ?? "any"].flat().join(" | ");
}

const choicesOf = ({ anyOf, oneOf }: JsonObject): readonly JsonValue[] =>
  Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];

/** What a schema says, also where it only points at a place in the root. */
function targetOf(schema: JsonValue | undefined, root: JsonValue): JsonObject {
  if (!isJsonObject(schema)) return {};
  if (typeof schema.$ref !== "string") return schema;
  const steps = schema.$ref.split("/").slice(1);
  const found = steps.reduce<JsonValue | undefined>((at, step) => (isJsonObject(at) ? at[step] : undefined), root);
  return isJsonObject(found) ? found : {};
}

/** The descriptions of a tool's parameters, inside the JSON Schema that models see. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";

const choices = ["anyOf", "oneOf", "allOf"];

/**
 * The description of each parameter; undefined for one that has none, or not the same in every alternative, so that no one
 * text stands for it.
 */
export function paramDescriptions(parameters: JsonObject): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const [name, { description }] of propertiesOf(parameters)) {
    const text = typeof description === "string" ? description : undefined;
    found.set(name, found.has(name) && found.get(name) !== text ? undefined : text);
  }
  return found;
}

/** The schema with other descriptions, in every alternative that has the parameter. */
export function withParamDescriptions(parameters: JsonObject, texts: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters).map(([keyword, value]): [string, JsonValue] => {
      if (keyword === "properties" && isJsonObject(value)) return [keyword, described(value, texts)];
      if (!choices.includes(keyword) || !Array.isArray(value)) return [keyword, value];
      return [keyword, value.map((one) => (isJsonObject(one) ? withParamDescriptions(one, texts) : one))];
    }),
  );
}

function described(properties: JsonObject, texts: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const description = Object.hasOwn(texts, name) ? texts[name] : undefined;
      return [name, description === undefined || !isJsonObject(property) ? property : { ...property, description }];
    }),
  );
}

/** The properties of a schema and of its alternatives; one name may come several times. */
function propertiesOf(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  const own = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  const inner = choices.flatMap((keyword) => {
    const branches = schema[keyword];
    return Array.isArray(branches) ? branches.flatMap((one) => (isJsonObject(one) ? propertiesOf(one) : [])) : [];
  });
  return [...own.flatMap(([name, property]) => (isJsonObject(property) ? [[name, property] as const] : [])), ...inner];
}

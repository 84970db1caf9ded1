/** Schemas of our own events and tools, so that the library asks no schema library for them. */
import type { FieldProblem, JsonObject, Schema, SchemaIssue } from "../base/index.ts";

/** A property: text, one of some texts, a list of texts, or a whole number. */
type PlainProperty = { readonly description?: string } & (
  | { readonly type: "string"; readonly enum?: readonly string[] }
  | { readonly type: "array"; readonly items: { readonly type: "string" }; readonly minItems: 1 }
  | { readonly type: "integer"; readonly minimum: number }
);

/** A JSON Schema of the few forms that are needed here. */
export interface PlainObject {
  readonly type: "object";
  readonly properties: Readonly<Record<string, PlainProperty>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** A schema that checks what the JSON Schema says. `T` is what it stands for: nothing compares the two. */
export function plainSchema<T extends object>(schema: PlainObject): Schema<T, T> {
  const json = (): Record<string, unknown> => ({ ...schema });
  return {
    "~standard": {
      version: 1,
      vendor: "weakincentives",
      validate: (value) => {
        const issues = issuesIn(value, schema);
        return issues.length > 0 ? { issues } : { value: value as T }; // as: the schema was just checked
      },
      jsonSchema: { input: json, output: json },
    },
  };
}

function issuesIn(value: unknown, { properties, required }: PlainObject): readonly SchemaIssue[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ message: "expected an object" }];
  const given = value as JsonObject; // as: only its own properties are looked at
  const issues: SchemaIssue[] = [];
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(properties, key)) issues.push({ message: "is not a parameter", path: [key] });
  }
  for (const [key, property] of Object.entries(properties)) {
    const own = Object.hasOwn(given, key) ? given[key] : undefined;
    if (own === undefined && !required.includes(key)) continue;
    const message = own === undefined ? "is missing" : problemOf(own, property);
    if (message !== undefined) issues.push({ message, path: [key] });
  }
  return issues;
}

function problemOf(value: unknown, property: PlainProperty): FieldProblem["message"] | undefined {
  if (property.type === "string") {
    if (typeof value !== "string") return `expected text, received ${typeof value}`;
    if (property.enum === undefined || property.enum.includes(value)) return undefined;
    return `expected one of ${property.enum.map((one) => JSON.stringify(one)).join(", ")}`;
  }
  if (property.type === "integer") {
    const { minimum } = property;
    return Number.isSafeInteger(value) && Number(value) >= minimum
      ? undefined
      : `expected a whole number from ${minimum} on`;
  }
  if (!Array.isArray(value)) return `expected a list of texts, received ${typeof value}`;
  if (value.length === 0) return "expected at least one text";
  return value.every((item) => typeof item === "string") ? undefined : "expected a list of texts only";
}

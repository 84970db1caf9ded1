/**
 * Schemas from any library that speaks Standard Schema and Standard JSON Schema (Zod 4, ArkType, Valibot …).
 * The library's own types name only `Schema<In, Out>`. Work that depends on the schema alone is done once and cached.
 */
// any: a schema of unknown types must accept every schema, and `unknown` would refuse contravariant ones
import { closed } from "./close-objects.ts";
import { WinkError } from "./errors.ts";
import type { SchemaIssue } from "./field-problem.ts";
import type { JsonObject } from "./json-value.ts";
import { plainCopy } from "./plain-data.ts";

/** What a validation gives: a value, or issues that say which field is wrong. */
export type Checked<Out> =
  | { readonly value: Out; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<SchemaIssue> };

/** Makes the JSON Schema of one side of a schema. */
export type JsonSchemaOf = (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;

/** A schema that takes in `In` and gives out `Out`: the shape of Standard Schema with Standard JSON Schema. */
export interface Schema<In = any, Out = In> {
  readonly "~standard": {
    readonly types?: { readonly input: In; readonly output: Out } | undefined;
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Checked<Out> | Promise<Checked<Out>>;
    readonly jsonSchema: { readonly input: JsonSchemaOf; readonly output: JsonSchemaOf };
  };
}

/**
 * Gives the JSON Schema (draft 2020-12) of what a schema takes in, as models see it. Objects are closed at every level
 * (`additionalProperties: false`) unless the schema says itself what more they take; there is no `$schema`. Made once per
 * schema, and frozen. Throws `SCHEMA_UNSUPPORTED` when the schema has none.
 */
export function inputJsonSchema(schema: Schema): JsonObject {
  return cached(inputs, schema, () => plainCopy(closed(withoutDialect(jsonSchemaOf(schema, "input")))));
}

/** The JSON Schema (draft 2020-12) of what a schema gives out. Made once per schema. */
export function outputJsonSchema(schema: Schema): JsonObject {
  return cached(outputs, schema, () => plainCopy(withoutDialect(jsonSchemaOf(schema, "output"))));
}

const inputs = new WeakMap<Schema, JsonObject>();
const outputs = new WeakMap<Schema, JsonObject>();

function cached(cache: WeakMap<Schema, JsonObject>, schema: Schema, make: () => JsonObject): JsonObject {
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const made = make();
  cache.set(schema, made);
  return made;
}

function jsonSchemaOf(schema: Schema, side: "input" | "output"): JsonObject {
  try {
    return schema["~standard"].jsonSchema[side]({ target: "draft-2020-12" }) as JsonObject; // as: JSON Schema is JSON
  } catch (cause) {
    throw new WinkError("SCHEMA_UNSUPPORTED", {
      at: "schema",
      problem: "The schema has no JSON Schema",
      expected: "a schema of JSON values with Standard JSON Schema (Zod 4.2 or later, for example)",
      received: cause instanceof Error ? cause.message : String(cause),
      example: "z.object({ at: z.iso.datetime() })",
      cause,
    });
  }
}

function withoutDialect({ $schema: _dialect, ...schema }: JsonObject): JsonObject {
  return schema;
}

/**
 * Schemas from any library that speaks Standard Schema and Standard JSON Schema (Zod 4, ArkType, Valibot …).
 * The library's own types name only `Schema<In, Out>`. Work that depends on the schema alone is done once and cached.
 */
// any: a schema of unknown types must accept every schema, and `unknown` would refuse contravariant ones
import { messageFrom, WinkError } from "./errors.ts";
import { type FieldProblem, problemsOf, type SchemaIssue } from "./field-problem.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";

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

/** What {@link parse} gives. */
export type Parsed<Out> =
  | { readonly ok: true; readonly value: Out }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Checks a value against a schema; wrong values are told by path, 100 at most. Throws
 * `SCHEMA_UNSUPPORTED` for an asynchronous schema: that is for {@link parseAsync}.
 */
export function parse<Out>(schema: Schema<any, Out>, value: unknown): Parsed<Out> {
  let checked: Checked<Out> | Promise<Checked<Out>>;
  try {
    checked = schema["~standard"].validate(value);
  } catch (error) {
    return uncheckable(value, error);
  }
  if (checked instanceof Promise) {
    checked.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
    throw new WinkError("SCHEMA_UNSUPPORTED", {
      problem: "The schema is asynchronous, or one of its functions threw",
      expected: "one that validates at once",
      example: 'z.string().refine((text) => text !== "")',
    });
  }
  return parsedOf(checked, value);
}

/** The same for a schema that may be asynchronous. Never throws. */
export async function parseAsync<Out>(schema: Schema<any, Out>, value: unknown): Promise<Parsed<Out>> {
  try {
    return parsedOf(await validateAsync(schema, value), value);
  } catch (error) {
    return uncheckable(value, error);
  }
}

/**
 * Zod's Standard Schema face tries to validate at once first and leaves the promise of an asynchronous check behind: rejected,
 * it would end the process. Its own asynchronous face does not.
 */
async function validateAsync<Out>(schema: Schema<any, Out>, value: unknown): Promise<Checked<Out>> {
  if (!("safeParseAsync" in schema) || typeof schema.safeParseAsync !== "function") {
    return schema["~standard"].validate(value);
  }
  const parsed: ZodParsed<Out> = await schema.safeParseAsync(value);
  return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
}

/** What `safeParseAsync` of Zod 4 gives. */
type ZodParsed<Out> =
  | { readonly success: true; readonly data: Out }
  | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };

function parsedOf<Out>(checked: Checked<Out>, value: unknown): Parsed<Out> {
  if (checked.issues === undefined) return { ok: true, value: checked.value };
  return { ok: false, problems: problemsOf(checked.issues, value) };
}

/** A function of the schema threw, such as a transform: the value does not fit. */
function uncheckable(value: unknown, thrown: unknown): Parsed<never> {
  return {
    ok: false,
    problems: problemsOf([{ message: `the schema could not check the value: ${messageFrom(thrown)}` }], value),
  };
}

/**
 * The JSON Schema (draft 2020-12) of what a schema takes in, as models see it: `additionalProperties: false` at every
 * level, no `$schema`. Made once per schema. Throws `SCHEMA_UNSUPPORTED` when the schema has none.
 */
export function inputJsonSchema(schema: Schema): JsonObject {
  return cached(inputs, schema, () => closed(jsonSchemaOf(schema, "input")));
}

/** The JSON Schema (draft 2020-12) of what a schema gives out. Made once per schema. */
export function outputJsonSchema(schema: Schema): JsonObject {
  return cached(outputs, schema, () => withoutDialect(jsonSchemaOf(schema, "output")));
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

/** Closes every object schema that does not say itself what other keys may hold. */
function closed(schema: JsonObject): JsonObject {
  return closeNode(withoutDialect(schema)) as JsonObject; // as: an object stays an object
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

/** Writes values back as the JSON that their schemas take in. */
// any: what a schema takes in is known only when it is written
import { ensures } from "./contracts.ts";
import { messageFrom, WinkError } from "./errors.ts";
import { type FieldProblem, problemsOf, problemsText, type SchemaIssue, shownValue } from "./field-problem.ts";
import type { JsonValue } from "./json-value.ts";
import { checkSchema, parse } from "./parse.ts";
import { NotPlain, plainCopy } from "./plain-data.ts";
import type { Schema } from "./schema.ts";

/** A schema that can go backwards, as Zod's with codecs can. */
interface Encoder {
  readonly safeEncode: (
    value: unknown,
  ) => { readonly success: true; readonly data: unknown } | { readonly success: false; readonly error: Failure };
}

interface Failure {
  readonly issues: readonly SchemaIssue[];
}

/**
 * Writes a value of a schema as plain JSON data, from which `parse` makes the value again. Values that JSON lacks go
 * through the schema's own codecs (`z.codec`); a schema of a library without them writes JSON as it is. What is given back
 * is a frozen copy. Throws `INPUT_INVALID` for a value that does not fit, `JSON_INVALID` when something is left that JSON
 * cannot hold, such as a Date without a codec, and `SCHEMA_UNSUPPORTED` for a schema with a transform, which goes one way.
 */
export function dump<Out>(schema: Schema<any, Out>, value: NoInfer<Out>): JsonValue {
  checkSchema(schema);
  if (!isEncoder(schema)) {
    const json = plain(value);
    const parsed = parse(schema, json);
    if (!parsed.ok) throw misfit(parsed.problems, value);
    return json;
  }
  const json = plain(encoded(schema, value));
  ensures(() => parse(schema, json).ok, "What the schema wrote is not what it takes in", { value, written: json });
  return json;
}

const isEncoder = (schema: object): schema is Encoder =>
  "safeEncode" in schema && typeof schema.safeEncode === "function";

function encoded(schema: Encoder, value: unknown): unknown {
  let result: ReturnType<Encoder["safeEncode"]>;
  try {
    result = schema.safeEncode(value);
  } catch (cause) {
    throw new WinkError("SCHEMA_UNSUPPORTED", {
      at: "schema",
      problem: "The schema cannot write the value",
      expected: "one that goes both ways, at once: codecs in the place of transforms",
      received: messageFrom(cause),
      example: dateCodec,
      cause,
    });
  }
  if (result.success) return result.data;
  throw misfit(problemsOf(result.error.issues, value), value);
}

const dateCodec =
  "z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() })";

function plain(value: unknown): JsonValue {
  try {
    if (value === undefined) throw new NotPlain([], "is undefined");
    return plainCopy(value) as JsonValue; // as: what is plain is what JSON can hold
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    throw new WinkError("JSON_INVALID", {
      at: "value",
      problem: `The value cannot be written: ${problemsText([error])}`,
      expected: "plain data, or a schema with a codec that makes plain data of it",
      received: shownValue(value),
      fix: "Give the field a codec, or keep plain data in it.",
      example: dateCodec,
    });
  }
}

const misfit = (problems: readonly FieldProblem[], value: unknown): WinkError =>
  new WinkError("INPUT_INVALID", {
    at: "value",
    problem: `The value does not fit: ${problemsText(problems)}`,
    expected: "what its schema gives out",
    received: shownValue(value),
    details: { problems: problems.map(({ path, message }) => ({ path, message })) },
  });

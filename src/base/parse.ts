/** Checks values from outside against schemas, and tells what is wrong field by field. */
// any: what a schema takes in does not matter to who parses
import { messageFrom, WinkError } from "./errors.ts";
import { extraKeys } from "./extra-keys.ts";
import { type FieldProblem, mostProblems, problemsOf, type SchemaIssue, shownValue } from "./field-problem.ts";
import { keyCheck } from "./key-check.ts";
import { type Checked, inputJsonSchema, type Schema } from "./schema.ts";

/** What {@link parse} gives. */
export type Parsed<Out> =
  | { readonly ok: true; readonly value: Out }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Options of {@link parse}. */
export interface ParseOptions {
  /** What becomes of keys that the schema does not name: refused unless told. Ignored ones are for the schema to drop. */
  readonly extra?: "refuse" | "ignore";
}

/**
 * Checks a value against a schema, and tells what does not fit by path, 100 problems at most. Keys that the JSON Schema of
 * what it takes in does not name are refused at every level, before functions of the schema see the value; a schema
 * without a JSON Schema looks after them itself. Throws `SCHEMA_UNSUPPORTED` for an asynchronous schema.
 */
export function parse<Out>(schema: Schema<any, Out>, value: unknown, options: ParseOptions = {}): Parsed<Out> {
  checkSchema(schema);
  let extra: readonly FieldProblem[];
  let checked: Checked<Out> | Promise<Checked<Out>>;
  try {
    extra = refused(schema, value, options);
    checked = schema["~standard"].validate(value);
  } catch (error) {
    return uncheckable(value, error);
  }
  if (checked instanceof Promise) {
    checked.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
    const thrown = thrownIn(schema, value);
    if (thrown !== undefined) return uncheckable(value, thrown);
    throw new WinkError("SCHEMA_UNSUPPORTED", {
      at: "schema",
      problem: "The schema is asynchronous",
      expected: "one that validates at once",
      received: "a promise",
      example: 'z.string().refine((text) => text !== "")',
    });
  }
  return parsedOf(checked, extra, value);
}

/** Throws `SCHEMA_UNSUPPORTED` for what is no schema at all: whoever has no types may give anything. */
export function checkSchema(schema: unknown): void {
  const isSchema =
    (typeof schema === "object" || typeof schema === "function") && schema !== null && "~standard" in schema;
  if (isSchema) return;
  throw new WinkError("SCHEMA_UNSUPPORTED", {
    at: "schema",
    problem: "This is no schema",
    expected: "a Standard Schema, such as one of Zod 4",
    received: shownValue(schema),
    example: "parse(z.string(), value)",
  });
}

/**
 * What a function of the schema threw, or the stack when the value is too deep for it: Zod then checks once more,
 * asynchronously, as if it had met a promise. Undefined when it has met one.
 */
function thrownIn(schema: object, value: unknown): unknown {
  if (!("safeParse" in schema) || typeof schema.safeParse !== "function") return undefined;
  try {
    schema.safeParse(value);
  } catch (thrown) {
    return /^Encountered Promise/.test(messageFrom(thrown)) ? undefined : thrown;
  }
  return undefined;
}

/** The same for a schema that may be asynchronous. Never throws. */
export async function parseAsync<Out>(
  schema: Schema<any, Out>,
  value: unknown,
  options: ParseOptions = {},
): Promise<Parsed<Out>> {
  try {
    const extra = refused(schema, value, options);
    return parsedOf(await validateAsync(schema, value), extra, value);
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

function parsedOf<Out>(checked: Checked<Out>, extra: readonly FieldProblem[], value: unknown): Parsed<Out> {
  if (checked.issues === undefined) {
    return extra.length === 0 ? { ok: true, value: checked.value } : { ok: false, problems: extra };
  }
  const told = new Set(extra.map(({ path }) => path)); // a strict schema refuses the same keys itself
  const misfits = problemsOf(checked.issues, value).filter(({ path }) => !told.has(path));
  return { ok: false, problems: [...extra, ...misfits].slice(0, mostProblems) };
}

/** A function of the schema threw, such as a transform: the value does not fit. */
function uncheckable(value: unknown, thrown: unknown): Parsed<never> {
  return {
    ok: false,
    problems: problemsOf([{ message: `the schema could not check the value: ${messageFrom(thrown)}` }], value),
  };
}

/** Finds the keys of a value that one schema does not name. */
type Finder = (value: unknown) => readonly FieldProblem[];

const none: readonly FieldProblem[] = [];
const finders = new WeakMap<Schema, Finder>();

function refused(schema: Schema, value: unknown, { extra = "refuse" }: ParseOptions): readonly FieldProblem[] {
  if (extra === "ignore") return none;
  let finder = finders.get(schema);
  if (finder === undefined) {
    finder = finderOf(schema);
    finders.set(schema, finder);
  }
  return finder(value);
}

function finderOf(schema: Schema): Finder {
  try {
    const jsonSchema = inputJsonSchema(schema);
    const isSure = keyCheck(jsonSchema);
    return (value) => (isSure(value) ? none : extraKeys(jsonSchema, value));
  } catch {
    return () => none; // what has no JSON Schema, such as one of dates, names no keys either
  }
}

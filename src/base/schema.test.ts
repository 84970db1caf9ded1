import { type } from "arktype";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { JsonObject } from "./json-value.ts";
import { inputJsonSchema, outputJsonSchema, parse, parseAsync, type Schema } from "./schema.ts";

/** A schema that takes everything and has this JSON Schema, written by hand. */
function withJsonSchema(made: Record<string, unknown>): Schema {
  const jsonSchema = { input: () => made, output: () => made };
  return { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }), jsonSchema } };
}

describe("parse", () => {
  it("gives what the schema makes of the value", () => {
    expect(parse(z.object({ a: z.string().default("x") }), {})).toEqual({ ok: true, value: { a: "x" } });
    expect(parse(type({ a: "string" }), { a: "x" })).toEqual({ ok: true, value: { a: "x" } });
  });

  it("tells every wrong field by its path", () => {
    const schema = z.object({ items: z.array(z.object({ title: z.string() })), n: z.number() });
    const parsed = parse(schema, { items: [{ title: "a" }, { title: 1 }] });
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      {
        path: "items[1].title",
        message: "Invalid input: expected string, received number",
        expected: "string",
        received: "number 1",
      },
      {
        path: "n",
        message: "Invalid input: expected number, received undefined",
        expected: "number",
        received: "nothing",
      },
    ]);
    const whole = parse(z.string(), 5);
    expect(whole.ok ? [] : whole.problems.map(({ path }) => path)).toEqual([""]);
  });

  it("takes a validation that throws for one that fails, without its secrets", () => {
    const fails = z.string().transform(() => {
      throw new Error(`no entry for ghp_${"Z9".repeat(18)}`);
    });
    const schema: Schema = { "~standard": { ...fails["~standard"], validate: (value) => fails.parse(value) } };
    expect(parse(schema, "x")).toEqual({
      ok: false,
      problems: [
        { path: "", message: "the schema could not check the value: no entry for [redacted]", received: 'string "x"' },
      ],
    });
  });

  it("refuses an asynchronous schema, and leaves no unhandled rejection", () => {
    const later = z.string().refine(async (text) => text !== "x");
    expect(thrownBy(() => parse(later, "x")).code).toBe("SCHEMA_UNSUPPORTED");
    const rejecting = vi.fn(() => Promise.reject(new Error("later")));
    const schema: Schema = { "~standard": { ...withJsonSchema({})["~standard"], validate: rejecting } };
    expect(thrownBy(() => parse(schema, "x")).code).toBe("SCHEMA_UNSUPPORTED");
    expect(rejecting).toHaveBeenCalledOnce();
  });
});

describe("parseAsync", () => {
  const known = z.object({ ids: z.array(z.string().refine(async (id) => id.startsWith("a"), "No such id")) });

  it("waits for an asynchronous schema, and tells wrong fields as `parse` does", async () => {
    expect(await parseAsync(known, { ids: ["a1"] })).toEqual({ ok: true, value: { ids: ["a1"] } });
    expect(await parseAsync(known, { ids: ["a1", "b1"] })).toEqual({
      ok: false,
      problems: [{ path: "ids[1]", message: "No such id", received: 'string "b1"' }],
    });
    const { a } = { a: z.object({ a: z.string() }) };
    for (const value of [{ a: "x" }, { a: 1 }, 5]) expect(await parseAsync(a, value)).toEqual(parse(a, value));
  });

  it.each<[string, () => never | Promise<never>]>([
    ["throws", () => expect.fail("no entry")],
    ["rejects", () => Promise.reject(new Error("no entry"))],
  ])("takes a validation that %s for one that fails", async (_how, validate) => {
    const schema: Schema = { "~standard": { ...withJsonSchema({})["~standard"], validate } };
    expect(await parseAsync(schema, "x")).toEqual({
      ok: false,
      problems: [{ path: "", message: "the schema could not check the value: no entry", received: 'string "x"' }],
    });
  });
});

describe("inputJsonSchema", () => {
  /** The paths of all object schemas that are left open. */
  function openObjects(node: unknown, path = "$"): string[] {
    if (typeof node !== "object" || node === null) return [];
    const here = "type" in node && node.type === "object" && !("additionalProperties" in node) ? [path] : [];
    return [...here, ...Object.entries(node).flatMap(([key, inner]) => openObjects(inner, `${path}.${key}`))];
  }

  it("closes objects at every level, and has no dialect", () => {
    const inner = z.object({ x: z.number() });
    const schema = z.object({
      list: z.array(inner),
      pair: z.tuple([inner, inner]),
      choice: z.union([inner, z.object({ y: inner }), z.null()]),
      record: z.record(z.string(), inner),
      optional: inner.optional(),
      empty: z.object({}),
    });
    const made = inputJsonSchema(schema);
    expect(openObjects(made)).toEqual([]);
    expect(made.$schema).toBeUndefined();
    expect(JSON.stringify(made).match(/"additionalProperties":false/g)).toHaveLength(10);
  });

  it("closes properties that are called like keywords, and leaves data alone", () => {
    const inner = z.object({ x: z.number() });
    const named = {
      default: inner,
      properties: inner,
      enum: inner,
      const: inner,
      examples: inner,
      $defs: inner,
      not: inner,
    };
    const made = inputJsonSchema(
      z.object({ ...named, d: inner.default({ x: 1 }) }).meta({ examples: [{ type: "object" }] }),
    );
    const { examples, ...schema } = made;
    expect(openObjects(schema)).toEqual([]);
    expect(examples).toEqual([{ type: "object" }]);
    expect(made.properties).toMatchObject({ d: { default: { x: 1 }, additionalProperties: false } });
  });

  it("closes what is defined apart and named by reference", () => {
    interface Tree {
      readonly children: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.object({ children: z.array(z.lazy(() => tree)) }).meta({ id: "Tree" });
    const made = inputJsonSchema(z.object({ tree }));
    expect(openObjects(made)).toEqual([]);
    expect(Object.keys(made.$defs ?? {})).toEqual(["Tree"]);
  });

  it("leaves open what says itself what other keys may hold", () => {
    expect(inputJsonSchema(z.looseObject({ a: z.string() })).additionalProperties).toEqual({});
    expect(inputJsonSchema(z.strictObject({ a: z.string() })).additionalProperties).toBe(false);
  });

  it("leaves open what must hold together with other schemas, and closes what they name", () => {
    const a = (): JsonObject => ({ type: "object", properties: { a: { type: "object", properties: {} } } });
    const b = { type: "object", properties: { b: {} } };
    const closedA = {
      type: "object",
      properties: { a: { type: "object", properties: {}, additionalProperties: false } },
    };
    expect(inputJsonSchema(withJsonSchema({ allOf: [a(), b] }))).toEqual({ allOf: [closedA, b] });
    expect(inputJsonSchema(withJsonSchema({ ...a(), anyOf: [b] }))).toEqual({ ...closedA, anyOf: [b] });
    expect(inputJsonSchema(withJsonSchema({ type: "object", oneOf: [b] }))).toEqual({
      type: "object",
      oneOf: [{ ...b, additionalProperties: false }],
    });
    expect(inputJsonSchema(withJsonSchema({ ...a(), not: b }))).toEqual({ ...closedA, not: b });
    expect(inputJsonSchema(withJsonSchema({ type: ["object", "null"] }))).toEqual({
      ...{ type: ["object", "null"], properties: {}, additionalProperties: false },
    });
  });

  it("does not change what the schema's library gave", () => {
    const given = Object.freeze({
      type: "object",
      properties: Object.freeze({ a: Object.freeze({ type: "object" }) }),
    });
    expect(inputJsonSchema(withJsonSchema(given)).additionalProperties).toBe(false);
  });

  it("is made once per schema", () => {
    const input = vi.fn(() => ({ type: "object" }));
    const standard = withJsonSchema({})["~standard"];
    const schema: Schema = { "~standard": { ...standard, jsonSchema: { input, output: input } } };
    expect(inputJsonSchema(schema)).toBe(inputJsonSchema(schema));
    expect(outputJsonSchema(schema)).toBe(outputJsonSchema(schema));
    expect(outputJsonSchema(schema)).not.toBe(inputJsonSchema(schema));
    expect(input.mock.calls).toEqual([[{ target: "draft-2020-12" }], [{ target: "draft-2020-12" }]]);
  });

  it("refuses a schema that has no JSON Schema, saying why", () => {
    const error = thrownBy(() => inputJsonSchema(z.object({ at: z.date() })));
    expect(error.code).toBe("SCHEMA_UNSUPPORTED");
    expect(error.message).toMatch(/^The schema has no JSON Schema\. Expected .*\. Received Date/);
  });

  it("tells what goes in apart from what comes out", () => {
    const schema = z.object({ n: z.string().transform(Number).pipe(z.number()), d: z.string().default("x") });
    expect(inputJsonSchema(schema)).toMatchObject({ properties: { n: { type: "string" } }, required: ["n"] });
    expect(outputJsonSchema(schema)).toMatchObject({ properties: { n: { type: "number" } }, required: ["n", "d"] });
    expect(outputJsonSchema(schema).$schema).toBeUndefined();
  });
});

import { type } from "arktype";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { JsonObject } from "./json-value.ts";
import { parse } from "./parse.ts";
import { inputJsonSchema, outputJsonSchema, type Schema } from "./schema.ts";

/** A schema that takes everything and has this JSON Schema, written by hand. */
function withJsonSchema(made: Record<string, unknown>): Schema {
  const jsonSchema = { input: () => made, output: () => made };
  return { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }), jsonSchema } };
}

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

  /** Whether a JSON Schema admits null, by itself and all that stands beside. */
  function allowsNull(node: unknown): boolean {
    const { type: types, enum: choices, anyOf } = node as Record<string, readonly unknown[] | string | undefined>;
    const byType = types === undefined || types === "null" || (Array.isArray(types) && types.includes("null"));
    const byChoice = !Array.isArray(choices) || choices.includes(null);
    return byType && byChoice && (!Array.isArray(anyOf) || anyOf.some(allowsNull));
  }

  const Named = z.object({ x: z.number() }).meta({ id: "Named" });
  it.each<[string, Schema, unknown]>([
    ["a number of Zod", z.object({ f: z.number().nullable() }), 1.5],
    ["an object of Zod", z.object({ f: z.object({ x: z.number() }).nullable() }), { x: 1 }],
    ["a choice of Zod", z.object({ f: z.enum(["a"]).nullable() }), "a"],
    ["a described field of Zod", z.object({ f: z.string().nullable().describe("F").default(null) }), "x"],
    ["a named object of Zod", z.object({ f: Named.nullable(), g: Named.optional() }), { x: 1 }],
    ["a number of ArkType", type({ f: "number | null" }), 1.5],
    ["an object of ArkType", type({ f: type({ x: "number" }).or("null") }), { x: 1 }],
    ["a choice of ArkType", type({ f: "'a' | null" }), "a"],
  ])("allows null for a nullable field: %s", (_what, schema, other) => {
    const { f } = inputJsonSchema(schema).properties as Record<string, unknown>; // as: it is the schema of an object
    expect(allowsNull(f), JSON.stringify(f)).toBe(true);
    for (const value of [null, other]) expect(parse(schema, { f: value }).ok).toBe(true);
    expect(parse(schema, { f: [] }).ok).toBe(false);
  });

  it("has the descriptions of fields, wherever they stand", () => {
    const told = (made: Schema): unknown => inputJsonSchema(made);
    const at = z.string().describe("When.");
    expect(told(z.object({ at, on: at.optional(), by: at.nullable(), to: at.default("x") }))).toMatchObject({
      properties: { at: { description: "When." }, on: { description: "When." }, to: { description: "When." } },
    });
    expect(JSON.stringify(told(z.object({ by: at.nullable() })))).toContain("When.");
    const deep = z.object({
      list: z.array(z.object({ at })),
      map: z.record(z.string(), at),
      named: Named.describe("N."),
    });
    expect(told(deep)).toMatchObject({
      properties: {
        list: { items: { properties: { at: { description: "When." } } } },
        map: { additionalProperties: { description: "When." } },
        named: { description: "N." },
      },
    });
    expect(told(type({ at: type("string").describe("when") }))).toMatchObject({
      properties: { at: { description: "when" } },
    });
  });

  it("of a schema that holds itself refers to itself", () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree).optional();
      },
    });
    const made = { items: { $ref: "#" }, type: "array" };
    expect(inputJsonSchema(Tree)).toMatchObject({ properties: { children: made }, additionalProperties: false });
    expect(outputJsonSchema(Tree)).toMatchObject({ properties: { children: made } });
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
    expect(error.message).toMatch(/^schema: The schema has no JSON Schema\. Expected .*\. Received Date/);
  });

  it("tells what goes in apart from what comes out", () => {
    const schema = z.object({ n: z.string().transform(Number).pipe(z.number()), d: z.string().default("x") });
    expect(inputJsonSchema(schema)).toMatchObject({ properties: { n: { type: "string" } }, required: ["n"] });
    expect(outputJsonSchema(schema)).toMatchObject({ properties: { n: { type: "number" } }, required: ["n", "d"] });
    expect(outputJsonSchema(schema).$schema).toBeUndefined();
  });
});

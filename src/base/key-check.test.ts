import { describe, expect, test } from "vitest";
import { z } from "zod";
import { extraKeys } from "./extra-keys.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";
import { keyCheck } from "./key-check.ts";
import { inputJsonSchema, type Schema } from "./schema.ts";

const closed = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  additionalProperties: false,
  ...more,
});
const Point = z.object({ x: z.number(), y: z.number().optional() });
const Named = Point.meta({ id: "P" });
const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree).optional();
  },
});
const Shape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("circle"), r: z.number(), at: Point }),
  z.object({ kind: z.enum(["square", "box"]), r: z.number(), side: Point }),
]);

describe("the quick look is sure of values without other keys", () => {
  test.each<[string, Schema, JsonValue]>([
    ["no object at all", z.object({}), "text"],
    ["null", z.object({}), null],
    ["a flat object", Point, { x: 1 }],
    [
      "objects in objects",
      z.object({ p: Point, q: Point.nullable(), r: Point.nullable() }),
      { p: { x: 1 }, q: { x: 1 }, r: null },
    ],
    ["lists", z.array(z.object({ p: z.array(Point) })), [{ p: [{ x: 1 }, { x: 1, y: 2 }] }, { p: [] }]],
    ["a pair", z.tuple([Point, z.string()]).rest(Point), [{ x: 1 }, "x", { x: 2 }]],
    ["a record", z.record(z.string(), Point), { any: { x: 1 } }],
    ["what may be loose", z.looseObject({ p: Point }), { p: { x: 1 }, q: { r: 1 } }],
    ["what may be anything", z.object({ any: z.unknown() }), { any: { a: [{ b: 1 }] } }],
    ["what says nothing of its kind", z.object({ any: z.unknown() }), { any: [1, [2]] }],
    ["a tree", Tree, { name: "a", children: [{ name: "b", children: [{ name: "c" }] }] }],
    ["what is defined apart", z.object({ p: Named, q: Named.describe("q") }), { p: { x: 1 }, q: { x: 1 } }],
    [
      "one kind of several",
      z.array(Shape),
      [
        { kind: "circle", r: 1, at: { x: 1 } },
        { kind: "box", r: 1, side: { x: 1 } },
      ],
    ],
    ["a kind that is missing", Shape, { r: 1, at: { x: 1 } }],
    ["a choice told by its keys", z.union([Point, z.object({ a: Point }), z.null()]), { a: { x: 1 } }],
    ["a choice of a list and an object", z.union([Point, z.array(Point)]), [{ x: 1 }]],
    ["a choice within a choice", z.union([z.string(), Point]).nullable(), { x: 1 }],
    ["an intersection", z.intersection(Point, z.object({ z: z.number() })), { x: 1, z: 1 }],
  ])("%s", (_what, schema, value) => {
    expect(keyCheck(inputJsonSchema(schema))(value)).toBe(true);
    expect(extraKeys(inputJsonSchema(schema), value)).toEqual([]);
  });

  test("for a key that holds undefined", () => {
    for (const schema of [Point, Shape, z.union([Point, z.object({ a: Point })])]) {
      expect(keyCheck(inputJsonSchema(schema))({ x: undefined, kind: undefined, z: undefined })).toBe(schema === Point);
    }
    expect(keyCheck(inputJsonSchema(Shape))({ kind: "circle", r: 1, side: undefined })).toBe(true);
    const kind = { properties: { kind: { const: "a" } } };
    expect(keyCheck({ type: "object", ...kind })({ kind: undefined })).toBe(true);
  });

  test("of one schema with one part", () => {
    const deep = { $ref: "#/$defs/p", $defs: { p: { allOf: [{ anyOf: [closed({ a: {} })] }] } } };
    expect(keyCheck(deep)({ a: { b: 1 } })).toBe(true);
    expect(keyCheck(deep)({ b: 1 })).toBe(false);
  });
});

describe("the quick look leaves to the careful walk", () => {
  test.each<[string, JsonObject, JsonValue]>([
    ["other keys", closed({ a: {} }), { a: 1, b: 1 }],
    ["other keys within", closed({ a: closed({}) }), { a: { b: 1 } }],
    ["other keys in the items of a list", { type: "array", items: closed({}) }, [1, { b: 1 }]],
    ["other keys in the first item", { type: "array", prefixItems: [closed({})], items: true }, [{ b: 1 }]],
    ["items that may not be", { type: "array", prefixItems: [{}], items: false }, [1, {}]],
    ["a list in the place of an object", closed({}), []],
    ["an object in the place of a list", { type: "array", items: {} }, {}],
    ["an object in the place of text", closed({ a: { type: "string" } }), { a: {} }],
    ["an object where nothing may be", closed({ a: false }), { a: {} }],
    ["another constant", closed({ a: { const: 1 } }), { a: 2 }],
    ["a constant object", closed({ a: { const: { b: 1 } } }), { a: { b: 1 } }],
    ["a choice of constants", closed({ a: { enum: [1, 2] } }), { a: 3 }],
    ["a choice of objects", { enum: [{ a: 1 }] }, { a: 1 }],
    ["a constant beside properties", closed({ a: {} }, { const: { a: 1 } }), { a: 1 }],
    ["patterns", closed({ a: {} }, { patternProperties: { "^x": {} } }), { a: 1 }],
    ["all of two", { allOf: [closed({ a: {} }), closed({ b: {} })] }, { a: 1 }],
    ["a reference beside properties", closed({ a: {} }, { $ref: "#" }), { a: 1 }],
    ["a reference beside a choice", { $ref: "#/$defs/a", anyOf: [{}], $defs: { a: closed({ a: {} }) } }, { a: 1 }],
    ["a choice beside properties", closed({ a: {} }, { anyOf: [{}] }), { a: 1 }],
    ["several that may hold", { anyOf: [closed({ a: {}, b: {} }), closed({ a: {}, c: {} })] }, { a: 1 }],
    ["several of which none may hold", { anyOf: [closed({ a: {} }), closed({ b: {} })] }, { a: 1, b: 1 }],
    ["several kinds of lists", { anyOf: [{ type: "array", items: {} }, { type: "array" }] }, [1]],
    ["a circle", { $ref: "#" }, {}],
    ["a choice that holds itself", { anyOf: [{ $ref: "#" }, { type: "string" }] }, {}],
  ])("%s", (_what, schema, value) => {
    expect(keyCheck(schema)(value)).toBe(false);
  });

  test("what the constants within the one choice contradict, which another choice names", () => {
    const first = closed({ a: {}, k: closed({ t: { const: 1 }, x: {} }) });
    const second = closed({ k: closed({ t: { const: 2 }, y: {} }) });
    const value = { a: 1, k: { t: 2, x: 1 } };
    expect(extraKeys({ anyOf: [first, second] }, value).map(({ path }) => path)).toEqual(["k.x"]);
    expect(keyCheck({ anyOf: [first, second] })(value)).toBe(false);
  });

  test("keys that are inherited, which the careful walk passes over", () => {
    const value = Object.create({ more: 1 });
    const schema = closed({ a: {} });
    expect([keyCheck(schema)(value), extraKeys(schema, value)]).toEqual([false, []]);
  });

  test("what is too deep for it, or has no end", () => {
    const tree = (levels: number): JsonObject => {
      let value: JsonObject = { name: "leaf" };
      for (let level = 0; level < levels; level++) value = { name: "node", children: [value] };
      return value;
    };
    const isSure = keyCheck(inputJsonSchema(Tree));
    expect([isSure(tree(50)), isSure(tree(51)), isSure(tree(20_000))]).toEqual([true, false, false]);
    const itself: { name: string; children?: unknown[] } = { name: "itself" };
    itself.children = [itself];
    expect(isSure(itself)).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { z } from "zod";
import { extraKeys } from "./extra-keys.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";
import { inputJsonSchema, type Schema } from "./schema.ts";

const paths = (schema: JsonObject, value: JsonValue): readonly string[] =>
  extraKeys(schema, value).map(({ path }) => path);
const pathsBy = (schema: Schema, value: JsonValue): readonly string[] => paths(inputJsonSchema(schema), value);

const Address = z.object({ street: z.string(), zip: z.string().optional() });

describe("keys that a schema does not name", () => {
  test("are told by path, with the nearest name, what was expected and what came", () => {
    const person = z.object({ name: z.string(), addr: Address });
    expect(extraKeys(inputJsonSchema(person), { name: "n", addr: { street: "s", zpi: "1" }, zz: [1] })).toEqual([
      {
        path: "addr.zpi",
        message: 'Unknown key (did you mean "zip"?)',
        expected: '"street" or "zip"',
        received: 'string "1"',
      },
      { path: "zz", message: "Unknown key", expected: '"name" or "addr"', received: "list [1]" },
    ]);
    expect(extraKeys(inputJsonSchema(z.object({})), { a: 1 })).toMatchObject([{ path: "a", expected: "no key" }]);
  });

  test.each<[string, Schema, JsonValue, readonly string[]]>([
    ["lists", z.object({ items: z.array(Address) }), { items: [{ street: "s" }, { title: 1 }] }, ["items[1].title"]],
    ["a list at the top", z.array(Address), [{ a: 1 }], ["[0].a"]],
    ["tuples", z.tuple([Address, z.string()]).rest(z.object({})), [{ a: 1 }, "x", { b: 1 }], ["[0].a", "[2].b"]],
    ["what a record holds", z.record(z.string(), Address), { any: { street: "s", a: 1 } }, ["any.a"]],
    ["a choice of one", Address.nullable().optional(), { a: 1 }, ["a"]],
    ["a choice within a choice", z.union([z.string(), Address]).nullable(), { a: 1 }, ["a"]],
    [
      "a field called like a keyword",
      z.object({ properties: Address }),
      { properties: { type: 1 } },
      ["properties.type"],
    ],
    [
      "odd keys",
      z.object({}),
      JSON.parse('{"__proto__":1,"a b":1,"constructor":1}'),
      ["__proto__", '["a b"]', "constructor"],
    ],
    ["a default", Address.default({ street: "s" }), { street: "s", a: 1 }, ["a"]],
    ["what a transform takes in", Address.transform(({ street }) => street), { street: "s", a: 1 }, ["a"]],
  ])("are found in %s", (_where, schema, value, expected) => {
    expect(pathsBy(schema, value)).toEqual(expected);
  });

  test("are found through references, in circles too", () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree).optional();
      },
    });
    const value = { name: "a", children: [{ name: "b", children: [{ name: "c", nmae: "c" }] }] };
    expect(pathsBy(Tree, value)).toEqual(["children[0].children[0].nmae"]);
    expect(pathsBy(z.object({ tree: Tree.meta({ id: "a/b~c" }) }), { tree: { name: "a", x: 1 } })).toEqual(["tree.x"]);
  });

  test("are told a hundred times at most", () => {
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 1]));
    expect(paths({ type: "object", additionalProperties: false }, wide)).toHaveLength(100);
  });
});

describe("keys are allowed", () => {
  test.each<[string, Schema, JsonValue]>([
    ["by an object that is loose", z.looseObject({ a: Address }), { b: { c: 1 } }],
    ["by a map", z.record(z.string(), z.unknown()), { a: { b: 1 } }],
    [
      "by what takes anything",
      z.object({ any: z.unknown(), json: z.json() }),
      { any: { b: 1 }, json: { c: [{ d: 1 }] } },
    ],
    ["by the object that holds them", z.object({ a: z.looseObject({}) }), { a: { b: { c: 1 } } }],
    ["by one of several", z.union([Address, z.object({ b: z.array(z.object({ c: z.number() })) })]), { b: [{ c: 1 }] }],
    ["by a choice that is open", z.union([Address, z.looseObject({})]), { street: { b: 1 } }],
    [
      "by both of two",
      z.intersection(z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })),
      { a: "", b: "" },
    ],
    ["by a pattern", z.looseRecord(z.string().regex(/^x-/), z.number()), { "x-a": 1 }],
    ["where the type is wrong", z.object({ a: z.string() }), { a: { b: 1 } }],
    ["where an object should be", z.object({ a: z.object({}) }), { a: [{ b: 1 }] }],
  ])("%s", (_how, schema, value) => {
    expect(pathsBy(schema, value)).toEqual([]);
  });

  test("by the branch of their kind alone", () => {
    const shape = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("circle"), r: z.number() }),
      z.object({ kind: z.enum(["square", "box"]), side: z.number(), lid: z.object({}).optional() }),
    ]);
    expect(pathsBy(shape, { kind: "circle", r: 1 })).toEqual([]);
    expect(pathsBy(shape, { kind: "circle", r: 1, side: 1 })).toEqual(["side"]);
    expect(pathsBy(shape, { kind: "box", r: 1, side: 1, lid: { a: 1 } })).toEqual(["r", "lid.a"]);
    expect(pathsBy(shape, { kind: "none", r: 1, side: 1, c: 1 })).toEqual(["c"]);
  });
});

test("keys that hold undefined are none", () => {
  const kinds = z.union([z.object({ kind: z.literal("a"), a: z.string() }), z.object({ b: z.string() })]);
  expect(extraKeys(inputJsonSchema(Address), { street: "s", zpi: undefined })).toEqual([]);
  expect(extraKeys(inputJsonSchema(kinds), { kind: undefined, a: "x" })).toEqual([]);
});

test("what stands in itself is read once, and what stands in two places twice", () => {
  const Node: JsonObject = {
    type: "object",
    properties: { a: { $ref: "#" }, b: { $ref: "#" } },
    additionalProperties: false,
  };
  const shared: Record<string, unknown> = { extra: 1 };
  expect(extraKeys(Node, { a: shared, b: shared }).map(({ path }) => path)).toEqual(["a.extra", "b.extra"]);
  shared.a = shared;
  expect(extraKeys(Node, shared).map(({ path }) => path)).toEqual(["extra"]);
});

describe("what is told of hand-written schemas", () => {
  const closed = (properties: JsonObject): JsonObject => ({ type: "object", properties, additionalProperties: false });
  const a = closed({ a: closed({ x: {} }) });
  const b = closed({ b: {}, a: closed({ y: {} }) });

  test.each<[string, JsonObject, JsonValue, readonly string[]]>([
    ["an empty schema", {}, { a: { b: 1 } }, []],
    ["no place for keys at all", closed({}), { a: 1 }, ["a"]],
    ["all of two", { allOf: [a, b] }, { a: { x: 1, y: 1, z: 1 }, b: 1, c: 1 }, ["a.z", "c"]],
    ["all of one and a condition", { ...a, allOf: [{ minProperties: 1 }] }, { a: { x: 1, y: 1 }, b: 1 }, ["a.y", "b"]],
    ["one of two", { oneOf: [a, b] }, { a: { x: 1, y: 1, z: 1 }, b: 1, c: 1 }, ["a.z", "c"]],
    ["a reference beside properties", { ...a, $ref: "#/$defs/b", $defs: { b } }, { a: {}, b: 1, c: 1 }, ["c"]],
    ["a reference to nothing", { $ref: "#/$defs/none" }, { a: 1 }, []],
    ["a reference to itself alone", { $ref: "#" }, { a: 1 }, []],
    [
      "a choice that holds itself",
      { $ref: "#/$defs/c", $defs: { c: { anyOf: [{ $ref: "#/$defs/c" }, a] } } },
      { b: 1 },
      ["b"],
    ],
    ["a choice of nothing that fits", { anyOf: [{ type: "string" }, false] }, { a: 1 }, []],
    [
      "a reference to another type",
      { anyOf: [a, { $ref: "#/$defs/s" }], $defs: { s: { type: "string" } } },
      { b: 1 },
      ["b"],
    ],
    ["a constant without a type", { anyOf: [a, { const: 5 }, { enum: ["x", null] }] }, { b: 1 }, ["b"]],
    ["a constant object", { anyOf: [a, { const: { b: 1 } }] }, { b: 1 }, []],
    ["several types", { ...a, type: ["object", "null"] }, { b: 1 }, ["b"]],
    [
      "patterns beside names",
      { ...a, patternProperties: { "^x": a, "^\\-": {} } },
      { xa: { b: 1 }, "-": 1, y: 1 },
      ["xa.b", "y"],
    ],
    ["a pattern that nobody can read", { ...a, patternProperties: { "(": {} } }, { b: 1 }, []],
    ["other keys by a schema", { additionalProperties: a }, { k: { b: 1 } }, ["k.b"]],
    ["items that may not be", { prefixItems: [a], items: false }, [{ a: {} }, { b: 1 }], []],
  ])("%s", (_what, schema, value, expected) => {
    expect(paths(schema, value)).toEqual(expected);
  });
});

describe("a hostile value", () => {
  const nested = (levels: number): JsonObject => {
    let value: JsonObject = { right: 1 };
    for (let level = 0; level < levels; level++) value = { left: value };
    return value;
  };
  const closed: JsonObject = { type: "object", properties: { left: { $ref: "#" } }, additionalProperties: false };

  test("may be as deep as it likes", () => {
    const [problem] = extraKeys(closed, nested(10_000));
    expect(problem?.path.endsWith(".left.right")).toBe(true);
  });

  test("is not read once for each way through the branches of a union", () => {
    const left = { anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }] };
    const [a, b] = [
      { ...closed, properties: { left } },
      { ...closed, properties: { left: { ...left } } },
    ];
    expect(extraKeys({ ...left, $defs: { a, b } }, nested(100))).toHaveLength(1);
  });

  test("with long keys gives short paths", () => {
    const key = "k".repeat(10_000);
    const open: JsonObject = { additionalProperties: { type: "object", additionalProperties: false } };
    const inner = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${key}${index}`, 1]));
    const told = extraKeys(open, { [key]: inner });
    expect(JSON.stringify(told).length).toBeLessThan(100_000);
  });
});

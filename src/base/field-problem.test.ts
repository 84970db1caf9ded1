import { type } from "arktype";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { type FieldProblem, pathText, problemsText, shownValue } from "./field-problem.ts";
import { parse } from "./parse.ts";
import type { Schema } from "./schema.ts";

const problems = (schema: Schema, value: unknown): readonly FieldProblem[] => {
  const parsed = parse(schema, value);
  return parsed.ok ? [] : parsed.problems;
};

it.each<[Parameters<typeof pathText>[0], string]>([
  [[], ""],
  [["a"], "a"],
  [["a", "b", 0, "c"], "a.b[0].c"],
  [[{ key: "a" }, { key: 1 }], "a[1]"],
  [[0, "a"], "[0].a"],
  [["odd key", "x"], '["odd key"].x'],
  [["a", "1"], 'a["1"]'],
  [["a", 'q"'], 'a["q\\""]'],
  [[Symbol("s")], '["Symbol(s)"]'],
  [["a", "b".repeat(100)], `a.${"b".repeat(100)}`],
  [["a", "b".repeat(101)], `a["${"b".repeat(99)}…"]`],
])("pathText of %j", (path, text) => {
  expect(pathText(path)).toBe(text);
});

describe("a problem", () => {
  test.each<[string, Schema, unknown, Partial<FieldProblem>]>([
    ["a type", z.string(), 5, { expected: "string", received: "number 5" }],
    ["a type of another library", type("string"), 5, { expected: "a string", received: "number 5" }],
    ["a choice", z.enum(["a", "b"]), "c", { expected: '"a" or "b"', received: 'string "c"' }],
    ["one literal", z.literal(null), [1], { expected: "null", received: "list [1]" }],
    ["a union of types", z.union([z.string(), z.number()]), true, { expected: "string or number" }],
    ["a union of another library", type("string | number[]"), true, { received: "boolean true" }],
    [
      "a misspelt choice",
      z.enum(["low", "high"]),
      "hihg",
      { message: expect.stringMatching(/ \(did you mean "high"\?\)$/) },
    ],
    ["a secret", z.object({ password: z.string() }), { password: 5 }, { received: "[redacted]" }],
    ["a missing secret", z.object({ password: z.string() }), {}, { received: "nothing" }],
    ["a kind", z.discriminatedUnion("k", [z.object({ k: z.literal("a") })]), {}, { path: "k", received: "nothing" }],
    [
      "a misspelt kind",
      z.discriminatedUnion("k", [z.object({ k: z.literal("low") }), z.object({ k: z.literal("high") })]),
      { k: "hihg" },
      { path: "k", message: expect.stringMatching(/ \(did you mean "high"\?\)$/), expected: '"low" or "high"' },
    ],
    [
      "a key of a record",
      z.object({ r: z.record(z.string().min(2), z.number()) }),
      { r: { a: 1 } },
      {
        path: "r.a",
        message: "Invalid key in record: Too small: expected string to have >=2 characters",
        received: 'string "a"',
      },
    ],
    [
      "a value of a record",
      z.record(z.string(), z.number()),
      { "odd key": "x" },
      { path: '["odd key"]', expected: "number" },
    ],
    [
      "an item of a pair",
      z.object({ t: z.tuple([z.string(), z.object({ n: z.number() })]) }),
      { t: ["a", { n: "x" }] },
      { path: "t[1].n" },
    ],
    ["a pair that is too short", z.tuple([z.string(), z.string()]), ["a"], { path: "", received: 'list ["a"]' }],
    ["NaN", z.object({ n: z.number() }), { n: Number.NaN }, { path: "n", received: "number NaN" }],
    [
      "a nested field",
      z.object({ addr: z.object({ zip: z.string().regex(/^\d+$/) }) }),
      { addr: { zip: "x" } },
      { path: "addr.zip", received: 'string "x"' },
    ],
    [
      "a secret key of a record",
      z.record(z.string().max(3), z.number()),
      { password: 1 },
      { received: 'string "password"' },
    ],
    ["a missing field", z.object({ a: z.string() }), {}, { path: "a", expected: "string", received: "nothing" }],
  ])("with %s tells what was expected and what came", (_what, schema, value, told) => {
    expect(problems(schema, value)).toMatchObject([told]);
  });

  it("leaves out what nobody knows", () => {
    expect(problems(z.string().min(3), "x")).toEqual([
      { path: "", message: "Too small: expected string to have >=3 characters", received: 'string "x"' },
    ]);
    const later = z.preprocess((text) => ({ text }), z.object({ text: z.object({ n: z.number() }) }));
    expect(problems(later, "x")).toMatchObject([{ path: "text", expected: "object" }]);
    expect(problems(later, "x")[0]).not.toHaveProperty("received");
  });

  it("in a map or set tells no value, as no path leads to it", () => {
    expect(problems(z.object({ m: z.map(z.string(), z.number()) }), { m: new Map([["a", "x"]]) })).toEqual([
      { path: "m.a", message: "Invalid input: expected number, received string", expected: "number" },
    ]);
    const odd = z.map(z.object({ k: z.string() }), z.number());
    expect(problems(odd, new Map([[{ k: 1 }, 1]]))).toMatchObject([{ path: "", message: "Invalid key in map" }]);
    const inner = z.object({ s: z.set(z.object({ n: z.number() })) });
    expect(problems(inner, { s: new Set([{ n: "x" }]) })[0]).not.toHaveProperty("received", "nothing");
  });

  it("of a union stands where its nearest branch fails", () => {
    const shape = z.union([
      z.null(),
      z.object({ circle: z.object({ r: z.number() }), name: z.string() }),
      z.object({ side: z.number(), name: z.string(), turned: z.boolean() }),
    ]);
    expect(problems(z.object({ shapes: z.array(shape) }), { shapes: [{ circle: { r: "2" }, name: "c" }] })).toEqual([
      {
        path: "shapes[0].circle.r",
        message: "Invalid input: expected number, received string",
        expected: "number",
        received: 'string "2"',
      },
    ]);
  });

  it("is told for each key that a strict schema does not know", () => {
    expect(problems(z.object({ in: z.strictObject({ a: z.string() }) }), { in: { a: "x", b: 1, c: {} } })).toEqual([
      { path: "in.b", message: "Unknown key", expected: '"a"', received: "number 1" },
      { path: "in.c", message: "Unknown key", expected: '"a"', received: "object {}" },
    ]);
    const dated = z.strictObject({ at: z.date().optional() });
    expect(problems(dated, { b: 1 })).toEqual([{ path: "b", message: "Unknown key", received: "number 1" }]);
  });

  it("is told a hundred times at most", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => index);
    expect(problems(z.array(z.string()), many)).toHaveLength(100);
    const dated = z.strictObject({ at: z.date().optional() });
    expect(problems(dated, Object.fromEntries(many.map((n) => [`k${n}`, n])))).toHaveLength(100);
  });
});

test.each<[unknown, string]>([
  [undefined, "nothing"],
  [null, "null"],
  [true, "boolean true"],
  ['a "b"', String.raw`string "a \"b\""`],
  [{ a: [1, "x"] }, 'object {"a":[1,"x"]}'],
  [[], "list []"],
  [() => 1, "function"],
  [5n, 'bigint "5"'],
  [Number.NaN, "number NaN"],
  [Number.NEGATIVE_INFINITY, "number -Infinity"],
  [1.5, "number 1.5"],
  [{ key: `sk-${"a".repeat(24)}`, password: "x" }, 'object {"key":"[redacted]","password":"[redacted]"}'],
])("shownValue of %o is %j", (value, text) => {
  expect(shownValue(value)).toBe(text);
});

test("shownValue is short, and cuts no secret in half", () => {
  const text = shownValue({ text: "word ".repeat(100) });
  expect(text).toHaveLength(200);
  expect(text.endsWith("…")).toBe(true);
  for (let before = 140; before < 200; before++) {
    expect(shownValue(`${"x ".repeat(before / 2)}sk-${"a1B2".repeat(12)}`)).not.toContain("a1B2");
  }
  const circle: unknown[] = [];
  circle.push(circle);
  expect(shownValue(circle)).toBe('list ["[circular]"]');
});

test("shownValue of much data shows its beginning", () => {
  let read = 0;
  class Item {
    toJSON(): string {
      return `item ${read++}`;
    }
  }
  const text = shownValue({ items: Array.from({ length: 10_000 }, () => new Item()) });
  expect(text).toHaveLength(200);
  expect(text.startsWith('object {"items":["item 0","item 1",')).toBe(true);
  expect(read).toBeLessThan(50);
});

describe("problemsText", () => {
  it("tells the first problems and counts the others", () => {
    const three = ["a", "b", ""].map((path) => ({ path, message: "Wrong" }));
    expect(problemsText(three)).toBe("`a`: Wrong; `b`: Wrong; Wrong");
    expect(problemsText(three, { most: 1 })).toBe("`a`: Wrong; and 2 more");
    expect(problemsText([])).toBe("");
  });

  test.each<[FieldProblem, string]>([
    [{ path: "a", message: "Wrong" }, "`a`: Wrong"],
    [{ path: "", message: "Wrong", expected: "x", received: "null" }, "Wrong, expected x, received null"],
    [
      { path: "", message: "expected text, received number", expected: "text", received: "number 7" },
      "expected text, received number 7",
    ],
    [
      { path: "", message: 'Invalid option: expected one of "a"|"b"', expected: '"a" or "b"', received: "null" },
      'Invalid option: expected one of "a"|"b", received null',
    ],
  ])("with the values of %j", (problem, text) => {
    expect(problemsText([problem], { values: true })).toBe(text);
  });
});

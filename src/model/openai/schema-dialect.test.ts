import { describe, expect, test } from "vitest";
import { z } from "zod";
import { inputJsonSchema, type JsonObject } from "../../base/index.ts";
import { dialectOf, strictSchema } from "./schema-dialect.ts";

const text = { type: "string" };
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

describe("strictSchema takes", () => {
  const taken: Record<string, [JsonObject, JsonObject?]> = {
    "a closed object": [object({ a: text, b: { type: ["integer", "null"], minimum: 0 } })],
    "an object without fields": [{ type: "object", properties: {}, additionalProperties: false }, object({})],
    "nested lists and objects": [object({ list: { type: "array", items: object({ a: text }), minItems: 1 } })],
    "a field with the name of an object's own": [object(JSON.parse('{"__proto__":{"type":"string"}}'))],
    "a choice": [object({ a: { anyOf: [text, { type: "null" }] } })],
    "a choice of one, as any": [
      object({ a: { oneOf: [text, object({ k: { const: 1 } })] } }),
      object({ a: { anyOf: [text, object({ k: { const: 1 } })] } }),
    ],
    definitions: [object({ a: { $ref: "#/$defs/t" } }, { $defs: { t: text } })],
    "a description beside a reference, without it": [
      object({ a: { $ref: "#/$defs/t", description: "gone" } }, { $defs: { t: text } }),
      object({ a: { $ref: "#/$defs/t" } }, { $defs: { t: text } }),
    ],
    "lengths, by leaving them out": [object({ a: { ...text, minLength: 1, maxLength: 9 } }), object({ a: text })],
    "formats it knows": [object({ a: { ...text, format: "date-time" } })],
    "formats it does not know, without them": [object({ a: { ...text, format: "uri" } }), object({ a: text })],
    patterns: [object({ a: { ...text, pattern: "^a+$" } })],
    "patterns with look-around, without them": [object({ a: { ...text, pattern: "^(?!x)a" } }), object({ a: text })],
    "a field called like a keyword": [object({ default: text, oneOf: text, items: text })],
  };
  test.each(Object.entries(taken))("%s", (_name, [given, expected]) => {
    expect(strictSchema(given)).toEqual(expected ?? given);
  });
});

describe("strictSchema refuses", () => {
  const refused: Record<string, JsonObject> = {
    "a field that may be missing": { ...object({ a: text, b: text }), required: ["a"] },
    "an open object": { type: "object", properties: { a: text }, required: ["a"] },
    "a map": object({ a: { type: "object", additionalProperties: text } }),
    "a map by names": object({ a: { type: "object", propertyNames: text, additionalProperties: false } }),
    anything: object({ a: {} }),
    "anything, described": object({ a: { description: "any" } }),
    "a tuple": object({ a: { type: "array", prefixItems: [text] } }),
    "a list of anything": object({ a: { type: "array" } }),
    "all of several": object({ a: { allOf: [text, text] } }),
    "a choice at the top": { anyOf: [object({ a: text })] },
    "a list at the top": { type: "array", items: text },
    "an open object deep inside": object({ a: { type: "array", items: { type: "object", properties: {} } } }),
    "one open choice": object({ a: { anyOf: [text, { type: "object", properties: {} }] } }),
    "a keyword that nobody knows": object({ a: { ...text, shiny: true } }),
  };
  test.each(Object.entries(refused))("%s", (_name, given) => {
    expect(strictSchema(given)).toBeUndefined();
  });

  test("nesting deeper than ten levels", () => {
    let deep: JsonObject = object({ a: text });
    for (let level = 0; level < 12; level++) deep = object({ inner: deep });
    expect(strictSchema(deep)).toBeUndefined();
  });
});

describe("dialectOf", () => {
  test("works once per schema, and leaves a schema that does not fit as it is", () => {
    const open: JsonObject = { type: "object", properties: { a: text }, additionalProperties: false };
    expect(dialectOf(open)).toEqual({ schema: open, strict: false });
    expect(dialectOf(open)).toBe(dialectOf(open));
    expect(dialectOf(open).schema).toBe(open);
  });

  test("what Zod makes of usual schemas is strict", () => {
    const issue = z.object({
      file: z.string().min(1),
      line: z.int().positive(),
      severity: z.enum(["low", "high"]),
      kind: z.discriminatedUnion("type", [
        z.object({ type: z.literal("a"), n: z.number() }),
        z.object({ type: z.literal("b"), at: z.iso.datetime() }),
      ]),
      fix: z.string().nullable(),
      mail: z.email(),
    });
    const { strict, schema } = dialectOf(inputJsonSchema(z.object({ summary: z.string(), issues: z.array(issue) })));
    expect(strict).toBe(true);
    expect(JSON.stringify(schema)).not.toMatch(/oneOf|minLength|\(\?!/);
    expect(dialectOf(inputJsonSchema(z.object({ path: z.string(), limit: z.int().default(5) }))).strict).toBe(false);
    expect(dialectOf(inputJsonSchema(z.object({ map: z.record(z.string(), z.string()) }))).strict).toBe(false);
  });
});

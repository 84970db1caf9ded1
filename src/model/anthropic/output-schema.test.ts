import { describe, expect, test } from "vitest";
import { z } from "zod";
import { inputJsonSchema, type JsonObject, type JsonValue } from "../../base/index.ts";
import { outputSchema } from "./output-schema.ts";

const text = { type: "string" };
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const fields = (count: number, value: JsonValue): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, value]));

describe("outputSchema takes", () => {
  const taken: Record<string, [JsonObject, JsonObject?]> = {
    "a closed object": [object({ a: text, b: { type: ["integer", "null"] } })],
    "an object without fields": [
      { type: "object", additionalProperties: false },
      { type: "object", properties: {}, additionalProperties: false },
    ],
    "fields that may be missing": [{ ...object({ a: text, b: text }), required: ["a"] }],
    "nested lists and objects": [object({ list: { type: "array", items: object({ a: text }), minItems: 1 } })],
    "a longer list, without its length": [
      object({ list: { type: "array", items: text, minItems: 2, maxItems: 9 } }),
      object({ list: { type: "array", items: text } }),
    ],
    "a choice": [object({ a: { anyOf: [text, { type: "null" }] } })],
    "a choice of one, as any": [
      object({ a: { oneOf: [text, object({ k: { const: 1 } })] } }),
      object({ a: { anyOf: [text, object({ k: { const: 1 } })] } }),
    ],
    "definitions, also those used twice": [
      object({ a: { $ref: "#/$defs/t" }, b: { $ref: "#/$defs/t" } }, { $defs: { t: object({ c: text }) } }),
    ],
    "names, of simple values": [object({ a: { enum: ["x", 1, null, true] } })],
    "bounds, lengths and patterns, by leaving them out": [
      object({ a: { ...text, minLength: 1, pattern: "^a" }, b: { type: "number", minimum: 0 } }),
      object({ a: text, b: { type: "number" } }),
    ],
    "formats it knows, others without them": [
      object({ a: { ...text, format: "uri" }, b: { ...text, format: "emoji" } }),
      object({ a: { ...text, format: "uri" }, b: text }),
    ],
    "fields called like keywords": [object({ default: text, oneOf: text, items: text, $ref: text })],
  };
  test.each(Object.entries(taken))("%s", (_name, [given, expected]) => {
    expect(outputSchema(given)).toEqual(expected ?? given);
  });

  test("what Zod makes of usual schemas", () => {
    const issue = z.object({
      file: z.string().min(1),
      line: z.int().positive().optional(),
      severity: z.enum(["low", "high"]),
      kind: z.discriminatedUnion("type", [
        z.object({ type: z.literal("a"), n: z.number() }),
        z.object({ type: z.literal("b"), at: z.iso.datetime() }),
      ]),
      fix: z.string().nullable(),
      mail: z.email(),
    });
    const made = outputSchema(inputJsonSchema(z.object({ summary: z.string(), issues: z.array(issue) })));
    expect(made).toMatchObject({ type: "object", additionalProperties: false });
    expect(JSON.stringify(made)).not.toMatch(/oneOf|minLength|pattern|minimum/);
  });
});

describe("outputSchema refuses", () => {
  const refused: Record<string, JsonObject> = {
    "an open object": { type: "object", properties: { a: text }, required: ["a"] },
    "a map": object({ a: { type: "object", additionalProperties: text } }),
    "a map by names": object({ a: { type: "object", propertyNames: text, additionalProperties: false } }),
    anything: object({ a: {} }),
    "a tuple": object({ a: { type: "array", prefixItems: [text] } }),
    "a list of anything": object({ a: { type: "array" } }),
    "all of several": object({ a: { allOf: [text, text] } }),
    "a choice at the top": { anyOf: [object({ a: text })] },
    "a list at the top": { type: "array", items: text },
    "one open choice": object({ a: { anyOf: [text, { type: "object", properties: {} }] } }),
    "two choices at once": object({ a: { anyOf: [text], oneOf: [text] } }),
    "an object among names": object({ a: { enum: [{ b: 1 }] } }),
    "an object as constant": object({ a: { const: [1] } }),
    "a keyword that nobody knows": object({ a: { ...text, shiny: true } }),
    "a reference elsewhere": object({ a: { $ref: "https://example.org/schema" } }),
    "a tree": object({ a: { $ref: "#/$defs/t" } }, { $defs: { t: object({ more: { $ref: "#/$defs/t" } }) } }),
    "a tree from the root": object({ a: { $ref: "#" } }),
    "a circle of two": object(
      { a: { $ref: "#/$defs/s" } },
      { $defs: { s: object({ t: { $ref: "#/$defs/t" } }), t: object({ s: { $ref: "#/$defs/s" } }) } },
    ),
    "more fields that may be missing than the provider takes": object({
      a: object(fields(25, text), { required: [] }),
    }),
    "more choices than the provider takes": object(fields(17, { type: ["string", "null"] })),
  };
  test.each(Object.entries(refused))("%s", (_name, given) => {
    expect(outputSchema(given)).toBeUndefined();
  });

  test("but not as many as the provider takes", () => {
    expect(outputSchema(object(fields(24, text), { required: [] }))).toBeDefined();
    expect(outputSchema(object(fields(16, { anyOf: [text, { type: "null" }] })))).toBeDefined();
  });
});

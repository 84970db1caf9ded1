import { describe, expect, test } from "vitest";
import { z } from "zod";
import { inputJsonSchema, type JsonObject } from "../../base/index.ts";
import { inputSchema } from "./input-schema.ts";

const text = { type: "string" };

describe("inputSchema", () => {
  test("leaves an object as it is, worked out once", () => {
    const schema: JsonObject = { type: "object", properties: { a: { anyOf: [text] } }, additionalProperties: false };
    expect(inputSchema(schema)).toEqual(schema);
    expect(inputSchema(schema)).toBe(inputSchema(schema));
  });

  test("makes one object of a choice: all fields, of which those that all ask for are asked for", () => {
    const params = z.discriminatedUnion("by", [
      z.object({ by: z.literal("name"), name: z.string(), limit: z.int() }),
      z.object({ by: z.literal("id"), id: z.string(), limit: z.int(), deep: z.boolean().optional() }),
    ]);
    const made = inputSchema(inputJsonSchema(params));
    expect(Object.keys(made)).toEqual(["type", "properties", "required"]);
    expect(made.type).toBe("object");
    expect(made.required).toEqual(["by", "limit"]);
    expect(Object.keys(made.properties as object)).toEqual(["by", "name", "limit", "id", "deep"]); // as: it was just made
    expect(made).toMatchObject({ properties: { by: { anyOf: [{ const: "name" }, { const: "id" }] }, name: text } });
  });

  test("joins what must hold at once, follows references, and ends where they lead back", () => {
    const schema: JsonObject = {
      description: "Both.",
      allOf: [{ $ref: "#/$defs/a" }, { type: "object", properties: { b: text }, required: ["b"] }],
      $defs: { a: { type: "object", properties: { a: text }, required: ["a"], anyOf: [{ $ref: "#/$defs/a" }] } },
    };
    expect(inputSchema(schema)).toEqual({
      type: "object",
      description: "Both.",
      properties: { a: text, b: text },
      required: ["a", "b"],
      $defs: schema.$defs,
    });
  });

  test("drops a choice beside the fields of an object", () => {
    const schema: JsonObject = {
      type: "object",
      properties: { a: text, b: text },
      anyOf: [{ required: ["a"] }, { required: ["b"] }],
    };
    expect(inputSchema(schema)).toEqual({ type: "object", properties: { a: text, b: text }, required: [] });
  });
});

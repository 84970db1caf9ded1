import { expect, test } from "vitest";
import { z } from "zod";
import { inputJsonSchema, type JsonObject } from "../../src/base/index.ts";
import { schemaFields } from "../../src/cli/schema-fields.ts";

const fields = (schema: z.ZodType): unknown => schemaFields(inputJsonSchema(schema));

test("each field has its type, whether it is required, and its description", () => {
  const line = z.object({ path: z.string(), line: z.int() });
  const schema = z.object({
    verdict: z.enum(["yes", "no"]).describe("whether it may be"),
    lines: z.array(line).describe("where"),
    first: line.optional(),
    because: z.string().nullable(),
    share: z.union([z.number(), z.literal("all"), z.number()]).default(1),
    rest: z.unknown(),
    more: z.record(z.string(), z.boolean()),
  });
  expect(fields(schema)).toEqual([
    ["verdict", '"yes" | "no"', "required", "whether it may be"],
    ["lines", "list of { path, line }", "required", "where"],
    ["first", "{ path, line }", "optional", ""],
    ["because", "string | null", "required", ""],
    ["share", 'number | "all"', "optional", ""],
    ["rest", "any", "required", ""],
    ["more", "object", "required", ""],
  ]);
});

test("the forms of a union stand one below the other, the parts of an intersection together", () => {
  const form = (kind: string) => z.object({ kind: z.literal(kind) });
  expect(fields(z.union([form("a"), form("b"), form("c")]))).toEqual([
    ["kind", '"a"', "required", ""],
    "---- or",
    ["kind", '"b"', "required", ""],
    "---- or",
    ["kind", '"c"', "required", ""],
  ]);
  expect(fields(z.intersection(form("a"), z.object({ more: z.string() })))).toEqual([
    ["kind", '"a"', "required", ""],
    ["more", "string", "required", ""],
  ]);
});

test("a schema that leads back to itself is told as far as it goes", () => {
  const tree: z.ZodObject = z.object({
    name: z.string().describe("its own"),
    get below() {
      return z.array(tree);
    },
  });
  expect(fields(tree)).toEqual([
    ["name", "string", "required", "its own"],
    ["below", "list of { name, below }", "required", ""],
  ]);
  const self = { $ref: "#/$defs/self" };
  const round: JsonObject = {
    properties: { a: self },
    $defs: { self: { anyOf: [self, { items: self, type: "array" }] } },
  };
  expect(schemaFields(round)).toEqual([["a", expect.stringMatching(/^…( \| list of …)+$/), "optional", ""]]);
  expect(schemaFields({ anyOf: [{ $ref: "#" }, { $ref: "#/nowhere" }] })).toEqual(expect.any(Array));
});

test("a long type is cut; a schema that names no fields has none", () => {
  const kinds = Array.from({ length: 40 }, (_, index) => `kind-${index}`);
  expect(fields(z.object({ kind: z.enum(kinds) }))).toEqual([
    ["kind", expect.stringMatching(/^"kind-0" \| .{48}…$/), "required", ""],
  ]);
  expect(fields(z.record(z.string(), z.string()))).toEqual([]);
});

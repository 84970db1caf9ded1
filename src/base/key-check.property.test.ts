import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { extraKeys } from "./extra-keys.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";
import { type KeyCheck, keyCheck } from "./key-check.ts";

/** JSON Schemas of few names, so that they and the values often meet: references, choices and constants among them. */
const names = fc.constantFrom("a", "b", "kind");
const { schema } = fc.letrec<{ readonly schema: JsonObject; readonly own: JsonObject }>((tie) => {
  const fields = fc.dictionary(names, tie("schema"), { maxKeys: 3, noNullPrototype: true });
  const some = fc.array(tie("schema"), { minLength: 1, maxLength: 2 });
  return {
    own: fc.record(
      {
        type: fc.constantFrom<JsonValue[]>("object", "array", "string", ["object", "null"]),
        properties: fields,
        additionalProperties: fc.oneof(fc.constant(false), tie("schema")),
        patternProperties: fc.constant({ "^a": {} }),
        prefixItems: some,
        items: fc.oneof(fc.constant(false), tie("schema")),
      },
      { requiredKeys: [], noNullPrototype: true },
    ) as fc.Arbitrary<JsonObject>, // as: a missing key is not there
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<JsonObject[]>({}, { type: "string" }, { const: 1 }, { enum: [1, {}] }, { $ref: "#" }),
      fields.map((properties) => ({ type: "object", properties, additionalProperties: false })),
      tie("own"),
      some.map((anyOf) => ({ anyOf })),
      some.map((oneOf) => ({ description: "one of", oneOf })),
      some.map((allOf) => ({ allOf })),
      fc.constantFrom({ $ref: "#/$defs/first" }, { $ref: "#/$defs/second" }),
      fc.tuple(tie("own"), some).map(([own, anyOf]) => ({ ...own, anyOf })),
    ),
  };
});
const document = fc
  .tuple(schema, schema, schema)
  .map(([root, first, second]): JsonObject => ({ ...root, $defs: { first, second } }));

const { value } = fc.letrec<{ readonly value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<JsonValue[]>(1, "x", null),
    fc.dictionary(names, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));

/** Whether a look never passes over what the careful walk finds. */
const property = (look: (schema: JsonObject) => KeyCheck) =>
  fc.property(document, value, (given, one) => {
    if (look(given)(one)) expect(extraKeys(given, one)).toEqual([]);
  });

test("what the quick look is sure of holds no key without a place", () => {
  fc.assert(property(keyCheck), { numRuns: propertyRuns });
});

test.each<[string, (schema: JsonObject) => KeyCheck]>([
  ["is always sure", () => () => true],
  ["trusts lists", (given) => (one) => Array.isArray(one) || keyCheck(given)(one)],
  ["trusts references", (given) => keyCheck({ ...given, $defs: {} })],
])("the property fails for one that %s", (_fault, look) => {
  expect(fc.check(property(look), { numRuns: 100 * propertyRuns, endOnFailure: true }).failed).toBe(true);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { extraKeys } from "./extra-keys.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";
import { inputJsonSchema } from "./schema.ts";

const schema = z.object({
  a: z.object({ b: z.unknown().optional() }).optional(),
  list: z.array(z.object({ a: z.unknown().optional() })).optional(),
  b: z.union([z.null(), z.object({ a: z.object({}).optional() })]).optional(),
});

const maybe = (model: Record<string, fc.Arbitrary<JsonValue>>): fc.Arbitrary<JsonObject> =>
  fc.record(model, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<JsonObject>; // as: a missing key is not there
const any = fc.constantFrom<JsonValue[]>(null, 1, {}, [], { c: 1 });

/** What fits the schema, with a key `c` here and there for which it has no place. */
const value = maybe({
  a: maybe({ b: any, c: any }),
  list: fc.array(maybe({ a: any, c: any }), { maxLength: 2 }),
  b: fc.option(maybe({ a: maybe({ c: any }), c: any })),
  c: any,
});

type Finder = (schema: JsonObject, value: JsonObject) => readonly string[];

/** Whether a value without the keys that a finder tells is what Zod makes of it. */
function holds(finder: Finder): boolean {
  const { failed } = fc.check(
    fc.property(value, (given) => {
      const left = structuredClone(given);
      for (const path of finder(inputJsonSchema(schema), given)) remove(left, path.split(/[.[\]]+/));
      expect(left).toStrictEqual(schema.parse(given));
    }),
    { numRuns: propertyRuns },
  );
  return !failed;
}

function remove(from: JsonValue | undefined, [step = "", ...steps]: readonly string[]): void {
  const object = from as Record<string, JsonValue>; // as: what is told is there
  if (steps.length > 0) remove(object[step], steps);
  else delete object[step];
}

const told: Finder = (closed, given) => extraKeys(closed, given).map(({ path }) => path);

test("what Zod strips is what is told", () => {
  expect(holds(told)).toBe(true);
});

test.each<[string, Finder]>([
  ["finds nothing", () => []],
  ["looks at the top alone", (closed, given) => told(closed, given).filter((path) => path === "c")],
  ["passes lists over", (closed, given) => told(closed, { ...given, list: [] })],
  ["tells a key that has a place", (closed, given) => [...told(closed, given), ...("a" in given ? ["a.b"] : [])]],
])("the property fails for a finder that %s", (_fault, finder) => {
  expect(holds(finder)).toBe(false);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { type Sample, type Steps, sampleWithValue, schemaSample } from "../../test/support/schema-arbitrary.ts";
import { dump } from "./dump.ts";
import { pathText } from "./field-problem.ts";
import { parseJson } from "./json.ts";
import type { JsonValue } from "./json-value.ts";
import { type Parsed, parse } from "./parse.ts";

const holds = (property: fc.IProperty<never> | fc.IProperty<any>): boolean =>
  !fc.check(property, { numRuns: 10 * propertyRuns, endOnFailure: true }).failed; // any: a property of whatever values

/** A copy of JSON with a key in one of its objects. */
function planted(json: unknown, [step, ...steps]: Steps, key: string): JsonValue {
  const copy = structuredClone(json) as Record<string | number, unknown>; // as: the steps lead through objects and lists
  if (step === undefined) copy[key] = 1;
  else copy[step] = planted(copy[step], steps, key);
  return copy as unknown as JsonValue; // as: what was JSON still is
}

describe("what is dumped is JSON, and is parsed to what it was", () => {
  interface Ways {
    readonly dump: typeof dump;
    readonly parse: typeof parse;
  }
  const property = (ways: Ways) =>
    fc.property(sampleWithValue, ({ sample: { schema }, value }) => {
      const json = ways.dump(schema, value);
      expect(json).toStrictEqual(JSON.parse(JSON.stringify(json)));
      expect(ways.parse(schema, json)).toStrictEqual({ ok: true, value });
    });

  test("for values of any schema", () => fc.assert(property({ dump, parse }), { numRuns: propertyRuns }));

  test.each<[string, Ways]>([
    ["a dump that leaves the codecs out", { parse, dump: (_schema, value) => JSON.parse(JSON.stringify(value)) }],
    ["a parse that does not decode", { dump, parse: (_schema, value) => ({ ok: true, value: value as never }) }],
  ])("and the property fails for %s", (_fault, ways) => {
    expect(holds(property(ways))).toBe(false);
  });
});

describe("a key without a place is found if and only if it was planted", () => {
  type Told = (sample: Sample, json: JsonValue) => readonly string[];
  const property = (told: Told) =>
    fc.property(
      sampleWithValue,
      fc.nat(),
      fc.constantFrom("planted", "__proto_", "kinds"),
      ({ sample, value }, at, key) => {
        const json = dump(sample.schema, value);
        expect(told(sample, json)).toEqual([]);
        const places = sample.closed(json);
        const place = places[at % places.length];
        if (place !== undefined) expect(told(sample, planted(json, place, key))).toEqual([pathText([...place, key])]);
      },
    );
  const told: Told = ({ schema }, json) => {
    const parsed = parse(schema, json);
    return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
  };

  test("at any place of any schema", () => fc.assert(property(told), { numRuns: propertyRuns }));

  test.each<[string, Told]>([
    ["does not look", ({ schema }, json) => (parse(schema, json, { extra: "ignore" }).ok ? [] : ["wrong"])],
    ["looks at the top alone", (sample, json) => told(sample, json).filter((path) => /^\w+$/.test(path))],
    ["trusts lists", (sample, json) => told(sample, json).filter((path) => !/\[\d/.test(path))],
  ])("and the property fails for a parse that %s", (_fault, faulty) => {
    expect(holds(property(faulty))).toBe(false);
  });
});

describe("malformed JSON and values of any form are told, never thrown", () => {
  interface Ways {
    readonly parse: (schema: Sample["schema"], value: unknown) => Parsed<unknown>;
    readonly parseJson: (text: string) => ReturnType<typeof parseJson>;
  }
  /** JSON with a piece taken out, put twice, or replaced. */
  const broken = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.nat(),
      fc.oneof(fc.string(), fc.constantFrom("[", "{", '"', "\\u", "1e999", "\ufeff", "")),
    )
    .map(([text, from, length, put]) => {
      const start = from % (text.length + 1);
      return text.slice(0, start) + put + text.slice(start + (length % 4));
    });
  const property = (ways: Ways) =>
    fc.property(schemaSample, fc.oneof(fc.string(), broken), fc.anything(), ({ schema }, text, value) => {
      const read = ways.parseJson(text);
      for (const given of read.ok ? [read.value, value] : [value]) {
        const parsed = ways.parse(schema, given);
        if (!parsed.ok) expect(parsed.problems).not.toEqual([]);
      }
    });
  test("whatever the text and the schema", () => fc.assert(property({ parse, parseJson }), { numRuns: propertyRuns }));

  test.each<[string, Ways]>([
    ["of texts throws", { parse, parseJson: (text) => ({ ok: true, value: JSON.parse(text) }) }],
    ["of values throws", { parse: (schema, value) => ({ ok: true, value: schema.parse(value) }), parseJson }],
    ["says nothing", { parse: () => ({ ok: false, problems: [] }), parseJson }],
  ])("and the property fails for a parse that %s", (_fault, ways) => {
    expect(holds(property(ways))).toBe(false);
  });
});

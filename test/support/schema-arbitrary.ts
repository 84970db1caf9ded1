/** Schemas made by chance, with values that they give out and the JSON that they take in. */
import fc from "fast-check";
import { z } from "zod";

/** A schema, what it may give out, and where in its JSON objects stand that are closed. */
export interface Sample {
  readonly schema: z.ZodType;
  readonly values: fc.Arbitrary<unknown>;
  readonly closed: (json: unknown) => readonly Steps[];
}

/** The keys and indexes that lead to a place. */
export type Steps = readonly (string | number)[];

const nowhere = (): readonly Steps[] => [];
const leaf = (schema: z.ZodType, values: fc.Arbitrary<unknown>): Sample => ({ schema, values, closed: nowhere });

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // no -0, which JSON lacks
const date = fc.date({ noInvalidDate: true, min: new Date("0000-01-01"), max: new Date("9999-12-31") });

/** Codecs of what JSON lacks, as the documentation shows them. */
export const codecs: {
  readonly date: z.ZodType<Date, string>;
  readonly bigint: z.ZodType<bigint, string>;
  readonly bytes: z.ZodType<Uint8Array, string>;
  readonly map: (value: z.ZodType) => z.ZodType<Map<string, unknown>>;
  readonly set: (value: z.ZodType) => z.ZodType<Set<unknown>>;
} = {
  date: z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (value) => value.toISOString(),
  }),
  bigint: z.codec(z.string().regex(/^-?\d+$/), z.bigint(), { decode: BigInt, encode: String }),
  bytes: z.codec(z.base64(), z.instanceof(Uint8Array), {
    decode: (text) => new Uint8Array(Buffer.from(text, "base64")),
    encode: (value) => Buffer.from(value).toString("base64"),
  }),
  map: (value) =>
    z.codec(z.array(z.tuple([z.string(), value])), z.map(z.string(), z.unknown()), {
      decode: (entries) => new Map(entries),
      encode: (map) => [...map],
    }),
  set: (value) =>
    z.codec(z.array(value), z.set(z.unknown()), { decode: (items) => new Set(items), encode: (set) => [...set] }),
};

const leaves: readonly Sample[] = [
  leaf(z.string(), fc.string({ unit: "grapheme" })),
  leaf(z.int(), fc.maxSafeInteger()),
  leaf(z.number(), number),
  leaf(z.boolean(), fc.boolean()),
  leaf(z.null(), fc.constant(null)),
  leaf(z.enum(["low", "high"]), fc.constantFrom("low", "high")),
  leaf(
    z.json(),
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
  ),
  leaf(codecs.date, date),
  leaf(codecs.bigint, fc.bigInt()),
  leaf(codecs.bytes, fc.uint8Array({ maxLength: 8 })),
  leaf(
    codecs.map(z.int()),
    fc.array(fc.tuple(fc.string(), fc.maxSafeInteger())).map((entries) => new Map(entries)),
  ),
  leaf(
    codecs.set(z.string()),
    fc.array(fc.string()).map((items) => new Set(items)),
  ),
];

const under = (step: string | number, places: readonly Steps[]): readonly Steps[] =>
  places.map((place) => [step, ...place]);

const keys = fc.constantFrom("a", "b", "items", "odd key", "default", "type", "0");

/** An object with some fields left out. */
function objectOf(fields: Readonly<Record<string, Sample>>, optional: boolean): Sample {
  const names = Object.keys(fields);
  const at = (name: string): Sample => fields[name] as Sample; // as: the name is one of the fields
  const shape = Object.fromEntries(
    names.map((name) => [name, optional ? at(name).schema.optional() : at(name).schema]),
  );
  return {
    schema: z.object(shape),
    values: fc.record(Object.fromEntries(names.map((name) => [name, at(name).values])), {
      requiredKeys: optional ? [] : names,
      noNullPrototype: true,
    }),
    closed: (json) => {
      const given = json as Readonly<Record<string, unknown>>; // as: what an object takes in is one
      return [
        [],
        ...names.flatMap((name) => (Object.hasOwn(given, name) ? under(name, at(name).closed(given[name])) : [])),
      ];
    },
  };
}

const arrayOf = ({ schema, values, closed }: Sample): Sample => ({
  schema: z.array(schema),
  values: fc.array(values, { maxLength: 3 }),
  closed: (json) => (json as readonly unknown[]).flatMap((item, index) => under(index, closed(item))), // as: what a list takes in is one
});

const pairOf = (first: Sample, second: Sample): Sample => ({
  schema: z.tuple([first.schema, second.schema]),
  values: fc.tuple(first.values, second.values),
  closed: (json) => {
    const [left, right] = json as readonly unknown[]; // as: what a pair takes in is a list
    return [...under(0, first.closed(left)), ...under(1, second.closed(right))];
  },
});

const recordOf = ({ schema, values, closed }: Sample): Sample => ({
  schema: z.record(z.string(), schema),
  values: fc.dictionary(keys, values, { maxKeys: 3, noNullPrototype: true }),
  closed: (json) => Object.entries(json as object).flatMap(([key, item]) => under(key, closed(item))), // as: what a record takes in is an object
});

const nullableOf = ({ schema, values, closed }: Sample): Sample => ({
  schema: schema.nullable(),
  values: fc.option(values),
  closed: (json) => (json === null ? [] : closed(json)),
});

/** One of two objects, told apart by their kind. */
function choiceOf(left: Sample, right: Sample): Sample {
  const branches = { left, right };
  const branch = <Kind extends "left" | "right">(kind: Kind) =>
    z.object({ kind: z.literal(kind), [kind]: branches[kind].schema });
  return {
    schema: z.discriminatedUnion("kind", [branch("left"), branch("right")]),
    values: fc
      .constantFrom("left" as const, "right" as const)
      .chain((kind) => branches[kind].values.map((value) => ({ kind, [kind]: value }))),
    closed: (json) => {
      const given = json as { readonly kind: "left" | "right" } & Readonly<Record<string, unknown>>; // as: what a choice takes in is one
      return [[], ...under(given.kind, branches[given.kind].closed(given[given.kind]))];
    },
  };
}

const { sample } = fc.letrec<{ readonly sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(...leaves),
    fc
      .tuple(fc.dictionary(keys, tie("sample"), { maxKeys: 3 }), fc.boolean())
      .map(([fields, optional]) => objectOf(fields, optional)),
    tie("sample").map(arrayOf),
    tie("sample").map(recordOf),
    tie("sample").map(nullableOf),
    fc.tuple(tie("sample"), tie("sample")).map(([left, right]) => pairOf(left, right)),
    fc.tuple(tie("sample"), tie("sample")).map(([left, right]) => choiceOf(left, right)),
  ),
}));

/** A schema made by chance: of objects, lists, pairs, records, choices and what JSON lacks, up to three levels deep. */
export const schemaSample: fc.Arbitrary<Sample> = sample.map((made) => ({
  ...made,
  [fc.toStringMethod]: () => JSON.stringify(z.toJSONSchema(made.schema, { io: "input" })),
}));

/** The same with a value that it gives out. */
export const sampleWithValue: fc.Arbitrary<{ readonly sample: Sample; readonly value: unknown }> = schemaSample.chain(
  (made) => made.values.map((value) => ({ sample: made, value })),
);

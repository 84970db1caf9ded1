/**
 * Parsing with one schema: the second time against the first, which compiles it, and objects of several forms against Zod's
 * own parse of the same, which looks for no keys without a place.
 */
import { parse } from "weakincentives";
import { z } from "zod";
import { against, type Bench, type Row } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const flat = (): z.ZodType =>
  z.object({
    path: z.string(),
    limit: z.int().default(2_000),
    mode: z.enum(["text", "bytes"]),
    note: z.string().nullable(),
    deep: z.boolean().optional(),
  });
const flatValue = { path: "src/main.ts", limit: 100, mode: "text", note: null, deep: true };

const item = z.object({ id: z.string(), at: z.object({ line: z.int(), column: z.int() }), tags: z.array(z.string()) });
const nested = z.object({
  items: z.array(item),
  shape: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("circle"), r: z.number() }),
    z.object({ kind: z.literal("square"), side: z.number() }),
  ]),
});
const nestedValue = {
  items: Array.from({ length: 10 }, (_, i) => ({ id: `i${i}`, at: { line: i, column: 1 }, tags: ["a", "b"] })),
  shape: { kind: "square", side: 2 },
};

/** Parses that succeed; one that does not would be fast for the wrong reason. */
function parsed(schema: z.ZodType, value: unknown): void {
  if (!parse(schema, value).ok) throw new Error("the value does not fit");
}

/** The second parse with each of many new schemas, against the first. */
async function* secondParse(): AsyncIterable<Row> {
  const count = 200;
  const parseAll = (schemas: readonly z.ZodType[]): number => {
    const start = performance.now();
    for (const schema of schemas) parsed(schema, flatValue);
    return performance.now() - start;
  };
  const fresh = (): readonly z.ZodType[] => Array.from({ length: count }, flat);
  const times = await sideBySide(
    {
      first: () => parseAll(fresh()),
      second: () => {
        const schemas = fresh();
        parseAll(schemas);
        return parseAll(schemas);
      },
    },
    11,
  );
  const each = (total: number | undefined): number => ((total ?? Number.NaN) * 1_000) / count;
  yield against("second-parse", each(times.second?.median), each(times.first?.median), "us");
}

/** Parses with a schema that is known, against Zod's own. */
async function* warm(metric: string, schema: z.ZodType, value: unknown, count: number): AsyncIterable<Row> {
  const times = await sideBySide(
    {
      ours: () => {
        for (let repeat = 0; repeat < count; repeat++) parsed(schema, value);
      },
      floor: () => {
        for (let repeat = 0; repeat < count; repeat++) schema.safeParse(value);
      },
    },
    15,
  );
  const each = (total: number | undefined): number => ((total ?? Number.NaN) * 1_000) / count;
  yield against(metric, each(times.ours?.median), each(times.floor?.median), "us");
}

export const bench: Bench = {
  name: "parse",
  async *run() {
    yield* secondParse();
    yield* warm("flat-object", flat(), flatValue, 20_000);
    yield* warm("nested-object", nested, nestedValue, 2_000);
  },
};

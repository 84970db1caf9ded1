import { expect } from "vitest";
import { z } from "zod";
import { dump, type Parsed, parse } from "../../src/base/index.ts";
import { type Case, mapped, passed, type RunCase, type Verdict } from "./case.ts";

/** Text that writes a whole number, beside the number itself: JSON has numbers, and only a schema can say that texts do too. */
const int = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

/** The user of the cases. What Python turns into the type that is asked for, a schema turns only where it says so. */
const User = z.object({
  id: z.uuid(),
  name: z.string().trim().min(1).default("n"),
  age: int.nullable().default(null),
  addr: z
    .object({
      street: z.string(),
      zip: z
        .string()
        .regex(/^\d{5}$/)
        .default("00000"),
    })
    .nullable()
    .default(null),
  tags: z.array(int).default([]),
  active: z.union([z.boolean(), z.stringbool({ truthy: ["true", "1", "yes", "on"] })]).default(true),
  color: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["red", "blue"]))
    .default("red"),
  when: z.iso.datetime({ offset: true }).nullable().default(null),
});

/** What a case asks for that a value must not come to by itself. */
interface Refusal {
  readonly path: string;
  readonly reason: string;
}

function refusalOf(data: Readonly<Record<string, unknown>>): Refusal | undefined {
  if ("user_id" in data) {
    return { path: "user_id", reason: "a key has one name, the one in its schema: there are no aliases" };
  }
  if (typeof data.tags === "string") {
    return { path: "tags", reason: "a text is no list of one: models are told what a list is" };
  }
  return undefined;
}

/** Holds a parse to `{ ok: value }` or `{ error, path }`; the two classes of Python errors are one list of problems. */
function holdsParsed(expected: unknown, parsed: Parsed<unknown>, pathOf: (path: string) => string): void {
  const { error, path } = expected as { readonly error?: string; readonly path?: string };
  if (error === undefined) {
    expect({ ok: parsed.ok ? parsed.value : parsed.problems }).toEqual(expected);
    return;
  }
  expect(["ValueError", "TypeError"]).toContain(error);
  const paths = parsed.ok ? [] : parsed.problems.map((problem) => problem.path);
  expect(paths).toEqual(path === undefined ? [expect.any(String)] : [pathOf(path)]);
}

function parseUser({ input, expected }: Case): Verdict {
  const { data, options } = input as { data: Record<string, unknown>; options: { extra?: "ignore" | "forbid" } };
  const parsed = parse(User, data, { extra: options.extra === "ignore" ? "ignore" : "refuse" });
  const refusal = refusalOf(data);
  if (refusal !== undefined) {
    expect(expected).toMatchObject({ ok: {} });
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toContain(refusal.path);
    return mapped(refusal.reason);
  }
  if ((expected as { path?: string }).path === "user_id") {
    holdsParsed(expected, parsed, () => "id");
    return mapped("a path names the key as it came");
  }
  holdsParsed(expected, parsed, (path) => (path === "<extra keys listed>" ? "extra1" : path));
  return passed;
}

const types: Readonly<Record<string, z.ZodType>> = { int: z.int(), str: z.string(), list: z.array(z.unknown()) };

/** How each constraint of the Python library is said to Zod. */
const constraints: Readonly<Record<string, (schema: z.ZodType, limit: never) => z.ZodType>> = {
  ge: (schema, limit: number) => schema.check(z.gte(limit)),
  gt: (schema, limit: number) => schema.check(z.gt(limit)),
  le: (schema, limit: number) => schema.check(z.lte(limit)),
  lt: (schema, limit: number) => schema.check(z.lt(limit)),
  min_length: (schema, length: number) => schema.check(z.minLength(length)),
  max_length: (schema, length: number) => schema.check(z.maxLength(length)),
  pattern: (schema, pattern: string) => schema.check(z.regex(new RegExp(pattern))),
  lower: (schema) => schema.check(z.toLowerCase()),
  upper: (schema) => schema.check(z.toUpperCase()),
  strip: (schema) => schema.check(z.trim()),
  in: (schema, choices: string[]) => schema.pipe(z.enum(choices)),
  not_in: (schema, choices: string[]) => schema.refine((value) => !choices.includes(value as string)), // as: the schema is that of a text
};

function constraint({ input, expected }: Case): Verdict {
  const { type, meta, value } = input as { type: string; meta: Record<string, unknown>; value: unknown };
  const schema = Object.entries(meta).reduce(
    (made, [name, limit]) => constraints[name]?.(made, limit as never) ?? expect.fail(`no constraint ${name}`), // as: each takes its own limit
    types[type] ?? expect.fail(`no type ${type}`),
  );
  const parsed = parse(z.object({ value: schema }), { value });
  const { error } = expected as { readonly error?: string };
  if (error !== undefined) holdsParsed({ error, path: "value" }, parsed, (path) => path);
  else expect({ ok: parsed.ok && parsed.value.value }).toEqual(expected);
  return passed;
}

const sortedSet = z.codec(z.array(z.string()), z.set(z.string()), {
  decode: (items) => new Set(items),
  encode: (set) => [...set].toSorted(),
});
const day = z.codec(z.iso.date(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString().slice(0, 10),
});

function dumpBig({ input, expected }: Case): Verdict {
  expect(input).toEqual({ value: "{b,a} set; Color.BLUE; date 2024-01-02; None" });
  const { h, j, t, ...plain } = expected as Record<string, unknown>;
  const Big = z.object({
    ...Object.fromEntries(Object.keys(plain).map((key) => [key, z.unknown()])),
    c: z.number().optional(),
    h: sortedSet,
    j: z.enum(["red", "blue"]),
    t: day,
  });
  const value = { ...plain, h: new Set(["b", "a"]), j: "blue" as const, t: new Date("2024-01-02") };
  const dumped = dump(Big, { ...value, c: undefined });
  expect(dumped).toStrictEqual({ ...plain, h, j, t });
  expect(parse(Big, dumped)).toStrictEqual({ ok: true, value });
  expect(dump(z.object({ c: z.number().nullable() }), { c: null })).toEqual({ c: null });
  return mapped("fields that are undefined are left out; null is data and kept, also in lists");
}

/** What holds of parsing and dumping values. */
export const serialisation: Readonly<Record<string, RunCase>> = {
  "serde.parse": parseUser,
  "serde.constraint": constraint,
  "serde.dump": dumpBig,
};

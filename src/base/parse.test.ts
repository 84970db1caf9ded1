import { type } from "arktype";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { dump } from "./dump.ts";
import { parse, parseAsync } from "./parse.ts";
import { inputJsonSchema, type Schema } from "./schema.ts";

/** A schema without a JSON Schema that validates like this. */
function validating(validate: Schema["~standard"]["validate"]): Schema {
  const none = (): never => expect.fail("there is no JSON Schema");
  return { "~standard": { version: 1, vendor: "test", validate, jsonSchema: { input: none, output: none } } };
}

describe("parse", () => {
  it("gives what the schema makes of the value", () => {
    expect(parse(z.object({ a: z.string().default("x") }), {})).toEqual({ ok: true, value: { a: "x" } });
    expect(parse(type({ a: "string" }), { a: "x" })).toEqual({ ok: true, value: { a: "x" } });
  });

  it("tells every wrong field by its path", () => {
    const schema = z.object({ items: z.array(z.object({ title: z.string() })), n: z.number() });
    const parsed = parse(schema, { items: [{ title: "a" }, { title: 1 }] });
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      {
        path: "items[1].title",
        message: "Invalid input: expected string, received number",
        expected: "string",
        received: "number 1",
      },
      {
        path: "n",
        message: "Invalid input: expected number, received undefined",
        expected: "number",
        received: "nothing",
      },
    ]);
    const whole = parse(z.string(), 5);
    expect(whole.ok ? [] : whole.problems.map(({ path }) => path)).toEqual([""]);
  });

  it("takes a validation that throws for one that fails, without its secrets", () => {
    const fails = z.string().transform(() => {
      throw new Error(`no entry for ghp_${"Z9".repeat(18)}`);
    });
    const schema: Schema = { "~standard": { ...fails["~standard"], validate: (value) => fails.parse(value) } };
    expect(parse(schema, "x")).toEqual({
      ok: false,
      problems: [
        { path: "", message: "the schema could not check the value: no entry for [redacted]", received: 'string "x"' },
      ],
    });
  });

  it("takes a function of the schema that throws for a value that does not fit", async () => {
    const listed = z.string().transform((text) => JSON.parse(text));
    const told = {
      ok: false,
      problems: [
        {
          path: "",
          message: expect.stringMatching(/^the schema could not check the value: Expected property/),
          received: 'string "{"',
        },
      ],
    };
    expect(parse(listed, "{")).toEqual(told);
    expect(await parseAsync(listed, "{")).toEqual(told);
    expect(
      parse(
        z.string().refine(() => expect.fail("no entry")),
        "x",
      ),
    ).toMatchObject({ ok: false });
    const unsure = { ...validating(() => Promise.resolve({ value: 1 })), safeParse: () => ({ success: true }) };
    expect(thrownBy(() => parse(unsure, "x")).message).toMatch(
      /^schema: The schema is asynchronous\. Expected one that/,
    );
    expect(thrownBy(() => parse({ ...unsure, safeParse: 5 } as Schema, "x")).code).toBe("SCHEMA_UNSUPPORTED"); // as: a schema may have other fields
  });

  it("refuses an asynchronous schema, and leaves no unhandled rejection", () => {
    const later = z.string().refine(async (text) => text !== "x");
    expect(thrownBy(() => parse(later, "x")).code).toBe("SCHEMA_UNSUPPORTED");
    const rejecting = vi.fn(() => Promise.reject(new Error("later")));
    expect(thrownBy(() => parse(validating(rejecting), "x")).code).toBe("SCHEMA_UNSUPPORTED");
    expect(rejecting).toHaveBeenCalledOnce();
  });
});

describe("keys that a schema does not name", () => {
  const person = z.object({ name: z.string(), addr: z.object({ zip: z.string() }).optional() });
  const paths = (schema: Schema, value: unknown): readonly string[] => {
    const parsed = parse(schema, value);
    return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
  };

  it.each<[string, Schema]>([
    ["Zod", person],
    ["ArkType", type({ name: "string", "addr?": { zip: "string" } })],
  ])("are refused at every level, by the JSON Schema of %s", (_library, schema) => {
    expect(parse(schema, { name: "n", addr: { zip: "1", zpi: "1" }, nmae: "n" })).toEqual({
      ok: false,
      problems: [
        {
          path: "addr.zpi",
          message: 'Unknown key (did you mean "zip"?)',
          expected: '"zip"',
          received: 'string "1"',
        },
        {
          path: "nmae",
          message: 'Unknown key (did you mean "name"?)',
          expected: expect.stringContaining('"name"'),
          received: 'string "n"',
        },
      ],
    });
    expect(parse(schema, { name: "n", addr: { zip: "1" } }).ok).toBe(true);
  });

  it("are told before what else does not fit, each once, a hundred problems at most", () => {
    expect(paths(person, { nmae: "n" })).toEqual(["nmae", "name"]);
    expect(paths(z.strictObject({ a: z.string() }), { a: 1, b: 1 })).toEqual(["b", "a"]);
    const keys = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, 1]));
    const wide = z.object({ of: z.object({}), items: z.array(z.string()) });
    expect(paths(wide, { of: keys, items: Object.values(keys) })).toHaveLength(100);
  });

  it("are dropped by the schema when they are to be ignored", async () => {
    const wide = { name: "n", addr: { zip: "1", x: 1 }, y: 1 };
    const dropped = { ok: true, value: { name: "n", addr: { zip: "1" } } };
    expect(parse(person, wide, { extra: "ignore" })).toEqual(dropped);
    expect(await parseAsync(person, wide, { extra: "ignore" })).toEqual(dropped);
    expect(parse(person, wide, { extra: "refuse" }).ok).toBe(false);
    expect(parse(person, { addr: 1 }, { extra: "ignore" }).ok).toBe(false);
  });

  it("are those of what it takes in, not of what it gives out", () => {
    const renamed = z.object({ user_id: z.string() }).transform(({ user_id }) => ({ id: user_id }));
    expect(parse(renamed, { user_id: "u" })).toEqual({ ok: true, value: { id: "u" } });
    expect(paths(renamed, { user_id: "u", id: "u" })).toEqual(["id"]);
  });

  it("are what any branch of a union does not name", () => {
    const either = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]);
    expect(paths(either, { a: "x", b: "x" })).toEqual([]);
    expect(paths(either, { a: "x", c: "x" })).toEqual(["c"]);
  });

  it("are none where they hold undefined, as JSON has no such keys", () => {
    expect(paths(person, { name: "n", age: undefined, addr: { zip: "1", x: undefined } })).toEqual([]);
    expect(paths(z.union([person, z.object({ kind: z.literal("a") })]), { name: "n", kind: undefined })).toEqual([]);
  });

  it("are for the schema itself where it has no JSON Schema", () => {
    const dated = z.object({ at: z.date() });
    expect(parse(dated, { at: new Date(0), more: 1 })).toEqual({ ok: true, value: { at: new Date(0) } });
    expect(paths(dated.strict(), { at: new Date(0), more: 1 })).toEqual(["more"]);
    const { jsonSchema: _none, ...older } = person["~standard"];
    expect(parse({ "~standard": older } as Schema, { name: "n", more: 1 }).ok).toBe(true); // as: a library without JSON Schemas
  });

  it("are looked for along a JSON Schema that is made once", () => {
    const input = vi.fn(person["~standard"].jsonSchema.input);
    const counted: Schema = { "~standard": { ...person["~standard"], jsonSchema: { input, output: input } } };
    for (const _time of [1, 2, 3]) expect(paths(counted, { name: "n", more: 1 })).toEqual(["more"]);
    expect(input).toHaveBeenCalledOnce();
    const failing = vi.fn(() => expect.fail("no JSON Schema"));
    const plain: Schema = { "~standard": { ...person["~standard"], jsonSchema: { input: failing, output: failing } } };
    for (const _time of [1, 2, 3]) expect(paths(plain, { name: "n", more: 1 })).toEqual([]);
    expect(failing).toHaveBeenCalledOnce();
  });

  it("of a value that cannot be read are a problem of the value", async () => {
    const broken = {
      get name(): string {
        throw new Error("gone");
      },
    };
    const told = {
      ok: false,
      problems: [{ path: "", message: "the schema could not check the value: gone", received: expect.anything() }],
    };
    expect(parse(person, broken)).toEqual(told);
    expect(await parseAsync(person, broken)).toEqual(told);
  });
});

describe("schemas that hold themselves", () => {
  const Tree = z.object({
    name: z.string(),
    get children() {
      return z.array(Tree).optional();
    },
  });
  const nested = (levels: number): object => {
    let value: object = { name: "leaf" };
    for (let level = 0; level < levels; level++) value = { name: "node", children: [value] };
    return value;
  };

  it("check trees of any depth without running out of stack", () => {
    expect(parse(Tree, nested(100)).ok).toBe(true);
    const wrong = parse(Tree, { name: "root", children: [{ name: "a", nmae: "b" }, { name: 5 }] });
    expect(wrong.ok ? [] : wrong.problems.map(({ path }) => path)).toEqual(["children[0].nmae", "children[1].name"]);
    const deep = parse(Tree, nested(5_000));
    expect(deep.ok || deep.problems).toMatchObject([{ path: "", message: expect.stringMatching(/call stack/) }]);
  });

  it("refuse a value that holds itself, or read it once", () => {
    const itself: { name: string; children?: unknown[]; more?: number } = { name: "itself", more: 1 };
    itself.children = [itself];
    const parsed = parse(Tree, itself);
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path).slice(0, 2)).toContain(
      parsed.ok ? "" : parsed.problems[0]?.path,
    );
    expect(parsed.ok).toBe(false);
  });
});

describe("parseAsync", () => {
  const known = z.object({ ids: z.array(z.string().refine(async (id) => id.startsWith("a"), "No such id")) });

  it("waits for an asynchronous schema, and tells wrong fields as `parse` does", async () => {
    expect(await parseAsync(known, { ids: ["a1"] })).toEqual({ ok: true, value: { ids: ["a1"] } });
    expect(await parseAsync(known, { ids: ["a1", "b1"] })).toEqual({
      ok: false,
      problems: [{ path: "ids[1]", message: "No such id", received: 'string "b1"' }],
    });
    const { a } = { a: z.object({ a: z.string() }) };
    for (const value of [{ a: "x" }, { a: 1 }, 5]) expect(await parseAsync(a, value)).toEqual(parse(a, value));
  });

  it.each<[string, () => never | Promise<never>]>([
    ["throws", () => expect.fail("no entry")],
    ["rejects", () => Promise.reject(new Error("no entry"))],
  ])("takes a validation that %s for one that fails", async (_how, validate) => {
    expect(await parseAsync(validating(validate), "x")).toEqual({
      ok: false,
      problems: [{ path: "", message: "the schema could not check the value: no entry", received: 'string "x"' }],
    });
  });
});

it.each([undefined, null, 7, {}, "text"])(
  "what is no schema, such as %o, is the program's mistake and no bad value",
  (wrong) => {
    const schema = wrong as unknown as z.ZodType; // as: it is there to be refused
    for (const work of [() => parse(schema, 1), () => dump(schema, 1)]) {
      const error = thrownBy(work);
      expect(error.code).toBe("SCHEMA_UNSUPPORTED");
      expect(error.message).toContain("schema: This is no schema. Expected a Standard Schema, such as one of Zod 4.");
    }
  },
);

it("a JSON Schema is given out frozen, because all get the same", () => {
  const made = inputJsonSchema(z.object({ a: z.string() }));
  expect(Object.isFrozen(made) && Object.isFrozen(made.required) && Object.isFrozen(made.properties)).toBe(true);
});

import { type } from "arktype";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { codecs } from "../../test/support/schema-arbitrary.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { switchContracts } from "./contracts.ts";
import { dump } from "./dump.ts";
import { parse } from "./parse.ts";
import type { Schema } from "./schema.ts";

afterEach(() => switchContracts(true));

describe("dump", () => {
  const Visit = z.object({
    at: codecs.date,
    cents: codecs.bigint,
    photo: codecs.bytes.optional(),
    seen: codecs.map(z.int()),
    tags: codecs.set(z.string()),
    note: z.string().default("none"),
    by: z.object({ born: codecs.date }).nullable(),
  });
  const visit = {
    at: new Date(0),
    cents: 12_345_678_901_234_567_890n,
    photo: new Uint8Array([1, 2, 255]),
    seen: new Map([["a", 1]]),
    tags: new Set(["x", "y"]),
    note: "n",
    by: { born: new Date(1) },
  };

  test("writes what JSON lacks through the codecs of the schema, and parse reads it", () => {
    const json = dump(Visit, visit);
    expect(json).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      cents: "12345678901234567890",
      photo: "AQL/",
      seen: [["a", 1]],
      tags: ["x", "y"],
      note: "n",
      by: { born: "1970-01-01T00:00:00.001Z" },
    });
    expect(parse(Visit, JSON.parse(JSON.stringify(json)))).toEqual({ ok: true, value: visit });
  });

  test("takes what the schema gives out, and the compiler says so", () => {
    // @ts-expect-error: a date is asked for
    expect(thrownBy(() => dump(codecs.date, "1970-01-01T00:00:00.000Z")).code).toBe("INPUT_INVALID");
  });

  test("leaves out fields that are undefined, keeps null, and drops keys that the schema does not name", () => {
    const schema = z.object({ a: z.string().optional(), b: z.string().nullable() });
    const wide = { a: undefined, b: null, more: 1 };
    expect(dump(schema, wide)).toStrictEqual({ b: null });
  });

  test("gives a frozen copy", () => {
    const value = { list: ["a"] };
    const json = dump(z.object({ list: z.array(z.string()) }), value);
    expect(json).toEqual(value);
    expect(Object.isFrozen((json as { list: object }).list)).toBe(true); // as: it is what was given
    expect(Object.isFrozen(value.list)).toBe(false);
  });

  test("writes JSON as it is for a library without codecs, if the schema takes it in again", () => {
    const schema = type({ name: "string", "age?": "number" });
    expect(dump(schema, { name: "n" })).toEqual({ name: "n" });
    const error = thrownBy(() => dump(type({ at: "string.date.parse" }), { at: new Date(0) }));
    expect(error.code).toBe("JSON_INVALID");
    const numeric = thrownBy(() => dump(type({ n: "string.numeric.parse" }), { n: 5 }));
    expect(numeric).toMatchObject({ code: "INPUT_INVALID", details: { problems: [{ path: "n" }] } });
    const named = { "~standard": z.string()["~standard"], safeEncode: "a name of its own" };
    expect(dump(named, "x")).toBe("x");
  });

  test("refuses a value that does not fit, by its path", () => {
    const wrong = { ...visit, by: { born: new Date(Number.NaN) }, note: 5 } as unknown as typeof visit; // as: the value is wrong on purpose
    const error = thrownBy(() => dump(Visit, wrong));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toMatch(/^value: The value does not fit: `note`: .*; `by\.born`: Invalid input/);
    expect(error.details).toMatchObject({
      problems: [{ path: "note" }, { path: "by.born", message: expect.any(String) }],
    });
  });

  test.each<[string, Schema, unknown, string]>([
    [
      "a Date without a codec",
      z.object({ on: z.object({ at: z.date() }) }),
      { on: { at: new Date(0) } },
      "`on.at`: is a Date",
    ],
    ["a bigint without a codec", z.bigint(), 1n, "is a bigint"],
    ["undefined", z.undefined(), undefined, "is undefined"],
    ["NaN", z.nan(), Number.NaN, "is NaN"],
  ])("refuses %s, and shows a codec", (_what, schema, value, what) => {
    const error = thrownBy(() => dump(schema, value));
    expect(error.code).toBe("JSON_INVALID");
    expect(error.message).toContain(`value: The value cannot be written: ${what}, which JSON cannot hold`);
    expect(error.message).toContain("Give the field a codec");
    expect(error.message).toContain("Example: z.codec(z.iso.datetime(), z.date()");
  });

  test.each<[string, Schema, unknown, string]>([
    ["goes one way", z.object({ n: z.string().transform(Number) }), { n: 5 }, "unidirectional transform"],
    ["is asynchronous", z.string().refine(async () => true), "x", "Promise"],
    [
      "throws",
      z.codec(z.string(), z.number(), { decode: Number, encode: () => expect.fail("no entry") }),
      5,
      "no entry",
    ],
  ])("refuses a schema that %s, and shows a codec", (_what, schema, value, what) => {
    const error = thrownBy(() => dump(schema, value));
    expect(error.code).toBe("SCHEMA_UNSUPPORTED");
    expect(error.message).toContain("schema: The schema cannot write the value. Expected one that goes both ways");
    expect(error.message).toContain(what);
    expect(error.message).toContain("Example: z.codec(z.iso.datetime(), z.date()");
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("shows the beginning of a value that is too large to be shown", () => {
    const numbers = Array.from({ length: 10_000 }, () => "x");
    const error = thrownBy(() => dump(z.array(z.string()).max(1), numbers));
    expect(error.parts.received).toBe(`list [${'"x",'.repeat(48)}"…`);
  });

  test("promises that parse takes what it wrote, as far as contracts are checked", () => {
    const wide = z.codec(z.unknown(), z.number(), { decode: Number, encode: (n) => ({ [`n${n}`]: n }) });
    const closed: Schema<unknown, number> = Object.assign(wide, {
      "~standard": { ...wide["~standard"], jsonSchema: z.object({})["~standard"].jsonSchema },
    });
    const error = thrownBy(() => dump(closed, 5));
    expect(error.code).toBe("INVARIANT_BROKEN");
    expect(error.message).toContain('Received value = number 5, written = object {"n5":5}.');
    switchContracts(false);
    expect(dump(closed, 5)).toEqual({ n5: 5 });
  });
});

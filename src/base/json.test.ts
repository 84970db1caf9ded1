import { describe, expect, it } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { canonicalJson, parseJson, sha256, toJson } from "./json.ts";
import { isJsonObject } from "./json-value.ts";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("parseJson", () => {
  it.each(["null", "0", '""', "[]", "{}", '{"a":[1,{"b":null}]}'])("reads %s", (text) => {
    expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it.each(["", "{", "nul", "{'a':1}", "[1,]", "\ufeff{}", "undefined"])("tells what is wrong with %j", (text) => {
    const parsed = parseJson(text);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problem).toMatch(/JSON/);
  });

  it("counts the levels of lists and objects", () => {
    expect(parseJson(nested(3), { maxDepth: 3 }).ok).toBe(true);
    expect(parseJson(nested(4), { maxDepth: 3 })).toEqual({
      ok: false,
      problem: "it is nested deeper than 3 levels",
    });
    expect(parseJson('{"a":{"b":{"c":1}}}', { maxDepth: 3 }).ok).toBe(true);
    expect(parseJson('[1,{"a":[{}]}]', { maxDepth: 3 }).ok).toBe(false);
    expect(parseJson("1", { maxDepth: 0 }).ok).toBe(true);
    expect(parseJson("[]", { maxDepth: 0 }).ok).toBe(false);
    expect([parseJson(nested(200)).ok, parseJson(nested(201)).ok]).toEqual([true, false]);
  });

  it("does not run out of stack, however deep the text and whatever the limit", () => {
    const text = nested(100_000);
    expect(parseJson(text).ok).toBe(false);
    expect(parseJson(text, { maxDepth: 99_999 }).ok).toBe(false);
    expect(parseJson(text, { maxDepth: 100_000 }).ok).toBe(true);
    expect(parseJson(text, { maxDepth: Number.POSITIVE_INFINITY }).ok).toBe(true);
    expect(parseJson(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`).ok).toBe(false);
  });

  it("refuses a text over the limit without reading it", () => {
    expect(parseJson("[1]", { maxLength: 3 }).ok).toBe(true);
    expect(parseJson("not JSON", { maxLength: 3 })).toEqual({
      ok: false,
      problem: "the text is 8 characters long, more than 3",
    });
  });

  it("keeps `__proto__` as a key like others", () => {
    const parsed = parseJson('{"__proto__":{"polluted":true},"constructor":1}');
    const value = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect("polluted" in value).toBe(false);
    expect(canonicalJson(value)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
  });
});

describe("canonicalJson", () => {
  it("sorts keys at every level and leaves lists in their order", () => {
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }, 2, 1], 10: 0, 9: 0 })).toBe(
      '{"9":0,"10":0,"a":[{"c":2,"d":1},2,1],"b":1}',
    );
    expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  });

  it("tells of a value that is too deep", () => {
    const parsed = parseJson(nested(100_000), { maxDepth: Number.POSITIVE_INFINITY });
    expect(thrownBy(() => canonicalJson(parsed.ok ? parsed.value : null)).code).toBe("JSON_INVALID");
  });
});

describe("toJson", () => {
  it("writes plain data", () => {
    expect(toJson({ a: [1, "x", null] }, "The data")).toBe('{"a":[1,"x",null]}');
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each([
    ["a cycle", cycle],
    ["a bigint", { a: 1n }],
    ["what throws", { toJSON: () => JSON.parse("{") }],
  ])("refuses %s", (_name, value) => {
    const error = thrownBy(() => toJson(value, "The data"));
    expect(error.code).toBe("JSON_INVALID");
    expect(error.message).toMatch(/^The data: It cannot be written as JSON\. Expected plain data\. Received ./);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it.each([undefined, () => 1, Symbol("x")])("refuses %s, which JSON leaves out", (value) => {
    expect(thrownBy(() => toJson(value, "The data")).message).toContain(`Received ${typeof value}.`);
  });
});

it("isJsonObject tells objects from null and lists", () => {
  expect([{}, null, [], "x", 1, undefined].map(isJsonObject)).toEqual([true, false, false, false, false, false]);
});

it("sha256 gives 64 hexadecimal digits of the UTF-8 bytes", () => {
  expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256("é")).toBe("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
});

it.each(["1e999", '{"a":[-1e400]}'])("refuses a number that JSON could not hold again: %s", (text) => {
  expect(parseJson(text)).toEqual({ ok: false, problem: "a number is too large" });
});

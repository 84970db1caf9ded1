import { describe, expect, test } from "vitest";
import { NotPlain, plainCopy } from "./plain-data.ts";

class Point {
  readonly x = 1;
}

describe("a plain copy", () => {
  test("is what JSON gives back, frozen, and what it was made from is not", () => {
    const given = {
      kept: [0, 1.5, "é😀\ud800", true, null, {}, []],
      left: undefined,
      zero: -0,
      bare: Object.assign(Object.create(null), { a: 1 }),
      proto: JSON.parse('{"__proto__":{"x":1}}'),
    };
    const copy = plainCopy(given);
    expect(copy).toStrictEqual(JSON.parse(JSON.stringify(given)));
    expect([Object.keys(copy.proto), copy.proto.x]).toEqual([["__proto__"], undefined]);
    for (const part of [copy, copy.kept, copy.bare, copy.proto]) expect(Object.isFrozen(part)).toBe(true);
    expect(Object.isFrozen(given.kept)).toBe(false);
    expect(Object.is(plainCopy(-0), 0)).toBe(true);
    expect(plainCopy(undefined)).toBeUndefined();
  });

  const itself: { self?: unknown } = {};
  itself.self = itself;
  const gap = [1, 2, 3];
  delete gap[1];

  test.each<[string, unknown, string, string]>([
    ["a Date", { a: [{ at: new Date(0) }] }, "a[0].at", "is a Date"],
    ["a Map", new Map(), "", "is a Map"],
    ["NaN", { n: Number.NaN }, "n", "is NaN"],
    ["an infinite number", [Number.NEGATIVE_INFINITY], "[0]", "is -Infinity"],
    ["a bigint", { n: 1n }, "n", "is a bigint"],
    ["a method", { toJSON: () => 1 }, "toJSON", "is a function"],
    ["a key that is a symbol", { a: { [Symbol("s")]: 1 } }, "a", "has a key that is a symbol"],
    ["an object of a class", { p: new Point() }, "p", "is a Point"],
    ["an object of a class without a name", new (class {})(), "", "is an object of a class"],
    [
      "a constructor that is data",
      { p: Object.assign(Object.create({}), { constructor: 1 }) },
      "p",
      "is an object of a class",
    ],
    ["undefined in a list", { list: [undefined] }, "list[0]", "is undefined"],
    ["a gap in a list", { gap }, "gap[1]", "is undefined"],
    ["itself", itself, "self.self.self.self.self.self.self.self", "deeper than 1000 levels, perhaps because it holds"],
  ])("of %s is refused, naming the path", (_what, value, path, what) => {
    expect(() => plainCopy(value)).toThrow(NotPlain);
    expect(() => plainCopy(value)).toThrow(expect.objectContaining({ path, message: expect.stringContaining(what) }));
    expect(() => plainCopy(value)).toThrow(/, which JSON cannot hold$/);
  });

  test("may be a thousand levels deep", () => {
    const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    expect(() => plainCopy(nested(1_000))).not.toThrow();
    expect(() => plainCopy(nested(1_001))).toThrow(NotPlain);
  });
});

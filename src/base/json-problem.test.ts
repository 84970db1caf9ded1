import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { parseJson } from "./json.ts";

const problemOf = (text: string): string | undefined => {
  const parsed = parseJson(text, { maxDepth: Number.POSITIVE_INFINITY });
  return parsed.ok ? undefined : parsed.problem;
};

function saidByEngine(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}

describe("a text that is no JSON", () => {
  test.each([
    ["", "end of JSON at line 1, column 1"],
    ["blue-gorilla", '"b" in JSON at line 1, column 1'],
    ["nux", '"x" in JSON at line 1, column 3'],
    ["tru", "end of JSON at line 1, column 4"],
    ['{"a": blue-gorilla}', '"b" in JSON at line 1, column 7'],
    ['{"a":1,\n "b":2,}', '"}" in JSON at line 2, column 8'],
    ["{'a':1}", '"\'" in JSON at line 1, column 2'],
    ['{"a" 1}', '"1" in JSON at line 1, column 6'],
    ["[1 2]", '"2" in JSON at line 1, column 4'],
    ["[1]]", '"]" in JSON at line 1, column 4'],
    ["[01]", '"1" in JSON at line 1, column 3'],
    ["-x", '"x" in JSON at line 1, column 2'],
    ["1.e5", '"e" in JSON at line 1, column 3'],
    ["1e+", "end of JSON at line 1, column 4"],
    ["1e", "end of JSON at line 1, column 3"],
    ["[1.]", '"]" in JSON at line 1, column 4'],
    ["[-,1]", '"," in JSON at line 1, column 3'],
    ["[0,-0.5e-1 ,1e05,x]", '"x" in JSON at line 1, column 18'],
    ["[1,\f2]", '"\\f" in JSON at line 1, column 4'],
    ['"a\nb"', '"\\n" in JSON at line 1, column 3'],
    ['"a\\x"', '"x" in JSON at line 1, column 4'],
    ['"\\u12G4"', '"G" in JSON at line 1, column 6'],
    ['"\\u12', "end of JSON at line 1, column 6"],
    ["\u{1F600}", '"\u{1F600}" in JSON at line 1, column 1'],
  ])("%j is told by one character and its place", (text, told) => {
    expect(problemOf(text)).toBe(`unexpected ${told}`);
  });

  test("is told in time, however long and deep", () => {
    expect(problemOf(`${"[".repeat(50_000)}"${"\\n".repeat(50_000)}`)).toBe(
      "unexpected end of JSON at line 1, column 150002",
    );
    expect(problemOf(`[${"1,".repeat(500_000)}x`)).toBe('unexpected "x" in JSON at line 1, column 1000002');
  });

  it("breaks where the engine says that it does, as far as that tells the place", () => {
    const pieces = fc.constantFrom(
      ...'{}[],:"\\u0eE+-.1 \n',
      "true",
      "null",
      "false",
      '"a"',
      "\\u00e9",
      "x",
      "[1,",
      '{"k":',
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((made) => made.join("")),
      fc.tuple(fc.jsonValue(), fc.nat(), pieces).map(([value, at, piece]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        return text.slice(0, place) + piece + text.slice(place + (at % 2));
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const told = problemOf(text);
        if (told === undefined || told === "a number is too large") return;
        const message = saidByEngine(text);
        const [, place] = /at position (\d+)/.exec(message) ?? [];
        const column = Number(/column (\d+)$/.exec(told)?.[1]);
        const line = Number(/line (\d+)/.exec(told)?.[1]);
        const at = text
          .split("\n")
          .slice(0, line - 1)
          .reduce((sum, { length }) => sum + length + 1, column - 1);
        const [, token] = /^Unexpected token '([\s\S]+?)', /.exec(message) ?? [];
        if (token !== undefined) expect(told).toContain(`unexpected ${JSON.stringify(token)} in`);
        else if (place !== undefined) expect([message, at]).toEqual([message, Number(place)]);
        else expect([message, at]).toEqual(["Unexpected end of JSON input", text.length]);
      }),
      { numRuns: propertyRuns },
    );
  });
});

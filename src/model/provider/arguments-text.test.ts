import { expect, test } from "vitest";
import { argumentsObject, argumentsText } from "./arguments-text.ts";

test.each([
  [undefined, "{}"],
  [null, "{}"],
  ["", "{}"],
  ['{"a": 1}', '{"a": 1}'],
  [{ a: [1] }, '{"a":[1]}'],
  [7, "7"],
])("%j is %s", (value, text) => {
  expect(argumentsText(value)).toBe(text);
});

test("what is nested too deep to be written is no JSON, and no error", () => {
  const deep = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  expect(argumentsText({ deep })).toBe("[nested too deep]");
});

test("arguments as an object are what they say, or stand under a name that tells that they are none", () => {
  expect(argumentsObject('{"a":1}')).toEqual({ a: 1 });
  for (const text of ['{"a":', "[1]", '"text"', "null", "7", ""]) {
    expect(argumentsObject(text)).toEqual({ INVALID_JSON: text });
  }
});

import { expect, test } from "vitest";
import { argumentsText } from "./arguments-text.ts";

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

import { expect, test } from "vitest";
import { splitPlaceholders } from "../../src/prompt/placeholder.ts";
import { pieces, placeholderCases } from "./placeholder-cases.ts";

test.each(placeholderCases)("the splitter cuts $text", ({ text, parts }) => {
  expect(splitPlaceholders(text)).toEqual(parts);
});

test("no text says two things", () => {
  const texts = placeholderCases.map(({ text }) => text);
  expect(texts).toEqual([...new Set(texts)]);
  expect(new Set(pieces).size).toBe(pieces.length);
});

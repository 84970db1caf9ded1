import fc from "fast-check";
import { expect, it } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { memoryFiles } from "./memory.ts";

// What JavaScript and RE2 mean alike: texts, classes, groups, alternatives and repetitions that are not nested too deep.
const atom = fc.constantFrom(
  "a",
  "b",
  "ab",
  ".",
  "[ab]",
  "[^a]",
  "\\w",
  "\\s",
  "\\b",
  "^",
  "$",
  "\\.",
  "\\(",
  "é",
  "\\d",
);
const repeated = fc
  .tuple(atom, fc.constantFrom("", "", "", "*", "+", "?", "{1,3}", "*?"))
  .map(([part, times]) => (/^[\^$]|\\b/.test(part) ? part : `(?:${part})${times}`));
const sequence = fc.array(repeated, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
const pattern = fc.oneof(
  sequence,
  fc.tuple(sequence, sequence).map(([a, b]) => `(${a}|${b})`),
  fc.constantFrom("a", "ab", "b(", "\\.a").map((text) => text.replace("(", "\\(")),
);
const line = fc
  .array(fc.constantFrom("a", "b", ".", "(", " ", "1", "é", "\r"), { maxLength: 8 })
  .map((signs) => signs.join(""));
const text = fc
  .array(fc.tuple(line, fc.constantFrom("\n", "\r\n")), { maxLength: 8 })
  .map((lines) => lines.flat().join(""));

it("finds the lines and places that JavaScript finds line by line", async () => {
  await fc.assert(
    fc.asyncProperty(pattern, text, fc.boolean(), async (expression, content, ignoreCase) => {
      const lines = content
        .split("\n")
        .slice(0, content.endsWith("\n") ? -1 : undefined)
        .map((one) => one.replace(/\r$/, ""));
      // A line that keeps a \r inside ends nowhere for RE2, but does for a dot of JavaScript.
      fc.pre(lines.every((one) => !one.includes("\r")));
      const expected = lines.flatMap((one, index) => {
        const match = new RegExp(expression, ignoreCase ? "iu" : "u").exec(one);
        return match === null
          ? []
          : [{ path: "a", line: index + 1, text: one, start: match.index, end: match.index + match[0].length }];
      });
      const { matches } = await memoryFiles({ a: content }).grep(expression, { ignoreCase });
      expect(matches).toEqual(content === "" ? [] : expected);
    }),
    { numRuns: propertyRuns },
  );
});

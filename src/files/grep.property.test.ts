import fc from "fast-check";
import { expect, it } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import type { Filesystem } from "./filesystem.ts";
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

/** The property: a grep finds the lines and places that JavaScript finds line by line. */
const findsTheSame = (
  grepIn: (content: string) => Filesystem["grep"],
): fc.IAsyncProperty<[string, string, boolean, number]> =>
  fc.asyncProperty(pattern, text, fc.boolean(), fc.nat(3), async (expression, content, ignoreCase, context) => {
    const lines = content
      .split("\n")
      .slice(0, -1)
      .map((one) => one.replace(/\r$/, ""));
    // A dot of RE2 takes a \r inside a line, one of JavaScript does not.
    fc.pre(lines.every((one) => !one.includes("\r")));
    const expected = lines.flatMap((one, index) => {
      const match = new RegExp(expression, ignoreCase ? "iu" : "u").exec(one);
      if (match === null) return [];
      const [start, end] = [match.index, match.index + match[0].length];
      const before = lines.slice(Math.max(0, index - context), index);
      const after = lines.slice(index + 1, index + 1 + context);
      return [{ path: "a", line: index + 1, text: one, start, end, before, after }];
    });
    const { matches } = await grepIn(content)(expression, { ignoreCase, context });
    expect(matches).toEqual(expected);
  });

const ours = (content: string): Filesystem["grep"] => memoryFiles({ a: content }).grep;

it("finds the lines and places that JavaScript finds line by line", async () => {
  await fc.assert(findsTheSame(ours), { numRuns: propertyRuns });
});

it.each<[string, (content: string) => Filesystem["grep"]]>([
  ["nothing is found", () => async () => ({ matches: [], truncated: false })],
  ["nothing is shown around it", (content) => (text, options) => ours(content)(text, { ...options, context: 0 })],
])("the property fails when %s", async (_fault, grepIn) => {
  expect((await fc.check(findsTheSame(grepIn), { numRuns: 1_000, seed: 1 })).failed).toBe(true);
});

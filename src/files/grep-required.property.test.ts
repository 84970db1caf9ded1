import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, it } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { requiredExpression } from "./grep-required.ts";
import { readRequired } from "./grep-syntax.ts";
import { memoryFiles } from "./memory.ts";

const atom = fc.constantFrom(
  ..."abksKé€😀(=-".replace("(", ""),
  ...["\\(", ".", "^", "$", "\\b", "\\B", "\\A", "\\z", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\t", "\\v", "\\r"],
  ...["[ab]", "[^a]", "[a-k]", "[^\\w]", "[\\d_-]", "[]a]", "[^]é]", "[k-é]", "[😀]", "[[:alpha:]]", "[^\\Sk]"],
  ...["\\x61", "\\Qa.\\E", "\\p{L}", "\\pN", "\\P{Lu}", "(?i)", "(?s)", "(?i:k)", "(?-i)", "{a"],
);
const times = fc.constantFrom("", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{2,3}?", "{0}");
const sequence = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(part, times), { minLength: 1, maxLength: 4 })
    .map((parts) =>
      parts.map(([text, many]) => (/^(?:\(\?-?[is]\)|\^|\$|\\[bBAz])$/.test(text) ? text : text + many)).join(""),
    );
const group = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("(", "(?:", "(?P<n>"), inner, inner, fc.boolean())
    .map(([opening, a, b, two]) => `${opening}${a}${two ? `|${b}` : ""})`);
const flat = sequence(atom);
const pattern = fc.oneof(
  flat,
  sequence(fc.oneof(atom, group(flat))),
  sequence(
    group(
      fc.oneof(
        flat,
        sequence(
          fc.oneof(
            atom,
            group(flat).map((text) => text.replace("P<n>", ":")),
          ),
        ),
      ),
    ),
  ),
  fc.tuple(flat, flat).map(([a, b]) => `${a}|${b}`),
);

const engine = (expression: string, ignoreCase: boolean): RE2JS | undefined => {
  try {
    return RE2JS.compile(expression, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch {
    return undefined; // two groups of one name, a repetition of a repetition
  }
};
const line = fc
  .array(fc.constantFrom(..."abkKsSſ\u212aé€😀(=-1_ \t\v\r."), { maxLength: 8 })
  .map((signs) => signs.join(""));

/** The property: in each line that the engine takes stands what every match is said to have. */
const isThere = (read: typeof readRequired) =>
  fc.property(pattern, line, fc.boolean(), (expression, text, ignoreCase) => {
    const compiled = engine(expression, ignoreCase);
    fc.pre(compiled?.test(text) === true);
    const required = read(expression, ignoreCase);
    const candidate = required && requiredExpression(required);
    expect(candidate?.test(text) ?? true).toBe(true);
  });

it("what every match is said to have is there", () => {
  fc.assert(isThere(readRequired), { numRuns: propertyRuns });
});

it.each<[string, typeof readRequired]>([
  ["a repetition that may be none is taken for one", (text, fold) => readRequired(text.replaceAll("*", "+"), fold)],
  ["one of two is taken for both", (text, fold) => readRequired(text.replaceAll("|", ""), fold)],
  ["upper and lower case differ", (text) => readRequired(text, false)],
])("the property fails when %s", (_fault, read) => {
  expect(fc.check(isThere(read), { numRuns: 20_000, seed: 1 }).failed).toBe(true);
});

it("a search finds what the engine finds line by line", async () => {
  const lines = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n")), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pattern, lines, fc.boolean(), async (expression, parts, ignoreCase) => {
      const compiled = engine(expression, ignoreCase);
      fc.pre(compiled !== undefined);
      const expected = parts.flatMap(([text, end], place) => {
        const read = end === "\n" ? text.replace(/\r$/, "") : text;
        const matcher = compiled.matcher(read);
        return matcher.find() ? [`${place + 1}:${read}:${matcher.start()}-${matcher.end()}`] : [];
      });
      const { matches } = await memoryFiles({ a: parts.flat().join("") }).grep(expression, { ignoreCase });
      expect(matches.map(({ line: at, text, start, end }) => `${at}:${text}:${start}-${end}`)).toEqual(expected);
    }),
    { numRuns: propertyRuns },
  );
});

import { expect, test } from "vitest";
import { casesIn, differences } from "./expectation.ts";
import { diagnosticsIn } from "./project.ts";

const text = `const a = 1;
check("first", () => {
  // error: Type 'number' … 'string'
  // error: second
  // why it is so
  use(a);
});

check("second", async () => {
  use(a);
});
`;

test("cases are found with their lines and what they expect", () => {
  expect(casesIn(text)).toEqual([
    { name: "first", from: 2, to: 8, expected: [{ line: 6, messages: ["Type 'number' … 'string'", "second"] }] },
    { name: "second", from: 9, to: 12, expected: [] },
  ]);
});

test("diagnostics are read with the lines that explain them", () => {
  const printed =
    "a.ts(6,3): error TS2322: Type 'number'\n  is not\n    'string'.\n/b/c.ts(1,1): error TS1: X\nerror TS5: Y\nFiles:  3\n";
  expect(diagnosticsIn(printed, "/p")).toEqual([
    { file: "/p/a.ts", line: 6, message: "Type 'number'\n  is not\n    'string'." },
    { file: "/b/c.ts", line: 1, message: "X" },
    { file: "", line: 0, message: "Y" },
  ]);
});

const [first, second] = casesIn(text) as [never, never];
const file = "a.ts";

test("nothing is said when every error is as expected", () => {
  const messages = [
    { file, line: 6, message: "Type 'number' is not\n  assignable to 'string'." },
    { file, line: 6, message: "A second one." },
  ];
  expect(differences(first, messages)).toEqual([]);
  expect(differences(second, messages)).toEqual([]);
});

test("an error that is missing, elsewhere, of another text or not expected is told", () => {
  expect(differences(first, [])).toEqual([
    "line 6: no error with: Type 'number' … 'string'",
    "line 6: no error with: second",
  ]);
  expect(differences(first, [{ file, line: 5, message: "second" }])).toHaveLength(3);
  expect(differences(first, [{ file, line: 6, message: "'string' Type 'number'" }])).toHaveLength(3);
  expect(differences(second, [{ file, line: 10, message: "X" }])).toEqual(["line 10: not expected: X"]);
});

test("one error does not stand for two", () => {
  expect(differences(first, [{ file, line: 6, message: "second: Type 'number' 'string'" }])).toEqual([
    "line 6: no error with: second",
  ]);
});

test("a message that nobody reads to its end is told", () => {
  const message = `Type 'number' 'string'${"\n  more".repeat(8)}`;
  const more = { file, line: 6, message: "second" };
  expect(differences(first, [{ file, line: 6, message }, more])).toEqual([
    `line 6: the message has more than 8 lines: ${message}`,
  ]);
});

test("a message that sends people the wrong way is told", () => {
  const message = "second: with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined'";
  const more = { file, line: 6, message: "Type 'number' 'string'" };
  expect(differences(first, [{ file, line: 6, message }, more])).toEqual([`line 6: the message misleads: ${message}`]);
});

test("a case that would be overlooked is an error", () => {
  expect(() => casesIn('check(\n  "long name",\n')).toThrow("line 1 is not of the form");
  expect(() => casesIn('  check("nested", () => {')).toThrow("line 1 is not of the form");
});

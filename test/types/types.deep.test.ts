import { expect, test } from "vitest";
import { caseFiles, compileCases, generatedNames } from "./type-cases.ts";

test("TypeScript 6 refuses the same lines of the type cases, in its own words", () => {
  const errors = compileCases("typescript-6");
  const lines = (file: string): number[] => (errors.get(file) ?? []).map(({ line }) => line).sort((a, b) => a - b);
  for (const { name, cases } of caseFiles) {
    const expected = cases.flatMap(({ expected: lists }) =>
      lists.flatMap(({ line, messages }) => messages.map(() => line)),
    );
    expect(lines(name), name).toEqual(expected);
  }
  for (const name of [...generatedNames, "elsewhere"]) expect(errors.get(name) ?? [], name).toEqual([]);
});

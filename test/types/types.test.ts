import { beforeAll, describe, expect, test } from "vitest";
import { differences } from "./expectation.ts";
import type { Diagnostic } from "./project.ts";
import { caseFiles, compileCases, generatedNames } from "./type-cases.ts";

let errors: ReadonlyMap<string, readonly Diagnostic[]> = new Map();
beforeAll(() => {
  errors = compileCases("typescript");
}, 60_000);

for (const { name: file, cases } of caseFiles) {
  describe(file, () => {
    for (const one of cases) {
      test(one.name, () => expect(differences(one, errors.get(file) ?? [])).toEqual([]));
    }

    test("no error stands outside a case", () => {
      const isInside = (line: number): boolean => cases.some(({ from, to }) => line >= from && line <= to);
      expect((errors.get(file) ?? []).filter(({ line }) => !isInside(line))).toEqual([]);
    });
  });
}

test.each(generatedNames)("%s compiles", (name) => {
  expect(errors.get(name) ?? []).toEqual([]);
});

test("what the cases import compiles", () => {
  expect(errors.get("elsewhere") ?? []).toEqual([]);
});

test("there are at least 60 cases, none twice in a file", () => {
  const names = caseFiles.flatMap(({ name: file, cases }) => cases.map(({ name }) => `${file}: ${name}`));
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(names).toEqual([...new Set(names)]);
});

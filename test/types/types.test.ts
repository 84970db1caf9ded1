import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeholderNames as namesIn, splitPlaceholders } from "../../src/prompt/placeholder.ts";
import { root } from "../support/source-tree.ts";
import { casesIn, differences } from "./expectation.ts";
import { manyPlaceholders, manySections, nestedSections, placeholderNames } from "./generated-programs.ts";
import { pieces } from "./placeholder-cases.ts";
import { type Compiled, createProject, own } from "./project.ts";

const folder = join(root, "test/types/cases");
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const cases = files.map((name) => ({ name, cases: casesIn(readFileSync(join(folder, name), "utf8")) }));

/** All pairs of pieces, and longer texts at random but the same in every run. */
const texts = [
  ...pieces.flatMap((first) => [first, ...pieces.map((second) => first + second)]),
  ...fc.sample(fc.array(fc.constantFrom(...pieces), { minLength: 3, maxLength: 9 }), { seed: 1, numRuns: 400 }).map((parts) => parts.join("")),
];

/** Programs that must compile, whatever their size. */
const generated = {
  "generated-placeholders.ts": placeholderNames(texts.map((text) => ({ text, names: namesIn(splitPlaceholders(text)) }))),
  "many-placeholders.ts": manyPlaceholders(900),
  "nested-sections.ts": nestedSections(30),
  "many-sections.ts": manySections(60, 2),
};

const project = createProject({
  files: generated,
  packages: { zod: own("zod"), weakincentives: own("weakincentives") },
});
let compiled: Compiled = { diagnostics: [], printed: "" };

// One run of the compiler for all cases: most of its time goes into reading the same declaration files.
beforeAll(() => {
  compiled = project.compile({
    extends: join(root, "tsconfig.json"),
    compilerOptions: { typeRoots: [join(root, "node_modules/@types")], skipLibCheck: true },
    include: ["*.ts", folder],
    exclude: [],
  });
}, 60_000);

afterAll(() => project[Symbol.dispose]());

describe.each(cases)("$name", ({ name, cases: inFile }) => {
  for (const one of inFile) {
    test(one.name, () => {
      const here = compiled.diagnostics.filter(({ file }) => file === join(folder, name));
      expect(differences(one, here)).toEqual([]);
    });
  }

  test("no error stands outside a case", () => {
    const outside = compiled.diagnostics.filter(
      ({ file, line }) => file === join(folder, name) && !inFile.some(({ from, to }) => line >= from && line <= to),
    );
    expect(outside).toEqual([]);
  });
});

test.each(Object.keys(generated))("%s compiles", (name) => {
  expect(compiled.diagnostics.filter(({ file }) => file === join(project.folder, name))).toEqual([]);
});

test("nothing else does not compile", () => {
  expect(compiled.diagnostics.filter(({ file }) => !file.startsWith(folder) && !file.startsWith(project.folder))).toEqual([]);
});

test("there are at least 60 cases", () => {
  expect(cases.flatMap(({ cases: inFile }) => inFile).length).toBeGreaterThanOrEqual(60);
});

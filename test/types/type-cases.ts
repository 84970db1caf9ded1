/** All type cases, and generated programs that must compile, as one project. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { placeholderNames as namesIn, splitPlaceholders } from "../../src/prompt/placeholder.ts";
import { root } from "../support/source-tree.ts";
import { type Case, casesIn } from "./expectation.ts";
import { manyPlaceholders, manySections, nestedSections, placeholderNames } from "./generated-programs.ts";
import { pieces } from "./placeholder-cases.ts";
import { type Compiler, createProject, type Diagnostic, own } from "./project.ts";

/** A file of cases. */
export interface CaseFile {
  readonly name: string;
  readonly path: string;
  readonly cases: readonly Case[];
}

const folder = join(root, "test/types/cases");

/** The files below `test/types/cases`. */
export const caseFiles: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, path: join(folder, name), cases: casesIn(readFileSync(join(folder, name), "utf8")) }));

/** Every text of up to four braces and names, and longer texts of all pieces: at random, but the same in every run. */
const texts = new Set([
  ...sequences(["{", "{{", "}", "}}", "a"], 4),
  ...fc.sample(
    fc.array(fc.constantFrom(...pieces), { minLength: 3, maxLength: 9 }).map((parts) => parts.join("")),
    { seed: 1, numRuns: 300 },
  ),
]);

function sequences(parts: readonly string[], longest: number): readonly string[] {
  if (longest === 0) return [""];
  const shorter = sequences(parts, longest - 1);
  return [...shorter, ...shorter.flatMap((text) => parts.map((part) => text + part))];
}

const generated = {
  "generated-placeholders.ts": placeholderNames(
    [...texts].map((text) => ({ text, names: namesIn(splitPlaceholders(text)) })),
  ),
  "many-placeholders.ts": manyPlaceholders(900),
  "nested-sections.ts": nestedSections(30),
  "many-sections.ts": manySections(60, 2),
};

/** The names of programs that must compile, whatever their size. */
export const generatedNames: readonly string[] = Object.keys(generated);

/** Compiles all at once, since most of the time goes into reading the same declarations. Errors by the file's name. */
export function compileCases(compiler: Compiler): ReadonlyMap<string, readonly Diagnostic[]> {
  using project = createProject({
    files: generated,
    packages: { zod: own("zod"), weakincentives: own("weakincentives") },
  });
  const { diagnostics } = project.compile(
    {
      extends: join(root, "tsconfig.json"),
      compilerOptions: { typeRoots: [join(root, "node_modules/@types")], skipLibCheck: true },
      include: ["*.ts", folder],
      exclude: [],
    },
    { compiler },
  );
  const names = new Map<string, string>([
    ...caseFiles.map(({ name, path }) => [path, name] as const),
    ...generatedNames.map((name) => [join(project.folder, name), name] as const),
  ]);
  return Map.groupBy(diagnostics, ({ file }) => names.get(file) ?? "elsewhere");
}

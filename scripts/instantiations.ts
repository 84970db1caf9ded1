/**
 * `npm run types:budget`: how much work the compiler has with programs that use the package, as the number of type
 * instantiations, which is the same on every machine. One JSON object a line; exit code 1 when a number is over its
 * budget in bench/budgets.json.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import budgets from "../bench/budgets.json" with { type: "json" };
import { root } from "../test/support/source-tree.ts";
import { emptyPrompt, manySections } from "../test/types/generated-programs.ts";
import { emitLibrary } from "../test/types/library.ts";
import { createProject, own } from "../test/types/project.ts";

const programs = {
  "types/empty": emptyPrompt,
  "types/example": readFileSync(join(root, "test/types/sketch.ts"), "utf8"),
  "types/1x1": manySections(1, 1),
  "types/30x3": manySections(30, 3),
} satisfies Partial<Record<keyof typeof budgets, string>>;

/** As an application is compiled: strict, declaration files trusted. */
const config = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    target: "es2024",
    lib: ["es2024", "esnext.disposable"],
    module: "nodenext",
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    noEmit: true,
  },
  include: ["*.ts"],
};

using library = emitLibrary();
let failed = false;
for (const [name, text] of Object.entries(programs)) {
  using project = createProject({
    files: { "program.ts": text },
    packages: { zod: own("zod"), weakincentives: library.folder },
  });
  // One thread: with more, the same type may be made once in each.
  const { diagnostics, printed } = project.compile(config, { flags: ["--extendedDiagnostics", "--singleThreaded"] });
  const figure = (label: string): number => Number(new RegExp(`^${label}: +([\\d.]+)`, "m").exec(printed)?.[1]);
  const budget = budgets[name as keyof typeof programs]; // as: the programs are listed by the budgets' own names
  const instantiations = figure("Instantiations");
  console.log(
    JSON.stringify({
      program: name,
      instantiations,
      budget,
      types: figure("Types"),
      checkSeconds: figure("Check time"),
    }),
  );
  for (const { line, message } of diagnostics) console.error(`${name}: line ${line}: ${message}`);
  // A number that could not be read is over every budget.
  if (diagnostics.length > 0 || !(instantiations <= budget)) {
    console.error(`${name}: ${instantiations} instantiations, ${diagnostics.length} errors, budget ${budget}`);
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;

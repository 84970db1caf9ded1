/** What a fresh process pays to import the built package, against importing zod. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { against, type Bench } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const root = join(import.meta.dirname, "..");

/** Milliseconds that the import alone took, by the clock of the fresh process. */
function importTime(specifier: string): number {
  const program = `const start = performance.now();
    await import(${JSON.stringify(specifier)});
    console.log(performance.now() - start);`;
  const taken = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return Number(taken);
}

export const bench: Bench = {
  name: "import",
  async *run() {
    // Always built anew: the time of yesterday's dist/ says nothing. What the build prints is not a row.
    execFileSync(process.execPath, [join(root, "scripts/build.ts")], { stdio: ["ignore", process.stderr, "inherit"] });
    const times = await sideBySide({ package: () => importTime("weakincentives"), floor: () => importTime("zod") }, 15);
    yield against("root", times.package?.median ?? Number.NaN, times.floor?.median ?? Number.NaN);
  },
};

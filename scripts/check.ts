/**
 * Runs every gate of the project in order and stops at the first that fails, with the command that repeats it.
 *
 *     npm run check                        all of them
 *     npm run check -- lint types          only these
 *     npm run check -- --without test      all but these
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };

interface Step {
  readonly name: string;
  readonly command: string;
  readonly env?: Readonly<Record<string, string>>;
}

const scripts: Readonly<Record<string, string>> = manifest.scripts;

const steps: readonly Step[] = [
  { name: "lint", command: "npm run lint" },
  { name: "types", command: "npm run types" },
  { name: "types:budget", command: "npm run types:budget" },
  { name: "test", command: "npm test" },
  // What a suite needs and does not find makes it fail here: nothing is skipped in silence.
  { name: "test:deep", command: "npm run test:deep", env: { WINK_REQUIRE_ALL: "1" } },
  { name: "build", command: "npm run build" },
  { name: "exports", command: "npm run exports" },
  { name: "examples", command: "npm run examples" },
  { name: "audit", command: "npm run dependencies:audit" },
  { name: "dependencies", command: "npm ls --all >/dev/null" },
].filter(({ command }) => !command.startsWith("npm run ") || command.slice("npm run ".length) in scripts);

const selected = chooseSteps(process.argv.slice(2));
const counts = process.env.WINK_TEST_COUNTS;
const folder = mkdtempSync(join(tmpdir(), "wink-check-"));
const countsFile = counts ?? join(folder, "counts.jsonl");
if (counts === undefined) writeFileSync(countsFile, "");

const times: { name: string; seconds: number }[] = [];
const failed = selected.find((step) => !passes(step));
for (const { name, seconds } of times) console.log(`${name.padEnd(16)}${seconds.toFixed(1).padStart(8)} s`);
if (failed !== undefined) {
  const env = Object.entries(failed.env ?? {}).map(([name, value]) => `${name}=${value} `);
  console.log(`check: "${failed.name}" failed; repeat it with: ${env.join("")}${failed.command}`);
  process.exitCode = 1;
}
// Who gave the file prints its sum.
if (counts === undefined) {
  spawnSync(process.execPath, [join(import.meta.dirname, "print-counts.cjs"), countsFile], { stdio: "inherit" });
}
rmSync(folder, { recursive: true });

function chooseSteps(args: readonly string[]): readonly Step[] {
  const names = args.filter((arg) => arg !== "--without");
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`check: no step ${unknown.join(", ")}; there are ${steps.map(({ name }) => name).join(", ")}`);
    process.exit(2);
  }
  if (names.length === 0) return steps;
  return steps.filter(({ name }) => names.includes(name) !== args.includes("--without"));
}

function passes(step: Step): boolean {
  console.log(`\ncheck: ${step.name}: ${step.command}`);
  const start = performance.now();
  const env = { ...process.env, ...step.env, WINK_TEST_COUNTS: countsFile };
  const { status } = spawnSync(step.command, { shell: true, stdio: "inherit", env });
  times.push({ name: step.name, seconds: (performance.now() - start) / 1000 });
  return status === 0;
}

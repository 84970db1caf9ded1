/**
 * Runs every example from source, each in a folder of its own and without any key: `examples/*.ts` and
 * `examples/<name>/main.ts`, or only those whose path contains one of the arguments. Stops at the first that fails.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const examples = join(import.meta.dirname, "../examples");
const wanted = process.argv.slice(2);

const paths = (existsSync(examples) ? readdirSync(examples, { withFileTypes: true }) : [])
  .map((entry) => (entry.isDirectory() ? join(entry.name, "main.ts") : entry.name))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && existsSync(join(examples, path)))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .sort();

const { PATH = "", HOME = "" } = process.env;
for (const path of paths) {
  const cwd = mkdtempSync(join(tmpdir(), "wink-example-"));
  const start = performance.now();
  const args = ["--conditions=source", join(examples, path)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { PATH, HOME },
    encoding: "utf8",
    timeout: 120_000,
  });
  rmSync(cwd, { recursive: true });
  if (status !== 0) {
    console.error(`${stdout}${stderr}\nexamples/${path} ended with ${status ?? "a signal"}`);
    process.exit(1);
  }
  console.log(`examples/${path}: ${Math.round(performance.now() - start)} ms, ${stdout.split("\n").length - 1} lines`);
}
console.log(`examples: ${paths.length} ran`);

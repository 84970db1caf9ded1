/** Builds dist/: the bundles with tsdown, the types with tsc, then looks whether what package.json names is there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { pruneTypes } from "./prune-types.ts";

const root = join(import.meta.dirname, "..");

function run(program: string, ...args: string[]): void {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) {
    console.error(`build: ${program} ${args.join(" ")} failed`);
    process.exit(1);
  }
}

run("tsdown", "--log-level", "warn", ...process.argv.slice(2));
run("tsc", "--project", "tsconfig.build.json");

const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === "string" ? [] : [target]));
const missing = targets
  .flatMap(({ types, default: code }) => [types, code])
  .concat(Object.values(manifest.bin))
  .filter((path) => !existsSync(join(root, path)));
if (missing.length > 0) {
  console.error(`build: package.json names files that were not built: ${missing.join(", ")}`);
  process.exit(1);
}
pruneTypes(
  join(root, "dist"),
  targets.map(({ types }) => join(root, types)),
);
console.log(`build: ${targets.length} entries in dist/`);

/** Packs what `npm run build` left in dist/, and lets publint and arethetypeswrong judge how the package resolves. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "wink-exports-"));

function run(program: string, ...args: string[]): boolean {
  const { status, error } = spawnSync(program, args, { cwd: join(import.meta.dirname, ".."), stdio: "inherit" });
  if (error !== undefined) throw error;
  return status === 0;
}

function judge(): boolean {
  if (!run("npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder)) return false;
  const tarball = join(folder, readdirSync(folder)[0] ?? "");
  const clean = run("publint", "--strict", tarball);
  // The package is ESM only: what CommonJS and the resolution of before 2022 make of it is not asked.
  return run("attw", "--profile", "esm-only", "--format", "ascii", "--no-emoji", "--no-color", tarball) && clean;
}

const passed = judge();
rmSync(folder, { recursive: true });
process.exitCode = passed ? 0 : 1;

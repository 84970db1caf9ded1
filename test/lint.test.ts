import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "./support/source-tree.ts";

const tree = mkdtempSync(join(tmpdir(), "wink-lint-"));
afterAll(() => rmSync(tree, { recursive: true }));

/** Lints a tree of planted files with the project's own rules; gives "path:line rule" of each finding. */
function lint(files: Readonly<Record<string, string>>): string[] {
  for (const path of ["biome.json", "scripts/no-current-date.grit"]) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    copyFileSync(join(root, path), join(tree, path));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const args = ["lint", "--vcs-enabled=false", "--colors=off", "--max-diagnostics=none", ...Object.keys(files)];
  const { stdout, stderr } = spawnSync(join(root, "node_modules/.bin/biome"), args, { cwd: tree, encoding: "utf8" });
  return [...(stdout + stderr).matchAll(/^(\S+\.ts:\d+):\d+ (?:lint\/)?(\S+)/gm)].map(
    ([, at, rule]) => `${at} ${rule}`,
  );
}

const ambient = [
  "export const a = Date.now();",
  "export const b = new Date();",
  "export const c = performance.now();",
  "setTimeout(() => a, 1);",
  "setInterval(() => a, 1);",
  "export const d = AbortSignal.timeout(1);",
  "export const e = Math.random();",
  "export const f = crypto.randomUUID();",
  "export const g = process.env.HOME;",
  "export const { env } = process;",
  "globalThis.setTimeout(() => a, 1);",
  "console.log(a);",
  'export { setTimeout } from "node:timers/promises";',
  'export { randomUUID } from "node:crypto";',
];

test("time, randomness, environment and console are errors in src/ outside base and cli", () => {
  const found = lint({ "src/run/planted.ts": ambient.join("\n") });
  const lines = new Set(found.map((finding) => finding.split(" ")[0]));
  expect([...lines].sort()).toEqual(ambient.map((_, index) => `src/run/planted.ts:${index + 1}`).sort());
});

test("they are allowed in base, in cli, in tests, scripts, examples and benchmarks", () => {
  const text = ambient.join("\n");
  const paths = ["src/base/a.ts", "src/cli/a.ts", "src/run/a.test.ts", "scripts/a.ts", "examples/a.ts", "bench/a.ts"];
  expect(lint(Object.fromEntries(paths.map((path) => [path, text])))).toEqual([]);
});

test("what depends on its arguments only is allowed, and so is a placeholder that looks like an interpolation", () => {
  const text =
    'import { createHash } from "node:crypto";\n\nexport const a = [createHash("md5"), new Date(5), "${b}"];\n';
  expect(lint({ "src/run/a.ts": text })).toEqual([]);
});

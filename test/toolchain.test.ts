import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { slowTestLimits } from "./support/slow-test-limits.ts";
import { root } from "./support/source-tree.ts";

const guard = join(root, "scripts/require-node.cjs");

test("every npm script looks first whether it runs on the Node that the project brings", () => {
  const scripts = Object.entries(manifest.scripts).filter(([name]) => name !== "prepack");
  const unguarded = scripts.filter(([, command]) => !command.startsWith("node scripts/require-node.cjs && "));
  expect(unguarded.map(([name]) => name)).toEqual([]);
});

test("an older Node is told the remedy", () => {
  const old = 'Object.defineProperty(process, "versions", { value: { node: "20.20.2" } });';
  const run = (prelude: string): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, ["--eval", `${prelude} require(${JSON.stringify(guard)})`], { encoding: "utf8" });
  expect(run("")).toMatchObject({ status: 0, stderr: "" });
  expect(run(old)).toMatchObject({ status: 1, stderr: expect.stringContaining('Run "npm ci"') });
});

test("the test command that the README gives is the one that .ci/run runs, word for word", () => {
  for (const path of ["README.md", ".ci/run"]) {
    expect(readFileSync(join(root, path), "utf8"), path).toContain("npm ci && npm test");
  }
});

test("tests see no secret, no key and no proxy of whoever runs them", () => {
  expect(Object.keys(process.env).filter((name) => /_API_KEY$|_TOKEN$|_PROXY$/i.test(name))).toEqual([]);
});

test("tests import the package from its source", async () => {
  const byName: object = await import("weakincentives");
  const byPath: object = await import("../src/index.ts");
  expect(byName).toBe(byPath);
});

test("no exception from the limit of a unit test outlives its file", () => {
  expect(Object.keys(slowTestLimits).filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

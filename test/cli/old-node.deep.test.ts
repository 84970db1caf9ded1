import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/source-tree.ts";
import { makeFolder } from "./harness.ts";

/** A Node on the PATH that is older than the package takes, and its version. */
const [old] = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "node"))
  .map((program) => ({
    program,
    version: spawnSync(program, ["-p", "process.versions.node"]).stdout?.toString().trim(),
  }))
  .filter(({ version }) => version !== undefined && Number.parseInt(version, 10) < 24);

test.skipIf(old === undefined)("the program that is built says on an older Node that it is too old", () => {
  using folder = makeFolder();
  const dist = join(folder.path, "dist");
  const built = spawnSync("tsdown", ["--log-level", "warn", "--out-dir", dist], { cwd: root, encoding: "utf8" });
  expect(built).toMatchObject({ status: 0 });
  for (const args of [[], ["prompt", "show", "agent.ts"], ["--version"]]) {
    const ran = spawnSync(old?.program ?? "", [join(dist, "cli/main.js"), ...args], { encoding: "utf8" });
    const stderr = `wink: needs Node 24 or later; this is ${old?.version}\n`;
    expect(ran).toMatchObject({ status: 1, stdout: "", stderr });
  }
});

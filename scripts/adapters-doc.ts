/** Writes docs/adapters.md from what the conformance suite finds of the drivers. */
import { spawnSync } from "node:child_process";
import { root } from "../test/support/source-tree.ts";

const { status } = spawnSync("vitest", ["run", "--project", "unit", "src/model/conformance.test.ts"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, WINK_WRITE_ADAPTERS: "1" },
});
if (status !== 0) process.exitCode = 1;
else console.log("docs/adapters.md");

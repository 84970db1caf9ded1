/**
 * `npm run mutation [-- GROUP …]`: changes the source in many small ways and counts how many changes the unit tests notice,
 * for all groups of bench/mutation.json or those named. Exit code 1 when a group is below its floor, 2 for a name that is none.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import groups from "../bench/mutation.json" with { type: "json" };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(groups, name));
if (unknown.length > 0) {
  console.error(`mutation: no ${unknown.join(", ")}; there are ${Object.keys(groups).join(", ")}`);
  process.exit(2);
}

const stryker = join(import.meta.dirname, "../node_modules/@stryker-mutator/core/bin/stryker.js");
const failed = (wanted.length > 0 ? wanted : Object.keys(groups)).filter((name) => {
  console.log(`\nmutation: ${name}`);
  const env = { ...process.env, WINK_MUTATION_GROUP: name };
  return spawnSync(process.execPath, [stryker, "run"], { stdio: "inherit", env }).status !== 0;
});
if (failed.length > 0) console.error(`mutation: below the floor or broken: ${failed.join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;

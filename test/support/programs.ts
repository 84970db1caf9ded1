import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program is on the PATH. */
function isOnPath(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Whether a suite can use a program of the system: `describe.skipIf(!hasProgram("redis-server"))`. Says by name what
 * is skipped for the lack of it; with WINK_REQUIRE_ALL=1 a missing program is an error, so that nothing is.
 */
export function hasProgram(name: string): boolean {
  if (isOnPath(name)) return true;
  if (process.env.WINK_REQUIRE_ALL === "1") throw new Error(`${name} is not on the PATH; .ci/run installs it as root`);
  console.warn(`skipped: ${name} is not on the PATH`);
  return false;
}

import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { systemCode } from "./durable-files.ts";

/**
 * Makes a folder and those above it, for the owner only. One by one, because `mkdirSync` with `recursive` tries for ever
 * where the system says of a new folder that there is no place for it, as below `/proc`. Throws what the system says.
 */
export function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  const above = dirname(directory);
  if (above !== directory) makeFolder(above);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error; // another process may have made it meanwhile
  }
}

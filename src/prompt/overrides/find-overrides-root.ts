import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Finds the folder in which overrides are kept: the nearest one, from a folder up, that holds `.git`. */
export function findOverridesRoot(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

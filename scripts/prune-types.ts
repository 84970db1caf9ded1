import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** Removes the declarations of a folder to which no import leads from its entries: what is only inside needs none. */
export function pruneTypes(folder: string, entries: readonly string[]): void {
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import|import\()\s*"(\.[^"]+)"/g)) {
      const declared = join(dirname(file), specifier.replace(/\.[jt]s$/, ".d.ts"));
      if (existsSync(declared)) reach(declared);
    }
  };
  for (const entry of entries) reach(entry);
  for (const name of globSync("**/*.d.ts", { cwd: folder })) {
    if (!reached.has(join(folder, name))) rmSync(join(folder, name));
  }
}

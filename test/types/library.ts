/** The package as users get it: its declarations, without sources. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/source-tree.ts";

/** A folder that can stand in `node_modules`; disposing removes it. */
export interface Library extends Disposable {
  readonly folder: string;
}

/** Emits the declarations of `src/` into a folder; its errors are not told, `npm run types` does that. */
export function emitLibrary(): Library {
  const folder = mkdtempSync(join(tmpdir(), "wink-library-"));
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const args = ["--project", join(root, "tsconfig.build.json"), "--noCheck", "--outDir", join(folder, "dist")];
  const { stdout, error } = spawnSync(process.execPath, [compiler, ...args], { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (!existsSync(join(folder, "dist/index.d.ts"))) throw new Error(`no declarations were emitted: ${stdout}`);
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** All that is in a folder, as sorted lines: kinds, permissions and contents. */
export function shownFolder(root: string, path = ""): readonly string[] {
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => {
      const at = join(path, name);
      const stats = lstatSync(join(root, at));
      if (stats.isSymbolicLink()) return [`${at} -> ${readlinkSync(join(root, at))}`];
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isDirectory()) return [`${at}/ ${mode}`, ...shownFolder(root, at)];
      return [`${at} ${mode} ${JSON.stringify(readFileSync(join(root, at), "utf8"))}`];
    });
}

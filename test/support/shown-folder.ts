import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** All that is in a folder, as sorted lines: kinds, contents, whether files may be executed. */
export function shownFolder(root: string, path = ""): readonly string[] {
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => {
      const at = join(path, name);
      const stats = lstatSync(join(root, at));
      if (stats.isSymbolicLink()) return [`${at} -> ${readlinkSync(join(root, at))}`];
      if (stats.isDirectory()) return [`${at}/`, ...shownFolder(root, at)];
      const kind = (stats.mode & 0o100) !== 0 ? "program" : "file";
      return [`${at} ${kind} ${JSON.stringify(readFileSync(join(root, at), "utf8"))}`];
    });
}

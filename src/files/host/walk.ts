/** Goes through a host folder in the order of paths, without following anything out of it. */
import { type Dirent, readdirSync } from "node:fs";
import { WinkError } from "../../base/index.ts";
import { joinPath } from "../paths.ts";
import { codeOf, systemError } from "./host-error.ts";
import type { Places } from "./places.ts";

/** What was met. Of links, devices and the like only that they are there. */
export interface Met {
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "other";
}

/**
 * Gives what stands below a directory, directories before what is in them. What is left out of the folder is not met.
 * A directory that cannot be read is passed over, or else throws `FILE_FAILED`.
 */
export function* walkHost(places: Places, path: string, unreadable: "pass-over" | "throw"): Generator<Met> {
  for (const entry of readableIn(places, path, unreadable)) {
    const at = joinPath(path, entry.name);
    if (places.excluded(at) !== undefined) continue;
    const kind = kindOf(entry);
    yield { path: at, kind };
    if (kind === "directory") yield* walkHost(places, at, unreadable);
  }
}

function readableIn(places: Places, path: string, unreadable: "pass-over" | "throw"): readonly Dirent[] {
  try {
    return entriesIn(places, path);
  } catch (error) {
    if (unreadable === "pass-over" && WinkError.is(error, "FILE_FAILED")) return [];
    throw error;
  }
}

/** The names in a directory in the order of paths, where a directory counts as its name with `/`; none when it has just gone. */
export function entriesIn(places: Places, path: string): readonly Dirent[] {
  using directory = places.open(path);
  if (directory === undefined) return [];
  const key = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  try {
    return readdirSync(directory.at(""), { withFileTypes: true }).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw systemError(path, "list this directory", error);
  }
}

function kindOf(entry: Dirent): Met["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

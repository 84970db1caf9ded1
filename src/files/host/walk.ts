/** Goes through a host folder in the order of paths, without following anything out of it. */
import { type Dirent, readdirSync } from "node:fs";
import { WinkError } from "../../base/index.ts";
import { joinPath } from "../paths.ts";
import { attempt, codeOf } from "./host-error.ts";
import type { OpenDirectory, Place, Places } from "./places.ts";

/** How many entries are met until other work of the process gets its turn. */
export const entriesWithoutPause = 1_000;

/** What was met. */
export interface Met {
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "other";
  /** Looks at it more closely; to be asked before the next one is met. */
  look(): Place;
}

/**
 * Gives what stands below a directory, directories before what is in them. What is left out of the folder is not met.
 * A directory that cannot be read is passed over, or else throws `FILE_FAILED`.
 */
export function* walkHost(places: Places, path: string, unreadable: "pass-over" | "throw"): Generator<Met> {
  using directory = openReadable(places, path, unreadable);
  if (directory === undefined) return;
  for (const entry of entriesOf(directory, path)) {
    const { name } = entry;
    const at = joinPath(path, name);
    if (places.excludedName(at, name) !== undefined) continue;
    const kind = kindOf(entry);
    yield { path: at, kind, look: () => places.lookIn(directory, name) };
    if (kind === "directory") yield* walkHost(places, at, unreadable);
  }
}

function openReadable(places: Places, path: string, unreadable: "pass-over" | "throw"): OpenDirectory | undefined {
  try {
    return places.open(path);
  } catch (error) {
    if (unreadable === "pass-over" && WinkError.is(error, "FILE_FAILED")) return undefined;
    throw error;
  }
}

/** The entries of a directory in the order of paths; none when it has just gone. */
export function entriesIn(places: Places, path: string): readonly Dirent[] {
  using directory = places.open(path);
  return directory === undefined ? [] : entriesOf(directory, path);
}

function entriesOf(directory: OpenDirectory, path: string): readonly Dirent[] {
  return attempt(path, "list this directory", () => {
    try {
      return inPathOrder(readdirSync(directory.at(""), { withFileTypes: true }));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  });
}

/** Sorts entries so that whole paths are in order, for which a directory counts as its name with `/`. */
export function inPathOrder(entries: Dirent[]): readonly Dirent[] {
  const key = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function kindOf(entry: Dirent): Met["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

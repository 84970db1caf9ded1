/** What stands in a whole folder, as far as captures keep it. */
import type { Capture, UnusualModes } from "./history.ts";
import { nothingThere, type Standing, sameStanding } from "./standing.ts";

/** What stood in a folder, by path, directories too. */
export type Contents = ReadonlyMap<string, Standing>;

/** What a walk has met: files and links, directories with nothing in them, permissions of all directories. */
export interface Walked {
  readonly found: Set<string>;
  readonly empty: readonly string[];
  readonly directories: ReadonlyMap<string, number>;
}

/** The permissions that git knows of, and those that most files and directories have. */
export const usualMode = (isExecutable: boolean): number => (isExecutable ? 0o755 : 0o644);
const isUsual = (mode: number): boolean => mode === usualMode(true) || mode === usualMode(false);

/** How the unusual permissions have changed, when these are those of the files that were read and of all directories. */
export function changedModes(
  before: UnusualModes,
  {
    files,
    directories,
    found,
  }: Pick<Walked, "directories" | "found"> & { readonly files: ReadonlyMap<string, number> },
): Capture["modes"] {
  const changes: [string, number | null][] = [];
  for (const [path, mode] of [...files, ...directories]) {
    const unusual = directories.has(path) ? mode !== usualMode(true) : !isUsual(mode);
    if (unusual && before.get(path) !== mode) changes.push([path, mode]);
    if (!unusual && before.has(path)) changes.push([path, null]);
  }
  for (const path of before.keys()) if (!found.has(path) && !directories.has(path)) changes.push([path, null]);
  return changes;
}

/** Adds the directories in which something stands, and the empty ones. */
export function withDirectories(contents: Contents, empty: readonly string[], modes: UnusualModes): Contents {
  const all = new Map(contents);
  for (const path of [...contents.keys(), ...empty.map((path) => `${path}/`)]) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const parent = path.slice(0, at);
      if (all.has(parent)) break;
      all.set(parent, { kind: "directory", mode: modes.get(parent) ?? usualMode(true) });
    }
  }
  return all;
}

/** What stood at a path of a capture. */
export const standingIn = (contents: Contents | undefined, path: string): Standing =>
  contents?.get(path) ?? nothingThere;

/** The paths at which two captures differ. */
export function differing(a: Contents | undefined, b: Contents | undefined): readonly string[] {
  if (a === b) return [];
  const paths = new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])]);
  return [...paths].filter((path) => !sameStanding(standingIn(a, path), standingIn(b, path)));
}

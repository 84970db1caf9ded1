/** What stands in a whole folder, as far as captures keep it. */
import type { Stats } from "node:fs";
import type { Capture, UnusualModes } from "./history.ts";
import { nothingThere, type Standing, sameStanding } from "./standing.ts";

/** What stood in a folder, by path, directories too. */
export type Contents = ReadonlyMap<string, Standing>;

/** How a file or link looks without its content. The system changes `ctimeMs` with anything of it. */
export type Look = Pick<Stats, "ino" | "size" | "ctimeMs">;

/** How files and links look, by path. */
export type Looks = ReadonlyMap<string, Look>;

/** The permissions that git knows of, and those that most files and directories have. */
export const usualMode = (isExecutable: boolean): number => (isExecutable ? 0o755 : 0o644);

/** Whether git does not know of these permissions. */
export const isUnusual = (mode: number, kind: "file" | "directory"): boolean =>
  (mode & 0o7777) !== usualMode(true) && (kind === "directory" || (mode & 0o7777) !== usualMode(false));

/** How the unusual permissions have changed. */
export function changedModes(before: UnusualModes, now: UnusualModes): Capture["modes"] {
  const changes: [string, number | null][] = [];
  for (const [path, mode] of now) if (before.get(path) !== mode) changes.push([path, mode]);
  for (const path of before.keys()) if (!now.has(path)) changes.push([path, null]);
  return changes;
}

/**
 * The paths at which files may have other contents than before, and those at which there are none any more. On a disk that
 * counts whole seconds all may have. On others its clock has gone on, since a program has begun and ended, when a file is
 * changed again.
 */
export function changedLooks(
  before: Looks,
  now: Looks,
): { readonly changed: readonly string[]; readonly gone: readonly string[] } {
  const changed: string[] = [];
  let found = 0;
  for (const [path, look] of now) {
    const old = before.get(path);
    if (old !== undefined) found += 1;
    if (old === undefined || !isSame(old, look)) changed.push(path);
  }
  return { changed, gone: found === before.size ? [] : [...before.keys()].filter((path) => !now.has(path)) };
}

const isSame = (a: Look, b: Look): boolean =>
  a.ino === b.ino && a.size === b.size && a.ctimeMs === b.ctimeMs && a.ctimeMs % 1_000 !== 0;

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

import type { FileChange, FileSnapshot, Filesystem } from "./filesystem.ts";

/** `snapshot` and `changes` of a filesystem that need no wait. */
export interface InstantSnapshots {
  snapshot(): FileSnapshot;
  changes(since: FileSnapshot): readonly FileChange[];
}

const known = new WeakMap<Filesystem, InstantSnapshots>();

/**
 * Says that a filesystem can do without waiting. Kept beside it and not in it, so that whoever wraps a filesystem and puts
 * methods of their own in the place of its own is asked by these.
 */
export function withInstant<Files extends Filesystem>(fs: Files, instant: InstantSnapshots): Files {
  known.set(fs, instant);
  return fs;
}

/** The instant snapshots of a filesystem that has them. */
export const instantOf = (fs: Filesystem): InstantSnapshots | undefined => known.get(fs);

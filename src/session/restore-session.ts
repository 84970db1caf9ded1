import { type Logger, silentLogger, WinkError } from "../base/index.ts";
import { MemorySession } from "./memory-session.ts";
import { type ReadOptions, readDump } from "./read-dump.ts";
import type { Session } from "./session.ts";
import type { Slice } from "./slice.ts";

/** What {@link restoreSession} takes. */
export interface RestoreOptions extends ReadOptions {
  /** Slices to install at once. Others of the dump stay as they are until they are installed. */
  readonly slices?: readonly Slice[];
  /** The restored parent, when the dump has one. */
  readonly parent?: Session;
  /** Told when a subscriber fails; silent unless told. */
  readonly logger?: Logger;
}

/**
 * Makes a session of a dump or its JSON text, with the same id. Nothing of the dump is run: slices are found by name among
 * those that are given. Throws `SNAPSHOT_INVALID`, `SNAPSHOT_NEWER`, `SNAPSHOT_FOREIGN`, and `MIGRATION_FAILED` for items of an
 * older version of a slice that cannot be brought to the present one.
 */
export function restoreSession(dump: unknown, options: RestoreOptions = {}): Session {
  const { parent, logger = silentLogger, slices = [], from } = options;
  const saved = readDump(dump, options);
  if (parent !== undefined && parent.id !== saved.parent) {
    throw new WinkError("SNAPSHOT_FOREIGN", {
      at: from ?? "dump",
      problem: "The dump is of the child of another session",
      expected: `one whose parent is "${parent.id}"`,
      received: saved.parent === null ? "one without a parent" : `one whose parent is "${saved.parent}"`,
      fix: "Give the parent that it was made with, or none.",
    });
  }
  return new MemorySession({ id: saved.id, tags: saved.tags, parent, logger, saved, slices });
}

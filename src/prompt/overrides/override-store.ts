/**
 * Where overrides are kept. Guarantees:
 * O1 what an `update` that has resolved wrote is what every later `load` gives; a reader sees an old file or a new one, never
 *   part of one, also when the writer dies;
 * O2 `update` reads, changes and writes with no other writer in between, also of other processes; a change that throws or
 *   gives nothing writes nothing;
 * O3 an id that is not well formed throws `OVERRIDES_INVALID` before anything is looked at, and so does what cannot be read
 *   back: nothing of it is written;
 * O4 deleting what is not there is fine, and what was deleted is gone for every later `load`;
 * O5 `list` gives every file there is, sorted by id, those that cannot be read as well;
 * O6 an aborted signal ends the call with its reason, and nothing is written.
 * Stores prove this with `conformance.ts`.
 */
import type { OverrideFile } from "./override-file.ts";
import type { OverrideId } from "./override-id.ts";

/** What every call takes. */
export interface OverrideStoreOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One stored file, as an inspection shows it. */
export interface OverrideSummary extends OverrideId {
  /** Where it lies, if it is a file. */
  readonly path?: string | undefined;
  /** In milliseconds since 1970 (UTC). */
  readonly modified: number;
  /** The SHA-256 of its bytes, if they can be read. */
  readonly sha256: string | undefined;
  /** How many entries it has for sections; 0 when it cannot be read. */
  readonly sections: number;
  /** How many entries it has for tools; 0 when it cannot be read. */
  readonly tools: number;
  /** Why it cannot be read, if it cannot. */
  readonly problem?: string | undefined;
}

/** The port. */
export interface OverrideStore {
  /** Reads a file; undefined when there is none. Throws `OVERRIDES_INVALID`. */
  load(id: OverrideId, options?: OverrideStoreOptions): Promise<OverrideFile | undefined>;
  /**
   * Writes what `change` makes of the present file, and gives what is there afterwards. `change` is synchronous; when it
   * gives undefined, nothing is written. Throws `OVERRIDES_INVALID`, `OVERRIDES_BUSY`, and what `change` throws.
   */
  update(
    id: OverrideId,
    change: (file: OverrideFile | undefined) => OverrideFile | undefined,
    options?: OverrideStoreOptions,
  ): Promise<OverrideFile | undefined>;
  delete(id: OverrideId, options?: OverrideStoreOptions): Promise<void>;
  list(options?: OverrideStoreOptions): Promise<readonly OverrideSummary[]>;
}

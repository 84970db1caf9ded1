import { type IdSource, type Logger, silentLogger, systemIds } from "../base/index.ts";
import { MemorySession } from "./memory-session.ts";
import type { Session } from "./session.ts";
import type { Slice } from "./slice.ts";
import type { SliceStore } from "./store/slice-store.ts";

/** What {@link createSession} takes. */
export interface SessionOptions {
  /** Slices to install at once; a run adds those of its prompt. */
  readonly slices?: readonly Slice[];
  /** What keeps slices beyond the session. These begin with the items of their stores, which take in what events make of them. */
  readonly stores?: readonly SliceStore[];
  /** A new id of `ids` unless told. */
  readonly id?: string;
  /** Texts by name, to find the session by. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly ids?: IdSource;
  /** The session that this one is a part of. */
  readonly parent?: Session;
  /** Told when a subscriber fails; silent unless told. */
  readonly logger?: Logger;
}

/**
 * Makes a session without events. Its stores are closed by whoever opened them. Throws `INPUT_INVALID` for a tag that is not
 * text and for two stores of one slice, `STORE_INVALID` for an item that does not fit its slice.
 */
export function createSession(options: SessionOptions = {}): Session {
  const { ids = systemIds, id = ids.next("session"), tags = {}, parent, logger = silentLogger, stores } = options;
  return new MemorySession({ id, tags, parent, logger, stores, slices: options.slices ?? [] });
}

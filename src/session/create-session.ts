import { type IdSource, type Logger, silentLogger, systemIds } from "../base/index.ts";
import { MemorySession } from "./memory-session.ts";
import type { Session } from "./session.ts";
import type { Slice } from "./slice.ts";

/** What {@link createSession} takes. */
export interface SessionOptions {
  /** Slices to install at once; a run adds those of its prompt. */
  readonly slices?: readonly Slice[];
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

/** Makes an empty session. Nothing has to be closed. Throws `INPUT_INVALID` for a tag that is not text. */
export function createSession(options: SessionOptions = {}): Session {
  const { ids = systemIds, id = ids.next("session"), tags = {}, parent, logger = silentLogger } = options;
  const session = new MemorySession({ id, tags, parent, logger });
  session.install(options.slices ?? []);
  return session;
}

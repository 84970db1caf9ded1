/** What a handler is given beside its parameters. */
import type { Clock, Logger, RandomSource } from "../base/index.ts";
import type { SessionAccess } from "../session/index.ts";
import type { Answered, Ask } from "./ask.ts";

/**
 * What a tool does to the world outside session and workspace.
 * - `none`: nothing, and files are read-only to it; may run beside others.
 * - `workspace`: it changes files of the workspace, which are restored when it fails.
 * - `idempotent`: it changes the outside; the same call with the same key changes it once.
 * - `compensable`: it changes the outside and gives an `undo`.
 * - `external`: it changes the outside and cannot be taken back; a throw leaves the outcome unknown.
 */
export type Effects = "none" | "workspace" | "idempotent" | "compensable" | "external";

/** Whether a call that was cut off can be run again: what it may have done outside is nothing, or the same with the same key. */
export const canRunAgain = (effects: Effects): boolean => effects !== "external" && effects !== "compensable";

/** The context of one call. When the call has settled, session and resources are closed: using them throws `CONTEXT_CLOSED`. */
export interface ToolContext {
  /** A private continuation of the session: its events are committed when the call succeeds. */
  readonly session: SessionAccess;
  /** Aborts when the call's time is over or the run ends. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Random numbers that are the same when the call runs again after a crash. */
  readonly random: RandomSource;
  /** Ids that are the same when the call runs again after a crash. */
  readonly newId: (prefix: string) => string;
  readonly logger: Logger;
  readonly runId: string;
  readonly callId: string;
  /**
   * Asks the world outside. Without an answer the run ends `suspended`; with one it goes on, perhaps in another process days
   * later: the handler runs again from its start, with the same key, and gets the answer here. So it must stand before the
   * first effect of the handler. What the call did until then is taken back. Several questions are asked one after the other.
   */
  readonly suspend: <Answer>(ask: Ask<Answer>) => Promise<Answered<Answer>>;
}

/** The context of a call that changes the outside. */
export interface KeyedToolContext extends ToolContext {
  /** The idempotency key: made from run, call and arguments, the same for every attempt. */
  readonly key: string;
}

/** The context that goes with each kind of effects. */
export interface ContextOf {
  readonly none: ToolContext;
  readonly workspace: ToolContext;
  readonly idempotent: KeyedToolContext;
  readonly compensable: KeyedToolContext;
  readonly external: KeyedToolContext;
}

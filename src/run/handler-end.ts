import type { Mishap } from "./run-log.ts";
import type { Pending } from "./suspend-call.ts";

/** How a handler ended, and what the model is told. */
export interface HandlerEnd {
  readonly status: "committed" | "failed" | "unknown";
  readonly text: string;
  readonly mishap?: Mishap | undefined;
}

/** A handler that waits for an answer. */
export interface Waiting {
  readonly status: "suspended";
  readonly pending: Pending;
}

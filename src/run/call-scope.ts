/** The scope of one call: what its handler gets, and the gate that closes all of it when the call has settled. */
import { WinkError } from "../base/index.ts";
import { type Borrowed, type Gate, lend } from "../resources/index.ts";
import type { SessionFork } from "../session/index.ts";
import type { KeyedToolContext, Tool } from "../tool/index.ts";
import type { Frame } from "./frame.ts";
import { seededBy } from "./seeded.ts";

/** One call's private view of the run. */
export interface CallScope {
  /** The context for the handler, resources included. */
  readonly context: KeyedToolContext;
  readonly fork: SessionFork;
  /** What the call borrows. */
  readonly borrowed: Borrowed;
  /** Closes the context: every later use throws `CONTEXT_CLOSED`. */
  seal(): void;
  /** Aborts when the call's time is over or the run ends. */
  readonly signal: AbortSignal;
}

/** Opens a scope for a call of `tool` with what it borrows; `seal` closes it and its timer. */
export function openScope(
  frame: Frame,
  tool: Tool,
  borrowed: Borrowed,
  call: { readonly id: string; readonly key: string },
): CallScope {
  const { clock, logger, runId, session } = frame;
  const fork = session.fork();
  let sealed = false;
  const gate: Gate = {
    mayWrite: tool.effects !== "none",
    check() {
      if (sealed) throw closed(tool, call.id);
    },
  };
  const resources = lend(borrowed, gate);
  const controller = new AbortController();
  const expire = (): void => controller.abort(timedOut(tool));
  const cancelTimer = clock.schedule(tool.timeoutMs, expire);
  const follow = (): void => controller.abort(frame.signal.reason);
  if (frame.signal.aborted) follow();
  else frame.signal.addEventListener("abort", follow, { once: true });
  const context: KeyedToolContext = {
    ...resources,
    session: {
      dispatch(event) {
        gate.check();
        fork.dispatch(event);
      },
      query(slice) {
        gate.check();
        return fork.query(slice);
      },
    },
    signal: controller.signal,
    clock,
    ...seededBy(call.key),
    logger,
    runId,
    callId: call.id,
    key: call.key,
  };
  return {
    context,
    fork,
    borrowed,
    signal: controller.signal,
    seal() {
      sealed = true;
      cancelTimer();
      frame.signal.removeEventListener("abort", follow);
    },
  };
}

/** The error of a call that takes longer than its tool allows. */
export function timedOut({ name, timeoutMs }: Tool): WinkError {
  return new WinkError("TOOL_FAILED", {
    at: `tool "${name}"`,
    problem: `The call took longer than ${timeoutMs} ms`,
    fix: "",
    details: { tool: name, timeoutMs },
  });
}

function closed({ name }: Tool, callId: string): WinkError {
  return new WinkError("CONTEXT_CLOSED", {
    at: `tool "${name}"`,
    problem: `The context of call "${callId}" was used after the call had settled`,
    details: { tool: name, call: callId },
  });
}

/** Takes back what a failed compensable call may have done outside, and journals the end of that. */
import { problemFrom } from "../base/index.ts";
import { type CallScope, openScope } from "./call-scope.ts";
import type { Frame } from "./frame.ts";
import type { HandlerEnd } from "./handler-end.ts";
import type { PreparedCall } from "./prepare-call.ts";
import { abortable } from "./signals.ts";

/** Runs the tool's `undo` with the call's own key. The run's abort does not stop it: only its own time-out does. */
export async function undoCall(
  frame: Frame,
  { tool, paramsAgain }: PreparedCall,
  failed: CallScope,
  why: string,
): Promise<HandlerEnd> {
  const { callId, key } = failed.context;
  const patient = { ...frame, signal: new AbortController().signal };
  const scope = openScope(patient, tool, failed.borrowed, { id: callId, key });
  let error: string | undefined;
  try {
    await abortable(
      Promise.resolve().then(() => tool.undo?.(paramsAgain(), undefined, scope.context)),
      scope.signal,
    );
  } catch (thrown) {
    error = problemFrom(thrown);
  } finally {
    scope.seal();
  }
  await frame.journal.append({ type: "tool/undone", call: callId, name: tool.name, ok: error === undefined, error });
  if (error === undefined) return { status: "failed", text: `${why} (What the call had done was undone.)` };
  return {
    status: "unknown",
    text: `${why} Undoing the call failed as well: ${error}. It is not known what of it remains; do not repeat it before you have found out.`,
  };
}

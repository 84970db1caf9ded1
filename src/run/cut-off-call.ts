/** Calls that an earlier process began and did not end. What is done about them depends on the effects that were declared. */
import type { ToolIntended } from "../journal/index.ts";
import { canRunAgain, type Effects } from "../tool/index.ts";
import type { CallScope } from "./call-scope.ts";
import type { Frame } from "./frame.ts";
import type { HandlerEnd } from "./handler-end.ts";
import type { PreparedCall } from "./prepare-call.ts";
import { type Recorded, stepOf } from "./record/recorded.ts";
import { endOfReconciled } from "./run-handler.ts";
import { resourceOfRun } from "./settle-resources.ts";
import { undoCall } from "./undo-call.ts";

/**
 * Says that this process is at the call now, which is the fence, and takes back what the call changed in resources that outlive the
 * process: whatever the tool is today. What was declared when it was begun stays in the intent, however often it is cut off. Throws
 * `WORKSPACE_MISSING`, `FILE_CHANGED`.
 */
export async function recoverCall(frame: Frame, cut: Recorded<ToolIntended>): Promise<void> {
  await frame.journal.append(stepOf<ToolIntended>(cut));
  for (const [name, snapshot] of Object.entries(cut.snapshots)) {
    const { token, value } = await resourceOfRun(frame, name);
    await token.transaction?.durable?.recover(value, snapshot);
  }
}

/** How the call ends without running its handler; undefined when the handler runs again. */
export async function endOfCutOff(
  frame: Frame,
  call: PreparedCall,
  scope: CallScope,
  effects: Effects,
): Promise<HandlerEnd | undefined> {
  if (canRunAgain(effects)) return undefined;
  const { name } = call.tool;
  if (effects === "compensable" && call.tool.undo !== undefined) {
    scope.seal();
    return await undoCall(frame, call, scope, `The call of ${name} was cut off.`);
  }
  const found = effects === "external" ? await endOfReconciled(call.tool, call.params, scope) : undefined;
  scope.seal();
  const text = `It is not known whether this call of ${name} took effect: the process that ran it was cut off. Do not repeat it before you have found out.`;
  return found ?? { status: "unknown", text };
}

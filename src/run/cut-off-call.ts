/** Calls that an earlier process began and did not end. What is done about them depends on the effects that were declared. */
import type { Borrowed } from "../resources/index.ts";
import type { Effects } from "../tool/index.ts";
import type { CallScope } from "./call-scope.ts";
import type { Frame } from "./frame.ts";
import type { HandlerEnd } from "./handler-end.ts";
import type { PreparedCall } from "./prepare-call.ts";
import { endOfReconciled } from "./run-handler.ts";
import { undoCall } from "./undo-call.ts";

/** Takes back what the call changed in resources that outlive the process. Throws `WORKSPACE_MISSING`, `FILE_CHANGED`. */
export async function recoverResources(borrowed: Borrowed, snapshots: Readonly<Record<string, string>>): Promise<void> {
  for (const { token, value } of Object.values(borrowed)) {
    const snapshot = snapshots[token.name];
    if (snapshot !== undefined) await token.transaction?.durable?.recover(value, snapshot);
  }
}

/** How the call ends without running its handler; undefined when the handler runs again. */
export async function endOfCutOff(
  frame: Frame,
  call: PreparedCall,
  scope: CallScope,
  effects: Effects,
): Promise<HandlerEnd | undefined> {
  const { name } = call.tool;
  if (effects === "compensable" && call.tool.undo !== undefined) {
    scope.seal();
    return await undoCall(frame, call, scope, `The call of ${name} was cut off.`);
  }
  if (effects !== "external" && effects !== "compensable") return undefined;
  const found = effects === "external" ? await endOfReconciled(call.tool, call.params, scope) : undefined;
  scope.seal();
  const text = `It is not known whether this call of ${name} took effect: the process that ran it was cut off. Do not repeat it before you have found out.`;
  return found ?? { status: "unknown", text };
}

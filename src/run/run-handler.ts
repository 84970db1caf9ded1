/** Runs one handler to its end and says how the call ended, by the effects that its tool declares. */
import { parse, problemFrom, problemsText } from "../base/index.ts";
import type { Tool, ToolResult } from "../tool/index.ts";
import type { CallScope } from "./call-scope.ts";
import type { Frame } from "./frame.ts";
import type { HandlerEnd, Waiting } from "./handler-end.ts";
import type { PreparedCall } from "./prepare-call.ts";
import { abortable } from "./signals.ts";
import type { Pending } from "./suspend-call.ts";
import { undoCall } from "./undo-call.ts";

type Returned =
  | { readonly how: "returned"; readonly result: ToolResult<unknown> }
  | { readonly how: "broke"; readonly why: string; readonly thrown?: unknown }
  | { readonly how: "suspended"; readonly pending: Pending };

/** Runs the handler in its scope and seals the scope as soon as the call has settled. */
export async function runHandler(frame: Frame, call: PreparedCall, scope: CallScope): Promise<HandlerEnd | Waiting> {
  const { tool, params } = call;
  if (scope.signal.aborted) {
    scope.seal();
    return { status: "failed", text: `The call was not begun: ${problemFrom(scope.signal.reason)}` };
  }
  const returned = await invoke(() => tool.handler(params, scope.context), scope);
  if (returned.how === "returned" && returned.result.ok) {
    const checked = acceptValue(tool, returned.result.value, returned.result.message);
    if (checked.ok) return { status: "committed", text: checked.text };
    return breakOff(frame, call, scope, checked.problem, checked.thrown);
  }
  if (returned.how === "suspended") return { status: "suspended", pending: returned.pending };
  if (returned.how === "broke") return breakOff(frame, call, scope, returned.why, returned.thrown);
  const { message } = returned.result;
  if (tool.effects !== "compensable") return { status: "failed", text: message };
  return undoCall(frame, call, scope, message);
}

async function invoke(call: () => unknown, scope: CallScope): Promise<Returned> {
  try {
    const result = await abortable(Promise.resolve().then(call), scope.signal);
    if (isResult(result)) return { how: "returned", result };
    return { how: "broke", why: "the handler returned neither ok(…) nor fail(…)" };
  } catch (error) {
    if (scope.pending !== undefined) return { how: "suspended", pending: scope.pending };
    return { how: "broke", why: problemFrom(error), thrown: error };
  } finally {
    scope.seal();
  }
}

function isResult(value: unknown): value is ToolResult<unknown> {
  if (typeof value !== "object" || value === null || !("ok" in value)) return false;
  return value.ok === true || (value.ok === false && "message" in value && typeof value.message === "string");
}

type Accepted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string; readonly thrown?: unknown };

/** Takes what `reconcile` has found out about a call for the end of it; undefined when it found out nothing. */
export async function endOfReconciled(tool: Tool, params: unknown, scope: CallScope): Promise<HandlerEnd | undefined> {
  const { reconcile } = tool;
  if (reconcile === undefined) return undefined;
  const returned = await invoke(async () => (await reconcile(params, scope.context)) ?? noResult, scope);
  if (returned.how !== "returned" || returned.result === noResult) return undefined;
  const { result } = returned;
  if (!result.ok) return { status: "failed", text: result.message };
  const checked = acceptValue(tool, result.value, result.message);
  return checked.ok ? { status: "committed", text: checked.text } : undefined;
}

const noResult: ToolResult<never> = { ok: false, message: "" };

/** Checks a value against the tool's result schema and writes what the model sees. */
function acceptValue(tool: Tool, value: unknown, message: string): Accepted {
  try {
    let accepted = value;
    if (tool.result !== undefined) {
      // the tool's own code may return more than is told: what the schema does not name is dropped, not refused
      const parsed = parse(tool.result, value, { extra: "ignore" });
      if (!parsed.ok) return { ok: false, problem: `its result does not fit: ${problemsText(parsed.problems)}` };
      accepted = parsed.value;
    } else if (typeof value !== "string") {
      return {
        ok: false,
        problem: `it declares no \`result\`, so it must return text, and returned ${value === null ? "null" : typeof value}`,
      };
    }
    const shown: unknown = tool.render(accepted);
    if (shown instanceof Promise) shown.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
    if (typeof shown !== "string")
      return {
        ok: false,
        problem: `its \`render\` must give text, and gave ${shown instanceof Promise ? "a promise" : typeof shown}`,
      };
    return { ok: true, text: [message, shown].filter((text) => text !== "").join("\n\n") };
  } catch (error) {
    return { ok: false, problem: problemFrom(error), thrown: error };
  }
}

/** A handler that threw, was stopped, or gave something wrong: what that means depends on its effects. */
async function breakOff(
  frame: Frame,
  call: PreparedCall,
  scope: CallScope,
  why: string,
  thrown: unknown,
): Promise<HandlerEnd> {
  const { tool } = call;
  const mishap = { how: "threw", thrown } as const;
  const failed = `The tool ${tool.name} failed: ${why}`;
  if (tool.effects === "compensable") return { ...(await undoCall(frame, call, scope, failed)), mishap };
  if (tool.effects !== "external") return { status: "failed", text: failed, mishap };
  return {
    status: "unknown",
    text: `It is not known whether this call of ${tool.name} took effect: ${why}. Do not repeat it before you have found out.`,
    mishap,
  };
}

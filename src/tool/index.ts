/** Tools and their results. */
export type { ContextOf, Effects, KeyedToolContext, ToolContext } from "./context.ts";
export type { Awaitable, Borrowed, Borrows, Reconcilable, Tool, ToolBase, Undoable } from "./definition.ts";
export { fail, ok, type ToolFail, type ToolOk, type ToolResult } from "./result.ts";
export { tool } from "./tool.ts";

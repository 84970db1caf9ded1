/** Tools and their results. */
export type { Answered, Ask } from "./ask.ts";
export { type ContextOf, canRunAgain, type Effects, type KeyedToolContext, type ToolContext } from "./context.ts";
export type {
  Awaitable,
  Borrowed,
  Borrows,
  ExampleCall,
  Reconcilable,
  Returns,
  Tool,
  ToolBase,
  ToolExample,
  Undoable,
} from "./definition.ts";
export { type CompiledExample, compileExample, type ExampleProblem } from "./examples.ts";
export { jsonCopy } from "./json-copy.ts";
export { isLabel } from "./label.ts";
export { fail, ok, type ToolFail, type ToolOk, type ToolResult } from "./result.ts";
export { tool } from "./tool.ts";

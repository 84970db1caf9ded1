/** Tools: typed affordances of a model. Handlers are the only place with side effects. */
import { compileTool, type LooseDefinition } from "./compile.ts";
import type { Effects, KeyedToolContext } from "./context.ts";
import type { Borrowed, Borrows, Reconcilable, Returns, Tool, ToolBase, Undoable } from "./definition.ts";

/** Defines a tool. Throws `TOOL_INVALID` for a bad name, description, time, schema or example. */
export function tool<
  In extends object = {},
  Params extends object = {},
  Returned = string,
  Value = string,
  E extends Effects = Effects,
  Resources extends Borrows = {},
>(
  // What an effect demands stands beside the rest, not in a union of definitions: in a union nothing would be inferred.
  // It is written out here because a type of its own costs the compiler a tenth more for every tool.
  definition: ToolBase<In, Params, Returned, Value, E, Resources> &
    (E extends "compensable"
      ? Undoable<Params, Value, KeyedToolContext & Borrowed<Resources>>
      : E extends "external"
        ? Reconcilable<Params, Returned, KeyedToolContext & Borrowed<Resources>>
        : unknown),
  // What it returns is told only where it is not what `render` gets: types that people read should be short.
): Tool<In, Value> & ([Value] extends [Returned] ? unknown : Returns<Returned>) {
  return compileTool(definition as LooseDefinition) as never; // as: what the types check is for the caller only
}

/** Tools: typed affordances of a model. Handlers are the only place with side effects. */
import { compileTool, type LooseDefinition } from "./compile.ts";
import type { Effects } from "./context.ts";
import type { Borrows, DemandOf, Tool, ToolBase } from "./definition.ts";

/** Defines a tool. Throws `TOOL_INVALID` for a bad name, description, time or schema. */
export function tool<
  In extends object = {},
  Params extends object = {},
  Returned = string,
  Value = string,
  E extends Effects = Effects,
  Resources extends Borrows = {},
>(
  definition: ToolBase<In, Params, Returned, Value, E, Resources> & DemandOf<E, Params, Returned, Value, Resources>,
): Tool<In, Value> {
  return compileTool(definition as LooseDefinition); // as: what the types check is for the caller only
}

import type { ToolSpec } from "../model/index.ts";
import type { Tool } from "../tool/index.ts";

/** What a model is told of a tool. */
export const specOf = ({ name, description, parameters }: Tool): ToolSpec => ({ name, description, parameters });

/** Tools as a model was told of them, in that order; those that are gone are left out. */
export function asTold(tools: Iterable<Tool>, specs: readonly ToolSpec[]): readonly Tool[] {
  const byName = new Map([...tools].map((tool) => [tool.name, tool]));
  return specs.flatMap(({ name, description, parameters }) => {
    const tool = byName.get(name);
    return tool === undefined ? [] : [{ ...tool, description, parameters }];
  });
}

import type { ToolSpec } from "../model/index.ts";
import type { Tool } from "../tool/index.ts";

/** What a model is told of a tool. */
export const specOf = ({ name, description, parameters }: Tool): ToolSpec => ({ name, description, parameters });

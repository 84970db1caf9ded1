import type { ExampleCall, Returns, Tool } from "../tool/index.ts";

/** A call of a tool as a step of a task example, checked when the example is made. */
export interface TaskStep extends ExampleCall<unknown, unknown> {
  readonly tool: Tool;
}

/** Makes a step of a task example: a tool that the prompt brings, what the model gives it, what its handler returns then. */
export function step<Params extends object, Value, Returned = Value>(
  tool: Tool<Params, Value> & Returns<Returned>,
  call: ExampleCall<NoInfer<Params>, NoInfer<Returned>>,
): TaskStep {
  return { ...call, tool };
}

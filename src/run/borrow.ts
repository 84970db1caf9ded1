import type { Borrowed, ResourcePool } from "../resources/index.ts";
import type { Tool } from "../tool/index.ts";
import { timedOut } from "./call-scope.ts";
import type { Frame } from "./frame.ts";
import { abortable } from "./signals.ts";

/** Makes what a call borrows, in the time that the tool has for a call. Throws as `ResourcePool.borrow` does. */
export async function borrow({ clock, signal }: Frame, tool: Tool, pool: ResourcePool): Promise<Borrowed> {
  signal.throwIfAborted();
  if (Object.keys(tool.resources).length === 0) return {};
  const controller = new AbortController();
  const cancel = clock.schedule(tool.timeoutMs, () => controller.abort(timedOut(tool)));
  try {
    const borrowed = abortable(pool.borrow(tool.resources, `tool "${tool.name}"`), controller.signal);
    return await abortable(borrowed, signal);
  } finally {
    cancel();
  }
}

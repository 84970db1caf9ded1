/** Runs the calls of one turn: `none` calls side by side, every other alone, commits always in call order. */
import type { ToolCallPart, ToolMessage } from "../model/index.ts";
import { callTool, type SettledCall } from "./call-tool.ts";
import type { Frame } from "./frame.ts";

/** Runs all calls and gives their results as one message: exactly one for each call, in call order. */
export async function runCalls(frame: Frame, turn: number, calls: readonly ToolCallPart[]): Promise<ToolMessage> {
  const settled: SettledCall[] = [];
  for (let next = 0; next < calls.length; ) {
    const group = groupFrom(frame, calls, next);
    const ended = await allSettled(group.map((call, offset) => callTool(frame, call, { turn, index: next + offset })));
    for (const call of ended) commit(frame, call);
    settled.push(...ended);
    next += group.length;
  }
  return { role: "tool", content: settled.map(({ result }) => result) };
}

/** The calls from `next` on that may run at the same time. */
function groupFrom(frame: Frame, calls: readonly ToolCallPart[], next: number): readonly ToolCallPart[] {
  let end = next;
  while (end < calls.length && frame.tools.get(calls[end]?.name ?? "")?.effects === "none") end++;
  return calls.slice(next, Math.max(end, next + 1));
}

/** Waits for all, so that nothing runs on unwatched, and then throws the first error if there is one. */
async function allSettled(calls: readonly Promise<SettledCall>[]): Promise<readonly SettledCall[]> {
  const first = calls[0];
  if (calls.length === 1 && first !== undefined) return [await first];
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

/** Puts the events of a call on the session. A reducer that throws here ends the run; the journal has the call committed. */
function commit({ session }: Frame, { status, events }: SettledCall): void {
  if (events.length === 0) return;
  if (status === "committed") for (const event of events) session.dispatch(event);
  else session.recordRolledBack(events);
}

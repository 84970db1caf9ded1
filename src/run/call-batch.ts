/** Runs the calls of one turn: `none` calls side by side, every other alone, commits always in call order. */
import type { ToolCallPart, ToolMessage } from "../model/index.ts";
import { callTool, refuseCall, type SettledCall } from "./call-tool.ts";
import type { Frame } from "./frame.ts";

/** How many calls may run at the same time. */
const mostAtOnce = 32;

/** Runs all calls and gives their results as one message: exactly one for each call, in call order. */
export async function runCalls(frame: Frame, turn: number, calls: readonly ToolCallPart[]): Promise<ToolMessage> {
  const settled: SettledCall[] = [];
  for (let next = 0; next < calls.length; ) {
    const group = groupFrom(frame, calls, next);
    next += group.length;
    try {
      const ended = await allSettled(
        group.map((call, offset) => callTool(frame, call, { turn, index: next - group.length + offset })),
      );
      for (const call of ended) commit(frame, call);
      settled.push(...ended);
    } catch (error) {
      await refuseRest(frame, turn, calls, next);
      throw error;
    }
    await frame.breathe();
  }
  return { role: "tool", content: settled.map(({ result }) => result) };
}

/** The calls from `next` on that may run at the same time. */
function groupFrom(frame: Frame, calls: readonly ToolCallPart[], next: number): readonly ToolCallPart[] {
  let end = next;
  while (end - next < mostAtOnce && frame.tools.get(calls[end]?.name ?? "")?.effects === "none") end++;
  return calls.slice(next, Math.max(end, next + 1));
}

/** Waits for all, so that nothing runs on unwatched, and then throws the first error if there is one. */
async function allSettled(calls: readonly Promise<SettledCall>[]): Promise<readonly SettledCall[]> {
  const first = calls[0];
  if (calls.length === 1 && first !== undefined) return [await first];
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

/** When the run ends in the middle of a turn, the calls that were not begun still get their one result. */
async function refuseRest(frame: Frame, turn: number, calls: readonly ToolCallPart[], next: number): Promise<void> {
  try {
    for (let index = next; index < calls.length; index++) {
      const call = calls[index] as ToolCallPart; // as: index is below the length
      await refuseCall(frame, call, { turn, index }, "The call was not begun: the run ended before it.");
    }
  } catch {
    // the journal is what failed: nothing more can be said there
  }
}

/**
 * Puts the events of a call on the session, all or none. A reducer that throws here ends the run: the journal has the call
 * committed, and neither its events nor those of later calls are on the session.
 */
function commit({ session, runId }: Frame, { status, events, sequence }: SettledCall): void {
  if (events.length === 0) return;
  const place = { run: runId, sequence };
  if (status === "committed") session.dispatchAll(events, { place });
  else session.recordRolledBack(events, { place });
}

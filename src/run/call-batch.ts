/** Runs the calls of one turn: `none` calls side by side, every other alone, commits always in call order. */
import { problemFrom, WinkError } from "../base/index.ts";
import type { ToolCallPart, ToolMessage } from "../model/index.ts";
import { callTool } from "./call-tool.ts";
import type { Frame } from "./frame.ts";
import type { OpenQuestion } from "./outcome.ts";
import { endCall, endingOf, type SettledCall, type SuspendedCall } from "./settle-call.ts";

/** How many calls may run at the same time. */
const mostAtOnce = 32;

/** What the calls of a turn came to: their results as one message, or what some of them wait for. */
export type BatchEnd = ToolMessage | { readonly role: "suspended"; readonly questions: readonly OpenQuestion[] };

/**
 * Runs all calls and gives their results: exactly one for each call, in call order. When calls wait for an answer, those beside
 * them come to their end, and later ones are not begun before there is one.
 */
export async function runCalls(frame: Frame, turn: number, calls: readonly ToolCallPart[]): Promise<BatchEnd> {
  const settled: SettledCall[] = [];
  for (let next = 0; next < calls.length; ) {
    const group = groupFrom(frame, calls, next);
    next += group.length;
    try {
      const ended = await allSettled(
        group.map((call, offset) => callTool(frame, call, { turn, index: next - group.length + offset })),
      );
      tellRecalled(ended);
      for (const call of ended) {
        if (call.status === "suspended") break; // what comes after it is committed in its turn
        commit(frame, turn, call);
        settled.push(call);
      }
      const questions = ended.flatMap((call) => (call.status === "suspended" ? [call.question] : []));
      if (questions.length > 0) return { role: "suspended", questions };
    } catch (error) {
      await refuseRest(frame, turn, calls, next);
      throw error;
    }
    await frame.breathe();
  }
  return { role: "tool", content: settled.map(({ result }) => result) };
}

function tellRecalled(calls: readonly (SettledCall | SuspendedCall)[]): void {
  const recalled = calls.filter((call) => call.status !== "suspended" && call.tell !== undefined) as SettledCall[]; // as: just filtered
  for (const { tell } of recalled.sort((a, b) => a.sequence - b.sequence)) tell?.();
}

/** The calls from `next` on that may run at the same time. */
function groupFrom(frame: Frame, calls: readonly ToolCallPart[], next: number): readonly ToolCallPart[] {
  let end = next;
  while (end - next < mostAtOnce && frame.tools.get(calls[end]?.name ?? "")?.effects === "none") end++;
  return calls.slice(next, Math.max(end, next + 1));
}

/** Waits for all, so that nothing runs on unwatched, and then throws the first error if there is one. */
async function allSettled(
  calls: readonly Promise<SettledCall | SuspendedCall>[],
): Promise<readonly (SettledCall | SuspendedCall)[]> {
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
      if (frame.record.call(turn, index).intended !== undefined) continue; // what was begun before is ended by whoever goes on
      const text = "The call was not begun: the run ended before it.";
      await endCall(frame, { turn, index }, endingOf(call, "refused", text));
    }
  } catch {
    // the journal is what failed: nothing more can be said there
  }
}

/**
 * Puts the events of a call on the session, all or none. A reducer that throws here ends the run: the journal has the call
 * committed, and neither its events nor those of later calls are on the session.
 */
function commit(
  { session, storedAs, log }: Frame,
  turn: number,
  { status, result, events, sequence }: SettledCall,
): void {
  if (events.length === 0) return;
  const place = { run: storedAs, sequence };
  try {
    if (status === "committed") session.dispatchAll(events, { place });
    else session.recordRolledBack(events, { place });
  } catch (error) {
    const facts = { turn, call: result.id, tool: result.name, problem: problemFrom(error) };
    if (WinkError.is(error, "REDUCER_FAILED"))
      log.write("error", "session_reducer_failed", { ...facts, ...error.details });
    throw error;
  }
}

/** Calls that the journal holds already: their results are taken from there, and what they changed is made again. */
import { WinkError } from "../base/index.ts";
import type { ToolFinished } from "../journal/index.ts";
import type { Frame } from "./frame.ts";
import type { Recorded } from "./record/recorded.ts";
import type { RecordedCall } from "./record/run-record.ts";
import { type SettledCall, tellEnd } from "./settle-call.ts";
import { resourceOfRun } from "./settle-resources.ts";

/** Takes a call from the record. Throws `WORKSPACE_MISSING` for changes that cannot be made again. */
export async function recallCall(
  frame: Frame,
  finished: Recorded<ToolFinished>,
  { intended }: RecordedCall,
): Promise<SettledCall> {
  const { status, result, events, changes, milliseconds, name, turn, index, seq, at } = finished;
  const tool = frame.tools.get(name);
  if (intended !== undefined) {
    const { call, effects, arguments: given } = intended;
    frame.feed.add({ type: "tool/started", at: intended.at, turn, call, name, effects, arguments: given });
  }
  if (status === "committed" && Object.keys(changes).length > 0) await changeAgain(frame, finished);
  const effects = intended?.effects ?? tool?.effects;
  const tell = (): void =>
    tellEnd(frame, at, effects, { turn, index }, { status, result, events, changes, milliseconds });
  return { status, result, events, sequence: seq, tell };
}

async function changeAgain(frame: Frame, { changes, name, seq }: Recorded<ToolFinished>): Promise<void> {
  if (frame.mode !== "live") return; // what is only gone through changes no files
  for (const [token, changed] of Object.entries(changes)) {
    const found = await resourceOfRun(frame, token);
    const durable = found.token.transaction?.durable;
    if (durable === undefined) throw notAgain(frame, name, token, seq);
    await durable.loadChanges(found.value, changed, frame.record.kept);
  }
}

function notAgain({ runId }: Frame, tool: string, token: string, seq: number): WinkError {
  return new WinkError("WORKSPACE_MISSING", {
    at: `run "${runId}", entry ${seq}`,
    problem: `What the call of ${tool} changed in the resource "${token}" cannot be made again`,
    expected: "a resource whose token has `transaction.durable`",
    received: "one without it",
    details: { run: runId, tool, resource: token, entry: seq },
  });
}

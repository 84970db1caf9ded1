/**
 * The only road of a tool call: prepare it, journal the intent, run the handler on a fork, journal the outcome. What a
 * failed call changed is taken back here; committing a good one is left to the turn, in call order.
 */
import { type JsonValue, messageFrom, sha256 } from "../base/index.ts";
import type { CallStatus } from "../journal/index.ts";
import type { ToolCallPart, ToolResultPart } from "../model/index.ts";
import type { Borrowed } from "../resources/index.ts";
import type { Event } from "../session/index.ts";
import type { Effects, Tool } from "../tool/index.ts";
import { borrow } from "./borrow.ts";
import { openScope } from "./call-scope.ts";
import type { Frame } from "./frame.ts";
import type { HandlerEnd } from "./handler-end.ts";
import { type PreparedCall, prepareCall } from "./prepare-call.ts";
import { runHandler } from "./run-handler.ts";
import { abortable } from "./signals.ts";
import { beginTransaction, type Changes, type Transaction } from "./transaction.ts";

/** Where a call stands in its run. */
export interface CallPlace {
  readonly turn: number;
  readonly index: number;
}

/** A call that has ended. Its events are not dispatched yet. */
export interface SettledCall {
  readonly status: CallStatus;
  readonly result: ToolResultPart;
  /** To commit when `status` is `committed`; else what `log` slices keep. */
  readonly events: readonly Event[];
  /** The number of the journal entry of its end. */
  readonly sequence: number;
}

/** The end of a call before it is in the journal. */
type CallEnding = Omit<SettledCall, "sequence">;

/** Runs one call to its end. Throws only when the run itself cannot go on: the journal failed, or a way back did. */
export async function callTool(frame: Frame, part: ToolCallPart, place: CallPlace): Promise<SettledCall> {
  const prepared = prepareCall(frame, part);
  if (!prepared.ok) return refuseCall(frame, part, place, prepared.text);
  const { call } = prepared;
  await using resources = frame.resources.openCall();
  let borrowed: Borrowed;
  let transaction: Transaction;
  try {
    borrowed = await borrow(frame, call.tool, resources);
    const begun = beginTransaction(borrowed, call.tool, (work) => abortable(work, frame.signal));
    transaction = begun instanceof Promise ? await begun : begun;
  } catch (error) {
    return refuseCall(frame, part, place, `The call was not begun: ${messageFrom(error)}`);
  }
  const started = frame.clock.elapsed();
  const key = keyOf(frame, part, place, call);
  const { name, effects } = call.tool;
  const { given, tool } = call;
  const { snapshots } = transaction;
  await frame.journal.append({
    type: "tool/intended",
    ...place,
    call: part.id,
    name,
    effects,
    arguments: given,
    key,
    snapshots,
  });
  frame.feed.add({
    type: "tool/started",
    at: frame.clock.now(),
    turn: place.turn,
    call: part.id,
    name,
    effects,
    arguments: given,
  });
  const scope = openScope(frame, tool, borrowed, { id: part.id, key });
  const ended = await runHandler(frame, call, scope);
  const { end, changes, failure } = await settleWorkspace(transaction, tool, ended);
  const committed = end.status === "committed";
  const ending: CallEnding = {
    status: end.status,
    result: resultPart(part, end.text, !committed),
    events: scope.fork.events(),
  };
  const milliseconds = Math.round((frame.clock.elapsed() - started) * 1000) / 1000;
  let sequence: number;
  try {
    sequence = await journalEnd(frame, place, ending, changes, milliseconds);
  } catch (error) {
    if (committed) await takeBack(frame, transaction, tool); // what the journal does not hold must not stand in the workspace
    throw error;
  }
  tell(frame, effects, place, ending, changes, milliseconds);
  if (failure !== undefined) throw failure;
  return { ...ending, sequence };
}

/** Takes a call back whose end the journal would not hold. That it would not is what the run ends by, so a failure here is logged. */
async function takeBack({ logger, runId }: Frame, transaction: Transaction, { name }: Tool): Promise<void> {
  try {
    await transaction.restore();
  } catch (error) {
    try {
      logger.log("error", "restore_failed", { run: runId, tool: name, problem: messageFrom(error) });
    } catch {
      // a log that cannot be written changes nothing
    }
  }
}

/** Ends a call whose handler never runs. */
export async function refuseCall(
  frame: Frame,
  part: ToolCallPart,
  place: CallPlace,
  text: string,
): Promise<SettledCall> {
  const ending: CallEnding = { status: "refused", result: resultPart(part, text, true), events: [] };
  const sequence = await journalEnd(frame, place, ending, {}, 0);
  tell(frame, frame.tools.get(part.name)?.effects, place, ending, {}, 0);
  return { ...ending, sequence };
}

/** The idempotency key; for a tool that changes nothing outside, a name of the call is enough. */
function keyOf(
  { runId }: Frame,
  { id }: ToolCallPart,
  { turn, index }: CallPlace,
  { tool, given }: PreparedCall,
): string {
  const place = `${runId}/${turn}.${index}`;
  if (tool.effects === "none" || tool.effects === "workspace") return place;
  return sha256(`${place}\n${id}\n${tool.name}\n${JSON.stringify(given)}`);
}

interface SettledWorkspace {
  readonly end: HandlerEnd;
  readonly changes: Changes;
  /** Why the workspace is not as it was, when it is not. */
  readonly failure?: unknown;
}

/** Tells what a call changed, and takes it back unless the call is good. A good call whose changes nobody can tell is none. */
async function settleWorkspace(
  transaction: Transaction,
  { name, effects }: Tool,
  ended: HandlerEnd,
): Promise<SettledWorkspace> {
  let end = ended;
  let changes: Changes = {};
  try {
    const told = transaction.changes();
    changes = told instanceof Promise ? await told : told;
  } catch (error) {
    const text = `What the call of ${name} changed cannot be told, so it does not count: ${messageFrom(error)}`;
    if (end.status === "committed") end = { status: effects === "external" ? "unknown" : "failed", text };
  }
  if (end.status === "committed") return { end, changes };
  try {
    await transaction.restore();
    return { end, changes };
  } catch (failure) {
    return { end, changes, failure };
  }
}

function resultPart({ id, name }: ToolCallPart, text: string, failed: boolean): ToolResultPart {
  return { type: "tool-result", id, name, text, failed };
}

/** Gives the number of the entry. */
function journalEnd(
  frame: Frame,
  place: CallPlace,
  { status, result, events }: CallEnding,
  changes: Changes,
  milliseconds: number,
): Promise<number> {
  return frame.journal.append({
    type: "tool/finished",
    ...place,
    call: result.id,
    name: result.name,
    status,
    result,
    events: events.map(({ type, payload }) => ({ type, payload: payload as JsonValue })), // as: a session takes no other payloads
    changes,
    milliseconds,
  });
}

function tell(
  frame: Frame,
  effects: Effects | undefined,
  { turn }: CallPlace,
  { status, result, events }: CallEnding,
  changes: Changes,
  milliseconds: number,
): void {
  frame.feed.add({
    type: "tool/finished",
    at: frame.clock.now(),
    turn,
    call: result.id,
    name: result.name,
    effects,
    status,
    text: result.text,
    events: events.map(({ type }) => type),
    changes,
    milliseconds,
  });
}

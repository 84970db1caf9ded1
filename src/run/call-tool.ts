/**
 * The only road of a tool call: prepare it, journal the intent, run the handler on a fork, journal the outcome. What a
 * failed call changed is taken back here; committing a good one is left to the turn, in call order.
 */
import { messageFrom, sha256 } from "../base/index.ts";
import type { CallStatus, ToolIntended } from "../journal/index.ts";
import type { ToolCallPart } from "../model/index.ts";
import type { Borrowed } from "../resources/index.ts";
import type { SessionFork } from "../session/index.ts";
import { canRunAgain, type Tool } from "../tool/index.ts";
import { borrow } from "./borrow.ts";
import { openScope } from "./call-scope.ts";
import { endOfCutOff, recoverCall } from "./cut-off-call.ts";
import type { Frame } from "./frame.ts";
import type { HandlerEnd, Waiting } from "./handler-end.ts";
import { runsHandlers } from "./mode.ts";
import { type PreparedCall, prepareCall } from "./prepare-call.ts";
import { recallCall } from "./recall-call.ts";
import type { Recorded } from "./record/recorded.ts";
import { runHandler } from "./run-handler.ts";
import {
  type CallEnding,
  type CallPlace,
  endCall,
  endingOf,
  journalEnd,
  resultOf,
  type SettledCall,
  type SuspendedCall,
  tellEnd,
} from "./settle-call.ts";
import { abortable } from "./signals.ts";
import { askOutcome, decideOutcome, stillWaiting, suspendCall, waitingThen } from "./suspend-call.ts";
import { beginTransaction, type Changes, type Transaction } from "./transaction.ts";

/** Runs one call to its end, or takes it from the record. Throws only when the run itself cannot go on: the journal failed, or a way back did. */
export async function callTool(
  frame: Frame,
  part: ToolCallPart,
  place: CallPlace,
): Promise<SettledCall | SuspendedCall> {
  const record = frame.record.call(place.turn, place.index);
  if (record.finished !== undefined && frame.mode !== "repeat") return recallCall(frame, record.finished, record);
  if (!runsHandlers(frame.mode)) return waitingThen(frame, place, record);
  const waiting = stillWaiting(frame, place, record) ?? (await decideOutcome(frame, part, place, record));
  if (waiting !== undefined) return waiting;
  const cut = record.cutOff && frame.mode === "live" ? record.intended : undefined;
  if (cut !== undefined) await recoverCall(frame, cut);
  const prepared = prepareCall(frame, part);
  if (!prepared.ok) return endCall(frame, place, endingOf(part, statusOfRefused(cut), prepared.text, prepared.mishap));
  const { call } = prepared;
  const { tool } = call;
  await using resources = frame.resources.openCall();
  let borrowed: Borrowed;
  let transaction: Transaction;
  try {
    borrowed = await borrow(frame, tool, resources);
    const begun = beginTransaction(borrowed, tool, waitingIn(frame));
    transaction = begun instanceof Promise ? await begun : begun;
  } catch (error) {
    return endCall(frame, place, endingOf(part, statusOfRefused(cut), `The call was not begun: ${messageFrom(error)}`));
  }
  return await attempt(frame, { part, place, call, cut, borrowed, transaction });
}

/** One try at a call: what it has in its hands, and what it can be taken back with. */
interface Attempt {
  readonly part: ToolCallPart;
  readonly place: CallPlace;
  readonly call: PreparedCall;
  /** The intent of an earlier try, whose process was cut off. */
  readonly cut: Recorded<ToolIntended> | undefined;
  readonly borrowed: Borrowed;
  readonly transaction: Transaction;
}

/** Intends the call, runs the handler, or what an earlier try calls for, and settles how it ended. */
async function attempt(frame: Frame, tried: Attempt): Promise<SettledCall | SuspendedCall> {
  const { part, place, call, cut, borrowed, transaction } = tried;
  const { tool, given } = call;
  const { name, effects } = tool;
  const started = frame.clock.elapsed();
  const key = cut?.key ?? keyOf(frame, part, place, call);
  if (cut === undefined) {
    const { snapshots } = transaction;
    const intent = { ...place, call: part.id, name, effects, arguments: given, key, snapshots };
    await frame.journal.append({ type: "tool/intended", ...intent });
  }
  const { turn, index } = place;
  frame.feed.add({
    type: "tool/started",
    at: frame.clock.now(),
    turn,
    call: part.id,
    name,
    effects,
    arguments: given,
  });
  const answersCount = cut === undefined || canRunAgain(cut.effects);
  const questions = answersCount ? frame.record.call(turn, index).questions : undefined;
  const scope = openScope(frame, tool, borrowed, { id: part.id, key, questions });
  const known = cut && (await endOfCutOff(frame, call, scope, cut.effects));
  const run = (): Promise<HandlerEnd | Waiting> => runHandler(frame, call, scope);
  const ended = known ?? (await (frame.spans?.call({ tool, call: part.id, turn, given }, run) ?? run()));
  if (ended.status === "suspended") {
    await transaction.restore();
    return suspendCall(frame, part, place, ended.pending);
  }
  return settle(frame, tried, ended, { started, fork: scope.fork });
}

/** Keeps or takes back what a call changed, and writes its end. */
async function settle(
  frame: Frame,
  { part, place, call: { tool }, transaction }: Attempt,
  ended: HandlerEnd,
  { started, fork }: { readonly started: number; readonly fork: SessionFork },
): Promise<SettledCall | SuspendedCall> {
  const { end, changes, failure } = await settleWorkspace(transaction, tool, ended);
  if (end.status === "unknown" && tool.onUnknown === "suspend" && failure === undefined) {
    return askOutcome(frame, part, place, end.text);
  }
  const milliseconds = Math.round((frame.clock.elapsed() - started) * 1000) / 1000;
  const kept = end.status === "committed" ? transaction.durable(changes, frame.journal) : changes;
  const ending: CallEnding = {
    status: end.status,
    result: resultOf(part, end.text, end.status),
    events: fork.events(),
    changes: kept instanceof Promise ? await kept : kept,
    milliseconds,
    mishap: end.mishap,
  };
  let sequence: number;
  try {
    sequence = await journalEnd(frame, place, ending);
  } catch (error) {
    if (end.status === "committed") await takeBack(frame, transaction, tool); // what the journal does not hold must not stand in the workspace
    throw error;
  }
  tellEnd(frame, frame.clock.now(), tool.effects, place, ending);
  if (failure !== undefined) throw failure;
  return { status: ending.status, result: ending.result, events: ending.events, sequence };
}

/** How a call ends that is refused: as refused, unless it was begun before, in a process that was cut off. */
function statusOfRefused(cut: Pick<ToolIntended, "effects"> | undefined): CallStatus {
  if (cut === undefined) return "refused";
  return canRunAgain(cut.effects) ? "failed" : "unknown";
}

/** Puts around a wait that the run's end cuts it short. */
const waitingIn =
  ({ signal }: Frame) =>
  <T>(work: Promise<T>): Promise<T> =>
    abortable(work, signal);

/** Takes a call back whose end the journal would not hold. That it would not is what the run ends by, so a failure here is logged. */
async function takeBack({ log }: Frame, transaction: Transaction, { name }: Tool): Promise<void> {
  try {
    await transaction.restore();
  } catch (error) {
    log.write("error", "restore_failed", { tool: name, problem: messageFrom(error) });
  }
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

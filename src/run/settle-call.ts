/** The end of a call: what the model is told, what the journal keeps, what the feed tells. */
import type { JsonValue } from "../base/index.ts";
import type { CallStatus, ToolFinished } from "../journal/index.ts";
import type { ToolCallPart, ToolResultPart } from "../model/index.ts";
import type { Event } from "../session/index.ts";
import type { Effects } from "../tool/index.ts";
import type { Frame } from "./frame.ts";
import type { OpenQuestion } from "./outcome.ts";
import type { Mishap } from "./run-log.ts";
import type { Changes } from "./transaction.ts";

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
  /** Tells of the end of a call that was taken from the record, in the order in which calls beside each other ended then. */
  readonly tell?: (() => void) | undefined;
}

/** A call that waits for answers, and so does the run. */
export interface SuspendedCall {
  readonly status: "suspended";
  readonly question: OpenQuestion;
}

/** The end of a call before it is in the journal. */
export interface CallEnding extends Omit<SettledCall, "sequence"> {
  readonly changes: Changes;
  readonly milliseconds: number;
  readonly mishap?: Mishap | undefined;
}

/** Makes the end of a call that changed nothing. */
export function endingOf(part: ToolCallPart, status: CallStatus, text: string, mishap?: Mishap): CallEnding {
  return { status, result: resultOf(part, text, status), events: [], changes: {}, milliseconds: 0, mishap };
}

/** What the model sees of a call. */
export function resultOf({ id, name }: ToolCallPart, text: string, status: CallStatus): ToolResultPart {
  return { type: "tool-result", id, name, text, failed: status !== "committed" };
}

/** Journals the end of a call and gives the number of the entry. */
export function journalEnd(
  { journal }: Frame,
  place: CallPlace,
  { status, result, events, changes, milliseconds, mishap }: CallEnding,
): Promise<number> {
  const step: ToolFinished = {
    type: "tool/finished",
    ...place,
    call: result.id,
    name: result.name,
    status,
    result,
    events: events.map(({ type, payload }) => ({ type, payload: payload as JsonValue })), // as: a session takes no other payloads
    changes,
    milliseconds,
  };
  return journal.append(step, mishap);
}

/** Tells of the end of a call. */
export function tellEnd(
  { feed }: Frame,
  at: number,
  effects: Effects | undefined,
  { turn }: CallPlace,
  { status, result, events, changes, milliseconds }: CallEnding,
): void {
  feed.add({
    type: "tool/finished",
    at,
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

/** Ends a call whose handler never runs, or whose end somebody else knows. */
export async function endCall(frame: Frame, place: CallPlace, ending: CallEnding): Promise<SettledCall> {
  const sequence = await journalEnd(frame, place, ending);
  tellEnd(frame, frame.clock.now(), frame.tools.get(ending.result.name)?.effects, place, ending);
  return { status: ending.status, result: ending.result, events: ending.events, sequence };
}

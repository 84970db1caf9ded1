/**
 * The only road of a tool call: find the tool, parse the arguments, journal the intent, run the handler on a fork, journal
 * the outcome. What a failed call changed is taken back here; committing a good one is left to the turn, in call order.
 */
import {
  didYouMean,
  type JsonObject,
  type JsonValue,
  messageFrom,
  type Parsed,
  parse,
  parseJson,
  problemsText,
  type Schema,
  sha256,
  toJson,
} from "../base/index.ts";
import type { CallStatus } from "../journal/index.ts";
import type { ToolCallPart, ToolResultPart } from "../model/index.ts";
import type { Event } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import { openScope } from "./call-scope.ts";
import type { Frame } from "./frame.ts";
import { runHandler } from "./run-handler.ts";
import { beginTransaction } from "./transaction.ts";

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
}

type Prepared =
  | { readonly ok: true; readonly tool: Tool; readonly given: JsonValue; readonly params: unknown }
  | { readonly ok: false; readonly text: string };

/** Runs one call to its end. Throws only when the run itself cannot go on: the journal or a restore failed. */
export async function callTool(frame: Frame, part: ToolCallPart, place: CallPlace): Promise<SettledCall> {
  const prepared = prepare(frame, part);
  if (!prepared.ok) return refuse(frame, part, place, prepared.text);
  if (frame.signal.aborted)
    return refuse(frame, part, place, `The call was not begun: ${messageFrom(frame.signal.reason)}`);
  const { tool, given, params } = prepared;
  const started = frame.clock.elapsed();
  const key = keyOf(frame, tool, part, place, given);
  const transaction = await beginTransaction(frame.prompt.resources, tool);
  await frame.journal.append({
    type: "tool/intended",
    ...place,
    call: part.id,
    name: tool.name,
    effects: tool.effects,
    arguments: given,
    key,
    snapshots: transaction.snapshots,
  });
  frame.feed.add({
    type: "tool/started",
    at: frame.clock.now(),
    turn: place.turn,
    call: part.id,
    name: tool.name,
    effects: tool.effects,
    arguments: given,
  });
  const scope = openScope(frame, tool, { id: part.id, key });
  const ended = await runHandler(frame, tool, params, scope);
  const events = ended.status === "committed" ? scope.fork.events() : scope.fork.events().filter(isKept);
  const changes = await transaction.changes();
  if (ended.status !== "committed") await transaction.restore();
  const result = resultPart(part, ended.text, ended.status !== "committed");
  const milliseconds = Math.round((frame.clock.elapsed() - started) * 1000) / 1000;
  await frame.journal.append({
    type: "tool/finished",
    ...place,
    call: part.id,
    name: tool.name,
    status: ended.status,
    result,
    events: events.map(({ type, payload }) => ({ type, payload: payload as JsonValue })), // as: payloads are JSON by their type, and were just seen to be
    changes,
    milliseconds,
  });
  tell(frame, tool, place, { status: ended.status, result, events }, changes, milliseconds);
  return { status: ended.status, result, events };
}

/** The idempotency key; for a tool that changes nothing outside, a name of the call is enough. */
function keyOf(
  { runId }: Frame,
  { name, effects }: Tool,
  { id }: ToolCallPart,
  { turn, index }: CallPlace,
  given: JsonValue,
): string {
  const place = `${runId}/${turn}.${index}`;
  return effects === "none" || effects === "workspace"
    ? place
    : sha256(`${place}\n${id}\n${name}\n${JSON.stringify(given)}`);
}

function prepare(frame: Frame, part: ToolCallPart): Prepared {
  const tool = frame.tools.get(part.name);
  if (tool === undefined) {
    const names = [...frame.tools.keys()];
    const known = names.length === 0 ? "There are no tools." : `The tools are: ${names.join(", ")}.`;
    return {
      ok: false,
      text: `There is no tool ${JSON.stringify(part.name)}. ${didYouMean(part.name, names)} ${known}`.replace(
        "  ",
        " ",
      ),
    };
  }
  const parsed = parseJson(part.arguments.trim() === "" ? "{}" : part.arguments);
  if (!parsed.ok)
    return { ok: false, text: `The arguments of ${tool.name} are not JSON: ${parsed.problem}. Send one JSON object.` };
  const given = parsed.value;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return {
      ok: false,
      text: `The arguments of ${tool.name} must be one JSON object. Received ${part.arguments.slice(0, 200)}`,
    };
  }
  if (tool.params === undefined) {
    const extra = Object.keys(given);
    if (extra.length > 0)
      return { ok: false, text: `${tool.name} takes no arguments. Received ${extra.slice(0, 5).join(", ")}.` };
    return { ok: true, tool, given, params: {} };
  }
  const checked = parseParams(tool.params, given);
  if (checked.ok) return { ok: true, tool, given, params: checked.value };
  return {
    ok: false,
    text: `The arguments of ${tool.name} do not fit: ${problemsText(checked.problems)}. Received ${clipped(part.arguments)}. Correct them and call again.`,
  };
}

/** A schema whose own functions throw refuses the call like any other: the run can go on. */
function parseParams(schema: Schema, given: JsonValue): Parsed<unknown> {
  try {
    return parse(schema, given);
  } catch (error) {
    return { ok: false, problems: [{ path: "", message: messageFrom(error) }] };
  }
}

const clipped = (text: string): string => (text.length > 300 ? `${text.slice(0, 299)}…` : text);

async function refuse(frame: Frame, part: ToolCallPart, place: CallPlace, text: string): Promise<SettledCall> {
  const result = resultPart(part, text, true);
  await frame.journal.append({
    type: "tool/finished",
    ...place,
    call: part.id,
    name: part.name,
    status: "refused",
    result,
    events: [],
    changes: {},
    milliseconds: 0,
  });
  const settled: SettledCall = { status: "refused", result, events: [] };
  tell(frame, frame.tools.get(part.name), place, settled, {}, 0);
  return settled;
}

/** Whether the journal can hold an event; of a failed call, one that it cannot hold is left out. */
function isKept({ payload }: Event): boolean {
  try {
    toJson(payload, "the payload");
    return true;
  } catch {
    return false; // often the very reason why the call failed
  }
}

function resultPart({ id, name }: ToolCallPart, text: string, failed: boolean): ToolResultPart {
  return { type: "tool-result", id, name, text, failed };
}

function tell(
  frame: Frame,
  tool: Tool | undefined,
  { turn }: CallPlace,
  { status, result, events }: SettledCall,
  changes: Readonly<Record<string, readonly JsonObject[]>>,
  milliseconds: number,
): void {
  frame.feed.add({
    type: "tool/finished",
    at: frame.clock.now(),
    turn,
    call: result.id,
    name: result.name,
    effects: tool?.effects,
    status,
    text: result.text,
    events: events.map(({ type }) => type),
    changes,
    milliseconds,
  });
}

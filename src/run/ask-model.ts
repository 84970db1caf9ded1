/** One answer of the model: asked for, or known from the journal. */
import { messageFrom, WinkError } from "../base/index.ts";
import type { ModelRequested } from "../journal/index.ts";
import { addUsage, type Usage } from "../limits/index.ts";
import { type AssistantMessage, type ModelRequest, type ModelResponse, textOf } from "../model/index.ts";
import type { Frame } from "./frame.ts";
import { compares } from "./mode.ts";
import { edited, messagesDiverged } from "./record/diverged.ts";
import type { Recorded } from "./record/run-record.ts";
import { abortable } from "./signals.ts";
import type { SpentCall } from "./spending.ts";
import { toolCalls } from "./transcript.ts";

/** What a run has used so far; grows with each answer. */
export interface Tally {
  turns: number;
  usage: Usage;
  cost: number | undefined;
  /** The last text of the model. */
  text: string;
  /** The longest model call and the longest turn with its tools, in milliseconds. */
  longest: { call: number; turn: number };
}

/** Makes room for a call in the budget; undefined when there is none. */
function roomFor(frame: Frame, request: ModelRequest, turn: number): SpentCall | undefined {
  const { spending, logger, runId } = frame;
  try {
    return spending.reserve(request, callName(frame, turn));
  } catch (error) {
    if (!WinkError.is(error, "BUDGET_EXCEEDED")) throw error;
    logger.log("info", "budget_used_up", { run: runId, problem: error.message });
    return undefined;
  }
}

/** Names a model call for the ledger, the same in each process that goes on with the run. */
const callName = ({ runId }: Frame, turn: number): string => `${runId}/${turn}`;

/** Asks the model; undefined when the budget has no room for it. Throws what the model fails with. */
export async function askModel(
  frame: Frame,
  request: ModelRequest,
  turn: number,
  tally: Tally,
): Promise<ModelResponse | undefined> {
  const { journal, feed, clock, transcript } = frame;
  const spent = roomFor(frame, request, turn);
  if (spent === undefined) return undefined;
  const messages = transcript.messages.length;
  await journal.append({ type: "model/requested", turn, messages, digest: transcript.digest });
  feed.add({ type: "model/requested", at: clock.now(), turn, messages });
  const started = clock.elapsed();
  let answer: ModelResponse;
  try {
    answer = await abortable(frame.model.generate(request, { signal: frame.signal }), frame.signal);
  } catch (thrown) {
    const error = asModelError(frame, thrown);
    spent.fail(error);
    tally.cost = frame.spending.cost;
    if (frame.signal.aborted) throw frame.signal.reason;
    await journal.append({ type: "model/failed", turn, error: error.toJSON() });
    throw error;
  }
  const message = transcript.withOwnCallIds(
    answer.finish === "refusal" ? withoutCalls(answer.message) : answer.message,
  );
  const milliseconds = clock.elapsed() - started;
  const response = { ...answer, message };
  spent.settle(answer.usage);
  take(frame, response, turn, milliseconds, tally);
  await journal.append({ type: "model/responded", turn, message, finish: answer.finish, usage: answer.usage });
  tell(frame, response, turn, milliseconds, clock.now());
  return response;
}

/** The answer of a turn that is in the journal already; throws when it was given to other messages. */
export function recallAnswer(frame: Frame, turn: number, tally: Tally): ModelResponse | undefined {
  const { record, transcript, feed, spending } = frame;
  const request = record.requests.get(turn);
  const known = record.responses.get(turn);
  if (known === undefined || request === undefined) return undefined;
  const messages = transcript.messages.length;
  if (request.digest !== transcript.digest) throw otherMessages(frame, request);
  feed.add({ type: "model/requested", at: request.at, turn, messages });
  const { finish, usage } = known;
  const response: ModelResponse = { message: transcript.withOwnCallIds(known.message), finish, usage };
  const milliseconds = known.at - request.at;
  spending.count(usage, callName(frame, turn));
  take(frame, response, turn, milliseconds, tally);
  tell(frame, response, turn, milliseconds, known.at);
  return response;
}

/** The error for an answer that was given to other messages: a replay shows both sides, else the journal was edited. */
function otherMessages({ mode, runId, record, transcript }: Frame, request: Recorded<ModelRequested>): WinkError {
  return compares(mode) ? messagesDiverged(runId, record, request, transcript.messages) : edited(runId, request);
}

/** Takes an answer into the run. */
function take(
  { transcript, spending }: Frame,
  { message, usage }: ModelResponse,
  turn: number,
  milliseconds: number,
  tally: Tally,
): void {
  transcript.add(message);
  const text = textOf(message);
  tally.longest.call = Math.max(tally.longest.call, milliseconds);
  tally.turns = turn;
  tally.usage = addUsage(tally.usage, usage);
  tally.cost = spending.cost;
  if (text !== "") tally.text = text;
}

function tell(
  { feed }: Frame,
  { message, finish, usage }: ModelResponse,
  turn: number,
  milliseconds: number,
  at: number,
): void {
  const calls = toolCalls(message).map(({ name }) => name);
  feed.add({ type: "model/responded", at, turn, text: textOf(message), calls, finish, usage, milliseconds });
}

/** A model that refuses calls nothing: a call beside a refusal would never get its result. */
function withoutCalls(message: AssistantMessage): AssistantMessage {
  return { ...message, content: message.content.filter(({ type }) => type !== "tool-call") };
}

function asModelError({ model }: Frame, thrown: unknown): WinkError {
  if (WinkError.is(thrown)) return thrown;
  return new WinkError("RUN_FAILED", {
    at: `model ${model.provider}/${model.name}`,
    problem: `The model driver threw: ${messageFrom(thrown)}`,
    cause: thrown,
  });
}

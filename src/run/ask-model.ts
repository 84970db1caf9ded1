/** One answer of the model: asked for, or known from the journal. */
import type { WinkError } from "../base/index.ts";
import type { ModelName, ModelRequested } from "../journal/index.ts";
import { addUsage } from "../limits/index.ts";
import { type AssistantMessage, type ModelRequest, type ModelResponse, textOf } from "../model/index.ts";
import { callName } from "./admit-call.ts";
import { askOnce } from "./ask-once.ts";
import { makeRoom } from "./context/fit-context.ts";
import type { Frame } from "./frame.ts";
import { compares } from "./mode.ts";
import { isSame, nameOf, shownName } from "./model-line.ts";
import type { LimitReached } from "./outcome.ts";
import { edited, messagesDiverged } from "./record/diverged.ts";
import type { Recorded } from "./record/recorded.ts";
import { requestNow } from "./request-now.ts";
import type { RunEvent } from "./run-event.ts";
import type { Tally } from "./tally.ts";
import { toolCalls } from "./transcript.ts";
import { failedEvent, recallTries, tryAgain } from "./try-again.ts";

/** The request as the present model is sent it: another one may have another longest answer. */
function fitted(request: ModelRequest, maxOutputTokens: number | undefined): ModelRequest {
  if (request.limits?.maxOutputTokens === maxOutputTokens) return request;
  return { ...request, limits: maxOutputTokens === undefined ? undefined : { maxOutputTokens } };
}

/**
 * Asks the model, again when it fails for a time, and those that may stand in for it; gives the limit that has no room for that.
 * Throws what the last one fails with.
 */
export async function askModel(
  frame: Frame,
  offered: ModelRequest,
  turn: number,
  tally: Tally,
): Promise<ModelResponse | LimitReached> {
  const { journal, feed, clock, transcript, spending, models, record } = frame;
  tellAttempts(frame, turn);
  const isBegun = record.attempts.of(turn).length > 0;
  const tries = isBegun ? await recallTries(frame, turn) : { requests: 0, attempt: 0, waitedMs: 0 };
  for (;;) {
    const request = fitted(requestNow(offered, frame), spending.maxOutputTokens);
    const place = { turn, attempt: tries.requests + 1 };
    const asked = await askOnce(frame, request, callName(frame, turn, place.attempt), place, async (model) => {
      const step: ModelRequested = {
        type: "model/requested",
        turn,
        messages: transcript.messages.length,
        digest: transcript.digest,
        ...(!isSame(model, record.started?.model ?? models.first) && { model: nameOf(model) }),
      };
      await journal.append(step);
      tries.requests++;
      tries.attempt++;
      tally.attempts++;
      feed.add(requestedEvent(step, clock.now()));
    });
    if ("reason" in asked) return asked;
    if (!asked.ok) {
      await tryAgain(frame, turn, tries, asked);
      const isOther = models.current !== asked.model; // with another window
      const limit = isOther ? await makeRoom(frame, offered, turn - 1, tally) : undefined;
      if (limit !== undefined) return limit;
      continue;
    }
    const { answer, counted, milliseconds } = asked;
    const message = transcript.withOwnCallIds(
      answer.finish === "refusal" ? withoutCalls(answer.message) : answer.message,
    );
    const response = { ...answer, message };
    take(frame, response, turn, milliseconds, tally);
    const { finish, usage, cost, answeredBy } = answer;
    await journal.append({
      type: "model/responded",
      turn,
      message,
      finish,
      usage,
      ...(cost !== undefined && { cost }),
      ...(answeredBy !== undefined && { answeredBy }),
      ...(counted.atMost !== undefined && { atMost: counted.atMost }),
    });
    tell(frame, { ...response, cost: counted.cost }, turn, milliseconds, clock.now());
    return response;
  }
}

/** The answer of a turn that is in the journal already; throws when it was given to other messages. */
export function recallAnswer(frame: Frame, turn: number, tally: Tally): ModelResponse | undefined {
  const { record, transcript, spending } = frame;
  const request = record.requests.get(turn);
  const known = record.responses.get(turn);
  if (known === undefined || request === undefined) return undefined;
  if (request.digest !== transcript.digest) throw otherMessages(frame, request);
  tellAttempts(frame, turn);
  const { finish, usage, answeredBy } = known;
  const response: ModelResponse = { message: transcript.withOwnCallIds(known.message), finish, usage, answeredBy };
  const milliseconds = known.at - request.at;
  const call = callName(frame, turn, record.attempts.of(turn).length);
  const counted = spending.count(known, call, askedOf(frame, request));
  take(frame, response, turn, milliseconds, tally);
  tell(frame, { ...response, cost: counted }, turn, milliseconds, known.at);
  return response;
}

/** Tells of the attempts at an answer that the record holds, and counts those without an answer as calls. */
function tellAttempts(frame: Frame, turn: number): void {
  const { record, feed, spending } = frame;
  const attempts = record.attempts.of(turn);
  const answered = record.responses.has(turn) ? attempts.length - 1 : -1;
  for (const [index, { requested, failed }] of attempts.entries()) {
    feed.add(requestedEvent(requested, requested.at));
    if (index === answered) continue;
    spending.countFailed(callName(frame, turn, index + 1), askedOf(frame, requested), failed);
    const event = failed && failedEvent(failed, askedOf(frame, requested), failed.at);
    if (event !== undefined) feed.add(event);
  }
}

/** Who was asked: a request names its model when it is not the one that the run began with. */
const askedOf = ({ record, models }: Frame, { model }: ModelRequested): ModelName =>
  model ?? record.started?.model ?? models.first;

const requestedEvent = ({ turn, messages, model }: ModelRequested, at: number): RunEvent => ({
  type: "model/requested",
  at,
  turn,
  messages,
  ...(model !== undefined && { model: shownName(model) }),
});

/** The error for an answer that was given to other messages: a replay shows both sides, else the journal was edited. */
function otherMessages({ mode, runId, record, transcript }: Frame, request: Recorded<ModelRequested>): WinkError {
  return compares(mode) ? messagesDiverged(runId, record, request, transcript.messages) : edited(runId, request);
}

/** Takes an answer into the run. */
function take(
  { transcript, context }: Frame,
  { message, usage }: ModelResponse,
  turn: number,
  milliseconds: number,
  tally: Tally,
): void {
  context?.counter.tell(usage.inputTokens, transcript.sent);
  transcript.add(message);
  const text = textOf(message);
  tally.longest.call = Math.max(tally.longest.call, milliseconds);
  tally.turns = turn;
  tally.usage = addUsage(tally.usage, usage);
  if (text !== "") tally.text = text;
}

function tell(
  { feed }: Frame,
  { message, finish, usage, cost, answeredBy }: ModelResponse,
  turn: number,
  milliseconds: number,
  at: number,
): void {
  const calls = toolCalls(message).map(({ name }) => name);
  const text = textOf(message);
  feed.add({
    type: "model/responded",
    at,
    turn,
    text,
    calls,
    finish,
    usage,
    ...(cost !== undefined && { cost }),
    ...(answeredBy !== undefined && { answeredBy }),
    milliseconds,
  });
}

/** A model that refuses calls nothing: a call beside a refusal would never get its result. */
function withoutCalls(message: AssistantMessage): AssistantMessage {
  return { ...message, content: message.content.filter(({ type }) => type !== "tool-call") };
}

/** What follows when a model gave no answer: it is asked again after a wait, another one stands in, or the run fails. */
import { type JsonObject, sleep, WinkError } from "../base/index.ts";
import type { ModelFailed, ModelName } from "../journal/index.ts";
import { isPassing, type NextAttempt, nextAttempt, remaining, retryAfterOf } from "../limits/index.ts";
import type { FailedAsking } from "./ask-once.ts";
import { errorFrom } from "./ending.ts";
import type { Frame } from "./frame.ts";
import { isSame, nameOf, shownName } from "./model-line.ts";
import type { Recorded } from "./record/recorded.ts";
import type { RunEvent } from "./run-event.ts";

/** How far the attempts at the answer of one turn have come. */
export interface Tries {
  /** Requests so far, of all models and processes. */
  requests: number;
  /** Those of the present model. */
  attempt: number;
  /** Its waits together, in milliseconds. */
  waitedMs: number;
}

/** A call without an answer, and what it may have used at most. */
type Failed = Pick<FailedAsking, "error" | "atMost">;

/** Waits until the model is asked again, or lets the next one stand in. Throws the error when there is nothing left to try. */
export async function tryAgain(frame: Frame, turn: number, tries: Tries, failed: Failed): Promise<void> {
  const { error } = failed;
  const { clock, random, signal, models, deadline, throttle } = frame;
  const leftMs = deadline === undefined ? undefined : remaining(deadline, clock);
  const next = nextAttempt(throttle, { error, ...tries, leftMs }, random);
  slowDown(frame, error, next);
  if (!next.again) return await standIn(frame, turn, tries, { ...failed, ended: next.ended, leftMs });
  const { waitMs } = next;
  const { attempt } = tries;
  tries.waitedMs += waitMs;
  await note(frame, { ...failedStep(turn, attempt, failed), waitMs });
  frame.log.write("warn", "prompt_throttled", {
    turn,
    ...factsOf(error),
    model: shownName(models.current),
    attempt,
    waitMs,
  });
  await sleep(clock, waitMs, signal);
}

/** The error that ends a run, with advice that fits what has ended the attempts. */
function advised({ throttle }: Frame, { waitedMs }: Tries, { error, ended, leftMs }: GivenUp): WinkError {
  if (ended === "deadline") return withoutRoom(error, leftMs, "the deadline", "give the run more time");
  if (ended !== "total-wait" || throttle === undefined) return error;
  return withoutRoom(error, throttle.totalMs - waitedMs, "`throttle.totalMs`", "raise it");
}

/** An error whose provider asks for a longer wait than a limit leaves: the same, with advice that names both. */
function withoutRoom(error: WinkError, leftMs: number | undefined, limit: string, remedy: string): WinkError {
  const retryAfterMs = retryAfterOf(error);
  if (retryAfterMs === undefined || leftMs === undefined) return error;
  const [wait, left] = [retryAfterMs, leftMs].map((ms) => Math.ceil(Math.max(0, ms)) / 1_000);
  return new WinkError(error.code, {
    ...error.parts,
    fix: `The provider asks for a wait of ${wait} s, and ${limit} leaves ${left} s: ${remedy}, or name a model in \`fallbacks\`.`,
    details: { ...error.details, leftMs },
    retryable: error.retryable,
    cause: error,
  });
}

/** What a journal keeps of a call without an answer. */
export const failedStep = (turn: number, attempt: number, { error, atMost }: Failed): ModelFailed => ({
  type: "model/failed",
  turn,
  error: error.toJSON(),
  attempt,
  ...(atMost !== undefined && { atMost }),
});

/** Why a model is not asked again. */
interface GivenUp extends Failed {
  readonly ended: Extract<NextAttempt, { again: false }>["ended"];
  /** Until the deadline, in milliseconds; undefined without one. */
  readonly leftMs?: number | undefined;
}

/** Lets the next model stand in when there is one and the error is of that kind. Throws the error otherwise. */
async function standIn(frame: Frame, turn: number, tries: Tries, given: GivenUp): Promise<void> {
  const { atMost, ended } = given;
  const { models } = frame;
  const { attempt } = tries;
  const next = isUpToModel(given.error) ? models.next : undefined;
  const error = next === undefined ? advised(frame, tries, given) : given.error;
  const step = failedStep(turn, attempt, { error, atMost });
  await note(frame, next === undefined ? step : { ...step, fallback: nameOf(next) });
  if (next === undefined) throw error;
  const [model, by] = [shownName(models.current), shownName(next)];
  frame.log.write("warn", "model_replaced", { turn, ...factsOf(error), model, by, attempt, ended });
  models.moveOn();
  tries.attempt = 0;
  tries.waitedMs = 0;
}

/** Journals that an attempt has failed, and tells of it. */
async function note({ journal, feed, clock, models }: Frame, failed: ModelFailed): Promise<void> {
  await journal.append(failed);
  const event = failedEvent(failed, models.current, clock.now());
  if (event !== undefined) feed.add(event);
}

/** What is told of a failed attempt; undefined when it was the last one: the end of the run tells of that. */
export function failedEvent(
  { turn, error, attempt = 1, waitMs, fallback }: ModelFailed,
  model: ModelName,
  at: number,
): RunEvent | undefined {
  const why = { code: String(error.code), problem: String(error.message) };
  if (fallback !== undefined)
    return { type: "model/replaced", at, turn, model: shownName(model), by: shownName(fallback), ...why };
  return waitMs === undefined ? undefined : { type: "model/retried", at, turn, attempt, waitMs, ...why };
}

/**
 * Whether another model may do better: the provider fails or has no more for us, or does not know the model. A request that is
 * refused would be refused elsewhere too, and a wrong key is to be seen.
 */
function isUpToModel({ code, details }: WinkError): boolean {
  if (code === "MODEL_REJECTED") return details.status === 404;
  return ["MODEL_THROTTLED", "MODEL_UNAVAILABLE", "MODEL_RESPONSE_INVALID", "MODEL_MISSING"].includes(code);
}

/** Tells the limiter that the provider wants fewer calls, so that other runs need not be told as well. */
export function slowDown({ limiterOf, models, throttle }: Frame, error: WinkError, next: NextAttempt): void {
  if (limiterOf === undefined || error.code !== "MODEL_THROTTLED" || !isPassing(error)) return;
  const asked = retryAfterOf(error) ?? (next.again ? next.waitMs : 0);
  // a provider may ask for a day: then each run is to find out by itself, rather than wait in silence
  limiterOf(models.current)?.slowDown(Math.min(asked, throttle?.totalMs ?? asked));
}

const factsOf = ({ code, message, details: { reason } }: WinkError): JsonObject => ({
  code,
  problem: message,
  ...(reason !== undefined && { reason }),
});

/**
 * Takes up the attempts at an answer where the record leaves them: waits for the rest of a wait, or lets another model stand in when
 * there were as many as there may be. A process that ended while the model was asked has made an attempt too, so that no run
 * goes on for ever by crashing. Throws what the last attempt failed with when there is nothing left to try.
 */
export async function recallTries(frame: Frame, turn: number): Promise<Tries> {
  const { record, models, throttle, mode, runId } = frame;
  const own = record.attempts
    .counting(turn)
    .filter(({ requested }) => isSame(requested.model ?? record.started?.model, models.current));
  const waitedMs = own.reduce((sum, { failed }) => sum + (failed?.waitMs ?? 0), 0);
  const tries: Tries = { requests: record.attempts.of(turn).length, attempt: own.length, waitedMs };
  const last = own.at(-1);
  if (mode !== "live" || last === undefined) return tries;
  const { failed } = last;
  if (throttle !== undefined && own.length >= throttle.attempts) {
    const error = failed === undefined ? endedEachTime(runId, turn, own.length) : errorFrom(failed.error);
    await standIn(frame, turn, tries, { error, atMost: failed?.atMost, ended: "attempts" });
  } else await sleepOn(frame, failed);
  return tries;
}

/** Waits for the rest of a wait that an earlier process began. */
export async function sleepOn({ clock, signal }: Frame, failed: Recorded<ModelFailed> | undefined): Promise<void> {
  if (failed?.waitMs !== undefined) await sleep(clock, restOf(failed.at, failed.waitMs, clock.now()), signal);
}

/** What is left of a wait; never more than the whole, when clocks of two machines differ. */
const restOf = (from: number, waitMs: number, now: number): number =>
  Math.min(waitMs, Math.max(0, from + waitMs - now));

function endedEachTime(runId: string, turn: number, times: number): WinkError {
  return new WinkError("MODEL_UNAVAILABLE", {
    at: `run "${runId}", turn ${turn}`,
    problem: "The last process to ask the model ended before the answer came",
    expected: "an answer",
    received: `none in ${times} attempt${times === 1 ? "" : "s"}`,
    fix: "Find out what ends the process. Whoever resumes the run now begins to count anew.",
    details: { run: runId, turn, attempts: times },
  });
}

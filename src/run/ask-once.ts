/** One request to a model: admitted, sent, counted. */
import { messageFrom, shownValue, WinkError } from "../base/index.ts";
import type { TokensAtMost } from "../journal/index.ts";
import { countable, isAmount } from "../limits/index.ts";
import type { Model, ModelRequest, ModelResponse } from "../model/index.ts";
import { leaseFor, roomFor } from "./admit-call.ts";
import type { Frame } from "./frame.ts";
import { shownName } from "./model-line.ts";
import type { LimitReached } from "./outcome.ts";
import { answerShape } from "./record/entry-shapes.ts";
import type { Misfit } from "./record/shape.ts";
import type { AskedFor } from "./run-spans.ts";
import { abortable } from "./signals.ts";
import { isRefused, type SettledCall } from "./spending.ts";
import { watchProgress } from "./watch-progress.ts";

/** What came of a request: an answer, none, or a limit that left no room for it. */
export type Asked =
  | {
      readonly ok: true;
      readonly model: Model;
      readonly answer: ModelResponse;
      /** What the call counts. */
      readonly counted: SettledCall;
      readonly milliseconds: number;
    }
  | FailedAsking
  | LimitReached;

/** A request without an answer. */
export interface FailedAsking {
  readonly ok: false;
  readonly model: Model;
  readonly error: WinkError;
  /** What it may have used at most, as far as that was counted. */
  readonly atMost: TokensAtMost | undefined;
}

/**
 * Asks the present model once, when budget and limiter have room for that. `call` names it for the ledger. `begin` is awaited before the
 * request is sent; what it throws comes through, and nothing was used. Throws the reason of an abort.
 */
export async function askOnce(
  frame: Frame,
  request: ModelRequest,
  call: string,
  asked: AskedFor,
  begin?: (model: Model) => Promise<void>,
): Promise<Asked> {
  const { models, spending, signal, clock, limiterOf } = frame;
  const limiter = limiterOf?.(models.current); // before there is room made: a function of others may throw
  const spent = roomFor(frame, request, call);
  if ("reason" in spent) return spent;
  const lease = limiter && (await leaseFor(frame, limiter, request, spent));
  const model = models.current;
  try {
    await begin?.(model);
  } catch (error) {
    spent.cancel();
    lease?.settle(0);
    throw error;
  }
  const started = clock.elapsed();
  let answer: ModelResponse;
  try {
    answer = told(model, await answerOf(frame, model, request, asked));
  } catch (thrown) {
    const error = asModelError(model, thrown);
    const atMost = spent.fail(error);
    if (isRefused(error)) lease?.settle(0);
    if (signal.aborted) throw signal.reason;
    return { ok: false, model, error, atMost };
  }
  const milliseconds = clock.elapsed() - started;
  const counted = spent.settle(answer.usage, answer.cost);
  lease?.settle(spending.tokensOf(request, answer.usage));
  return { ok: true, model, answer, counted, milliseconds };
}

/**
 * An answer with what can be true of what is told beside it: the rest is unknown, whoever made the driver. Throws
 * `MODEL_RESPONSE_INVALID` for what is no answer, and could not be read from the journal again.
 */
function told(model: Model, answer: ModelResponse): ModelResponse {
  const wrong = answerShape(answer);
  if (wrong !== undefined) throw notAnAnswer(model, wrong);
  const usage = countable(answer.usage);
  const cost = isAmount(answer.cost) ? answer.cost : undefined;
  const answeredBy = typeof answer.answeredBy === "string" ? answer.answeredBy : undefined;
  const isWhole = usage === answer.usage && cost === answer.cost && answeredBy === answer.answeredBy;
  return isWhole ? answer : { ...answer, usage, cost, answeredBy };
}

const notAnAnswer = (model: Model, { path, expected, received }: Misfit): WinkError =>
  new WinkError("MODEL_RESPONSE_INVALID", {
    at: `model ${shownName(model)}${path === "" ? "" : `, ${path}`}`,
    problem: "The driver gave what is no answer",
    expected,
    received: shownValue(received),
    fix: "Mend the driver: `ModelResponse` says what `generate` gives.",
    details: { model: shownName(model), field: path },
  });

function answerOf(frame: Frame, model: Model, request: ModelRequest, asked: AskedFor): Promise<ModelResponse> {
  const ask = (): Promise<ModelResponse> => generate(frame, model, request, asked.turn);
  return frame.spans === undefined ? ask() : frame.spans.ask({ model, request, ...asked }, ask);
}

/** Within `idleTimeoutMs`; without it nothing is watched, and costs nothing. */
async function generate(frame: Frame, model: Model, request: ModelRequest, turn: number): Promise<ModelResponse> {
  const { signal, idleTimeoutMs } = frame;
  if (idleTimeoutMs === undefined) return abortable(model.generate(request, { signal }), signal);
  using watch = watchProgress(frame, turn, idleTimeoutMs);
  return await abortable(model.generate(request, watch), watch.signal);
}

function asModelError(model: Model, thrown: unknown): WinkError {
  if (WinkError.is(thrown)) return thrown;
  return new WinkError("RUN_FAILED", {
    at: `model ${shownName(model)}`,
    problem: "The model driver threw",
    expected: "an answer, or an error of the library",
    received: messageFrom(thrown),
    cause: thrown,
  });
}

/** Whether a run must wrap up: decided from plain numbers alone. */
import type { Room } from "./ledger.ts";

/**
 * The stages of a wrap-up, in order; a run may skip some, and never goes back.
 * - `left-told`: the model is told what is left.
 * - `costly-gone`: costly tools are not offered any more, and calls of them are refused.
 * - `last-answer`: the final answer is asked for, and all calls are refused.
 */
export type WrapUpStage = "left-told" | "costly-gone" | "last-answer";

/** What limits a run: a limit of its budget, `maxTurns` or its deadline. */
export type RunLimit = Room["limit"] | "maxTurns" | "deadline";

/** How a limit stands between two turns, by its own measure: tokens, money, model calls, milliseconds. */
export interface LimitState extends Omit<Room, "limit"> {
  readonly limit: RunLimit;
  /** What must be left for the next model call: with less it is not made. */
  readonly call: number;
  /** What the turn that it begins will take, as far as one can tell from those before. */
  readonly turn: number;
}

/**
 * The share of a limit that is used when a stage begins, of what can be used at all. At three quarters, a model can still choose what to leave out.
 * A tenth is enough to end well with what is there, and too little for what costs much.
 */
const shares = { "left-told": 0.75, "costly-gone": 0.9 } as const;

const order: readonly (WrapUpStage | undefined)[] = [undefined, "left-told", "costly-gone", "last-answer"];

/** A stage that begins, and the limit that says so. */
export interface Decision {
  readonly stage: WrapUpStage;
  readonly by: LimitState;
}

/**
 * The stage that begins now, if a later one than `present` does: the limit that is furthest on decides, and among equals
 * the one of which most is used, of what can be used at all. None begins when there is no room for a call: the run is over then.
 */
export function nextStage(
  present: WrapUpStage | undefined,
  standings: readonly LimitState[],
  hasCostly: boolean,
): Decision | undefined {
  if (!hasRoom(standings)) return undefined;
  let next: Decision | undefined;
  for (const by of standings) {
    const stage = stageBy(by, hasCostly);
    const ahead = order.indexOf(stage) - order.indexOf(next?.stage ?? present);
    if (stage === undefined || ahead < 0) continue;
    if (ahead > 0 || (next !== undefined && usableShare(by) > usableShare(next.by))) next = { stage, by };
  }
  return next;
}

/** Whether there is room for a model call. */
export const hasRoom = (standings: readonly LimitState[]): boolean =>
  standings.every(({ left, call }) => left >= billionths(call));

/** Whether a stage comes before another; undefined stands for none. */
export const isEarlier = (a: WrapUpStage | undefined, b: WrapUpStage | undefined): boolean =>
  order.indexOf(a) < order.indexOf(b);

/** The share of a limit that is used: 1 for all of it. */
export const shareOf = ({ used, most }: LimitState): number => billionths(used / most);

/** The share of what can be used at all that is used: what the next call must find left is not among it. */
const usableShare = ({ used, most, call }: LimitState): number => billionths(used / Math.max(most - call, 1e-9));

/** After one more turn there would be no room for a call, so that the next one must bring the answer. */
const isLast = ({ left, call, turn }: LimitState): boolean => left < billionths(turn + call);

function stageBy(standing: LimitState, hasCostly: boolean): WrapUpStage | undefined {
  if (isLast(standing)) return "last-answer";
  const share = usableShare(standing);
  if (hasCostly && share >= shares["costly-gone"]) return "costly-gone";
  return share >= shares["left-told"] ? "left-told" : undefined;
}

/** To the billionth, as ledgers count: money has no exact sums. */
const billionths = (value: number): number => Math.round(value * 1e9) / 1e9;

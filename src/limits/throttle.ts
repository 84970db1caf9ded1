/** When a model that gave no answer is asked again: a policy as plain data, and what follows from it for one failure. */
import { checkOptions, namesOnly, type RandomSource, shownValue, WinkError } from "../base/index.ts";

/** How often a model is asked for one answer, and how long it is left alone between two attempts. */
export interface ThrottlePolicy {
  /** Attempts at one answer at most, the first included; 5 unless told. */
  readonly attempts: number;
  /** The shortest wait, in milliseconds; 500 unless told. */
  readonly baseMs: number;
  /** To which waits grow by doubling, in milliseconds; 8,000 unless told. Only a provider may ask for more. */
  readonly maxMs: number;
  /** All waits for one answer of one model together, in milliseconds; 30,000 unless told. */
  readonly totalMs: number;
}

const kinds = namesOnly("attempts", "baseMs", "maxMs", "totalMs");

/** Makes a whole policy of what is told of it. Throws `INPUT_INVALID`. */
export function throttlePolicy(told: Partial<ThrottlePolicy> = {}): ThrottlePolicy {
  checkOptions("throttle", told, kinds);
  const { attempts = 5, baseMs = 500, maxMs = 8_000, totalMs = 30_000 } = told;
  if (!Number.isSafeInteger(attempts) || attempts < 1)
    throw wrong("attempts", "a whole number from 1 on", attempts, "5");
  for (const [name, value] of Object.entries({ baseMs, maxMs, totalMs }))
    if (!Number.isFinite(value) || value <= 0) throw wrong(name, "milliseconds, more than 0", value, "10_000");
  if (maxMs < baseMs) throw wrong("maxMs", `${baseMs} at least, as \`baseMs\` says`, maxMs, `${2 * baseMs}`);
  return { attempts, baseMs, maxMs, totalMs };
}

function wrong(name: string, expected: string, received: unknown, example: string): WinkError {
  return new WinkError("INPUT_INVALID", {
    at: `throttle, ${name}`,
    problem: "This is no part of a policy",
    expected,
    received: shownValue(received),
    example: `throttle: { ${name}: ${example} }`,
  });
}

/** Whether an error may be gone when the model is asked again; a quota that is used up does not come back by waiting. */
export function isPassing(error: WinkError): boolean {
  const { code, retryable, details } = error;
  if (code === "MODEL_THROTTLED") return retryable && details.reason !== "quota";
  return retryable && (code === "MODEL_UNAVAILABLE" || code === "MODEL_RESPONSE_INVALID");
}

/** An attempt that gave no answer. */
interface FailedAttempt {
  /** Which one it was, from 1. */
  readonly attempt: number;
  /** How long the provider asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** Between what a wait lies, in milliseconds. */
interface DelayRange {
  readonly least: number;
  readonly most: number;
}

/**
 * Between what the wait behind a failed attempt lies. It has a width, so that those who failed at one moment do not come back at
 * one moment: from the shortest wait, or what the provider asks for, to the doubled one, or as much again; `maxMs` may leave none.
 */
export function delayRange(
  { baseMs, maxMs }: ThrottlePolicy,
  { attempt, retryAfterMs = 0 }: FailedAttempt,
): DelayRange {
  const least = Math.max(baseMs, retryAfterMs);
  const grown = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  const apart = retryAfterMs > baseMs ? least + Math.min(least, maxMs) : Math.min(2 * baseMs, maxMs);
  return { least, most: Math.max(grown, apart) };
}

const drawn = ({ least, most }: DelayRange, random: RandomSource): number => least + random() * (most - least);

/** How long a provider asks to be left alone, in milliseconds; undefined when it does not say so in a number. */
export function retryAfterOf({ details }: WinkError): number | undefined {
  const { retryAfterMs } = details;
  return typeof retryAfterMs === "number" && retryAfterMs >= 0 ? retryAfterMs : undefined;
}

/** Where the attempts at one answer stand. */
interface AttemptsSoFar {
  /** What the last one has failed with. */
  readonly error: WinkError;
  /** Which one it was, from 1. */
  readonly attempt: number;
  /** The waits behind earlier attempts together, in milliseconds. */
  readonly waitedMs: number;
  /** Until the deadline, in milliseconds; undefined without one. */
  readonly leftMs?: number | undefined;
}

/** The wait until the next attempt; or why there is none. */
export type NextAttempt =
  | { readonly again: true; readonly waitMs: number }
  | { readonly again: false; readonly ended: "error" | "attempts" | "total-wait" | "deadline" };

/**
 * Decides whether there is one more attempt; never behind an error that does not pass, and never without a policy. None whose wait
 * must go over `totalMs` or reach the deadline. Whether it must is no matter of chance: what is drawn keeps to what is left.
 */
export function nextAttempt(
  policy: ThrottlePolicy | undefined,
  { error, attempt, waitedMs, leftMs = Number.POSITIVE_INFINITY }: AttemptsSoFar,
  random: RandomSource,
): NextAttempt {
  if (!isPassing(error)) return { again: false, ended: "error" };
  if (policy === undefined || attempt >= policy.attempts) return { again: false, ended: "attempts" };
  const { least, most } = delayRange(policy, { attempt, retryAfterMs: retryAfterOf(error) });
  const room = policy.totalMs - waitedMs;
  if (least > room) return { again: false, ended: "total-wait" };
  if (least >= leftMs) return { again: false, ended: "deadline" };
  const waitMs = Math.floor(drawn({ least, most: Math.min(most, room, leftMs) }, random));
  return { again: true, waitMs: Math.max(least, waitMs) };
}

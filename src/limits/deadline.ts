/** A moment by which work must be done. At one place, `deadlineSignal`, it becomes a signal that every wait takes. */
import { type Clock, systemClock, WinkError } from "../base/index.ts";

/** A moment in time, in milliseconds since 1970. */
export interface Deadline {
  readonly at: number;
}

/** Makes a deadline `milliseconds` from now; throws `DEADLINE_INVALID` unless it lies in the future. */
export function deadlineAfter(milliseconds: number, clock: Clock = systemClock): Deadline {
  if (!Number.isFinite(milliseconds) || milliseconds <= 0) {
    throw new WinkError("DEADLINE_INVALID", {
      at: "deadline",
      problem: "It must lie in the future",
      expected: "a positive number of milliseconds",
      received: String(milliseconds),
    });
  }
  return { at: clock.now() + milliseconds };
}

/** Milliseconds left until a deadline; negative once it has passed. */
export function remaining(deadline: Deadline, clock: Clock): number {
  return deadline.at - clock.now();
}

/**
 * A signal that aborts with `DEADLINE_EXCEEDED` when the deadline comes; dispose it when the work is done. Throws
 * `DEADLINE_INVALID` when the deadline is no time.
 */
export function deadlineSignal(deadline: Deadline, clock: Clock): { readonly signal: AbortSignal } & Disposable {
  if (!Number.isFinite(deadline.at)) {
    throw new WinkError("DEADLINE_INVALID", {
      at: "deadline",
      problem: "It is no time",
      expected: "milliseconds since 1970",
      received: String(deadline.at),
    });
  }
  const controller = new AbortController();
  let cancel = (): void => undefined;
  const wait = (): void => {
    const left = remaining(deadline, clock);
    // a timer may come early: it holds no more than 24 days, and wall clocks are set back
    if (left > 0) cancel = clock.schedule(left, wait);
    else
      controller.abort(
        new WinkError("DEADLINE_EXCEEDED", {
          at: `deadline ${textOf(deadline)}`,
          problem: "It has passed",
          expected: "an end before it",
          received: "work that goes on",
          details: { at: deadline.at },
        }),
      );
  };
  wait();
  return { signal: controller.signal, [Symbol.dispose]: () => cancel() };
}

/** The furthest time that a `Date` can hold, in milliseconds from 1970. */
const furthest = 8.64e15;

const textOf = ({ at }: Deadline): string => (Math.abs(at) <= furthest ? new Date(at).toISOString() : String(at));

import { type Clock, pause, WinkError } from "../base/index.ts";

/** A clock that stands still until it is told to go on: waiting takes no time, and nothing waits by accident. */
export interface FakeClock extends Clock {
  /**
   * Goes on by some milliseconds and runs the timers that come due, in order of their time, each at its time; timers that
   * they set run too if they come due. Throws `INPUT_INVALID` for less than 0. What a timer throws comes out here.
   */
  advance(milliseconds: number): void;
  /**
   * The same, but lets what awaits a timer go on before the next one runs: promises settle, and timers that they set
   * run too if they come due. Work that waits for files or sockets is not waited for.
   */
  advanceAsync(milliseconds: number): Promise<void>;
  /** How many timers wait. */
  pending(): number;
}

/** Makes a clock for tests that begins at `start`, in milliseconds since 1970. */
export function createFakeClock(start = 0): FakeClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly then: () => void }>();
  const endAfter = (milliseconds: number): number => {
    if (milliseconds >= 0) return now + milliseconds;
    throw new WinkError("INPUT_INVALID", {
      at: "milliseconds",
      problem: "A clock goes forward only",
      expected: "0 or more milliseconds",
      received: String(milliseconds),
    });
  };
  /** Runs the next timer that comes due by `end`; false when there is none. */
  const runNext = (end: number): boolean => {
    const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (due === undefined) return false;
    timers.delete(due);
    now = Math.max(now, due.at); // a timer may have gone on further itself
    due.then();
    return true;
  };
  return {
    now: () => now,
    elapsed: () => now - start,
    schedule(delay, then) {
      const timer = { at: now + (delay > 0 ? delay : 0), then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(milliseconds) {
      const end = endAfter(milliseconds);
      while (runNext(end));
      now = Math.max(now, end);
    },
    async advanceAsync(milliseconds) {
      const end = endAfter(milliseconds);
      do await pause();
      while (runNext(end));
      now = Math.max(now, end);
    },
    pending: () => timers.size,
  };
}

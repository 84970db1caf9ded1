import { type Clock, WinkError } from "../base/index.ts";

/** A clock that stands still until it is told to go on: waiting takes no time, and nothing waits by accident. */
export interface FakeClock extends Clock {
  /**
   * Goes on by some milliseconds and runs the timers that come due, in order of their time, each at its time; timers that
   * they set run too if they come due. Throws `INPUT_INVALID` for less than 0. What a timer throws comes out here.
   */
  advance(milliseconds: number): void;
  /** How many timers wait. */
  pending(): number;
}

/** Makes a clock for tests that begins at `start`, in milliseconds since 1970. */
export function createFakeClock(start = 0): FakeClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly then: () => void }>();
  return {
    now: () => now,
    elapsed: () => now - start,
    schedule(delay, then) {
      const timer = { at: now + (delay > 0 ? delay : 0), then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(milliseconds) {
      if (!(milliseconds >= 0))
        throw new WinkError("INPUT_INVALID", {
          problem: "A clock goes forward only",
          expected: "0 or more milliseconds",
          received: String(milliseconds),
        });
      const end = now + milliseconds;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due);
        now = Math.max(now, due.at); // a timer may have gone on further itself
        due.then();
      }
      now = Math.max(now, end);
    },
    pending: () => timers.size,
  };
}

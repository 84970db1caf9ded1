import { type Clock, WinkError } from "../base/index.ts";

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Goes on by some milliseconds and runs the timers that come due, in order of their time. */
  advance(milliseconds: number): void;
  /** How many timers wait. */
  pending(): number;
}

/** Makes a clock for tests. */
export function createFakeClock(start = 0): FakeClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly then: () => void }>();
  return {
    now: () => now,
    elapsed: () => now - start,
    schedule(delay, then) {
      const timer = { at: now + Math.max(0, delay), then };
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
        now = due.at;
        due.then();
      }
      now = end;
    },
    pending: () => timers.size,
  };
}

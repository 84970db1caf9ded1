/** Time as an argument: nothing in the library reads the system's time but `systemClock`. */

import { requires } from "./contracts.ts";

/** Tells the time and waits. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970 (UTC). */
  now(): number;
  /** Milliseconds that only ever grow; for durations. */
  elapsed(): number;
  /** Calls `then` once after `delay` milliseconds; the returned function takes that back. */
  schedule(delay: number, then: () => void): () => void;
}

/** The longest delay that the system's timers can hold (2^31 - 1 ms, about 24 days). */
const longestTimer = 2_147_483_647;

/** The clock of the machine. A timer that waits keeps the process alive until it is taken back. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delay, then) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (left: number): void => {
      const now = Math.min(Math.max(0, left), longestTimer);
      timer = setTimeout(() => (left > now ? wait(left - now) : then()), now);
    };
    wait(delay);
    return () => clearTimeout(timer);
  },
};

/** Waits `delay` milliseconds on a clock; an abort ends the wait at once with the signal's reason. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    requires(() => !Number.isNaN(delay), "The delay is no number, so the wait would end at once", { delay });
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(delay, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

import { type Clock, pause } from "../base/index.ts";

/** How long a run may go on without a pause, in milliseconds. */
const longestStretch = 10;

/**
 * Makes the pauses of a run. A model and tools that answer at once never let the process look at timers and signals, so
 * that no deadline, no abort and no Ctrl-C could end the run.
 */
export function createBreathing(clock: Clock): () => Promise<void> {
  let last = clock.elapsed();
  return async () => {
    if (clock.elapsed() - last < longestStretch) return;
    await pause();
    last = clock.elapsed();
  };
}

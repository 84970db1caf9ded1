/** Watches one answer while it comes: tells how far it is, and gives the model up that shows nothing for too long. */
import { WinkError } from "../base/index.ts";
import type { GenerateOptions } from "../model/index.ts";
import type { Frame } from "./frame.ts";
import { shownName } from "./model-line.ts";

/** How often a run tells of progress at most, in milliseconds. */
const tellEveryMs = 1_000;

/** What a model is asked with while its answer is watched. Disposed when the answer is there. */
export interface Watch extends GenerateOptions, Disposable {}

/** Begins to watch the answer of a turn, of which something must come every `idleMs` milliseconds. */
export function watchProgress(frame: Frame, turn: number, idleMs: number): Watch {
  const { clock, feed, signal } = frame;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort);
  let came = clock.elapsed();
  let told = came;
  let isOver = false;
  let cancel: () => void;
  // a timer for each piece would cost more than the piece: one looks how long it has been, and comes again
  const look = (): void => {
    const left = came + idleMs - clock.elapsed();
    if (left > 0) cancel = clock.schedule(left, look);
    else controller.abort(idle(frame, idleMs));
  };
  cancel = clock.schedule(idleMs, look);
  return {
    signal: controller.signal,
    onProgress({ characters }) {
      if (isOver || controller.signal.aborted) return; // a driver that does not listen may go on with what nobody waits for
      came = clock.elapsed();
      if (came - told < tellEveryMs) return;
      told = came;
      feed.add({ type: "model/progress", at: clock.now(), turn, characters });
    },
    [Symbol.dispose]() {
      isOver = true;
      cancel();
      signal.removeEventListener("abort", onAbort);
    },
  };
}

function idle({ models }: Frame, idleMs: number): WinkError {
  return new WinkError("MODEL_UNAVAILABLE", {
    at: `model ${shownName(models.current)}`,
    problem: "The model does not go on",
    expected: "a piece of the answer",
    received: `nothing for ${idleMs} ms`,
    fix: "Try again, or raise `idleTimeoutMs` for a model that thinks for long without a word.",
    details: { idleMs },
  });
}

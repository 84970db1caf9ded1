import type { RunFinished } from "../../journal/index.ts";
import type { Recorded } from "./recorded.ts";

/** Thrown where a journal ends before its run came to an end by itself: whoever only goes through it ends there as well. */
export class RecordEnds extends Error {
  override readonly name = "RecordEnds";
  /** How the run ended; undefined when it was cut off. */
  readonly finished: Recorded<RunFinished> | undefined;

  constructor(finished: Recorded<RunFinished> | undefined) {
    super("The journal ends here");
    this.finished = finished;
  }
}

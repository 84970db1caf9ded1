import { type Clock, toJson } from "../base/index.ts";
import { entryVersion, type JournalStep } from "./entry.ts";
import type { JournalWriter } from "./journal.ts";
import { closed } from "./run-id.ts";

/** What a queued writer takes. */
export interface QueuedWriterOptions {
  readonly epoch: number;
  /** How many entries the run has. */
  readonly length: number;
  /** The place, for errors. */
  readonly at: string;
  readonly clock: Clock;
  /** Writes the text of an entry, or throws and has written nothing that is read; called one at a time. */
  write(seq: number, text: string): Promise<void>;
}

/**
 * A writer over storage that answers later. Appends that are not waited for keep their order: each is written when the one
 * before it has ended. Its text is made at once, so that it does not matter what becomes of the step.
 */
export function queuedWriter({ epoch, length, at, clock, write }: QueuedWriterOptions): JournalWriter {
  let seq = length;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    epoch,
    length,
    async append(step: JournalStep) {
      if (isClosed) throw closed(at);
      const now = clock.now();
      const body = toJson(step, `journal entry ${step.type}`).slice(1);
      const work = last.then(async () => {
        await write(seq, `{"v":${entryVersion},"seq":${seq},"epoch":${epoch},"at":${now},${body}`);
        return seq++;
      });
      last = work.catch(() => undefined); // whoever appended is told
      return work;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await last;
    },
  };
}

import { redactDeep } from "../base/index.ts";
import type { RunEvent } from "./run-event.ts";

/** The steps of one run, kept while the run is; every reader gets all of them from the first, redacted. */
export class EventFeed {
  readonly #events: RunEvent[] = [];
  /** The same, redacted; each once, when it is first read. */
  readonly #clean: RunEvent[] = [];
  #waiting: (() => void)[] = [];
  #ended = false;

  /** Adds a step and wakes the readers. */
  add(event: RunEvent): void {
    this.#events.push(event);
    this.#wake();
  }

  /** Ends the feed: readers stop after the last step. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Reads all steps, waiting for those to come. */
  async *read(): AsyncGenerator<RunEvent, void, undefined> {
    for (let index = 0; ; index++) {
      while (index >= this.#events.length) {
        if (this.#ended) return;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      this.#clean[index] ??= redactDeep(this.#events[index]) as RunEvent; // as: redaction changes texts only
      yield structuredClone(this.#clean[index]) as RunEvent; // as: set on the line above; a copy, so that no reader changes another's
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

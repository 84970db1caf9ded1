/** Who hears of the events of a session after they are applied. A handler that fails disturbs nobody. */
import { deepFreeze, type Logger, problemFrom, WinkError } from "../base/index.ts";
import type { Event } from "./event.ts";
import type { DispatchOptions } from "./session.ts";

/** So many groups of events may follow from one: more are two handlers that answer each other for ever. */
const mostQueued = 10_000;

interface Subscription {
  readonly type: string | undefined;
  readonly handler: (event: Event<string, any>) => unknown; // any: a handler takes the payload of its own type
}

/** Events that are applied later, and how. */
interface PutOff {
  readonly events: readonly Event[];
  readonly options: DispatchOptions;
}

/** The subscribers of one session. */
export class Subscribers {
  readonly #all = new Set<Subscription>();
  readonly #session: string;
  readonly #logger: Logger;
  /** What handlers have dispatched and is not applied yet; there while handlers run. */
  #queue: PutOff[] | undefined;

  constructor(session: string, logger: Logger) {
    this.#session = session;
    this.#logger = logger;
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** Adds a handler of one type of event, or of all; the function given back takes it away. */
  add(type: string | undefined, handler: Subscription["handler"]): () => void {
    const subscription = { type, handler };
    this.#all.add(subscription);
    return () => void this.#all.delete(subscription);
  }

  /**
   * While handlers run, puts events off until all have heard of the present ones; else does nothing and gives false. Throws
   * `DISPATCH_ENDLESS` when that goes on and on.
   */
  putOff(events: readonly Event[], options: DispatchOptions): boolean {
    if (this.#queue === undefined) return false;
    if (this.#queue.length >= mostQueued) {
      throw new WinkError("DISPATCH_ENDLESS", {
        at: `session "${this.#session}"`,
        problem: "Subscribers dispatch without an end",
        expected: `at most ${mostQueued} dispatches in answer to one event`,
        received: "one more",
        details: { session: this.#session, types: [...new Set(events.map(({ type }) => type))] },
      });
    }
    this.#queue.push({ events, options });
    return true;
  }

  /** Tells of applied events, in order, and then applies and tells what handlers have dispatched meanwhile. */
  tell(applied: readonly Event[], apply: (events: readonly Event[], options: DispatchOptions) => void): void {
    const queue: PutOff[] = [];
    this.#queue = queue;
    try {
      this.#tellAll(applied);
      // it grows while it is gone through
      for (const { events, options } of queue) {
        try {
          apply(events, options);
        } catch (error) {
          this.#failed("session_dispatch_failed", events[0]?.type, error);
          continue;
        }
        this.#tellAll(events);
      }
    } finally {
      this.#queue = undefined;
    }
  }

  #tellAll(events: readonly Event[]): void {
    for (const event of events) {
      for (const subscription of [...this.#all]) {
        const { type, handler } = subscription;
        // a handler that was called before may have taken this one away
        if ((type === undefined || type === event.type) && this.#all.has(subscription)) this.#call(handler, event);
      }
    }
  }

  #call(handler: Subscription["handler"], event: Event): void {
    const failed = (error: unknown): void => this.#failed("event_delivery_failed", event.type, error);
    try {
      const end = handler(deepFreeze(event));
      if (end instanceof Promise) end.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #failed(what: string, type: string | undefined, error: unknown): void {
    try {
      this.#logger.log("error", what, { session: this.#session, type: type ?? null, problem: problemFrom(error) });
    } catch {
      // a log that cannot be written must not seem to be a failed dispatch
    }
  }
}

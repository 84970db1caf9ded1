import type { Message } from "../index.ts";

/** What was made of a list of messages so far: a run sends the same list again, with more at its end. */
interface Mapped<T> {
  readonly list: T[];
  count: number;
  last: Message | undefined;
}

/**
 * Maps messages each once: later turns send the same ones again. `add` puts what a message becomes at the end of a list, or
 * throws before it touches the list. Each request gets a list of its own, for a client may keep what it sent.
 */
export function mappedOnce<T>(add: (list: T[], message: Message) => void): (messages: readonly Message[]) => T[] {
  const mapped = new WeakMap<readonly Message[], Mapped<T>>();
  return (messages) => {
    let known = mapped.get(messages);
    if (known === undefined || known.last !== messages[known.count - 1]) {
      known = { list: [], count: 0, last: undefined };
      mapped.set(messages, known);
    }
    for (const message of messages.slice(known.count)) {
      add(known.list, message);
      known.count++; // at once: what throws at a later message must not leave this one to be mapped again
      known.last = message;
    }
    return known.list.slice();
  };
}

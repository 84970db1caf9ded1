import type { Message } from "../index.ts";

/** What was made of a list of messages so far. */
interface Mapped<Out> {
  readonly system: string;
  readonly list: Out[];
  count: number;
  last: Message | undefined;
}

/**
 * Maps the system text and the messages of requests. A run sends the same list again with more at its end, so each message is
 * mapped once. The list that is given is the request's own: a client may keep what it sent.
 */
export function growingList<Out>(
  head: (system: string) => readonly Out[],
  each: (message: Message) => readonly Out[],
): (system: string, messages: readonly Message[]) => Out[] {
  const mapped = new WeakMap<readonly Message[], Mapped<Out>>();
  return (system, messages) => {
    let known = mapped.get(messages);
    if (known === undefined || known.system !== system || known.last !== messages[known.count - 1]) {
      known = { system, list: [...head(system)], count: 0, last: undefined };
      mapped.set(messages, known);
    }
    for (const message of messages.slice(known.count)) known.list.push(...each(message));
    known.count = messages.length;
    known.last = messages.at(-1);
    return known.list.slice();
  };
}

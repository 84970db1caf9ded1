import type { Session } from "./session.ts";

/** Goes through a session and all below it, children before their parents, in the order they were made. */
export function* bottomUp(root: Session): Iterable<Session> {
  // not by calling itself: how deep a family goes is up to whoever makes the sessions
  const open = [{ session: root, children: root.children()[Symbol.iterator]() }];
  for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
    const next = last.children.next();
    if (next.done) {
      open.pop();
      yield last.session;
    } else open.push({ session: next.value, children: next.value.children()[Symbol.iterator]() });
  }
}

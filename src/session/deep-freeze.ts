/**
 * Freezes lists and plain objects all the way down, in place, and gives the value. What a session holds is frozen when it is
 * given out: else a tool could leave a trace by changing what it reads. Stops at what is frozen: payloads of events are, so
 * that items made from them cost nothing.
 */
export function deepFreeze<T>(value: T): T {
  if (Object.isFrozen(value)) return value; // as all that is no object
  if (!Array.isArray(value) && !isPlainObject(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value as object)) deepFreeze(inner); // as: it was just found to be one
  return value;
}

/** Whether an object inherits from nothing or from an `Object.prototype`, perhaps that of another realm. */
function isPlainObject(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

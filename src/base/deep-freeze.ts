import { isPlainObject } from "./plain-data.ts";

/** What is nested deeper is left as it is: freezing it would overflow the stack. */
const deepest = 1_000;

/**
 * Freezes lists and plain objects all the way down, in place, and gives the value. Stops at what is frozen, so that what was
 * frozen before costs nothing.
 */
export function deepFreeze<T>(value: T, depth = 0): T {
  if (Object.isFrozen(value) || depth > deepest) return value; // as all that is no object
  if (!Array.isArray(value) && !isPlainObject(value as object)) return value; // as: it would be frozen if it were none
  Object.freeze(value);
  for (const inner of Object.values(value as object)) deepFreeze(inner, depth + 1); // as: likewise
  return value;
}

import { isPlainObject } from "../base/index.ts";

/**
 * A copy of plain data that its giver cannot change any more. Lists and plain objects are copied all the way down; what is
 * neither (a date, a function, an instance of a class) stays the same one, since a copy of it might not do what it does.
 */
export function ownCopy(value: unknown, depth = 0, copies: Map<object, unknown> = new Map<object, unknown>()): unknown {
  if (typeof value !== "object" || value === null || depth > deepest) return value;
  const known = copies.get(value);
  if (known !== undefined) return known; // also what leads back to itself
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(ownCopy(item, depth + 1, copies));
    return list;
  }
  if (!isPlainObject(value)) return value;
  const copy = {};
  copies.set(value, copy);
  for (const [key, member] of Object.entries(value)) putOwn(copy, key, ownCopy(member, depth + 1, copies));
  return copy;
}

/** What is nested deeper could not be read back as JSON (`parseJson`), and would overflow the stack here. */
const deepest = 200;

/** Sets a property of any name: an assignment to `__proto__` would set none. */
function putOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

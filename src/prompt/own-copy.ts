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
  if (!isPlain(value)) return value;
  const copy = {};
  copies.set(value, copy);
  for (const [key, member] of Object.entries(value)) putOwn(copy, key, ownCopy(member, depth + 1, copies));
  return copy;
}

/** What is nested deeper could not be read back as JSON (`parseJson`), and would overflow the stack here. */
const deepest = 200;

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** Sets a property of any name: an assignment to `__proto__` would set none. */
function putOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Freezes lists and plain objects all the way down, so that functions that are given them cannot change them. */
export function frozen<Value extends object>(value: Value, depth = 0): Value {
  if (Object.isFrozen(value) || depth > deepest || !(Array.isArray(value) || isPlain(value))) return value;
  Object.freeze(value);
  for (const member of Object.values(value))
    if (typeof member === "object" && member !== null) frozen(member, depth + 1);
  return value;
}

/** Plain data: what JSON gives back exactly as it was. */
import { pathText } from "./field-problem.ts";

/** Deeper data is refused: nobody needs it, and what refers to itself is found in this way. */
const deepest = 1_000;

/** What JSON cannot hold. The message says what it is, `path` where. */
export class NotPlain extends Error {
  readonly path: string;

  constructor(path: readonly (string | number)[], what: string) {
    super(`${what}, which JSON cannot hold`);
    this.path = pathText(path);
  }
}

/**
 * A deep-frozen copy of a value exactly as JSON would give it back: fields that are `undefined` are dropped, -0 becomes 0.
 * Throws {@link NotPlain} for what JSON would change or lose. A copy, because what it is made from may be its maker's.
 */
export function plainCopy<T>(value: T): T {
  return copyOf(value, []) as T; // as: a copy has the type of what it was made from
}

function copyOf(value: unknown, path: (string | number)[]): unknown {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new NotPlain(path, `is ${value}`);
    return value === 0 ? 0 : value;
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "object") {
    if (value === undefined && path.length === 0) return value;
    throw new NotPlain(path, value === undefined ? "is undefined" : `is a ${typeof value}`);
  }
  if (path.length >= deepest)
    throw new NotPlain(path.slice(0, 8), `goes on deeper than ${deepest} levels, perhaps because it holds itself`);
  if (Array.isArray(value)) {
    // Array.from, because map passes over the gaps of a list
    return Object.freeze(Array.from(value, (item, index) => copyAt(item, index, path)));
  }
  if (!isPlainObject(value)) throw new NotPlain(path, `is ${kindOf(value)}`);
  return Object.freeze(copyFields(value, path));
}

function copyFields(value: object, path: (string | number)[]): object {
  const copy: Record<string, unknown> = {};
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotPlain(path, "has a key that is a symbol");
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const inner = copyAt(field, key, path);
    // an assignment to this key would change what the copy inherits from
    if (key === "__proto__")
      Object.defineProperty(copy, key, { value: inner, enumerable: true, configurable: true, writable: true });
    else copy[key] = inner;
  }
  return copy;
}

function copyAt(value: unknown, key: string | number, path: (string | number)[]): unknown {
  path.push(key);
  const copy = copyOf(value, path);
  path.pop();
  return copy;
}

/** Whether an object inherits from nothing or from an `Object.prototype`, perhaps that of another realm. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: object): string {
  const maker: unknown = value.constructor;
  return typeof maker === "function" && maker.name !== "" ? `a ${maker.name}` : "an object of a class";
}

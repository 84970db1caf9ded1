import type { Gate } from "./token.ts";

/**
 * The guard of resources whose token brings none: the value itself, except that every use of it, or of a method taken from
 * it, throws `CONTEXT_CLOSED` once the call has settled. Methods run on the real value, so private fields work. What a
 * method gives back is not guarded, except the value itself.
 */
export function guarded(value: unknown, gate: Gate): unknown {
  return isObject(value) ? proxyOf(value, gate) : value;
}

function proxyOf(value: object, gate: Gate): object {
  const proxy: object = new Proxy(value, {
    ...checking(gate),
    get(target, key) {
      gate.check();
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === "function" && !isFixed(target, key) ? method(member) : member;
    },
    set(target, key, next) {
      gate.check();
      return Reflect.set(target, key, next, target);
    },
  });
  const own = (result: unknown): unknown => (result === value ? proxy : result);
  /** A method that can still be read from and made with `new`, like the function that it stands for. */
  const method = (member: object): object =>
    new Proxy(member, {
      apply(target, self, args) {
        gate.check();
        return own(
          Reflect.apply(
            target as (...given: unknown[]) => unknown, // as: only functions come here
            self === proxy || self === undefined ? value : self,
            args,
          ),
        );
      },
      construct(target, args, made) {
        gate.check();
        return Reflect.construct(target as new (...given: unknown[]) => object, args, made); // as: the trap is reached for constructors only
      },
    });
  return proxy;
}

/** The traps that only ask whether the call has settled. */
function checking(gate: Gate): ProxyHandler<object> {
  const checked = <Args extends unknown[], Result>(act: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      gate.check();
      return act(...args);
    };
  };
  return {
    has: checked(Reflect.has),
    ownKeys: checked(Reflect.ownKeys),
    getOwnPropertyDescriptor: checked(Reflect.getOwnPropertyDescriptor),
    defineProperty: checked(Reflect.defineProperty),
    deleteProperty: checked(Reflect.deleteProperty),
    // as: the trap is reached for functions only
    apply: checked((target, self, args) => Reflect.apply(target as (...given: unknown[]) => unknown, self, args)),
    construct: checked((target, args, made) =>
      // as: likewise, for constructors
      Reflect.construct(target as new (...given: unknown[]) => object, args, made),
    ),
  };
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** A property that may not change must be given out as it is: the language demands it of proxies. */
function isFixed(target: object, key: PropertyKey): boolean {
  const property = Reflect.getOwnPropertyDescriptor(target, key);
  return property !== undefined && property.configurable === false && property.writable === false;
}

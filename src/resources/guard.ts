import type { Gate } from "./token.ts";

/**
 * The guard of resources whose token brings none: the value itself, except that every use of it, of an object that it holds
 * or of a method taken from either throws `CONTEXT_CLOSED` once the call has settled. Methods run on the real value, so
 * private fields work. What a method gives back is not guarded, except what is guarded already.
 */
export function guarded(value: unknown, gate: Gate): unknown {
  return isObject(value) ? proxyOf(value, gate) : value;
}

/** What has been guarded for a gate, so that the same member is the same object each time. */
const proxiesOf = new WeakMap<Gate, WeakMap<object, object>>();
/** The real values, for what is handed back to them. */
const realOf = new WeakMap<object, object>();

const unwrapped = (given: unknown): unknown => (isObject(given) ? (realOf.get(given) ?? given) : given);

function proxyOf(value: object, gate: Gate): object {
  const known = proxiesOf.get(gate) ?? new WeakMap<object, object>();
  proxiesOf.set(gate, known);
  const made = known.get(value) ?? newProxy(value, gate, known);
  known.set(value, made);
  return made;
}

function newProxy(value: object, gate: Gate, known: WeakMap<object, object>): object {
  const proxy: object = new Proxy(value, {
    ...checking(gate),
    get(target, key) {
      gate.check();
      const member: unknown = Reflect.get(target, key, target);
      if (!isObject(member) || isFixed(target, key)) return member;
      if (typeof member === "function") return method(member);
      return isPlatforms(member) ? member : proxyOf(member, gate);
    },
    set(target, key, next) {
      gate.check();
      return Reflect.set(target, key, unwrapped(next), target);
    },
  });
  /** A method that can still be read from and made with `new`, like the function that it stands for. */
  const method = (member: object): object =>
    new Proxy(member, {
      apply(target, self, args: unknown[]) {
        gate.check();
        const result: unknown = Reflect.apply(
          target as (...given: unknown[]) => unknown, // as: only functions come here
          self === undefined ? value : unwrapped(self),
          args.map(unwrapped),
        );
        return isObject(result) ? (known.get(result) ?? result) : result;
      },
      construct(target, args: unknown[], maker) {
        gate.check();
        return Reflect.construct(target as new (...given: unknown[]) => object, args.map(unwrapped), maker); // as: the trap is reached for constructors only
      },
    });
  realOf.set(proxy, value);
  return proxy;
}

/**
 * What others know only as itself (a signal, bytes, a stream to be piped), and what does no harm after the call. Named here
 * and not in a constant because Node loads some of these classes when they are first named.
 */
function isPlatforms(member: object): boolean {
  const known = [Promise, Date, RegExp, Error, ArrayBuffer, AbortSignal, URL, Blob, ReadableStream, WritableStream];
  return ArrayBuffer.isView(member) || known.some((each) => member instanceof each);
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

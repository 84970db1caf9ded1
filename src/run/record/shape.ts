/** What data must look like, as small checks that are put together. The first thing that is wrong is told, with its place. */
import {
  aFlag,
  anObject,
  from0,
  from1,
  isJsonObject,
  kind,
  type OptionKind,
  oneOf as oneOfThese,
} from "../../base/index.ts";
import { isAmount } from "../../limits/index.ts";

/** What is wrong, and where, below the value that was checked. */
export interface Misfit {
  /** `tools[0].name`; empty for the whole value. */
  readonly path: string;
  readonly expected: string;
  readonly received: unknown;
}

/** Tells what is wrong with a value; undefined for nothing. */
export type Shape = (value: unknown) => Misfit | undefined;

/** A value of a kind. */
const of =
  ({ expected, fits }: OptionKind): Shape =>
  (received) =>
    fits(received) ? undefined : { path: "", expected, received };

export const anything: Shape = () => undefined;
export const text: Shape = of(kind("a text", (value) => typeof value === "string"));
export const flag: Shape = of(aFlag);
export const whole: Shape = of(from0);
export const count: Shape = of(from1);
export const amount: Shape = of(kind("a number, from 0 on", isAmount));
export const moment: Shape = of(kind("milliseconds since 1970", Number.isFinite));
export const object: Shape = of(anObject);

/** One of some texts. */
export const oneOf = (...words: readonly string[]): Shape => of(oneOfThese(...words));

/** The same, or null. */
export const orNull =
  (shape: Shape): Shape =>
  (value) => {
    const wrong = value === null ? undefined : shape(value);
    return wrong?.path === "" ? { ...wrong, expected: `${wrong.expected}, or null` } : wrong;
  };

/** A list whose items are alike. */
export const list =
  (item: Shape): Shape =>
  (value) => {
    if (!Array.isArray(value)) return { path: "", expected: "a list", received: value };
    for (const [index, inner] of value.entries()) {
      const wrong = item(inner);
      if (wrong !== undefined) return below(`[${index}]`, wrong);
    }
    return undefined;
  };

/** An object whose values are alike. */
export const values =
  (inner: Shape): Shape =>
  (value) => {
    if (!isJsonObject(value)) return object(value);
    for (const [name, one] of Object.entries(value)) {
      const wrong = inner(one);
      if (wrong !== undefined) return below(name, wrong);
    }
    return undefined;
  };

/** An object with these fields, and perhaps others. Those whose names end with `?` may be missing. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  const known = Object.entries(shapes).map(
    ([name, shape]) => [name.replace("?", ""), shape, name.endsWith("?")] as const,
  );
  return (value) => {
    if (!isJsonObject(value)) return object(value);
    for (const [name, shape, mayMiss] of known) {
      const one = value[name];
      if (one === undefined && mayMiss) continue;
      const wrong = shape(one);
      if (wrong !== undefined) return below(name, wrong);
    }
    return undefined;
  };
}

/** An object of one of several kinds, which one of its fields names. */
export function byField(name: string, kinds: Readonly<Record<string, Shape>>): Shape {
  const known = new Map(Object.entries(kinds));
  const named = fields({ [name]: oneOf(...known.keys()) });
  return (value) => {
    const shape = isJsonObject(value) ? known.get(String(value[name])) : undefined;
    return named(value) ?? shape?.(value);
  };
}

function below(name: string, wrong: Misfit): Misfit {
  const between = wrong.path === "" || wrong.path.startsWith("[") ? "" : ".";
  return { ...wrong, path: `${name}${between}${wrong.path}` };
}

/** What is kept must come back from JSON as it was: checked by the compiler where a schema is given. */
// any: a function of any parameters is refused
import type { Problem, Schema } from "../base/index.ts";

/**
 * A schema whose values JSON can hold, and otherwise a sentence that names the field. Who takes a schema of open type
 * and hands it on asks for this type as well: `function kept<Item>(item: JsonOnly<any, Item>)`.
 */
export type JsonOnly<In, Out> = [Out] extends [Json<Out>] ? Schema<In, Out> : Problem<ProblemOf<Out>>;

/**
 * The type itself with `never` where JSON fails. Compared as a whole and not searched field by field, because types that
 * refer to themselves (trees, JSON itself) would be searched for ever; lists are written as indexes for the same reason.
 */
type Json<T> = unknown extends T
  ? unknown
  : T extends Plain
    ? T
    : T extends NotJson
      ? never
      : T extends ReadonlyArray<infer Item>
        ? { readonly [index: number]: Json<Item> }
        : { readonly [Key in keyof T]: Json<T[Key]> };

type Plain = string | number | boolean | null | undefined;
type NotJson =
  | bigint
  | symbol
  | RegExp
  | Error
  | ReadonlyMap<any, any>
  | ReadonlySet<any>
  | ArrayBufferView
  | ((...args: any[]) => unknown)
  | { readonly toJSON: (...args: any[]) => unknown }; // dates and others that become something else

/** One sentence for each field that JSON cannot hold; runs only when there is one. */
type ProblemOf<T> = [Found<T>] extends [never]
  ? "JSON cannot hold all of this: keep only text, numbers, booleans, null, lists and plain objects"
  : `${Found<T>}, which JSON cannot hold: keep text, a number or a plain object`;

/** Where the search ends: what lies deeper is told without its place. */
type Deepest = 6;

type Found<T, Path extends string = "", Depth extends 1[] = []> = Depth["length"] extends Deepest
  ? never
  : unknown extends T
    ? never
    : T extends Plain
      ? never
      : T extends NotJson
        ? `${Path extends "" ? "this" : `\`${Path}\``} is ${KindOf<T>}`
        : T extends ReadonlyArray<infer Item>
          ? Found<Item, `${Path}[]`, [...Depth, 1]>
          : {
              [Key in keyof T & string]-?: Found<T[Key], Path extends "" ? Key : `${Path}.${Key}`, [...Depth, 1]>;
            }[keyof T & string];

type KindOf<T> = T extends bigint
  ? "a bigint"
  : T extends symbol
    ? "a symbol"
    : T extends (...args: any[]) => unknown
      ? "a function"
      : T extends Date
        ? "a Date"
        : T extends ReadonlyMap<any, any>
          ? "a Map"
          : T extends ReadonlySet<any>
            ? "a Set"
            : "an object of a class";

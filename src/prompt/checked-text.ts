/** The grammar of placeholders for the compiler; `placeholder.ts` holds the same for run time. */
import type { Problem } from "../base/index.ts";

/** What is wrong with the placeholders of a text, and which names there are. */
export interface TextProblem<Sentence extends string, Declared extends string> {
  readonly problem: Sentence;
  readonly declared: Declared;
}

/** Is the text itself when all its placeholders are params that can be written, and otherwise says what is wrong. */
export type CheckedText<Text, Out> = [Text] extends [string]
  ? false extends IsLiteral<Text>
    ? Problem<"this must be one string literal, without ${…}; wrap text known only at run time in raw()">
    : [ProblemsIn<Text, Out, TextKeys<Out>>] extends [never]
      ? Text
      : TextProblem<ProblemsIn<Text, Out, TextKeys<Out>>, keyof Known<Out> & string>
  : Text;

/** An object type without index signatures. */
export type Known<T> = { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };

/** True for one literal, false for `string` and for patterns with holes; distributes over unions. */
type IsLiteral<Text> = Text extends string ? ({} extends Record<Text, 1> ? false : true) : false;

/** The params that can stand in a text: text, numbers and booleans, never undefined. */
type TextKeys<Out> = { [K in keyof Out & string]: [Out[K]] extends [string | number | boolean] ? K : never }[keyof Out &
  string];

type ProblemsIn<Text, Out, Writable, Found = never> = Text extends `${string}{{${infer After}`
  ? After extends `{{${infer Rest}`
    ? ProblemsIn<Rest, Out, Writable, Found>
    : After extends `${infer Name}}}${infer Rest}`
      ? Name extends Writable
        ? ProblemsIn<Rest, Out, Writable, Found>
        : IsIdentifier<Name> extends true
          ? ProblemsIn<Rest, Out, Writable, Found | ProblemOf<Name, Out>>
          : ProblemsIn<`{${After}`, Out, Writable, Found>
      : ProblemsIn<`{${After}`, Out, Writable, Found>
  : Found;

type ProblemOf<Name extends string, Out> = Name extends keyof Out
  ? `{{${Name}}} must be text, a number or a boolean, and never undefined; use .transform() or .default()`
  : `{{${Name}}} is not declared in params`;

type CharsOf<Text extends string> = Text extends `${infer First}${infer Rest}` ? First | CharsOf<Rest> : never;
/** Both cases are listed: comparing in lower case would let the Kelvin sign pass, whose lower case is "k". */
type Letter = Lower | Uppercase<Lower> | "_";
type Lower = CharsOf<"abcdefghijklmnopqrstuvwxyz">;
type LetterOrDigit = Letter | CharsOf<"0123456789">;

type IsIdentifier<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Letter
    ? OnlyWord<Rest>
    : false
  : false;
type OnlyWord<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? First extends LetterOrDigit
    ? OnlyWord<Rest>
    : false
  : true;

/** Checks what a program is given as options against a table, so that a wrong name or value is told where it was given. */
import { messageFrom, WinkError } from "./errors.ts";
import { shownField } from "./field-problem.ts";
import { isJsonObject } from "./json-value.ts";
import { isPlainObject } from "./plain-data.ts";
import { didYouMean } from "./suggest.ts";

/** What a value must be: how that is said, and whether one is. */
export interface OptionKind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

/** The options that there are, each with its kind. */
export type OptionKinds = Readonly<Record<string, OptionKind>>;

/** A kind of one's own. */
export const kind = (expected: string, fits: OptionKind["fits"]): OptionKind => ({ expected, fits });

const whole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && Number(value) >= least;

/** For options that are checked elsewhere. */
export const anything: OptionKind = kind("a value", () => true);
export const anObject: OptionKind = kind("an object", isJsonObject);
export const aFunction: OptionKind = kind("a function", (value) => typeof value === "function");
export const aList: OptionKind = kind(
  "a list of objects",
  (value) => Array.isArray(value) && value.every(isJsonObject),
);
export const aText: OptionKind = kind("text", (value) => typeof value === "string");
export const aName: OptionKind = kind(
  "text that is not blank",
  (value) => typeof value === "string" && value.trim() !== "",
);
export const aFlag: OptionKind = kind("true or false", (value) => typeof value === "boolean");
export const from0: OptionKind = kind("a whole number from 0 on", (value) => whole(value, 0));
export const from1: OptionKind = kind("a whole number from 1 on", (value) => whole(value, 1));

/** An object with these methods. */
export const having = (...methods: readonly string[]): OptionKind =>
  kind(
    `an object with ${methods.join(", ")}`,
    (value) => isJsonObject(value) && methods.every((name) => typeof value[name] === "function"),
  );

/** One of these values. */
export const oneOf = (...values: readonly unknown[]): OptionKind =>
  kind(values.map((value) => JSON.stringify(value)).join(" or "), (value) => values.includes(value));

/** The machine's clock, or one of a test. */
export const aClock: OptionKind = having("now", "elapsed", "schedule");

/** Options whose values are checked elsewhere. */
export const namesOnly = (...names: readonly string[]): OptionKinds =>
  Object.fromEntries(names.map((name) => [name, anything]));

/** Throws `INPUT_INVALID` for a value that is not of a kind; `at` says where it stands. */
export function checkKind(
  at: string,
  value: unknown,
  { expected, fits }: OptionKind,
  problem: string = unusable,
): void {
  if (!fits(value)) throw wrong(at, problem, expected, shownOption("", value));
}

const unusable = "This cannot be used";

/**
 * Throws `INPUT_INVALID` for what is no object of options, for a name that is not among them, and for a value of another kind. An
 * option that is undefined was not given.
 */
export function checkOptions(at: string, given: unknown, kinds: OptionKinds): void {
  checkKind(at, given, anObject);
  // as: that was just checked
  for (const [name, value] of Object.entries(given as object)) {
    if (value === undefined) continue;
    const known = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (known?.fits(value)) continue;
    const received = shownOption(name, value);
    if (known !== undefined) throw wrong(`${at}, ${name}`, unusable, known.expected, received);
    const names = Object.keys(kinds);
    throw wrong(`${at}, ${name}`, "There is no such option", names.join(", "), received, didYouMean(name, names));
  }
}

/**
 * A wrong value for an error to show. Of an object the class is told alone, of a list its length: it may be an environment, headers
 * or a client, whose secrets have any name. Numbers are shown.
 */
function shownOption(name: string, value: unknown): string {
  if (typeof value !== "object" || value === null) return shownField([name], value);
  if (Array.isArray(value)) {
    const isHarmless = value.every((item) => typeof item === "number");
    return isHarmless
      ? shownField([name], value)
      : `a list of ${value.length} ${value.length === 1 ? "item" : "items"}`;
  }
  if (value instanceof Promise) return "a promise";
  if (isPlainObject(value)) return Object.keys(value).length === 0 ? "an empty object" : "an object";
  return `an object of class ${messageFrom(value.constructor?.name, 80)}`;
}

function wrong(at: string, problem: string, expected: string, received: string, fix = ""): WinkError {
  return new WinkError("INPUT_INVALID", { at, problem, expected, received, fix: fix || undefined });
}

/** Checks what a driver is given against a table, so that a wrong name or value is told when the model is made. */
import { didYouMean, shownField, shownValue, WinkError } from "../../base/index.ts";

/** What a value must be: how that is said, and whether one is. */
export interface OptionKind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

/** The options that there are, each with its kind. */
export type OptionKinds = Readonly<Record<string, OptionKind>>;

/** A kind of one's own. */
export const kind = (expected: string, fits: OptionKind["fits"]): OptionKind => ({ expected, fits });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** For options that are checked elsewhere. */
export const anything: OptionKind = kind("a value", () => true);
export const anObject: OptionKind = kind("an object", isObject);
export const aFlag: OptionKind = kind("true or false", (value) => typeof value === "boolean");
export const aText: OptionKind = kind("text", (value) => typeof value === "string" && value.trim() !== "");
export const aNumber: OptionKind = kind("a number", Number.isFinite);
export const aWhole: OptionKind = kind("a whole number", Number.isSafeInteger);

/** A number within bounds, both included. */
export const between = (least: number, most: number): OptionKind =>
  kind(most === Infinity ? `a number from ${least} on` : `${least} to ${most}`, (value) => {
    return Number.isFinite(value) && Number(value) >= least && Number(value) <= most;
  });

/** A whole number from here on. */
export const wholeFrom = (least: number): OptionKind =>
  kind(`a whole number, at least ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);

/** One of these values. */
export const oneOf = (...values: readonly unknown[]): OptionKind =>
  kind(values.map((value) => JSON.stringify(value)).join(" or "), (value) => values.includes(value));

/** An object whose fields are all of a kind. */
export const allOf = (one: OptionKind): OptionKind =>
  kind(`an object of fields, each ${one.expected}`, (value) => isObject(value) && Object.values(value).every(one.fits));

/** Throws `INPUT_INVALID` for what is no object of options, for a name that is not among them, and for a value of another kind. */
export function checkOptions(at: string, given: unknown, kinds: OptionKinds): void {
  if (!isObject(given)) throw wrong(at, "This cannot be used", "an object", shownValue(given));
  const names = Object.keys(kinds);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue; // it was not given
    const known = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    const [place, received] = [`${at}, \`${name}\``, shownField([name], value)];
    if (known === undefined) {
      throw wrong(place, "There is no such option", names.join(", "), received, didYouMean(name, names));
    }
    if (!known.fits(value)) throw wrong(place, "This cannot be used", known.expected, received);
  }
}

function wrong(at: string, problem: string, expected: string, received: string, fix = ""): WinkError {
  return new WinkError("INPUT_INVALID", { at, problem, expected, received, fix: fix || undefined });
}

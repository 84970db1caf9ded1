/** Kinds of settings, beside those of all options. */
import { anObject, kind, type OptionKind } from "../../base/index.ts";

export const aNumber: OptionKind = kind("a number", Number.isFinite);
export const aWhole: OptionKind = kind("a whole number", Number.isSafeInteger);

/** A number within bounds, both included. */
export const between = (least: number, most: number): OptionKind =>
  kind(most === Infinity ? `a number from ${least} on` : `${least} to ${most}`, (value) => {
    return Number.isFinite(value) && Number(value) >= least && Number(value) <= most;
  });

/** An object whose fields are all of a kind. */
export const allOf = ({ expected, fits }: OptionKind): OptionKind =>
  kind(
    `an object of fields, each ${expected}`,
    (value) => anObject.fits(value) && Object.values(Object(value)).every(fits),
  );

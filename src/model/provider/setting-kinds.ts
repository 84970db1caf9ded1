/** Kinds of settings, beside those of all options. */
import { aName, kind, type OptionKind } from "../../base/index.ts";

export const aNumber: OptionKind = kind("a number", Number.isFinite);
export const aWhole: OptionKind = kind("a whole number", Number.isSafeInteger);

/** A number within bounds, both included. */
export const between = (least: number, most: number): OptionKind =>
  kind(most === Infinity ? `a number from ${least} on` : `${least} to ${most}`, (value) => {
    return Number.isFinite(value) && Number(value) >= least && Number(value) <= most;
  });

/** Which tool the model may or must call, as all drivers have it. */
export const aToolChoice: OptionKind = kind('"auto", "none", "required" or { tool: "its name" }', (value) => {
  if (typeof value !== "object" || value === null) return ["auto", "none", "required"].includes(String(value));
  const { tool, ...more } = value as Readonly<Record<string, unknown>>; // as: fields are checked one by one
  return aName.fits(tool) && Object.keys(more).length === 0;
});

/** Where an answer stops. */
export const aStop: OptionKind = kind("text, or a list of texts", (value) =>
  Array.isArray(value) ? value.every((one) => typeof one === "string") : typeof value === "string",
);

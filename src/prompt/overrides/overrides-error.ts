import { type ErrorParts, pathText, WinkError } from "../../base/index.ts";

/** The error for a file of overrides, or a place inside it, that cannot be used. */
export function overridesInvalid(file: string, place: readonly string[], parts: Omit<ErrorParts, "at">): WinkError {
  const inside = pathText(place);
  return new WinkError("OVERRIDES_INVALID", {
    ...parts,
    at: inside === "" ? file : `${file}, ${inside}`,
    details: { ...parts.details, file, place: inside },
  });
}

/** A value in a message: as JSON, the beginning of it when it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

const longestShown = 100;

/** What drivers do in one way with settings that all of them have. */
import type { ModelRequest } from "../index.ts";

/** The longest answer to a request, in tokens: the smaller one of the model's limit and the request's; `Infinity` without one. */
export const mostTokens = (own: number | undefined, { limits }: ModelRequest): number =>
  Math.min(own ?? Infinity, limits?.maxOutputTokens ?? Infinity);

/** Texts at which an answer stops, as a list. */
export const stopList = (stop: string | readonly string[]): string[] => (typeof stop === "string" ? [stop] : [...stop]);

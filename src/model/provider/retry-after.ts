import type { Clock } from "../../base/index.ts";

/** Reads headers by name: a `Headers` object, or a plain one whose names are written in lower case. */
export function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  if ("get" in headers && typeof headers.get === "function") {
    const value: unknown = headers.get(name);
    return typeof value === "string" ? value : undefined;
  }
  const value: unknown = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

/** A day: whoever asks for longer, or for a number beyond all numbers, is not to be waited for anyway. */
const longestWait = 24 * 60 * 60 * 1000;

/**
 * How long a provider asks to wait, in milliseconds and at most a day: `retry-after-ms`, or `Retry-After` in seconds or
 * as an HTTP date. A date is compared with the answer's own `Date`, so that clocks that differ do no harm.
 */
export function retryAfterMs(headers: unknown, clock: Clock): number | undefined {
  const wait = askedWait(headers, clock);
  return wait === undefined ? undefined : Math.min(wait, longestWait);
}

function askedWait(headers: unknown, clock: Clock): number | undefined {
  const milliseconds = positive(headerOf(headers, "retry-after-ms"));
  if (milliseconds !== undefined) return Math.round(milliseconds);
  const text = headerOf(headers, "retry-after");
  if (text === undefined) return undefined;
  const seconds = positive(text);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  const until = /^\s*([A-Za-z]{3,9}, |\d{4}-)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  const sent = Date.parse(headerOf(headers, "date") ?? "");
  return Math.max(0, until - (Number.isNaN(sent) ? clock.now() : sent));
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}

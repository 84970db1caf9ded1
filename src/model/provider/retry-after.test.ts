import { describe, expect, test } from "vitest";
import type { Clock } from "../../base/index.ts";
import { headerOf, retryAfterMs } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 1, 12, 0, 0);
const clock: Clock = { now: () => now, elapsed: () => 0, schedule: () => () => undefined };
const later = new Date(now + 90_000).toUTCString();

describe("retryAfterMs", () => {
  test.each([
    ["seconds", { "retry-after": "2" }, 2_000],
    ["parts of seconds", { "retry-after": "0.25" }, 250],
    ["milliseconds first", { "retry-after": "9", "retry-after-ms": "150" }, 150],
    ["a date", { "retry-after": later }, 90_000],
    ["a date by the server's own clock", { "retry-after": later, date: new Date(now + 60_000).toUTCString() }, 30_000],
    ["a date that is over", { "retry-after": new Date(now - 5_000).toUTCString() }, 0],
    ["more than a day", { "retry-after": "86401" }, 86_400_000],
    ["milliseconds beyond all numbers", { "retry-after-ms": "9".repeat(400) }, 86_400_000],
    ["seconds beyond all numbers", { "retry-after": "9".repeat(400) }, 86_400_000],
    ["a date in a far year", { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }, 86_400_000],
    ["a negative number", { "retry-after": "-1" }, undefined],
    ["words", { "retry-after": "soon" }, undefined],
    ["nothing", {}, undefined],
  ])("%s", (_name, headers, expected) => {
    expect(retryAfterMs(new Headers(headers), clock)).toBe(expected);
    expect(retryAfterMs(headers, clock)).toBe(expected);
  });

  test("headers that are none", () => {
    expect(retryAfterMs(undefined, clock)).toBeUndefined();
    expect(headerOf({ "Retry-After": 3 }, "retry-after")).toBe("3");
    expect(headerOf(null, "retry-after")).toBeUndefined();
  });
});

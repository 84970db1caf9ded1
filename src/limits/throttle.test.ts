import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { type ErrorCode, type JsonObject, WinkError } from "../base/index.ts";
import { delayRange, nextAttempt, throttlePolicy } from "./index.ts";

const policy = throttlePolicy();
const failed = (code: ErrorCode, details: JsonObject = {}, retryable?: boolean): WinkError =>
  new WinkError(code, { problem: "no", details, ...(retryable !== undefined && { retryable }) });
const throttled = (retryAfterMs?: number): WinkError =>
  failed("MODEL_THROTTLED", retryAfterMs === undefined ? {} : { retryAfterMs });

describe("a policy", () => {
  test("is whole when it is told in part", () => {
    expect(throttlePolicy()).toEqual({ attempts: 5, baseMs: 500, maxMs: 8_000, totalMs: 30_000 });
    expect(throttlePolicy({ attempts: 2, baseMs: 0.5 })).toEqual({ ...policy, attempts: 2, baseMs: 0.5 });
    expect(throttlePolicy({ maxMs: 500 })).toEqual({ ...policy, maxMs: 500 });
  });

  test.each(Object.keys(policy))("takes an undefined %s for one that was not told", (name) => {
    expect(throttlePolicy({ [name]: undefined })).toEqual(policy);
  });

  test.each([
    ["attempts", 0, "a whole number from 1 on", 5],
    ["attempts", 1.5, "a whole number from 1 on", 5],
    ["attempts", Number.POSITIVE_INFINITY, "a whole number from 1 on", 5],
    ["baseMs", 0, "milliseconds, more than 0", "10_000"],
    ["maxMs", -1, "milliseconds, more than 0", "10_000"],
    ["totalMs", Number.NaN, "milliseconds, more than 0", "10_000"],
    ["totalMs", Number.POSITIVE_INFINITY, "milliseconds, more than 0", "10_000"],
    ["maxMs", 499, "500 at least, as `baseMs` says", 1000],
  ])("with %s of %d is refused", (name, value, expected, example) => {
    const error = thrownBy(() => throttlePolicy({ [name]: value }));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(`throttle, ${name}: This is no part of a policy. Expected ${expected}.`);
    expect(error.message).toContain(`throttle: { ${name}: ${example} }`);
  });
});

describe("a wait", () => {
  test.each([
    [1, undefined, 500, 1_000],
    [2, undefined, 500, 1_000],
    [3, undefined, 500, 2_000],
    [5, undefined, 500, 8_000],
    [2_000, undefined, 500, 8_000],
    [1, 2_000, 2_000, 4_000],
    [5, 2_000, 2_000, 8_000],
    [1, 20_000, 20_000, 28_000],
    [1, 0, 500, 1_000],
  ])("behind attempt %i, told to wait %s ms, lies between %i and %i", (attempt, retryAfterMs, least, most) => {
    expect(delayRange(policy, { attempt, retryAfterMs })).toEqual({ least, most });
  });

  test.each([[undefined], [0], [500]])(
    "goes no further than `maxMs` where the provider asks for %s ms",
    (retryAfterMs) => {
      expect(delayRange(throttlePolicy({ maxMs: 600 }), { attempt: 1, retryAfterMs })).toEqual({
        least: 500,
        most: 600,
      });
    },
  );
});

describe("the next attempt", () => {
  const half = (): number => 0.5;

  test("is made behind what passes, and behind nothing else", () => {
    const again = (error: WinkError) => nextAttempt(policy, { error, attempt: 1, waitedMs: 0 }, half);
    const passing = [throttled(), failed("MODEL_UNAVAILABLE"), failed("MODEL_RESPONSE_INVALID")];
    for (const error of passing) expect(again(error)).toEqual({ again: true, waitMs: 750 });
    const lasting = [
      failed("MODEL_THROTTLED", { reason: "quota" }),
      failed("MODEL_THROTTLED", {}, false),
      failed("MODEL_UNAVAILABLE", {}, false),
      failed("MODEL_RESPONSE_INVALID", {}, false),
      failed("MODEL_REJECTED", { status: 404 }),
      failed("OUTPUT_INVALID"),
      failed("RUN_FAILED"),
    ];
    for (const error of lasting) expect(again(error)).toEqual({ again: false, ended: "error" });
  });

  test("is not made when there were as many as there may be, and never without a policy", () => {
    const soFar = { error: throttled(), attempt: 5, waitedMs: 0 };
    expect(nextAttempt(policy, soFar, half)).toEqual({ again: false, ended: "attempts" });
    expect(nextAttempt(undefined, { ...soFar, attempt: 1 }, half)).toEqual({ again: false, ended: "attempts" });
  });

  test("is not made when all waits together would be too long, or the deadline would come first", () => {
    const soFar = { error: throttled(2_000), attempt: 2, waitedMs: 0 };
    expect(nextAttempt(policy, { ...soFar, waitedMs: 28_001 }, half)).toEqual({ again: false, ended: "total-wait" });
    expect(nextAttempt(policy, { ...soFar, leftMs: 2_000 }, half)).toEqual({ again: false, ended: "deadline" });
    expect(nextAttempt(policy, { ...soFar, leftMs: -1 }, half)).toEqual({ again: false, ended: "deadline" });
    expect(nextAttempt(policy, { ...soFar, error: throttled(30_001) }, half)).toMatchObject({ ended: "total-wait" });
  });

  test("keeps to what is left of them, where the provider leaves that much", () => {
    const soFar = { error: throttled(2_000), attempt: 2, waitedMs: 0 };
    expect(nextAttempt(policy, { ...soFar, leftMs: 3_000 }, half)).toEqual({ again: true, waitMs: 2_500 });
    expect(nextAttempt(policy, { ...soFar, waitedMs: 27_000 }, half)).toEqual({ again: true, waitMs: 2_500 });
    expect(nextAttempt(policy, { ...soFar, waitedMs: 28_000 }, half)).toEqual({ again: true, waitMs: 2_000 });
  });

  test.each([["soon"], ["20000"], [-1], [null]])("takes what is no time to wait for none: %j", (retryAfterMs) => {
    const error = failed("MODEL_THROTTLED", { retryAfterMs });
    expect(nextAttempt(policy, { error, attempt: 1, waitedMs: 0 }, () => 0)).toEqual({ again: true, waitMs: 500 });
    const drawn = { error, attempt: 1, waitedMs: 0 };
    expect(nextAttempt(policy, drawn, () => 1 / 3)).toEqual({ again: true, waitMs: 666 }); // whole milliseconds
    expect(nextAttempt({ ...policy, baseMs: 0.5, maxMs: 0.9 }, drawn, () => 0)).toEqual({ again: true, waitMs: 0.5 });
  });
});

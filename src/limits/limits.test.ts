import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { addUsage, deadlineAfter, deadlineSignal, remaining } from "./index.ts";

describe("a deadline", () => {
  test("is a time in the future", () => {
    const clock = createFakeClock(1_000);
    expect(deadlineAfter(250, clock)).toEqual({ at: 1_250 });
    for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = thrownBy(() => deadlineAfter(wrong, clock));
      expect(error.code).toBe("DEADLINE_INVALID");
      expect(error.message).toContain(`Received ${wrong}.`);
    }
  });

  test("tells what is left of it, also when that is less than nothing", () => {
    const clock = createFakeClock();
    const deadline = deadlineAfter(100, clock);
    clock.advance(30);
    expect(remaining(deadline, clock)).toBe(70);
    clock.advance(100);
    expect(remaining(deadline, clock)).toBe(-30);
  });

  test("aborts its signal when it comes, and not before", () => {
    const clock = createFakeClock();
    const { signal } = deadlineSignal(deadlineAfter(100, clock), clock);
    clock.advance(99);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect(WinkError.is(signal.reason, "DEADLINE_EXCEEDED")).toBe(true);
    expect(String(signal.reason)).toContain("1970-01-01T00:00:00.100Z");
  });

  test("that has passed aborts at once and leaves no timer", () => {
    const clock = createFakeClock(500);
    for (const at of [500, 0, -1, Number.MIN_SAFE_INTEGER, -Number.MAX_VALUE]) {
      expect(deadlineSignal({ at }, clock).signal.aborted).toBe(true);
    }
    expect(clock.pending()).toBe(0);
  });

  test("leaves no timer when it is disposed", () => {
    const clock = createFakeClock();
    const ended = deadlineSignal(deadlineAfter(100, clock), clock);
    ended[Symbol.dispose]();
    expect(clock.pending()).toBe(0);
    clock.advance(1_000);
    expect(ended.signal.aborted).toBe(false);
  });

  test("is waited for again when a timer comes early, as timers hold no more than 24 days", () => {
    const clock = createFakeClock();
    const short = {
      ...clock,
      schedule: (delay: number, then: () => void) => clock.schedule(Math.min(delay, 1_000), then),
    };
    const waiting = deadlineSignal(deadlineAfter(2_500, clock), short);
    clock.advance(2_499);
    expect(waiting.signal.aborted).toBe(false);
    clock.advance(1);
    expect(waiting.signal.aborted).toBe(true);
    const disposed = deadlineSignal(deadlineAfter(2_500, clock), short);
    clock.advance(1_500);
    disposed[Symbol.dispose]();
    expect(clock.pending()).toBe(0);
  });

  test("that is no time is DEADLINE_INVALID, one beyond all calendars is not", () => {
    const clock = createFakeClock();
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(thrownBy(() => deadlineSignal({ at }, clock)).code).toBe("DEADLINE_INVALID");
    }
    const far = deadlineSignal({ at: Number.MAX_VALUE }, clock);
    clock.advance(1_000_000);
    expect(far.signal.aborted).toBe(false);
    far[Symbol.dispose]();
  });
});

describe("usage", () => {
  test("adds up; what is known on one side only is kept, and what nobody told stays unknown", () => {
    expect(addUsage({ inputTokens: 1, outputTokens: 2 }, { inputTokens: 3, reasoningTokens: 4 })).toEqual({
      inputTokens: 4,
      cachedInputTokens: undefined,
      outputTokens: 2,
      reasoningTokens: 4,
    });
    expect(addUsage({}, { inputTokens: 0 }).inputTokens).toBe(0);
  });
});

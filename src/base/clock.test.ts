import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { sleep, systemClock } from "./clock.ts";

describe("systemClock", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
  afterEach(() => void vi.useRealTimers());

  it("tells the time of the machine and how long something took", () => {
    const begun = systemClock.elapsed();
    expect(systemClock.now()).toBe(1_000);
    vi.advanceTimersByTime(25);
    expect(systemClock.now()).toBe(1_025);
    expect(systemClock.elapsed() - begun).toBe(25);
  });

  it("calls once after the delay, and not at all when that is taken back", () => {
    const [called, taken] = [vi.fn(), vi.fn()];
    systemClock.schedule(10, called);
    systemClock.schedule(10, taken)();
    vi.advanceTimersByTime(9);
    expect(called).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect([called.mock.calls.length, taken.mock.calls.length]).toEqual([1, 0]);
  });

  it("takes a negative delay for none", () => {
    const called = vi.fn();
    systemClock.schedule(-5, called);
    vi.advanceTimersByTime(1);
    expect(called).toHaveBeenCalledOnce();
  });

  it("waits longer than one timer of the system can", () => {
    const day = 24 * 60 * 60 * 1_000;
    const [called, taken] = [vi.fn(), vi.fn()];
    systemClock.schedule(60 * day, called);
    const takeBack = systemClock.schedule(60 * day, taken);
    vi.advanceTimersByTime(60 * day - 1);
    expect(called).not.toHaveBeenCalled();
    takeBack();
    vi.advanceTimersByTime(1);
    expect([called.mock.calls.length, taken.mock.calls.length]).toEqual([1, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("sleep", () => {
  it("ends when its time is over and leaves the signal alone", async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const slept = sleep(clock, 10, controller.signal);
    clock.advance(10);
    await expect(slept).resolves.toBeUndefined();
    expect(removed).toHaveBeenCalledOnce();
    controller.abort(new Error("too late"));
  });

  it("ends at once with the reason of an abort, and leaves no timer", async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const slept = sleep(clock, 10, controller.signal);
    expect(clock.pending()).toBe(1);
    controller.abort(new Error("enough"));
    expect(clock.pending()).toBe(0);
    await expect(slept).rejects.toThrow("enough");
  });

  it("does not begin under a signal that has aborted", async () => {
    const clock = createFakeClock();
    const slept = sleep(clock, 10, AbortSignal.abort(new Error("before")));
    expect(clock.pending()).toBe(0);
    await expect(slept).rejects.toThrow("before");
  });
});

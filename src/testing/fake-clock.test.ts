import { describe, expect, it } from "vitest";
import { rejectionOf, thrownBy } from "../../test/support/thrown-by.ts";
import { sleep } from "../base/index.ts";
import { createFakeClock } from "./fake-clock.ts";

describe("createFakeClock", () => {
  it("stands still until it is told to go on", () => {
    const clock = createFakeClock(1_000);
    expect([clock.now(), clock.elapsed()]).toEqual([1_000, 0]);
    clock.advance(5);
    expect([clock.now(), clock.elapsed()]).toEqual([1_005, 5]);
    clock.advance(0);
    expect(clock.now()).toBe(1_005);
  });

  it("runs timers in the order of their time, then of their making, each at its time", () => {
    const clock = createFakeClock();
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`);
    clock.schedule(20, note("c"));
    clock.schedule(10, note("a"));
    clock.schedule(10, note("b"));
    clock.schedule(21, note("late"));
    clock.advance(20);
    expect(ran).toEqual(["a@10", "b@10", "c@20"]);
    expect(clock.pending()).toBe(1);
  });

  it("runs timers that timers set, if they come due too", () => {
    const clock = createFakeClock();
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now());
      clock.schedule(10, again);
    };
    clock.schedule(10, again);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
    expect([clock.now(), clock.pending()]).toEqual([35, 1]);
  });

  it("takes a timer back, also from within another, and does so twice without harm", () => {
    const clock = createFakeClock();
    const ran: string[] = [];
    const takeBack = clock.schedule(10, () => void ran.push("taken back"));
    clock.schedule(5, takeBack);
    clock.advance(20);
    takeBack();
    expect([ran, clock.pending()]).toEqual([[], 0]);
  });

  it("never goes back, also when a timer goes on itself", () => {
    const clock = createFakeClock();
    const seen: number[] = [];
    clock.schedule(10, () => clock.advance(100));
    clock.schedule(20, () => void seen.push(clock.now()));
    clock.schedule(15, () => void seen.push(clock.now()));
    clock.advance(20);
    expect(seen).toEqual([15, 20]);
    expect(clock.now()).toBe(110);
  });

  it("takes a delay below 0, or that is no number, for none", () => {
    const clock = createFakeClock();
    let ran = 0;
    for (const delay of [-5, 0, Number.NaN]) clock.schedule(delay, () => void ran++);
    clock.schedule(Number.POSITIVE_INFINITY, () => void ran++);
    clock.advance(0);
    expect([ran, clock.pending()]).toEqual([3, 1]);
  });

  it.each([-1, Number.NaN])("does not go on by %s", (milliseconds) => {
    const error = thrownBy(() => createFakeClock().advance(milliseconds));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toBe(
      `milliseconds: A clock goes forward only. Expected 0 or more milliseconds. Received ${milliseconds}. Correct the argument that the message names.`,
    );
  });

  it("lets out what a timer throws, and goes on from there", () => {
    const clock = createFakeClock();
    clock.schedule(5, () => {
      throw new Error("in a timer");
    });
    expect(() => clock.advance(10)).toThrow("in a timer");
    expect([clock.now(), clock.pending()]).toEqual([5, 0]);
  });
});

describe("advanceAsync", () => {
  it("lets work that awaits its timers go through all of them", async () => {
    const clock = createFakeClock();
    const seen: number[] = [];
    const work = (async () => {
      for (let turn = 0; turn < 3; turn++) {
        await sleep(clock, 10);
        for (let step = 0; step < 100; step++) await Promise.resolve();
        seen.push(clock.now());
      }
    })();
    await clock.advanceAsync(35);
    expect([seen, clock.now(), clock.pending()]).toEqual([[10, 20, 30], 35, 0]);
    await work;
  });

  it("sees timers that are set after it was called, before it goes on", async () => {
    const clock = createFakeClock();
    const seen: string[] = [];
    void Promise.resolve().then(() => clock.schedule(5, () => seen.push(`late@${clock.now()}`)));
    clock.schedule(10, () => seen.push(`early@${clock.now()}`));
    await clock.advanceAsync(10);
    expect(seen).toEqual(["late@5", "early@10"]);
  });

  it("does not go back, and lets out what a timer throws", async () => {
    const clock = createFakeClock();
    expect((await rejectionOf(clock.advanceAsync(-1))).code).toBe("INPUT_INVALID");
    clock.schedule(5, () => {
      throw new Error("in a timer");
    });
    await expect(clock.advanceAsync(10)).rejects.toThrow("in a timer");
    expect([clock.now(), clock.pending()]).toEqual([5, 0]);
  });
});

import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { rejectionOf, thrownBy } from "../../test/support/thrown-by.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { type Lease, type RateLimiter, type RateLimiterOptions, rateLimiter } from "./index.ts";

/** Asks for leases, and notes when they come. */
function asking(limiter: RateLimiter, clock: FakeClock) {
  const came: string[] = [];
  const leases: Lease[] = [];
  const ask = (name: string, tokens = 0, signal?: AbortSignal): Promise<void> =>
    limiter.acquire({ tokens }, { signal }).then((lease) => {
      came.push(`${name}@${clock.now()}`);
      leases.push(lease);
    });
  return { came, leases, ask };
}

describe("a limiter", () => {
  test("lets through what is allowed, and the others when a whole second has passed", async () => {
    const clock = createFakeClock();
    const { came, ask } = asking(rateLimiter({ requestsPerSecond: 2, clock }), clock);
    void ask("a");
    await clock.advanceAsync(400);
    for (const name of ["b", "c", "d", "e"]) void ask(name);
    await clock.advanceAsync(1_600);
    expect(came).toEqual(["a@0", "b@400", "c@1000", "d@1400", "e@2000"]);
    expect(clock.pending()).toBe(0);
  });

  test("keeps to several limits at once", async () => {
    const clock = createFakeClock();
    const { came, ask } = asking(rateLimiter({ requestsPerSecond: 2, requestsPerMinute: 3, clock }), clock);
    for (const name of ["a", "b", "c", "d"]) void ask(name);
    await clock.advanceAsync(60_000);
    expect(came).toEqual(["a@0", "b@0", "c@1000", "d@60000"]);
  });

  test("lets nobody pass who waits less long, however little it wants", async () => {
    const clock = createFakeClock();
    const { came, ask } = asking(rateLimiter({ tokensPerMinute: 100, clock }), clock);
    void ask("a", 60);
    void ask("large", 90);
    void ask("small", 1);
    await clock.advanceAsync(59_999);
    expect(came).toEqual(["a@0"]);
    await clock.advanceAsync(1);
    expect(came).toEqual(["a@0", "large@60000", "small@60000"]);
  });

  test("counts the tokens that were used in the place of those that were asked for, once", async () => {
    const clock = createFakeClock();
    const { came, leases, ask } = asking(rateLimiter({ tokensPerMinute: 100, clock }), clock);
    await ask("a", 80);
    void ask("b", 90);
    await clock.advanceAsync(1_000);
    leases[0]?.settle(10);
    leases[0]?.settle(100);
    await clock.advanceAsync(0);
    expect(came).toEqual(["a@0", "b@1000"]);
    leases[1]?.settle(95); // more than it asked for
    void ask("c", 5);
    await clock.advanceAsync(60_000);
    expect(came.at(-1)).toBe("c@60000"); // when the 10 of the first are over
  });

  test.each([Number.NaN, -50])("takes %d for no number of tokens that were used", async (used) => {
    const clock = createFakeClock();
    const { came, leases, ask } = asking(rateLimiter({ tokensPerMinute: 100, clock }), clock);
    await ask("a", 80);
    leases[0]?.settle(used);
    leases[0]?.settle(0); // settled already
    void ask("b", 21);
    await clock.advanceAsync(60_000);
    expect(came).toEqual(["a@0", "b@60000"]);
  });

  test("counts a part of a token as a whole one, and a call that has used none as none", async () => {
    const clock = createFakeClock();
    const { came, leases, ask } = asking(rateLimiter({ tokensPerMinute: 100, clock }), clock);
    await ask("a", 80);
    leases[0]?.settle(0);
    await ask("b", 99);
    leases[1]?.settle(98.5);
    void ask("c", 1.5);
    await clock.advanceAsync(60_000);
    expect(came).toEqual(["a@0", "b@0", "c@60000"]);
  });

  test("takes limits that are undefined for none", async () => {
    const clock = createFakeClock();
    const { came, ask } = asking(rateLimiter({ requestsPerSecond: undefined, requestsPerMinute: 1, clock }), clock);
    await ask("a", 1e9);
    void ask("b");
    await clock.advanceAsync(60_000);
    expect(came).toEqual(["a@0", "b@60000"]);
  });

  test("does not count again what a window has left behind", async () => {
    const clock = createFakeClock();
    const { came, leases, ask } = asking(rateLimiter({ tokensPerMinute: 100, clock }), clock);
    await ask("a", 80);
    await clock.advanceAsync(60_000);
    await ask("b", 100);
    leases[0]?.settle(0); // a call of more than a minute
    void ask("c", 1);
    await clock.advanceAsync(60_000);
    expect(came).toEqual(["a@0", "b@60000", "c@120000"]);
  });

  test("lets nobody through while a provider wants to be left alone", async () => {
    const clock = createFakeClock();
    const limiter = rateLimiter({ requestsPerSecond: 5, clock });
    const { came, ask } = asking(limiter, clock);
    limiter.slowDown(3_000);
    limiter.slowDown(1_000);
    limiter.slowDown(-1);
    limiter.slowDown(Number.NaN);
    void ask("a");
    await clock.advanceAsync(2_000);
    limiter.slowDown(2_000);
    await clock.advanceAsync(2_000);
    expect(came).toEqual(["a@4000"]);
  });
});

describe("who waits", () => {
  test("leaves by its signal, and those behind move up", async () => {
    const clock = createFakeClock();
    const { came, ask } = asking(rateLimiter({ tokensPerMinute: 100, clock }), clock);
    await ask("a", 50);
    const controller = new AbortController();
    const leaving = expect(ask("large", 100, controller.signal)).rejects.toBe("enough");
    void ask("small", 50);
    await clock.advanceAsync(1_000);
    expect(came).toEqual(["a@0"]);
    controller.abort("enough");
    await leaving;
    expect(came).toEqual(["a@0", "small@1000"]);
    expect(clock.pending()).toBe(0);
  });

  test("leaves no timer behind when it was the only one", async () => {
    const clock = createFakeClock();
    const { ask } = asking(rateLimiter({ requestsPerMinute: 1, clock }), clock);
    await ask("a");
    const controller = new AbortController();
    const leaving = expect(ask("b", 0, controller.signal)).rejects.toBe("enough");
    expect(clock.pending()).toBe(1);
    controller.abort("enough");
    await leaving;
    expect(clock.pending()).toBe(0);
  });

  test("does not begin to wait with a signal that has aborted, and keeps its lease when it aborts later", async () => {
    const clock = createFakeClock();
    const { came, ask } = asking(rateLimiter({ requestsPerSecond: 1, clock }), clock);
    await expect(ask("a", 0, AbortSignal.abort("over"))).rejects.toBe("over");
    const controller = new AbortController();
    await ask("b", 0, controller.signal);
    void ask("c", 0, controller.signal);
    await clock.advanceAsync(1_000);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    controller.abort();
    expect(came).toEqual(["b@0", "c@1000"]);
  });

  test("is told when it wants more than there ever is", async () => {
    const limiter = rateLimiter({ tokensPerMinute: 100, clock: createFakeClock() });
    const error = await rejectionOf(limiter.acquire({ tokens: 101 }));
    expect(error).toMatchObject({ code: "INPUT_INVALID", details: { wanted: 101, most: 100 } });
    expect(error.message).toBe(
      "rateLimiter: A call of so many tokens can never be let through. Expected 100 tokens at most, as tokensPerMinute says. Received number 101. Send less, or lower `maxOutputTokens`: what an answer may be at most counts until the answer is there.",
    );
    await rateLimiter({ requestsPerSecond: 1 }).acquire({ tokens: 1e12 }); // where tokens are not limited
  });

  test.each([Number.NaN, -1])("is told that %d is no number of tokens", async (tokens) => {
    const error = await rejectionOf(rateLimiter({ requestsPerSecond: 1 }).acquire({ tokens }));
    expect(error.message).toContain("Expected a number from 0 on.");
  });
});

test.each([
  [
    {},
    "rateLimiter: The limiter limits nothing. Expected one of requestsPerSecond, requestsPerMinute, tokensPerMinute. Received object {}.",
  ],
  [
    { requestsPerSecond: 0 },
    "rateLimiter, requestsPerSecond: This is no limit. Expected a whole number from 1 on; `requestsPerMinute` for less than one a second. Received number 0.",
  ],
  [{ requestsPerSecond: 0.5 }, "`requestsPerMinute` for less than one a second. Received number 0.5."],
  [{ requestsPerMinute: 5, tokensPerMinute: Number.POSITIVE_INFINITY }, "rateLimiter, tokensPerMinute"],
  [{ tokensPerMinute: undefined }, "The limiter limits nothing"],
])("a limiter of %j is refused", (options, message) => {
  const error = thrownBy(() => rateLimiter(options));
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toContain(message);
  expect(error.message).toContain("rateLimiter({ requestsPerSecond: 10 })");
});

test.each([
  [{ requestsPerSecond: 5, rpm: 5 }, "rateLimiter, rpm: There is no such option."],
  [{ requestPerSecond: 5 }, 'Did you mean "requestsPerSecond"?'],
  [{ requestsPerSecond: 5, clock: {} }, "rateLimiter, clock: This cannot be used."],
  [null, "rateLimiter: This cannot be used. Expected an object."],
])("a limiter of %j is refused by a name or a kind", (options, message) => {
  const error = thrownBy(() => rateLimiter(options as RateLimiterOptions)); // as: what the types refuse
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toContain(message);
});

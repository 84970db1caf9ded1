/**
 * Keeps the model calls of many runs below what a provider allows. The port is small, so that one may be written that processes
 * share; {@link rateLimiter} is for one process. Whoever asks first goes first: nobody is let through while another has
 * waited longer, however little it wants.
 */
import { aClock, type Clock, checkOptions, namesOnly, shownValue, systemClock, WinkError } from "../base/index.ts";
import { SlidingWindow } from "./sliding-window.ts";

/** What a call is let through with. */
export interface Lease {
  /** Puts the tokens that were used in the place of those that were asked for. Once; what comes later changes nothing. */
  settle(usedTokens: number): void;
}

/** Lets model calls through, one behind the other. */
export interface RateLimiter {
  /**
   * Waits until a call may be made that uses so many tokens at most, of request and answer together. An abort ends the wait with the signal's reason, and those behind move up. Throws
   * `INPUT_INVALID` for a call that could never be let through.
   */
  acquire(wanted: { readonly tokens: number }, options?: { readonly signal?: AbortSignal | undefined }): Promise<Lease>;
  /** Lets nobody through for so many milliseconds from now: a provider has asked for that. */
  slowDown(milliseconds: number): void;
}

/** What is allowed; one at least is told, and what is not told does not limit. */
export interface RateLimiterOptions {
  /** Calls in any second. */
  readonly requestsPerSecond?: number | undefined;
  /** Calls in any minute; all of them may come in its first second unless that is limited too. */
  readonly requestsPerMinute?: number | undefined;
  /** Tokens of requests and answers in any minute. */
  readonly tokensPerMinute?: number | undefined;
  /** The machine's clock unless given. */
  readonly clock?: Clock | undefined;
}

/** One that waits. */
interface Waiter {
  readonly tokens: number;
  readonly letThrough: (lease: Lease) => void;
}

/**
 * Makes a limiter for the runs of this process: give the same one to all that share a provider's limit. In no second and no
 * minute, wherever it begins, it lets through more than is allowed. Throws `INPUT_INVALID`.
 *
 * @example
 * const limiter = rateLimiter({ requestsPerSecond: 10, tokensPerMinute: 200_000 });
 */
export function rateLimiter(options: RateLimiterOptions): RateLimiter {
  checkOptions("rateLimiter", options, kinds);
  const { clock = systemClock, ...limits } = options;
  checkLimits(limits);
  const { requestsPerSecond, requestsPerMinute, tokensPerMinute } = limits;
  const requests = [windowOf(requestsPerSecond, 1_000), windowOf(requestsPerMinute, 60_000)].filter(
    (one) => one !== undefined,
  );
  const tokens = windowOf(tokensPerMinute, 60_000);
  const waiting = new Set<Waiter>();
  let closedUntil = 0;
  let cancelTimer = (): void => undefined;

  const waitFor = (wanted: number): number => {
    const now = clock.elapsed();
    let longest = closedUntil - now;
    for (const window of requests) longest = Math.max(longest, window.waitFor(1, now));
    return Math.max(longest, tokens?.waitFor(wanted, now) ?? 0);
  };
  const take = (wanted: number): Lease => {
    const now = clock.elapsed();
    for (const window of requests) window.take(1, now);
    let change = tokens?.take(wanted, now);
    return {
      settle(usedTokens) {
        if (usedTokens >= 0) change?.(Math.ceil(usedTokens));
        change = undefined;
        moveUp();
      },
    };
  };
  /** Lets those through who may be, from the first on, and comes back when the next one may be. */
  const moveUp = (): void => {
    cancelTimer();
    for (const waiter of waiting) {
      const wait = waitFor(waiter.tokens);
      if (wait > 0) {
        cancelTimer = clock.schedule(Math.ceil(wait), moveUp);
        return;
      }
      waiting.delete(waiter);
      waiter.letThrough(take(waiter.tokens));
    }
  };

  return {
    async acquire(wanted, { signal } = {}) {
      const most = Math.ceil(wanted.tokens);
      checkWanted(most, tokens?.most);
      signal?.throwIfAborted();
      return await new Promise<Lease>((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(waiter);
          moveUp();
          reject(signal?.reason);
        };
        const waiter: Waiter = {
          tokens: most,
          letThrough(lease) {
            signal?.removeEventListener("abort", leave);
            resolve(lease);
          },
        };
        signal?.addEventListener("abort", leave);
        waiting.add(waiter);
        if (waiting.size === 1) moveUp();
      });
    },
    slowDown(milliseconds) {
      if (milliseconds > 0) closedUntil = Math.max(closedUntil, clock.elapsed() + milliseconds);
    },
  };
}

const windowOf = (most: number | undefined, length: number): SlidingWindow | undefined =>
  most === undefined ? undefined : new SlidingWindow(most, length);

const kinds = { ...namesOnly("requestsPerSecond", "requestsPerMinute", "tokensPerMinute"), clock: aClock };

function checkLimits(limits: Omit<RateLimiterOptions, "clock">): void {
  const known = Object.entries(limits).filter(([, value]) => value !== undefined);
  const [name, value] = known.find(([, one]) => !Number.isSafeInteger(one) || Number(one) < 1) ?? [];
  if (known.length > 0 && name === undefined) return;
  throw new WinkError("INPUT_INVALID", {
    at: name === undefined ? "rateLimiter" : `rateLimiter, ${name}`,
    problem: name === undefined ? "The limiter limits nothing" : "This is no limit",
    expected:
      name === undefined
        ? "one of requestsPerSecond, requestsPerMinute, tokensPerMinute"
        : "a whole number from 1 on; `requestsPerMinute` for less than one a second",
    received: shownValue(name === undefined ? limits : value),
    example: "rateLimiter({ requestsPerSecond: 10 })",
  });
}

/** A call that wants more than a minute holds would wait for ever, and all behind it. */
function checkWanted(wanted: number, most = Number.MAX_SAFE_INTEGER): void {
  if (wanted >= 0 && wanted <= most) return;
  throw new WinkError("INPUT_INVALID", {
    at: "rateLimiter",
    problem: "A call of so many tokens can never be let through",
    expected:
      most === Number.MAX_SAFE_INTEGER ? "a number from 0 on" : `${most} tokens at most, as tokensPerMinute says`,
    received: shownValue(wanted),
    fix: "Send less, or lower `maxOutputTokens`: what an answer may be at most counts until the answer is there.",
    details: { wanted: Number.isFinite(wanted) ? wanted : null, most },
  });
}

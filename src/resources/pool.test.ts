import { describe, expect, test } from "vitest";
import { rejectionOf, thrownBy } from "../../test/support/thrown-by.ts";
import { silentLogger, sleep } from "../base/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { type Binding, collectResources, ResourcePool, type Token, token } from "./index.ts";

const clock = createFakeClock();
const never = new AbortController().signal;

/** A pool over some bindings, and what it has logged. */
function poolOf(bindings: readonly Binding[]): { pool: ResourcePool; problems: unknown[] } {
  const problems: unknown[] = [];
  const logger = { log: (_level: unknown, what: string, facts?: object) => void problems.push([what, facts]) };
  return { pool: new ResourcePool(collectResources([bindings]), { logger, clock, signal: never }), problems };
}

const given = async <T>(pool: ResourcePool, of: Token<T>): Promise<T> => {
  const { it } = await pool.borrow({ it: of }, "a test");
  return it?.value as T; // as: the token says which type it has
};

/** A token whose resource notes when it is made and closed. */
function noted(name: string, log: string[], needs: readonly Token<object>[] = []) {
  const own = token<object>(name);
  const make = async (need: <T>(of: Token<T>) => Promise<T>): Promise<object> => {
    for (const one of needs) await need(one);
    log.push(`+${name}`);
    return { name, [Symbol.asyncDispose]: async () => void log.push(`-${name}`) };
  };
  return { token: own, make };
}

describe("a provided resource", () => {
  test("is made when it is first needed, once, and closed in the reverse order", async () => {
    const log: string[] = [];
    const a = noted("a", log);
    const b = noted("b", log, [a.token]);
    const c = noted("c", log);
    const { pool } = poolOf([a.token.provide(a.make), b.token.provide(b.make), c.token.provide(c.make)]);
    await pool.start();
    expect(log).toEqual([]);
    const [one, other] = await Promise.all([given(pool, b.token), given(pool, b.token)]);
    expect(one).toBe(other);
    await given(pool, c.token);
    await pool[Symbol.asyncDispose]();
    await pool[Symbol.asyncDispose]();
    expect(log).toEqual(["+a", "+b", "+c", "-c", "-b", "-a"]);
  });

  test("is made when the run begins when it is eager, in the order of the bindings", async () => {
    const log: string[] = [];
    const [a, b, c] = [noted("a", log), noted("b", log), noted("c", log)];
    const { pool } = poolOf([
      b.token.provide(b.make, { eager: true }),
      c.token.provide(c.make),
      a.token.provide(a.make, { eager: true }),
    ]);
    await pool.start();
    expect(log).toEqual(["+b", "+a"]);
  });

  test("of scope tool-call is made for each call, and closed with it; singletons go on", async () => {
    const log: string[] = [];
    const a = noted("a", log);
    const b = noted("b", log, [a.token]);
    const { pool } = poolOf([a.token.provide(a.make), b.token.provide(b.make, { scope: "tool-call" })]);
    const seen: object[] = [];
    for (const _call of [1, 2]) {
      await using call = pool.openCall();
      seen.push(await given(call, b.token));
      expect(await given(call, b.token)).toBe(seen.at(-1));
    }
    expect(seen[0]).not.toBe(seen[1]);
    expect(log).toEqual(["+a", "+b", "-b", "+b", "-b"]);
    await pool[Symbol.asyncDispose]();
    expect(log.at(-1)).toBe("-a");
  });

  test("of scope prototype is made for each who needs it, and closed with them", async () => {
    const log: string[] = [];
    const a = noted("a", log);
    const { pool } = poolOf([a.token.provide(a.make, { scope: "prototype" })]);
    {
      await using call = pool.openCall();
      expect(await given(call, a.token)).not.toBe(await given(call, a.token));
      expect(log).toEqual(["+a", "+a"]);
    }
    expect(log).toEqual(["+a", "+a", "-a", "-a"]);
  });

  test("may be closed by a function, by `Symbol.dispose`, or not at all; a bound value is never closed", async () => {
    const log: string[] = [];
    const [one, two, three, four] = ["one", "two", "three", "four"].map((name) => token<object | string>(name)) as [
      Token<object | string>,
      Token<object | string>,
      Token<object | string>,
      Token<object | string>,
    ];
    const { pool } = poolOf([
      one.provide(() => "plain", { close: (value) => log.push(`closed ${value}`) }),
      two.provide(() => ({ [Symbol.dispose]: () => void log.push("disposed") })),
      three.provide(() => "nothing to close"),
      four.bind({ [Symbol.dispose]: () => void log.push("wrong") }),
    ]);
    for (const of of [one, two, three, four]) await given(pool, of);
    await pool[Symbol.asyncDispose]();
    expect(log).toEqual(["disposed", "closed plain"]);
  });

  test("is given a signal to stop by", async () => {
    const controller = new AbortController();
    const own = token<AbortSignal>("signal");
    const options = { logger: silentLogger, clock, signal: controller.signal };
    const pool = new ResourcePool(collectResources([[own.provide((_need, signal) => signal)]]), options);
    const signal = await given(pool, own);
    await pool[Symbol.asyncDispose]();
    expect(signal.aborted).toBe(false); // it has long been made
    controller.abort();
    expect(signal.aborted).toBe(true);
  });

  test("cannot be eager and of a call", () => {
    const error = thrownBy(() => token("a").provide(() => 1, { scope: "tool-call", eager: true }));
    expect(error.message).toBe(
      'token "a": It cannot be eager: when the run begins there is nobody to make it for. Expected scope "singleton", or eager left out. Received scope "tool-call". Correct the argument that the message names.',
    );
  });
});

describe("a resource that cannot be made", () => {
  test("is RESOURCE_FAILED with the cause, and tried again when it is next needed", async () => {
    const own = token<number>("shaky");
    let tries = 0;
    const { pool } = poolOf([
      own.provide(() => {
        if (++tries === 1) throw new Error("no route");
        return tries;
      }),
    ]);
    const error = await rejectionOf(given(pool, own));
    expect(error).toMatchObject({ code: "RESOURCE_FAILED", retryable: true, details: { path: ["shaky"] } });
    expect(error.message).toContain(
      'resource "shaky": It could not be made. Expected what its function gives. Received no route.',
    );
    expect(await given(pool, own)).toBe(2);
  });

  test("because of another says which one", async () => {
    const [a, b] = [token<number>("a"), token<number>("b")];
    const { pool } = poolOf([
      a.provide(async (need) => 1 + (await need(b))),
      b.provide(() => Promise.reject(new Error("down"))),
    ]);
    const error = await rejectionOf(given(pool, a));
    expect(error).toMatchObject({ code: "RESOURCE_FAILED", details: { resource: "b", path: ["a", "b"] } });
  });

  test("because nobody gives what it needs is RESOURCE_MISSING", async () => {
    const [a, b] = [token<number>("a"), token<number>("b")];
    const { pool } = poolOf([a.provide((need) => need(b))]);
    const error = await rejectionOf(given(pool, a));
    expect(error.code).toBe("RESOURCE_MISSING");
    expect(error.message).toContain('resource "a": Nobody gives the resource "b"');
  });

  test("because it needs itself is RESOURCE_CYCLE, in order", async () => {
    const [a, b, c] = [token<number>("a"), token<number>("b"), token<number>("c")];
    const { pool } = poolOf([a.provide((need) => need(b)), b.provide((need) => need(c)), c.provide((need) => need(b))]);
    const error = await rejectionOf(given(pool, a));
    expect(error).toMatchObject({ code: "RESOURCE_CYCLE", details: { path: ["a", "b", "c", "b"] } });
    expect(error.message).toContain(
      'resource "a": Resources need each other. Expected resources that can be made one after the other. Received "a" needs "b" needs "c" needs "b".',
    );
  });

  test("because two that are made at the same time wait for each other is a cycle too, and not a wait for ever", async () => {
    const [a, b] = [token<number>("a"), token<number>("b")];
    const time = createFakeClock();
    const { pool } = poolOf([
      a.provide(async (need) => {
        await sleep(time, 1);
        return need(b);
      }),
      b.provide(async (need) => {
        await sleep(time, 1);
        return need(a);
      }),
    ]);
    const ends = Promise.allSettled([given(pool, a), given(pool, b)]);
    await time.advanceAsync(1);
    expect(await ends).toMatchObject([
      { status: "rejected", reason: { code: "RESOURCE_CYCLE" } },
      { status: "rejected", reason: { code: "RESOURCE_CYCLE" } },
    ]);
  });

  test("because it lives longer than what it needs is RESOURCE_SCOPE", async () => {
    const [a, b] = [token<number>("a"), token<number>("b")];
    const { pool } = poolOf([a.provide((need) => need(b)), b.provide(() => 1, { scope: "tool-call" })]);
    await using call = pool.openCall();
    const error = await rejectionOf(given(call, a));
    expect(error).toMatchObject({ code: "RESOURCE_SCOPE", details: { path: ["a", "b"] } });
    expect(error.message).toContain(
      'resource "a": The resource "b" is needed outside of a tool call. Expected a resource that lives as long as the run. Received one that lives as long as a tool call.',
    );
    expect((await rejectionOf(given(pool, b))).code).toBe("RESOURCE_SCOPE");
  });
});

describe("the end of a scope", () => {
  test("closes the others when one cannot be closed, and logs that", async () => {
    const log: string[] = [];
    const a = noted("a", log);
    const bad = token<object>("bad");
    const { pool, problems } = poolOf([
      a.token.provide(a.make),
      bad.provide(() => ({}), {
        close: () => {
          throw new Error("stuck");
        },
      }),
    ]);
    await given(pool, a.token);
    await given(pool, bad);
    await pool[Symbol.asyncDispose]();
    expect(log).toEqual(["+a", "-a"]);
    expect(problems).toEqual([["resource_close_failed", { resource: "bad", problem: "stuck" }]]);
  });

  test("does not wait for ever for one that does not end", async () => {
    const slow = token<object>("slow");
    const { pool, problems } = poolOf([slow.provide(() => ({}), { close: () => new Promise(() => undefined) })]);
    await given(pool, slow);
    const closing = pool[Symbol.asyncDispose]();
    await clock.advanceAsync(10_000);
    await closing;
    expect(problems).toEqual([
      ["resource_close_failed", { resource: "slow", problem: "it took longer than 10000 ms" }],
    ]);
  });

  test("refuses what is asked for later, and closes what comes later", async () => {
    const log: string[] = [];
    const late = token<object>("late");
    let finish = (_value: object): void => undefined;
    const { pool } = poolOf([
      late.provide(() => new Promise<object>((resolve) => (finish = resolve)), { close: () => log.push("closed") }),
    ]);
    const waiting = rejectionOf(given(pool, late));
    await Promise.resolve();
    await pool[Symbol.asyncDispose]();
    finish({});
    expect((await waiting).code).toBe("RESOURCE_CLOSED");
    expect(log).toEqual(["closed"]);
    expect((await rejectionOf(given(pool, late))).code).toBe("RESOURCE_CLOSED");
  });
});

describe("what happens at the same time", () => {
  test("what is being made is told to stop, and is over before what it needs is closed", async () => {
    const log: string[] = [];
    const a = noted("a", log);
    const b = token<object>("b");
    const { pool } = poolOf([
      a.token.provide(a.make),
      b.provide(async (need, signal) => {
        await need(a.token);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        log.push("stopped");
        throw signal.reason;
      }),
    ]);
    const waiting = rejectionOf(given(pool, b));
    for (let tick = 0; tick < 10; tick++) await null;
    await pool[Symbol.asyncDispose]();
    expect((await waiting).code).toMatch(/^RESOURCE_/);
    expect(log).toEqual(["+a", "stopped", "-a"]);
  });

  test("is no wait for ever when a prototype stands in the circle", async () => {
    const [a, p, b] = [token<number>("a"), token<number>("p"), token<number>("b")];
    const time = createFakeClock();
    const needs = (of: Token<number>) => async (need: <T>(one: Token<T>) => Promise<T>) => {
      await sleep(time, 1);
      return need(of);
    };
    const { pool } = poolOf([a.provide(needs(p)), p.provide(needs(b), { scope: "prototype" }), b.provide(needs(a))]);
    const ends = Promise.allSettled([given(pool, a), given(pool, b)]);
    await time.advanceAsync(10);
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: "RESOURCE_CYCLE" } });
  });

  test("two ends are one: both wait for what is closed, in order", async () => {
    const log: string[] = [];
    const time = createFakeClock();
    const a = noted("a", log);
    const b = token<object>("b");
    const { pool } = poolOf([
      a.token.provide(a.make),
      b.provide(async (need) => need(a.token).then(() => ({})), {
        close: async () => {
          await sleep(time, 1);
          log.push("-b");
        },
      }),
    ]);
    await given(pool, b);
    const ends = Promise.all([pool[Symbol.asyncDispose](), pool[Symbol.asyncDispose]().then(() => log.push("ended"))]);
    await time.advanceAsync(1);
    await ends;
    expect(log).toEqual(["+a", "-b", "-a", "ended"]);
    expect((await rejectionOf(given(pool, a.token))).code).toBe("RESOURCE_CLOSED");
  });

  test("what comes late is closed alone, and not the others before their turn", async () => {
    const log: string[] = [];
    const time = createFakeClock();
    const [slow, late] = [token<object>("slow"), token<object>("late")];
    const a = noted("a", log);
    let finish = (_value: object): void => undefined;
    const { pool } = poolOf([
      a.token.provide(a.make),
      slow.provide(() => ({}), {
        close: async () => {
          await sleep(time, 5);
          log.push("-slow");
        },
      }),
      late.provide(() => new Promise<object>((resolve) => (finish = resolve)), { close: () => log.push("-late") }),
    ]);
    await given(pool, a.token);
    await given(pool, slow);
    const waiting = rejectionOf(given(pool, late));
    await Promise.resolve();
    const end = pool[Symbol.asyncDispose]();
    finish({});
    await waiting;
    await time.advanceAsync(5);
    await end;
    expect(log).toEqual(["+a", "-late", "-slow", "-a"]);
  });
});

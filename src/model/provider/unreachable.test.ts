import { expect, test } from "vitest";
import { unreachable } from "./unreachable.ts";

const system = (code: string, syscall?: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
const inside = (cause: unknown, depth: number): unknown =>
  depth === 0 ? cause : new Error("failed", { cause: inside(cause, depth - 1) });
const circle: { cause?: unknown } = {};
circle.cause = circle;

test.each<[string, unknown, string | undefined]>([
  ["a refused connection", inside(system("ECONNREFUSED", "connect"), 1), "ECONNREFUSED"],
  ["an unknown name", inside(system("ENOTFOUND", "getaddrinfo"), 3), "ENOTFOUND"],
  ["a name that cannot be looked up now", system("EAI_AGAIN", "getaddrinfo"), "EAI_AGAIN"],
  ["no route", system("EHOSTUNREACH"), "EHOSTUNREACH"],
  ["no network", system("ENETUNREACH", "connect"), "ENETUNREACH"],
  ["a connection that took too long to make", system("ETIMEDOUT", "connect"), "ETIMEDOUT"],
  ["a connection that undici gave up", system("UND_ERR_CONNECT_TIMEOUT"), "UND_ERR_CONNECT_TIMEOUT"],
  [
    "all addresses of a name",
    inside(new AggregateError([system("ECONNREFUSED", "connect"), system("ENETUNREACH", "connect")]), 2),
    "ECONNREFUSED",
  ],
  [
    "one of two that may have been reached",
    new AggregateError([system("ECONNREFUSED"), system("ECONNRESET")]),
    undefined,
  ],
  ["a connection that broke", inside(system("ECONNRESET", "read"), 1), undefined],
  ["a host that was lost within an answer", system("EHOSTUNREACH", "read"), undefined],
  ["a time-out of an answer", system("ETIMEDOUT", "read"), undefined],
  ["an error that causes itself", circle, undefined],
  ["no error", "ECONNREFUSED", undefined],
  ["nothing", undefined, undefined],
])("%s", (_what, thrown, code) => {
  expect(unreachable(thrown)?.code).toBe(code);
});

import { expect, test } from "vitest";
import { unreachable } from "./unreachable.ts";

const system = (code: string, syscall?: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
const inside = (cause: unknown, depth: number): unknown =>
  depth === 0 ? cause : new Error("failed", { cause: inside(cause, depth - 1) });
const circle: { cause?: unknown } = {};
circle.cause = circle;

/** An error of some parts, each of which holds it. */
function knot(parts: number, inner: readonly unknown[] = []): Error {
  const errors: unknown[] = [...inner];
  const whole = Object.assign(new Error("knot"), { errors });
  for (let part = 0; part < parts; part++) errors.push(Object.assign(new Error("part"), { errors }));
  return whole;
}
/** Errors within errors, two in each and both the same one at last. */
const shared = Array.from({ length: 60 }).reduce<unknown>(
  (part) => new AggregateError([part, part]),
  system("ECONNREFUSED", "connect"),
);

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
  ["errors that hold themselves", knot(40), undefined],
  ["errors that hold themselves beside what tells it", knot(40, [system("ECONNREFUSED")]), "ECONNREFUSED"],
  ["errors that hold themselves beside another failure", knot(40, [system("ECONNRESET")]), undefined],
  ["an error that many hold", shared, "ECONNREFUSED"],
  ["more errors than anybody looks at", inside(system("ECONNREFUSED"), 1_000), undefined],
  ["no error", "ECONNREFUSED", undefined],
  ["nothing", undefined, undefined],
])("%s", (_what, thrown, code) => {
  expect(unreachable(thrown)?.code).toBe(code);
});

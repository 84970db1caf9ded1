import { expect, it } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { type JsonObject, jsonLogger, type LogLevel, silentLogger } from "./index.ts";

const clock = createFakeClock(Date.UTC(2026, 0, 2, 3, 4, 5, 678));

function logged(write: (log: ReturnType<typeof jsonLogger>["log"]) => void, least?: LogLevel): string[] {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const logger = jsonLogger(stream, least === undefined ? { clock } : { clock, least });
  write(logger.log);
  return lines;
}

it("writes one JSON object a line: time, level and event first, then the facts in their order", () => {
  const lines = logged((log) => {
    log("info", "run/started", { zebra: 1, apple: [true, null] });
    log("error", "run/failed");
  });
  expect(lines).toEqual([
    '{"time":"2026-01-02T03:04:05.678Z","level":"info","event":"run/started","zebra":1,"apple":[true,null]}\n',
    '{"time":"2026-01-02T03:04:05.678Z","level":"error","event":"run/failed"}\n',
  ]);
});

it("writes one line whatever the facts hold", () => {
  const [line = ""] = logged((log) => log("info", "a\nb", { text: "c\r\nd\u2028" }));
  expect(line.slice(0, -1)).not.toContain("\n");
  expect(JSON.parse(line)).toMatchObject({ event: "a\nb", text: "c\r\nd\u2028" });
});

it("lets no fact take the place of time, level or event", () => {
  const [line = ""] = logged((log) => log("warn", "told", { time: "never", level: "debug", event: "forged", more: 1 }));
  expect(line).toBe('{"time":"2026-01-02T03:04:05.678Z","level":"warn","event":"told","more":1}\n');
});

it("keeps facts with hostile names as they are", () => {
  const facts: JsonObject = JSON.parse('{"__proto__":{"level":"x"},"constructor":1}');
  expect(logged((log) => log("info", "told", facts))[0]).toContain('"__proto__":{"level":"x"},"constructor":1}');
});

it("redacts the event and the facts", () => {
  const [line = ""] = logged((log) =>
    log("info", "key sk-aaaaaaaaaaaaaaaaaaaaaaaa", { password: "hunter2", text: "Bearer abc.def-123", inputTokens: 5 }),
  );
  expect(JSON.parse(line)).toMatchObject({
    event: "key [redacted]",
    password: "[redacted]",
    text: "Bearer [redacted]",
    inputTokens: 5,
  });
});

it.each<[LogLevel | undefined, string[]]>([
  [undefined, ["info", "warn", "error"]],
  ["debug", ["debug", "info", "warn", "error"]],
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
])("with least %s writes %j", (least, expected) => {
  const lines = logged((log) => {
    for (const level of ["debug", "info", "warn", "error"] as const) log(level, "told");
  }, least);
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(expected);
});

it("never throws: not for a stream or clock that does, nor for facts that cannot be read", () => {
  const broken = (): never => {
    throw new Error("broken");
  };
  const hostile = Object.defineProperty({}, "fact", { enumerable: true, get: broken });
  expect(() => jsonLogger({ write: broken }).log("info", "told")).not.toThrow();
  expect(() =>
    jsonLogger({ write: () => true }, { clock: { ...clock, now: () => Number.NaN } }).log("info", "told"),
  ).not.toThrow();
  expect(() => logged((log) => log("info", "told", hostile))).not.toThrow();
});

it("has the system's time unless told otherwise", () => {
  let line = "";
  jsonLogger({ write: (text: string) => (line = text) }).log("info", "told");
  expect(Math.abs(Date.parse(JSON.parse(line).time) - Date.now())).toBeLessThan(60_000);
});

it("says nothing by default", () => {
  expect(silentLogger.log("error", "told", { password: "x" })).toBeUndefined();
});

it.each<[unknown, object | undefined, string]>([
  [undefined, undefined, "jsonLogger: This cannot be used. Expected an object with write. Received nothing."],
  [() => undefined, undefined, "jsonLogger: This cannot be used."],
  [
    { write: () => true },
    { least: "verbose" },
    'jsonLogger, least: This cannot be used. Expected "debug" or "info" or "warn" or "error". Received string "verbose".',
  ],
  [{ write: () => true }, { leas: "debug" }, 'Did you mean "least"?'],
  [{ write: () => true }, { clock: 5 }, "jsonLogger, clock: This cannot be used. Expected an object with now."],
])("refuses what it cannot use", (stream, options, text) => {
  const make = () => jsonLogger(stream as { write(): void }, options as { least: LogLevel }); // as: what the types refuse
  expect(thrownBy(make)).toMatchObject({ code: "INPUT_INVALID", message: expect.stringContaining(text) });
});

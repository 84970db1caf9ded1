/** Where structured records go. Logging never throws and never waits. */

import { checkKind, checkOptions, having, oneOf } from "./check-options.ts";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import type { JsonObject } from "./json-value.ts";
import { redactDeep } from "./redact-deep.ts";

/** How much a record matters. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** The port for logs: an event's name and its facts. `pino` and others fit it with one line. */
export interface Logger {
  log(level: LogLevel, event: string, facts?: JsonObject): void;
}

/** Drops every record; the default everywhere. */
export const silentLogger: Logger = { log: () => undefined };

/** Writes one redacted JSON object a line to a stream: `{"time","level","event",…facts}`, time as ISO 8601 in UTC. Throws `INPUT_INVALID`. */
export function jsonLogger(
  stream: { write(text: string): unknown },
  options: { readonly clock?: Clock; readonly least?: LogLevel } = {},
): Logger {
  checkKind("jsonLogger", stream, having("write"));
  checkOptions("jsonLogger", options, kinds);
  const { clock = systemClock, least = "info" } = options;
  return {
    log(level, event, facts = {}) {
      if (order[level] < order[least]) return;
      try {
        const own = { time: new Date(clock.now()).toISOString(), level, event };
        // Twice, so that the record begins with them and no fact takes their place.
        stream.write(`${JSON.stringify(redactDeep({ ...own, ...facts, ...own }))}\n`);
      } catch {
        // a log that cannot be written must not stop the work that it describes
      }
    },
  };
}

const order: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const kinds = { clock: having("now"), least: oneOf(...Object.keys(order)) };

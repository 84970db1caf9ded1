/** How a run ends, before it is told: as an ending, in the journal, in words. */
import {
  type ErrorCode,
  errorCodes,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  messageFrom,
  problemFrom,
  toJson,
  WinkError,
} from "../base/index.ts";
import type { RunFinished } from "../journal/index.ts";
import type { Ending, PartialOutcome } from "./outcome.ts";

/** The ending that something thrown makes of a run: its abort or deadline when it is the signal's own reason, else a failure. */
export function endingBy(thrown: unknown, signal: AbortSignal | undefined, text: string): Ending {
  if (signal?.aborted && thrown === signal.reason) {
    const { reason } = signal;
    if (WinkError.is(reason, "DEADLINE_EXCEEDED"))
      return { status: "partial", reason: "deadline", problem: problemFrom(reason), text };
    return { status: "aborted", reason: messageFrom(signal.reason) };
  }
  if (WinkError.is(thrown)) return { status: "failed", error: thrown };
  const error = new WinkError("RUN_FAILED", {
    problem: "The run ended by an error",
    expected: "an error of the library, or none",
    received: messageFrom(thrown),
    cause: thrown,
  });
  return { status: "failed", error };
}

/** The output for the journal: null when its schema made something of it that JSON cannot hold; the text is there as well. */
function kept(output: unknown): JsonValue {
  try {
    return JSON.parse(toJson(output ?? null, "the output")) as JsonValue; // as: JSON.parse gives nothing else
  } catch {
    return null;
  }
}

/** The ending of a run that a limit, an error or an abort ended, from its journal; one that was cut off is told as aborted. */
export function endingOfRecord(finished: RunFinished | undefined): Ending {
  const { status, reason = "", problem = "", text = "", error } = finished ?? {};
  if (status === "completed") return { status, output: finished?.output, text };
  if (status === "refused") return { status, text };
  // as: it was written from one
  if (status === "partial") return { status, reason: reason as PartialOutcome["reason"], problem, text };
  if (status === "failed") return { status, error: errorFrom(error) };
  if (status === "aborted") return { status, reason };
  return { status: "aborted", reason: "the journal ends here: the run was cut off" };
}

/** An error as a journal keeps it, as an error again. */
export function errorFrom(kept: JsonObject | undefined): WinkError {
  const code = typeof kept?.code === "string" && Object.hasOwn(errorCodes, kept.code) ? kept.code : "RUN_FAILED";
  const problem = typeof kept?.message === "string" ? kept.message : "The run failed";
  const known = code as ErrorCode; // as: just looked up
  return new WinkError(known, { problem, fix: "", details: isJsonObject(kept?.details) ? kept.details : {} });
}

/** Why a run ended; undefined when its status says it all. */
export function reasonOf(ending: Ending): string | undefined {
  if (ending.status === "failed") return ending.error.message;
  return "reason" in ending ? ending.reason : undefined;
}

/** The limit that ended a run, in numbers; undefined when none did, and for records of before that do not tell. */
export const limitOf = (ending: Ending): string | undefined =>
  ending.status === "partial" && ending.problem !== "" ? ending.problem : undefined;

/** An ending as the journal keeps it. */
export interface EndingEntry {
  readonly status: Ending["status"];
  readonly output?: JsonValue;
  readonly text?: string;
  readonly reason?: string;
  readonly problem?: string;
  readonly error?: JsonObject;
}

/** Writes an ending for the journal. */
export function entryOf(ending: Ending): EndingEntry {
  switch (ending.status) {
    case "completed":
      return { status: ending.status, output: kept(ending.output), text: ending.text };
    case "failed":
      return { status: ending.status, error: ending.error.toJSON() };
    case "aborted":
      return { status: ending.status, reason: ending.reason };
    case "partial":
      return { status: ending.status, reason: ending.reason, problem: ending.problem, text: ending.text };
    case "suspended":
      return { status: ending.status };
    case "refused":
      return { status: ending.status, text: ending.text };
  }
}

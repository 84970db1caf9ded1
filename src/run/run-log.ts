/** What a run logs: each step when it is journalled, and what goes wrong. What a record holds was logged when it was done. */
import { type JsonObject, type Logger, type LogLevel, messageFrom, silentLogger } from "../base/index.ts";
import type { JournalStep, ToolFinished } from "../journal/index.ts";
import { textOf } from "../model/index.ts";
import { reasonOf } from "./ending.ts";
import type { Mode } from "./mode.ts";
import { shownName } from "./model-line.ts";
import type { Ending } from "./outcome.ts";
import { toolCalls } from "./transcript.ts";

/** What kept a call from its end: there was no such tool or its arguments did not fit; the handler threw or took too long. */
export type Mishap = "misfit" | "threw";

/** A record for a logger. */
export type LogRecord = readonly [level: LogLevel, event: string, facts: JsonObject];

/** The log of one run. Never throws. */
export class RunLog {
  readonly #logger: Logger;
  readonly #run: string;
  /** Tells of a step that was journalled; undefined when nobody listens, and for runs that are only gone through. */
  readonly step: ((step: JournalStep, mishap: Mishap | undefined) => void) | undefined;

  constructor(logger: Logger, run: string, mode: Mode) {
    this.#logger = logger;
    this.#run = run;
    if (logger === silentLogger || mode !== "live") return;
    this.step = (step, mishap) => {
      for (const record of recordsOf(step, mishap)) this.write(...record);
    };
  }

  /** Writes a record, with the run's id. */
  write(level: LogLevel, event: string, facts: JsonObject): void {
    try {
      this.#logger.log(level, event, { run: this.#run, ...facts });
    } catch {
      // a log that cannot be written changes nothing about the run
    }
  }
}

/** The records of a step: which, where, how much, never what was said. The end of a run tells of itself. */
function recordsOf(step: JournalStep, mishap: Mishap | undefined): readonly LogRecord[] {
  switch (step.type) {
    case "run/started": {
      const { prompt, session, model, parent } = step;
      const facts = { prompt, session: session.id, model: shownName(model), ...(parent && { parent: { ...parent } }) };
      return [["info", "prompt_execution_started", facts]];
    }
    case "prompt/rendered": {
      const { sections, tools, system, first } = step;
      const characters = system.length + textOf(first).length;
      return [["debug", "prompt_rendered", { sections, tools: tools.map(({ name }) => name), characters }]];
    }
    case "tools/joined":
      return [["debug", "tools_joined", { turn: step.turn, tools: step.tools.map(({ name }) => name) }]];
    case "model/requested": {
      const { turn, messages, model } = step;
      return [["debug", "model_requested", { turn, messages, ...(model && { model: shownName(model) }) }]];
    }
    case "model/responded": {
      const { turn, message, finish, usage } = step;
      const tools = toolCalls(message).map(({ name }) => name);
      const calls = toolCalls(message).map(({ id }) => id);
      const responded: LogRecord = ["debug", "model_responded", { turn, finish, ...known(usage) }];
      if (tools.length === 0) return [responded];
      return [responded, ["debug", "prompt_tool_calls_detected", { turn, tools, calls }]];
    }
    case "tool/intended": {
      const { turn, call, name, effects } = step;
      return [["debug", "tool_call_intended", { turn, call, tool: name, effects }]];
    }
    case "tool/finished":
      return [endOf(step, mishap)];
    case "tool/undone": {
      const { call, name, ok, error } = step;
      const facts = { call, tool: name, ...(error !== undefined && { problem: error }) };
      return [ok ? ["debug", "tool_undone", facts] : ["error", "tool_undo_failed", facts]];
    }
    case "question/asked": {
      const { turn, call, name, question, kind } = step;
      return [["info", "tool_suspended", { turn, call, tool: name, question, kind }]];
    }
    case "answer/refused":
      return [["warn", "answer_refused", { question: step.question }]];
    case "repair/requested":
      return [["warn", "repair_requested", {}]];
    case "wrap-up/begun": {
      const { turn, stage, limit, most, left } = step;
      return [["info", "wrap_up_begun", { turn, stage, limit, most, left }]];
    }
    case "context/dropped": {
      const { turn, calls, tokens, most } = step;
      return [["info", "context_dropped", { turn, calls, tokens, most }]];
    }
    case "context/summarised": {
      const { turn, messages, tokens, most } = step;
      return [["info", "context_summarised", { turn, messages, tokens, most }]];
    }
    case "wrap-up/lifted":
      return [["info", "wrap_up_lifted", { turn: step.turn }]];
    default:
      return [];
  }
}

/** The record of the end of a call. */
function endOf(
  { turn, call, name, status, result, milliseconds }: ToolFinished,
  mishap: Mishap | undefined,
): LogRecord {
  const place = { turn, call, tool: name };
  if (mishap === "misfit") return ["warn", "tool_validation_failed", place];
  if (status === "refused") return ["warn", "tool_call_refused", place];
  const facts = { ...place, status, milliseconds };
  const level = status === "unknown" ? "error" : "warn";
  if (mishap === "threw") return [level, "tool_handler_exception", { ...facts, problem: messageFrom(result.text) }];
  return [status === "committed" ? "debug" : level, "tool_handler_completed", facts];
}

/** The record of the end of a run. */
export function endRecord(ending: Ending, counts: JsonObject): LogRecord {
  const { status } = ending;
  if (status === "completed") return ["info", "prompt_execution_succeeded", { status, ...counts }];
  if (status === "failed") {
    const { code, message } = ending.error;
    return ["error", "prompt_execution_failed", { status, code, problem: message, ...counts }];
  }
  const reason = reasonOf(ending);
  return ["info", "prompt_execution_ended", { status, ...(reason !== undefined && { reason }), ...counts }];
}

/** The numbers that are known. */
export const known = (counts: object): JsonObject =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));

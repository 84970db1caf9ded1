/** What a run logs: each step when it is journalled, and what goes wrong. What a record holds was logged when it was done. */
import {
  type JsonObject,
  type JsonValue,
  type Logger,
  type LogLevel,
  messageFrom,
  silentLogger,
  stackFrom,
} from "../base/index.ts";
import type { JournalStep, ToolFinished } from "../journal/index.ts";
import type { ToolSpec } from "../model/index.ts";
import { limitOf, reasonOf } from "./ending.ts";
import type { Mode } from "./mode.ts";
import { shownName } from "./model-line.ts";
import type { Ending } from "./outcome.ts";
import { toolCalls } from "./transcript.ts";

/** What kept a call from its end: there was no such tool or its arguments did not fit; the handler threw or took too long. */
export type Mishap = { readonly how: "misfit" } | { readonly how: "threw"; readonly thrown?: unknown };

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

/** Of which steps there are records, and what of a step they tell: which, where, how much, never what was said. */
const told: Readonly<Partial<Record<JournalStep["type"], readonly [LogLevel, string, ...(readonly string[])]>>> = {
  "run/started": ["info", "prompt_execution_started", "prompt", "session", "model", "parent"],
  "prompt/rendered": ["debug", "prompt_rendered", "sections", "tools"],
  "tools/joined": ["debug", "tools_joined", "turn", "tools"],
  "model/requested": ["debug", "model_requested", "turn", "messages", "model"],
  "model/responded": ["debug", "model_responded", "turn", "finish", "answeredBy", "usage"],
  "tool/intended": ["debug", "tool_call_intended", "turn", "call", "name", "effects"],
  "tool/undone": ["debug", "tool_undone", "call", "name", "ok", "error"],
  "question/asked": ["info", "tool_suspended", "turn", "call", "name", "question", "kind"],
  "answer/refused": ["warn", "answer_refused", "question"],
  "repair/requested": ["warn", "repair_requested"],
  "wrap-up/begun": ["info", "wrap_up_begun", "turn", "stage", "limit", "most", "left"],
  "wrap-up/lifted": ["info", "wrap_up_lifted", "turn"],
  "context/dropped": ["info", "context_dropped", "turn", "calls", "tokens", "most"],
  "context/summarised": ["info", "context_summarised", "turn", "messages", "tokens", "most"],
};

/** The records of a step. The end of a run tells of itself. */
function recordsOf(step: JournalStep, mishap: Mishap | undefined): readonly LogRecord[] {
  if (step.type === "tool/finished") return [endOf(step, mishap)];
  const row = told[step.type];
  if (row === undefined) return [];
  const [level, event, ...fields] = row;
  const record: LogRecord = [level, event, factsOf(step, fields)];
  if (step.type === "tool/undone" && !step.ok) return [["error", event, record[2]]];
  if (step.type !== "model/responded") return [record];
  const calls = toolCalls(step.message);
  if (calls.length === 0) return [record];
  const [tools, ids] = [calls.map(({ name }) => name), calls.map(({ id }) => id)];
  return [record, ["debug", "prompt_tool_calls_detected", { turn: step.turn, tools, calls: ids }]];
}

/** The fields of a step as records tell them: tools and models by their names, sessions by their ids, counts of tokens one by one. */
function factsOf(step: Readonly<Record<string, any>>, fields: readonly string[]): JsonObject {
  // any: fields of all kinds of steps
  const facts: Record<string, JsonValue> = {};
  for (const field of fields) {
    const value = step[field];
    if (value === undefined) continue;
    if (field === "usage") Object.assign(facts, known(value));
    else if (field === "tools") facts.tools = value.map(({ name }: ToolSpec) => name);
    else if (field === "model") facts.model = shownName(value);
    else facts[renamed[field] ?? field] = field === "session" ? value.id : value;
  }
  return facts;
}

const renamed: Readonly<Record<string, string>> = { name: "tool", error: "problem" };

/** The record of the end of a call. */
function endOf(
  { turn, call, name, status, result, milliseconds }: ToolFinished,
  mishap: Mishap | undefined,
): LogRecord {
  const place = { turn, call, tool: name };
  if (mishap?.how === "misfit") return ["warn", "tool_validation_failed", place];
  if (status === "refused") return ["warn", "tool_call_refused", place];
  const facts = { ...place, status, milliseconds };
  const level = status === "unknown" ? "error" : "warn";
  if (mishap?.how === "threw") {
    const told = known({ problem: messageFrom(result.text), stack: stackFrom(mishap.thrown) });
    return [level, "tool_handler_exception", { ...facts, ...told }];
  }
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
  return ["info", "prompt_execution_ended", { status, ...known({ reason, problem: limitOf(ending) }), ...counts }];
}

/** What is known of some facts. */
export const known = (counts: object): JsonObject =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));

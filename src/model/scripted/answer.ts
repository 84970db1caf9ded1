import { toJson } from "../../base/index.ts";
import type { Finish, ModelRequest, TextPart, ToolCallPart } from "../index.ts";
import type { Expectation } from "./expectation.ts";

/** One answer of a scripted model, as data. */
export interface ScriptAnswer {
  readonly text?: string | undefined;
  readonly calls?: readonly ScriptCall[] | undefined;
  /** Why the answer ends; what fits its content unless told. */
  readonly finish?: Finish | undefined;
}

/** A tool call of an answer. */
export interface ScriptCall {
  readonly name: string;
  /** A text is sent as it is, and need not be JSON; anything else as its JSON. `{}` unless told. */
  readonly arguments?: unknown;
  /** `call-<turn>-<number>` unless told. */
  readonly id?: string | undefined;
}

/** What a scripted model does when it is asked once. */
export interface ScriptStep {
  readonly answer: (request: ModelRequest, options: { readonly signal: AbortSignal }) => Awaitable<ScriptAnswer>;
  /** What the request must look like; else the model throws `SCRIPT_MISMATCH`. */
  readonly expect?: Expectation | undefined;
  /** What the step is called in errors. */
  readonly name: string;
}

/** Options of a step. */
export interface StepOptions {
  readonly expect?: Expectation | undefined;
  readonly finish?: Finish | undefined;
}

type Awaitable<T> = T | Promise<T>;

/** A step that answers with text and ends the turn. */
export function say(text: string, { expect, finish }: StepOptions = {}): ScriptStep {
  return { name: "say", expect, answer: () => ({ text, finish }) };
}

/** A step that answers with a value as JSON: the final answer of a prompt with an output schema. */
export function sayJson(value: unknown, options: StepOptions = {}): ScriptStep {
  return { ...say(toJson(value, "The answer of a script"), options), name: "sayJson" };
}

/** A step that calls tools, all in one turn. */
export function callTools(calls: readonly ScriptCall[], options: StepOptions & { text?: string } = {}): ScriptStep {
  const { expect, finish, text } = options;
  return { name: "callTools", expect, answer: () => ({ text, calls, finish }) };
}

/** A step that declines to answer. */
export function refuse(text: string, options: StepOptions = {}): ScriptStep {
  return { ...say(text, { finish: "refusal", ...options }), name: "refuse" };
}

/** A step that throws, as a driver does when its provider fails. */
export function failWith(error: unknown, { expect }: StepOptions = {}): ScriptStep {
  return {
    name: "failWith",
    expect,
    answer() {
      throw error;
    },
  };
}

/** A step that never answers: it waits until it is aborted, and throws the signal's reason. */
export function silence({ expect }: StepOptions = {}): ScriptStep {
  const answer: ScriptStep["answer"] = (_request, { signal }) =>
    new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  return { name: "silence", expect, answer };
}

/** A step that makes its answer from the request. */
export function answerWith(answer: ScriptStep["answer"], { expect }: StepOptions = {}): ScriptStep {
  return { name: "answerWith", expect, answer };
}

/** The parts of an answer; calls without an id are numbered within their turn. */
export function partsOf(answer: ScriptAnswer, turn: number): readonly (TextPart | ToolCallPart)[] {
  const parts: (TextPart | ToolCallPart)[] = [];
  if (answer.text !== undefined && answer.text !== "") parts.push({ type: "text", text: answer.text });
  for (const [index, call] of (answer.calls ?? []).entries()) {
    const { name, arguments: given = {}, id = `call-${turn}-${index + 1}` } = call;
    const text = typeof given === "string" ? given : toJson(given, `The arguments of ${name}`);
    parts.push({ type: "tool-call", id, name, arguments: text });
  }
  return parts;
}

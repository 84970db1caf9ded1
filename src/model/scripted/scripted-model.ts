/**
 * A model that plays a script: step by step, in order, each once. It is strict: a request that does not fit its step, one
 * request too many, and steps left over (`assertComplete`) are `SCRIPT_MISMATCH`. Equal requests get equal answers, so
 * that whole runs can be compared.
 */
import { type JsonObject, WinkError } from "../../base/index.ts";
import type { Finish, Model, ModelRequest, ModelResponse, TextPart, ToolCallPart } from "../index.ts";
import { partsOf, type ScriptAnswer, type ScriptStep } from "./answer.ts";
import { expectationAsJson, mismatchOf, summaryOf } from "./expectation.ts";

/** Options of {@link scriptedModel}. */
export interface ScriptedModelOptions {
  /** The model's name; `scripted` unless told. */
  readonly name?: string | undefined;
}

/** A model that plays a script, and remembers what it was asked. */
export interface ScriptedModel extends Model {
  /** All requests in order, also those that did not fit. */
  readonly requests: readonly ModelRequest[];
  /** How many steps are left. */
  readonly left: number;
  /** Throws `SCRIPT_MISMATCH` when steps are left. */
  assertComplete(): void;
}

/** A step, or a function that makes its answer from the request. */
export type ScriptEntry = ScriptStep | ScriptStep["answer"];

/** Makes a model that answers by a script: `scriptedModel([callTools([{ name: "add" }]), say("Done.")])`. */
export function scriptedModel(script: readonly ScriptEntry[], options: ScriptedModelOptions = {}): ScriptedModel {
  const { name = "scripted" } = options;
  const requests: ModelRequest[] = [];
  let next = 0;
  return {
    name,
    provider: "scripted",
    requests,
    get left() {
      return script.length - next;
    },
    async generate(request, { signal }): Promise<ModelResponse> {
      signal.throwIfAborted();
      // the list of messages is copied: a run may go on writing to its own
      requests.push({ ...request, messages: request.messages.slice() });
      const entry = script[next];
      if (entry === undefined) throw askedTooOften(script.length, request);
      const index = next++;
      const step: ScriptStep = typeof entry === "function" ? { name: "function", answer: entry } : entry;
      const wrong = mismatchOf(request, step.expect);
      if (wrong !== undefined) {
        throw mismatch(index, step, request, { problem: "The request does not fit the script", ...wrong });
      }
      const answer = await step.answer(request, { signal });
      signal.throwIfAborted();
      const turn = (request.messages.length + 1) >> 1; // messages come in pairs after the first
      return responseOf(answer, request, turn);
    },
    assertComplete() {
      if (next >= script.length) return;
      const names = script.slice(next).map((entry) => (typeof entry === "function" ? "function" : entry.name));
      throw new WinkError("SCRIPT_MISMATCH", {
        at: "script",
        problem: `The script was played to step ${next} of ${script.length}`,
        expected: `${names.length} more request${names.length === 1 ? "" : "s"} (${names.slice(0, 5).join(", ")})`,
        received: "none",
        details: { asked: requests.length, left: names },
      });
    },
  };
}

function responseOf(answer: ScriptAnswer, request: ModelRequest, turn: number): ModelResponse {
  const content = partsOf(answer, turn);
  return {
    message: { role: "assistant", content },
    finish: answer.finish ?? finishOf(content),
    // made-up numbers that cost the same for every length of the conversation
    usage: { inputTokens: 10 * request.messages.length, outputTokens: 10 * Math.max(1, content.length) },
    id: `scripted-${turn}`,
  };
}

const finishOf = (content: readonly (TextPart | ToolCallPart)[]): Finish =>
  content.some(({ type }) => type === "tool-call") ? "tool-calls" : "stop";

function askedTooOften(steps: number, request: ModelRequest): WinkError {
  const last = summaryOf(request);
  return new WinkError("SCRIPT_MISMATCH", {
    at: "script",
    problem: "The script is over, and one more request came",
    expected: `${steps} request${steps === 1 ? "" : "s"}`,
    received: `one more, whose last message is ${JSON.stringify(last.last)}`,
    details: { steps, request: last },
  });
}

function mismatch(
  index: number,
  { name, expect }: ScriptStep,
  request: ModelRequest,
  {
    at,
    ...told
  }: { readonly at: string; readonly problem: string; readonly expected: string; readonly received: string },
): WinkError {
  const details: JsonObject = { step: index + 1, at, expected: expectationAsJson(expect), request: summaryOf(request) };
  return new WinkError("SCRIPT_MISMATCH", { ...told, at: `step ${index + 1} (${name}), ${at}`, details });
}

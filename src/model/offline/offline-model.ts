/**
 * A model without a language model: a plan, written by the user as a plain function, decides each turn from what the
 * tools returned. It shows the whole machine at work without a key and without a network. The transcript is its only
 * memory: the same request gets the same answer, so that runs can be resumed and replayed.
 */
import { type JsonObject, type JsonValue, toJson } from "../../base/index.ts";
import {
  type Model,
  type ModelRequest,
  type ModelResponse,
  type TextPart,
  type ToolCallPart,
  textOf,
} from "../index.ts";
import { type PastCall, type PastTurn, turnsOf } from "./transcript.ts";

/** What an offline model is, in one sentence to show before its work. */
export const offlineNotice = "The offline model follows a fixed table of rules: it is not a language model.";

/** What a plan sees. */
export interface PlanView {
  /** The prompt: system text and first message. */
  readonly prompt: string;
  readonly turns: readonly PastTurn[];
  /** All earlier calls with their results, in order. */
  readonly calls: readonly PastCall[];
  readonly request: ModelRequest;
  /** Whether a tool is on offer. */
  has(tool: string): boolean;
}

/** What a plan decides: tools to call, all in one turn, or the final answer as text or JSON. */
export type Move =
  | { readonly calls: readonly PlannedCall[]; readonly text?: string | undefined }
  | { readonly say: string }
  | { readonly answer: JsonValue };

/** A call that a plan asks for. */
export interface PlannedCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** Decides one turn. Must be pure: what it may know is in the view. */
export type Plan = (view: PlanView) => Move;

/** Options of {@link offlineModel}. */
export interface OfflineModelOptions {
  readonly plan: Plan;
  /** The model's name; `offline` unless told. */
  readonly name?: string | undefined;
}

/** Makes a model that follows a plan. */
export function offlineModel({ plan, name = "offline" }: OfflineModelOptions): Model {
  return {
    name,
    provider: "offline",
    async generate(request, { signal }): Promise<ModelResponse> {
      signal.throwIfAborted();
      const view = viewOf(request);
      return responseOf(plan(view), view.turns.length + 1);
    },
  };
}

function viewOf(request: ModelRequest): PlanView {
  const turns = turnsOf(request);
  const names = new Set(request.tools.map(({ name }) => name));
  const [first] = request.messages;
  return {
    prompt: `${request.system}\n${first === undefined ? "" : textOf(first)}`,
    turns,
    calls: turns.flatMap(({ calls }) => calls),
    request,
    has: (tool) => names.has(tool),
  };
}

function responseOf(move: Move, turn: number): ModelResponse {
  const content: (TextPart | ToolCallPart)[] = [];
  const say = (text: string): unknown => text !== "" && content.push({ type: "text", text });
  if ("calls" in move) {
    say(move.text ?? "");
    for (const [index, call] of move.calls.entries()) {
      const text = toJson(call.arguments, `The arguments of ${call.name}`);
      content.push({ type: "tool-call", id: `call-${turn}-${index + 1}`, name: call.name, arguments: text });
    }
  } else say("say" in move ? move.say : toJson(move.answer, "The answer of a plan"));
  return {
    message: { role: "assistant", content },
    finish: content.some(({ type }) => type === "tool-call") ? "tool-calls" : "stop",
    usage: { inputTokens: 0, outputTokens: 0 },
    id: `offline-${turn}`,
  };
}

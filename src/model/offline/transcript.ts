/** The transcript of a request as a plan reads it: what was asked of tools and what came back, turn by turn. */
import { isJsonObject, type JsonObject, parseJson } from "../../base/index.ts";
import { type AssistantMessage, type ModelRequest, type ToolResultPart, textOf } from "../index.ts";

/** One call of an earlier turn with its result. */
export interface PastCall {
  readonly name: string;
  readonly arguments: JsonObject;
  /** The result's text; empty while there is none. */
  readonly text: string;
  readonly failed: boolean;
}

/** One earlier answer of the model. */
export interface PastTurn {
  readonly text: string;
  readonly calls: readonly PastCall[];
  /** What the user said after it: a repair turn's complaint. */
  readonly remark: string | undefined;
}

/** All earlier turns of a request. */
export function turnsOf(request: ModelRequest): readonly PastTurn[] {
  const turns: PastTurn[] = [];
  const { messages } = request;
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    const next = messages[index + 1];
    const results = next?.role === "tool" ? next.content : [];
    const remark = next?.role === "user" ? textOf(next) : undefined;
    turns.push({ text: textOf(message), calls: callsOf(message, results), remark });
  }
  return turns;
}

function callsOf(message: AssistantMessage, results: readonly ToolResultPart[]): readonly PastCall[] {
  const calls: PastCall[] = [];
  for (const part of message.content) {
    if (part.type !== "tool-call") continue;
    const parsed = parseJson(part.arguments);
    const result = results.find(({ id }) => id === part.id);
    calls.push({
      name: part.name,
      arguments: parsed.ok && isJsonObject(parsed.value) ? parsed.value : {},
      text: result?.text ?? "",
      failed: result?.failed ?? false,
    });
  }
  return calls;
}

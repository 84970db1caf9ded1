/** What was said, as text: for the model that sums it up, and as the list of calls that stands for it. */
import { redact } from "../../base/index.ts";
import type { CountTokens } from "../../limits/index.ts";
import type { Message, ToolCallPart } from "../../model/index.ts";

/** Calls that a list names at most. */
const mostCalls = 100;

/** Characters that are shown of each result: the first of these with which all has room. */
const resultLengths = [2_000, 1_000, 500, 200];

/**
 * What an agent was told, its notes of before and a conversation, as text: each piece of the conversation bounded. When all has more
 * than `most` tokens, less is shown of each result, and then the oldest pieces are left out.
 */
export function conversationText(
  system: string,
  notes: string,
  messages: readonly Message[],
  most: number,
  countTokens: CountTokens,
): string {
  const before = notes === "" ? "" : `\n\nYour notes of what came before this part, to be kept:\n\n${notes}`;
  const task = `The agent was told: ${clipped(system, 8_000)}${before}`;
  const room = most - countTokens(task);
  let pieces: readonly string[] = [];
  let first = 0;
  for (const length of resultLengths) {
    pieces = messages.flatMap((message) => piecesOf(message, length));
    first = pieces.length;
    for (let left = room; first > 0; first--) {
      left -= countTokens(pieces[first - 1] ?? "") + 1;
      if (left < 0) break;
    }
    if (first === 0) break;
  }
  const gap = first === 0 ? [] : ["[earlier parts are left out]"];
  return [task, ...gap, ...pieces.slice(first)].join("\n\n");
}

function piecesOf({ role, content }: Message, longestResult: number): readonly string[] {
  return content.map((part) => {
    switch (part.type) {
      case "text":
        return `${role}: ${clipped(part.text, 4_000)}`;
      case "tool-call":
        return `${role} calls ${part.name} (${part.id}) with ${clipped(part.arguments, 1_000)}`;
      case "tool-result":
        return `${part.name} (${part.id}) ${part.failed ? "failed" : "gave"}: ${clipped(part.text, longestResult)}`;
      default:
        return `${role}: [a ${part.type}]`;
    }
  });
}

/** The newest calls of a conversation, a line each, of no more than `most` tokens; redacted, as a value that is cut is known no more. */
export function callList(messages: readonly Message[], most: number, countTokens: CountTokens): string {
  const results = new Map<string, string>();
  const calls: ToolCallPart[] = [];
  for (const { role, content } of messages) {
    if (role === "tool")
      for (const { id, failed, text } of content) results.set(id, failed ? "failed" : `${text.length} characters`);
    if (role === "assistant") for (const part of content) if (part.type === "tool-call") calls.push(part);
  }
  const lines: string[] = [];
  let left = most;
  for (const { id, name, arguments: given } of calls.slice(-mostCalls).reverse()) {
    const line = `- ${id}: ${name} ${clipped(redact(given), 120)}: ${results.get(id) ?? "no result"}`;
    left -= countTokens(line);
    if (left < 0) break;
    lines.unshift(line);
  }
  const before = calls.length - lines.length;
  return [...(before > 0 ? [`- ${before} calls before these`] : []), ...lines].join("\n");
}

const clipped = (text: string, most: number): string => {
  const line = text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
  return line.replaceAll("\n", "\n  ");
};

/** Thinking blocks that a server gave: they must come back unchanged, before the calls that they led to. */
import { isJsonObject, type JsonObject, sha256 } from "../../../base/index.ts";
import { objectsIn, type Report, shown, textOf } from "../checks.ts";

/** The thinking blocks that came before a call, by the call's id. */
export type GivenThinking = Map<string, readonly JsonObject[]>;

/** The signature of a text: whoever changes the text cannot make it. */
export const signatureOf = (thinking: string): string => `signed-${sha256(thinking)}`;

/** The content of a thinking block that nobody can read. */
export const redactedData = (index: number): string => `${index}.${sha256(`redacted ${index}`)}`;

/** Whether a block is a thought. */
export const isThinking = ({ type }: JsonObject): boolean => type === "thinking" || type === "redacted_thinking";

/** Checks the thinking in the messages of a request; what is missing counts since the last message of a person. */
export function checkThinking(body: JsonObject, given: GivenThinking, report: Report): void {
  const messages = objectsIn(body.messages);
  const isOff = isJsonObject(body.thinking) && body.thinking.type === "disabled";
  const last = messages.findLastIndex((message) => message.role === "user" && !hasResults(message));
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    const blocks = objectsIn(message.content);
    const at = `messages[${index}]`;
    for (const block of blocks) if (isThinking(block)) checkBlock(block, at, report);
    if (index < last || isOff) continue;
    const firstCall = blocks.findIndex(({ type }) => type === "tool_use");
    const before = JSON.stringify(blocks.slice(0, Math.max(0, firstCall)).filter(isThinking));
    for (const { id, type } of blocks) {
      const expected = type === "tool_use" ? given.get(textOf(id)) : undefined;
      if (expected !== undefined && before !== JSON.stringify(expected)) {
        report(`${at}: the call ${shown(id)} without the thinking that came before it`);
      }
    }
  }
}

const hasResults = ({ content }: JsonObject): boolean => objectsIn(content).some(({ type }) => type === "tool_result");

function checkBlock(block: JsonObject, at: string, report: Report): void {
  if ("cache_control" in block) report(`${at}: cache_control at thinking`);
  if (block.type === "redacted_thinking") {
    if (block.data !== redactedData(Number.parseInt(textOf(block.data), 10)))
      report(`${at}: redacted thinking was changed`);
  } else if (typeof block.thinking !== "string" || block.signature !== signatureOf(block.thinking)) {
    report(`${at}: the thinking does not fit its signature`);
  }
}

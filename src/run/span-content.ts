/** What was said, as spans show it: in the form of the GenAI conventions, redacted and cut. */
import { messageFrom, parseJson, redact, redactDeep } from "../base/index.ts";
import type { Message, ModelRequest, ModelResponse } from "../model/index.ts";

/** So long is one attribute at most, in UTF-16 units of what was said. */
const longest = 16_384;

/** What a part counts beside its text. */
const partLength = 64;

/** What was said, by the name of the attribute. */
export type SpanContent = Readonly<Record<string, string>>;

/** What is sent to a model: of many messages the last ones. */
export function requestContent({ system, messages }: ModelRequest): SpanContent {
  const room = new Room();
  const told: object[] = [];
  for (let index = messages.length - 1; index >= 0 && room.left > 0; index--) {
    told.unshift(formOf(messages[index] as Message, room)); // as: the index is below the length
  }
  return {
    "gen_ai.input.messages": JSON.stringify(told),
    ...(system !== "" && {
      "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: new Room().text(system) }]),
    }),
  };
}

/** What a model answered. */
export function answerContent({ message }: ModelResponse, finish: string): SpanContent {
  return { "gen_ai.output.messages": JSON.stringify([{ ...formOf(message, new Room()), finish_reason: finish }]) };
}

/** What a tool is given. */
export const argumentsContent = (given: object): SpanContent => ({
  "gen_ai.tool.call.arguments": new Room().cut(JSON.stringify(redactDeep(given))),
});

/** What a tool came to. */
export const resultContent = (text: string): SpanContent => ({ "gen_ai.tool.call.result": new Room().text(text) });

function formOf({ role, content }: Message, room: Room): { readonly role: string; readonly parts: readonly object[] } {
  const parts: object[] = [];
  for (const part of content) {
    if (room.left <= 0) break;
    room.left -= partLength;
    switch (part.type) {
      case "text":
        parts.push({ type: "text", content: room.text(part.text) });
        break;
      case "tool-call":
        parts.push({
          type: "tool_call",
          id: short(part.id),
          name: short(part.name),
          arguments: room.json(part.arguments),
        });
        break;
      case "tool-result":
        parts.push({ type: "tool_call_response", id: short(part.id), response: room.text(part.text) });
        break;
      default:
        parts.push({ type: part.type, mime_type: part.mediaType }); // bytes are not told
    }
  }
  return { role, parts };
}

/** A name or an id: they may come from a model. */
export const short = (text: string): string => messageFrom(text, 200);

/** How much more may be said. Secrets are taken out before texts are cut: half of one is not known as one. */
class Room {
  left = longest;

  text(text: string): string {
    return this.cut(redact(text));
  }

  /** The arguments of a call; as a text when they are no JSON or too long. */
  json(text: string): unknown {
    const parsed = parseJson(text);
    if (!parsed.ok) return this.text(text);
    const clean = redactDeep(parsed.value);
    const written = JSON.stringify(clean);
    const cut = this.cut(written);
    return cut === written ? clean : cut;
  }

  cut(text: string): string {
    const whole = text.length <= this.left;
    const cut = whole ? text : `${text.slice(0, Math.max(0, this.left - 1))}…`;
    this.left -= cut.length;
    return cut;
  }
}

/** The tool by which a model reads again what was left out of its context. */
import type { Message, ToolResultPart } from "../../model/index.ts";
import { plainSchema, readDroppedName } from "../../prompt/index.ts";
import { fail, ok, type Tool, tool } from "../../tool/index.ts";

/** Characters that one call gives at most. */
const mostCharacters = 8_000;

const params = plainSchema<{ readonly call: string; readonly from?: number }>({
  type: "object",
  properties: {
    call: { type: "string", description: "The id of the call whose result was left out." },
    from: { type: "integer", minimum: 0, description: "The first character to read, counted from 0; 0 unless given." },
  },
  required: ["call"],
  additionalProperties: false,
});

/** Makes the tool over the whole conversation of a run. */
export function readResultTool(messages: readonly Message[]): Tool {
  return tool({
    name: readDroppedName,
    description: `Read the result of an earlier call again that was left out to make room; ${mostCharacters} characters at a time.`,
    effects: "none",
    overridable: false,
    params,
    handler: ({ call, from = 0 }) => {
      const part = resultOf(messages, call);
      if (part === undefined) return fail(`There is no result of a call ${JSON.stringify(call.slice(0, 100))}.`);
      const { text } = part;
      const to = endOfPiece(text, from + mostCharacters);
      if (from >= text.length && from > 0)
        return fail(`The result has ${text.length} characters: there is none from ${from} on.`);
      const rest = to < text.length ? ` Go on with from: ${to}.` : "";
      return ok(text.slice(from, to), `Characters ${from} to ${to} of ${text.length}.${rest}`);
    },
  });
}

/** Where a piece ends: not between the halves of a character. */
function endOfPiece(text: string, to: number): number {
  if (to >= text.length) return text.length;
  return (text.codePointAt(to - 1) ?? 0) > 0xffff ? to - 1 : to;
}

function resultOf(messages: readonly Message[], call: string): ToolResultPart | undefined {
  for (const message of messages) {
    if (message.role !== "tool") continue;
    const found = message.content.find(({ id }) => id === call);
    if (found !== undefined) return found;
  }
  return undefined;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import type { JsonObject } from "../../base/index.ts";
import { messagesEndpoint } from "./anthropic/messages-endpoint.ts";
import { chatEndpoint } from "./openai/chat-endpoint.ts";
import { openaiChat } from "./openai/loopback-openai.ts";
import { responsesEndpoint } from "./openai/responses-endpoint.ts";
import type { Endpoint } from "./protocol.ts";
import { textPieces } from "./spoken.ts";

const endpoints: Record<string, () => Endpoint> = {
  chat: () => chatEndpoint(openaiChat),
  responses: responsesEndpoint,
  messages: messagesEndpoint,
};

/** JSON with the words of the protocols in it, so that it gets past the first check of each place. */
const { body } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(null, true, 0, 1.5, "", "a", "json", "user", "function", "object", "array"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "name", "$ref", "anyOf"), tie("value"), { maxKeys: 2 }),
    tie("part"),
    tie("schema"),
  ),
  part: fc.record(
    {
      type: fc.constantFrom(
        "text",
        "input_text",
        "output_text",
        "thinking",
        "redacted_thinking",
        "tool_use",
        "tool_result",
        "function",
      ),
      ...Object.fromEntries(
        [
          "id",
          "tool_use_id",
          "text",
          "name",
          "input",
          "content",
          "function",
          "thinking",
          "signature",
          "data",
          "cache_control",
        ].map((name) => [name, tie("value")]),
      ),
    },
    { requiredKeys: ["type"] },
  ),
  schema: fc.record(
    {
      type: fc.constantFrom("object", "array", "string", ["object", "null"]),
      ...Object.fromEntries(
        ["properties", "required", "items", "anyOf", "format", "$defs"].map((name) => [name, tie("value")]),
      ),
      additionalProperties: fc.constant(false),
    },
    { requiredKeys: ["type"] },
  ),
  turn: fc.record(
    {
      role: fc.constantFrom("user", "assistant", "tool", "system"),
      type: fc.constantFrom("message", "reasoning", "function_call", "function_call_output", "item_reference"),
      ...Object.fromEntries(
        ["content", "tool_calls", "id", "call_id", "summary", "encrypted_content", "output", "arguments"].map(
          (name) => [name, tie("value")],
        ),
      ),
    },
    { requiredKeys: [] },
  ),
  turns: fc.oneof(fc.array(fc.oneof(tie("turn"), tie("value")), { maxLength: 4 }), tie("value")),
  tool: fc.record(
    {
      type: fc.constantFrom("function", "custom"),
      name: tie("value"),
      function: tie("value"),
      strict: fc.boolean(),
      parameters: tie("schema"),
      input_schema: tie("schema"),
    },
    { requiredKeys: [] },
  ),
  body: fc.record(
    {
      messages: tie("turns"),
      input: tie("turns"),
      tools: fc.oneof(fc.array(tie("tool"), { maxLength: 3 }), tie("value")),
      ...Object.fromEntries(
        [
          "tool_choice",
          "system",
          "text",
          "response_format",
          "thinking",
          "output_config",
          "cache_control",
          "previous_response_id",
          "model",
        ].map((name) => [name, tie("value")]),
      ),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>,
}));

/** Fails when a check throws, or says something else of the same request a second time. */
function checkNeverThrows(make: () => Endpoint): void {
  fc.assert(
    fc.property(body, (request) => {
      const endpoint = make();
      const problems = endpoint.problems(request, {});
      expect(problems.every((problem) => problem !== "")).toBe(true);
      expect(endpoint.problems(request, {})).toEqual(problems);
    }),
    { numRuns: propertyRuns },
  );
}

describe("whatever JSON comes, it is taken or told as a violation", () => {
  test.each(Object.entries(endpoints))("%s", (_name, make) => checkNeverThrows(make));

  test("a check that believes in a form is found", () => {
    const naive = (request: JsonObject): string[] =>
      [...(request.messages as { role: string }[])].map(({ role }) => role.trim());
    expect(() => checkNeverThrows(() => ({ ...responsesEndpoint(), problems: naive }))).toThrow(/Property failed/);
  });
});

const characters = fc
  .array(fc.constantFrom("a", "é", "🦀", "\u{1f469}\u{200d}", "\ud800", "\n"), { maxLength: 1500 })
  .map((list) => list.join(""));

test("the pieces of a text are that text, several and not many", () => {
  fc.assert(
    fc.property(characters, (text) => {
      const pieces = textPieces(text);
      expect(pieces.join("")).toBe(text);
      expect(pieces.length).toBeLessThanOrEqual(200);
      if (Array.from(text).length > 1) expect(pieces.length).toBeGreaterThan(1);
    }),
    { numRuns: propertyRuns },
  );
});

import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../base/index.ts";
import type { Message, ModelRequest, ToolSpec } from "../index.ts";
import { bodyMaker } from "./request.ts";
import type { OpenAISettings } from "./settings.ts";

const parameters: JsonObject = {
  type: "object",
  properties: { path: { type: "string" } },
  required: ["path"],
  additionalProperties: false,
};
const loose: JsonObject = { ...parameters, required: [] };
const tools: readonly ToolSpec[] = [
  { name: "read", description: "Reads.", parameters },
  { name: "list", description: "Lists.", parameters: loose },
];
const begin: Message = { role: "user", content: [{ type: "text", text: "Begin." }] };
const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: "",
  messages: [begin],
  tools: [],
  ...more,
});
const bodyOf = (settings: OpenAISettings, more: Partial<ModelRequest> = {}) =>
  bodyMaker("m", settings).bodyOf(request(more));

describe("bodyMaker", () => {
  test("sends nothing that was not given", () => {
    expect(bodyOf({})).toEqual({ model: "m", messages: [{ role: "user", content: "Begin." }] });
  });

  test("sends tools, strict where their schema allows it, and makes them once", () => {
    const maker = bodyMaker("m", {});
    const first = maker.bodyOf(request({ tools }));
    expect(first.tools).toEqual([
      { type: "function", function: { name: "read", description: "Reads.", parameters, strict: true } },
      { type: "function", function: { name: "list", description: "Lists.", parameters: loose } },
    ]);
    expect(maker.bodyOf(request({ tools })).tools).toBe(first.tools);
    expect(bodyOf({ strictSchemas: false }, { tools }).tools?.[0]).not.toHaveProperty("function.strict");
  });

  test("asks for the form of the answer", () => {
    const output = { name: "x".repeat(70), schema: parameters };
    expect(bodyOf({}, { output }).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "x".repeat(64), schema: parameters, strict: true },
    });
    const open = { name: "review", schema: loose };
    expect(bodyOf({}, { output: open }).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "review", schema: loose, strict: false },
    });
  });

  test("tells the form in words to servers that are not given the schema", () => {
    const output = { name: "review", schema: parameters };
    const object = bodyOf({ outputFormat: "json-object" }, { output, system: "Review." });
    expect(object.response_format).toEqual({ type: "json_object" });
    expect(object.messages[0]).toEqual({
      role: "system",
      content: expect.stringMatching(/^Review\.\n\n.*JSON Schema:\n\{"type":"object"/s),
    });
    const none = bodyOf({ outputFormat: "none" }, { output });
    expect(none).not.toHaveProperty("response_format");
    expect(none.messages[0]).toEqual({ role: "system", content: expect.stringMatching(/^When you are done/) });
  });

  test("sends settings under the protocol's names", () => {
    const settings: OpenAISettings = {
      temperature: 0,
      topP: 0.5,
      seed: 7,
      stop: "END",
      presencePenalty: 1,
      frequencyPenalty: -1,
      maxOutputTokens: 100,
      reasoningEffort: "low",
      verbosity: "high",
      promptCacheKey: "k",
      safetyIdentifier: "u",
      store: false,
      extra: { top_k: 40 },
    };
    expect(bodyOf(settings)).toEqual({
      model: "m",
      messages: [{ role: "user", content: "Begin." }],
      temperature: 0,
      top_p: 0.5,
      seed: 7,
      stop: ["END"],
      presence_penalty: 1,
      frequency_penalty: -1,
      max_completion_tokens: 100,
      reasoning_effort: "low",
      verbosity: "high",
      prompt_cache_key: "k",
      safety_identifier: "u",
      store: false,
      top_k: 40,
    });
  });

  test("takes the smaller limit, under the name that the server knows", () => {
    const limits = { maxOutputTokens: 50 };
    expect(bodyOf({ maxOutputTokens: 100 }, { limits })).toMatchObject({ max_completion_tokens: 50 });
    expect(bodyOf({ maxTokensField: "max_tokens" }, { limits })).toMatchObject({ max_tokens: 50 });
    expect(bodyOf({ maxTokensField: "max_tokens" }, { limits })).not.toHaveProperty("max_completion_tokens");
  });

  test("sends choices about tools only with tools", () => {
    const settings: OpenAISettings = { parallelToolCalls: false, toolChoice: "auto" };
    expect(bodyOf(settings)).not.toHaveProperty("tool_choice");
    expect(bodyOf(settings, { tools })).toMatchObject({ parallel_tool_calls: false, tool_choice: "auto" });
  });

  test("a demanded call is demanded until the first one came", () => {
    const after: readonly Message[] = [
      begin,
      { role: "assistant", content: [{ type: "tool-call", id: "c", name: "read", arguments: "{}" }] },
      { role: "tool", content: [{ type: "tool-result", id: "c", name: "read", text: "x", failed: false }] },
    ];
    const named: OpenAISettings = { toolChoice: { tool: "read" } };
    expect(bodyOf(named, { tools }).tool_choice).toEqual({ type: "function", function: { name: "read" } });
    expect(bodyOf(named, { tools, messages: after }).tool_choice).toBe("auto");
    expect(bodyOf({ toolChoice: "required" }, { tools }).tool_choice).toBe("required");
    expect(bodyOf({ toolChoice: "required" }, { tools, messages: after }).tool_choice).toBe("auto");
    expect(bodyOf({ toolChoice: "none" }, { tools, messages: after }).tool_choice).toBe("none");
  });
});

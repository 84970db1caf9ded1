import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../base/index.ts";
import type { Message, ModelRequest, ToolSpec } from "../../index.ts";
import type { OpenAIResponsesSettings } from "../settings.ts";
import { bodyMaker } from "./request.ts";

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
const bodyOf = (settings: OpenAIResponsesSettings, more: Partial<ModelRequest> = {}) =>
  bodyMaker("m", settings).bodyOf(request(more));
const bare = {
  model: "m",
  input: [{ type: "message", role: "user", content: "Begin." }],
  store: false,
  include: ["reasoning.encrypted_content"],
};

describe("bodyMaker", () => {
  test("sends nothing that was not given, and has nothing stored", () => {
    expect(bodyOf({})).toEqual(bare);
    expect(bodyOf({}, { system: "Be brief." })).toEqual({ ...bare, instructions: "Be brief." });
  });

  test("says of each tool whether it is strict: untold, this API takes it as strict; and makes them once", () => {
    const maker = bodyMaker("m", {});
    const first = maker.bodyOf(request({ tools }));
    expect(first.tools).toEqual([
      { type: "function", name: "read", description: "Reads.", parameters, strict: true },
      { type: "function", name: "list", description: "Lists.", parameters: loose, strict: false },
    ]);
    expect(maker.bodyOf(request({ tools })).tools).toBe(first.tools);
    expect(bodyOf({ strictSchemas: false }, { tools }).tools?.map(({ strict }) => strict)).toEqual([false, false]);
  });

  test("asks for the form of the answer", () => {
    const output = { name: "x".repeat(70), schema: parameters };
    expect(bodyOf({ verbosity: "low" }, { output }).text).toEqual({
      format: { type: "json_schema", name: "x".repeat(64), schema: parameters, strict: true },
      verbosity: "low",
    });
    expect(bodyOf({}, { output: { name: "o", schema: loose } }).text?.format).toMatchObject({ strict: false });
    expect(bodyOf({ verbosity: "high" }).text).toEqual({ verbosity: "high" });
  });

  test("tells the form in words to servers that are not given the schema", () => {
    const output = { name: "review", schema: parameters };
    const object = bodyOf({ outputFormat: "json-object" }, { output, system: "Review." });
    expect(object.text).toEqual({ format: { type: "json_object" } });
    expect(object.instructions).toMatch(/^Review\.\n\n.*JSON Schema:\n\{"type":"object"/s);
    const none = bodyOf({ outputFormat: "none" }, { output });
    expect(none).not.toHaveProperty("text");
    expect(none.instructions).toMatch(/^When you are done/);
  });

  test("sends settings under the API's names", () => {
    const settings: OpenAIResponsesSettings = {
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 100,
      reasoningEffort: "low",
      reasoningSummary: "auto",
      promptCacheKey: "k",
      safetyIdentifier: "u",
      store: true,
      extra: { service_tier: "flex", metadata: { a: "b" } },
    };
    expect(bodyOf(settings, { limits: { maxOutputTokens: 50 } })).toEqual({
      ...bare,
      temperature: 0,
      top_p: 0.5,
      max_output_tokens: 50,
      reasoning: { effort: "low", summary: "auto" },
      prompt_cache_key: "k",
      safety_identifier: "u",
      store: true,
      service_tier: "flex",
      metadata: { a: "b" },
    });
    expect(bodyOf({ reasoningEffort: "none" }).reasoning).toEqual({ effort: "none" });
  });

  test("sends choices about tools only with tools, and demands a call until the first one came", () => {
    const settings: OpenAIResponsesSettings = { parallelToolCalls: false, toolChoice: { tool: "read" } };
    expect(bodyOf(settings)).toEqual(bare);
    const first = bodyOf(settings, { tools });
    expect(first).toMatchObject({ parallel_tool_calls: false, tool_choice: { type: "function", name: "read" } });
    const result = { type: "tool-result", id: "c", name: "read", text: "x", failed: false } as const;
    const messages: readonly Message[] = [begin, { role: "tool", content: [result] }];
    expect(bodyOf(settings, { tools, messages }).tool_choice).toBe("auto");
    expect(bodyOf({ toolChoice: "none" }, { tools, messages }).tool_choice).toBe("none");
  });

  test("asks for a stream when told, unless `extra` says otherwise", () => {
    expect(bodyMaker("m", {}).bodyOf(request(), true)).toEqual({ ...bare, stream: true });
    expect(bodyMaker("m", { extra: { stream: false } }).bodyOf(request(), true).stream).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../base/index.ts";
import type { Message, ModelRequest, ToolSpec } from "../index.ts";
import { bodyMaker } from "./request.ts";
import type { AnthropicSettings } from "./settings.ts";

const parameters: JsonObject = {
  type: "object",
  properties: { path: { type: "string" } },
  required: ["path"],
  additionalProperties: false,
};
const tools: readonly ToolSpec[] = [
  { name: "read", description: "Reads.", parameters },
  { name: "list", description: "Lists.", parameters },
];
const output = { name: "review", schema: parameters };
const begin: Message = { role: "user", content: [{ type: "text", text: "Begin." }] };
const after: readonly Message[] = [
  begin,
  { role: "assistant", content: [{ type: "tool-call", id: "c", name: "read", arguments: "{}" }] },
  { role: "tool", content: [{ type: "tool-result", id: "c", name: "read", text: "x", failed: false }] },
];
const made = (settings: AnthropicSettings, more: Partial<ModelRequest> = {}) =>
  bodyMaker("m", settings).bodyOf({ system: "", messages: [begin], tools: [], ...more });
const bodyOf = (settings: AnthropicSettings, more: Partial<ModelRequest> = {}) => made(settings, more).body;

describe("bodyMaker", () => {
  test("sends nothing that was not given, but the limit that the API demands", () => {
    expect(bodyOf({ cache: false })).toEqual({
      model: "m",
      max_tokens: 16_000,
      messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
    });
  });

  test("sends tools and system text", () => {
    const maker = bodyMaker("m", { cache: false });
    const { body } = maker.bodyOf({ system: "Review.", messages: [begin], tools });
    expect(body.system).toEqual([{ type: "text", text: "Review." }]);
    expect(body.tools).toEqual([
      { name: "read", description: "Reads.", input_schema: parameters },
      { name: "list", description: "Lists.", input_schema: parameters },
    ]);
    expect(maker.bodyOf({ system: "", messages: [begin], tools }).body.tools?.[0]).toBe(body.tools?.[0]);
    expect(bodyOf({}, { system: " \n" })).not.toHaveProperty("system");
  });

  test.each([
    [true, { type: "ephemeral" }],
    [undefined, { type: "ephemeral" }],
    ["5m", { type: "ephemeral", ttl: "5m" }],
    ["1h", { type: "ephemeral", ttl: "1h" }],
  ] as const)("has at most four points for the cache: %s", (cache, control) => {
    const long = [...after, ...after.slice(1), ...after.slice(1)];
    const body = bodyOf({ cache }, { system: "Review.", tools, messages: long, output });
    expect(body.system?.[0]?.cache_control).toEqual(control);
    expect(body.tools?.map((tool) => tool.cache_control)).toEqual([undefined, control]);
    expect(body.messages.at(-1)?.content.at(-1)).toMatchObject({ cache_control: control });
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(4);
    expect(JSON.stringify(bodyOf({ cache: false }, { system: "Review.", tools, messages: long }))).not.toMatch(
      /cache_/,
    );
  });

  test("sends settings under the protocol's names", () => {
    const settings: AnthropicSettings = {
      cache: false,
      maxOutputTokens: 100,
      temperature: 0,
      topK: 5,
      stop: "END",
      effort: "low",
      userId: "u",
      serviceTier: "standard_only",
      extra: { inference_geo: "eu" },
    };
    expect(bodyOf(settings)).toEqual({
      model: "m",
      max_tokens: 100,
      messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
      temperature: 0,
      top_k: 5,
      stop_sequences: ["END"],
      output_config: { effort: "low" },
      metadata: { user_id: "u" },
      service_tier: "standard_only",
      inference_geo: "eu",
    });
    expect(bodyOf({ topP: 0.5, stop: ["A", "B"] })).toMatchObject({ top_p: 0.5, stop_sequences: ["A", "B"] });
  });

  test("takes the smaller limit, and a budget for thinking that fits it", () => {
    const limits = (maxOutputTokens: number) => ({ limits: { maxOutputTokens } });
    expect(bodyOf({ maxOutputTokens: 100 }, limits(50)).max_tokens).toBe(50);
    expect(bodyOf({ maxOutputTokens: 100 }, limits(500)).max_tokens).toBe(100);
    const settings: AnthropicSettings = { thinking: { budgetTokens: 8_000 } };
    expect(bodyOf(settings).thinking).toEqual({ type: "enabled", budget_tokens: 8_000 });
    expect(bodyOf(settings, limits(4_000)).thinking).toEqual({ type: "enabled", budget_tokens: 2_000 });
    expect(bodyOf(settings, limits(2_000)).thinking).toEqual({ type: "disabled" });
  });

  test.each([
    [
      { thinking: "adaptive", thinkingDisplay: "omitted" },
      { type: "adaptive", display: "omitted" },
    ],
    [{ thinking: "between-tools" }, { type: "between_tools" }],
    [{ thinking: "disabled" }, { type: "disabled" }],
  ] as const)("thinking: %j", (settings, thinking) => {
    expect(bodyOf(settings).thinking).toEqual(thinking);
  });
});

describe("the choice of a tool", () => {
  test("is sent only with tools", () => {
    const settings: AnthropicSettings = { parallelToolCalls: false, toolChoice: "auto" };
    expect(bodyOf(settings)).not.toHaveProperty("tool_choice");
    expect(bodyOf({}, { tools })).not.toHaveProperty("tool_choice");
    expect(bodyOf({ parallelToolCalls: true }, { tools })).not.toHaveProperty("tool_choice");
  });

  test.each([
    [{ toolChoice: "auto" }, { type: "auto" }, { type: "auto" }],
    [{ toolChoice: "none" }, { type: "none" }, { type: "none" }],
    [{ toolChoice: "none", parallelToolCalls: false }, { type: "none" }, { type: "none" }],
    [{ toolChoice: "required" }, { type: "any" }, { type: "auto" }],
    [{ toolChoice: { tool: "read" } }, { type: "tool", name: "read" }, { type: "auto" }],
  ] as const)("%j holds until the first call", (settings, first, then) => {
    expect(bodyOf(settings, { tools }).tool_choice).toEqual(first);
    expect(bodyOf(settings, { tools, messages: after }).tool_choice).toEqual(then);
  });

  test("may allow one call at a time", () => {
    const single = { disable_parallel_tool_use: true };
    expect(bodyOf({ parallelToolCalls: false }, { tools }).tool_choice).toEqual({ type: "auto", ...single });
    expect(bodyOf({ parallelToolCalls: false, toolChoice: "required" }, { tools }).tool_choice).toEqual({
      type: "any",
      ...single,
    });
  });
});

describe("the form of the answer", () => {
  const open = { name: "map", schema: { type: "object", additionalProperties: { type: "string" } } };
  const words = /answer with nothing but JSON .*JSON Schema:\n\{"type":"object"/s;

  test("is guaranteed by the provider where the schema allows it, made once", () => {
    const maker = bodyMaker("m", { effort: "high" });
    const request: ModelRequest = { system: "", messages: [begin], tools: [], output };
    const { body } = maker.bodyOf(request);
    expect(body.output_config).toEqual({ effort: "high", format: { type: "json_schema", schema: parameters } });
    expect(maker.bodyOf(request).body.output_config?.format).toBe(body.output_config?.format);
    expect(body).not.toHaveProperty("system");
  });

  test("is told in words where it does not, or when that is wanted", () => {
    const body = bodyOf({}, { output: open, system: "Review." });
    expect(body).not.toHaveProperty("output_config");
    expect(body.system?.[0]?.text).toMatch(/^Review\.\n\n/);
    expect(body.system?.[0]?.text).toMatch(words);
    expect(bodyOf({ outputFormat: "none" }, { output }).system?.[0]?.text).toMatch(words);
  });

  test("is the input of a tool that must be called", () => {
    const { body, answerTool } = made({ outputFormat: "tool" }, { output });
    expect(answerTool).toBe("final_answer");
    expect(body.tools?.[0]).toMatchObject({ name: "final_answer", input_schema: parameters });
    expect(body.tool_choice).toEqual({ type: "tool", name: "final_answer" });
    expect(body).not.toHaveProperty("system");
    expect(made({ outputFormat: "tool" }).answerTool).toBeUndefined();
  });

  test("leaves the choice among other tools, of which none has its name", () => {
    const taken = [...tools, { name: "final_answer", description: "?", parameters }];
    const { body, answerTool } = made({ outputFormat: "tool" }, { output, tools: taken });
    expect(answerTool).toBe("final_answer_");
    expect(body.tools?.map(({ name }) => name)).toEqual(["read", "list", "final_answer", "final_answer_"]);
    expect(body.tools?.at(-1)).toHaveProperty("cache_control");
    expect(body.tool_choice).toEqual({ type: "any" });
    const single: AnthropicSettings = { outputFormat: "tool", parallelToolCalls: false };
    expect(bodyOf(single, { output, tools }).tool_choice).toEqual({ type: "any", disable_parallel_tool_use: true });
    expect(bodyOf({ outputFormat: "tool", toolChoice: "none" }, { output, tools }).tool_choice).toEqual({
      type: "tool",
      name: "final_answer",
    });
    const named: AnthropicSettings = { outputFormat: "tool", toolChoice: { tool: "read" } };
    expect(bodyOf(named, { output, tools }).tool_choice).toEqual({ type: "tool", name: "read" });
    expect(bodyOf(named, { output, tools, messages: after }).tool_choice).toEqual({ type: "any" });
  });

  test("is asked for in words when the model thinks, as no call can be forced then", () => {
    for (const thinking of ["adaptive", { budgetTokens: 2_000 }] as const) {
      const body = bodyOf({ outputFormat: "tool", thinking }, { output, tools });
      expect(body.tool_choice).toEqual({ type: "auto" });
      expect(body.system?.[0]?.text).toContain("calling the tool `final_answer`");
    }
    expect(bodyOf({ outputFormat: "tool", thinking: "disabled" }, { output }).tool_choice).toMatchObject({
      type: "tool",
    });
  });
});

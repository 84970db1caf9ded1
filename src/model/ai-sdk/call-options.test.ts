import { describe, expect, test } from "vitest";
import type { ModelRequest } from "../index.ts";
import { optionsMaker } from "./call-options.ts";
import { plainFile } from "./messages.ts";
import type { AiSdkSettings } from "./settings.ts";

const parameters = { type: "object", properties: { a: { type: "integer" } } };
const output = { name: "sum".padEnd(70, "x"), schema: { type: "object", properties: {} } };
const request: ModelRequest = {
  system: "Add.",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [{ name: "add", description: "Adds.", parameters }],
  output,
};
const { signal } = new AbortController();
const make = (settings: AiSdkSettings = {}, asked = request) =>
  optionsMaker("acme.chat", settings, plainFile)(asked, signal);

describe("the options of a call", () => {
  test("have the prompt, tools, the form of the answer and the signal, and nothing that was not set", () => {
    expect(make()).toEqual({
      prompt: [
        { role: "system", content: "Add." },
        { role: "user", content: [{ type: "text", text: "Begin." }] },
      ],
      tools: [{ type: "function", name: "add", description: "Adds.", inputSchema: parameters }],
      responseFormat: { type: "json", schema: output.schema, name: output.name.slice(0, 64) },
      abortSignal: signal,
    });
    expect(Object.keys(make({}, { ...request, tools: [], output: undefined }))).toEqual(["prompt", "abortSignal"]);
  });

  test("have the settings", () => {
    const settings: AiSdkSettings = {
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 7,
      stop: "END",
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      maxOutputTokens: 100,
      reasoningEffort: "low",
      toolChoice: "none",
      providerOptions: { acme: { store: false } },
      headers: { "x-team": "a" },
    };
    expect(make(settings)).toMatchObject({
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 7,
      stopSequences: ["END"],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      maxOutputTokens: 100,
      reasoning: "low",
      toolChoice: { type: "none" },
      providerOptions: { acme: { store: false } },
      headers: { "x-team": "a" },
    });
    expect(make({ stop: ["a", "b"] }).stopSequences).toEqual(["a", "b"]);
  });

  test("have the smaller of two limits", () => {
    const limited = (own: number | undefined, asked: number | undefined) =>
      make({ maxOutputTokens: own }, { ...request, limits: { maxOutputTokens: asked } }).maxOutputTokens;
    expect([limited(5, 9), limited(9, 5), limited(undefined, 5), limited(5, undefined)]).toEqual([5, 5, 5, 5]);
    expect(limited(undefined, undefined)).toBeUndefined();
  });

  test("force a tool until the first result", () => {
    const later: ModelRequest = { ...request, messages: [...request.messages, { role: "tool", content: [] }] };
    const choice = (toolChoice: AiSdkSettings["toolChoice"], asked: ModelRequest) =>
      make({ toolChoice }, asked).toolChoice;
    expect(choice("required", request)).toEqual({ type: "required" });
    expect(choice({ tool: "add" }, request)).toEqual({ type: "tool", toolName: "add" });
    expect(choice("required", later)).toEqual({ type: "auto" });
    expect(choice({ tool: "add" }, later)).toEqual({ type: "auto" });
    expect(choice("none", later)).toEqual({ type: "none" });
    expect(choice("required", { ...request, tools: [] })).toBeUndefined();
  });

  test("tell the form in words where the schema is not sent", () => {
    const object = make({ outputFormat: "json-object" });
    expect(object.responseFormat).toEqual({ type: "json" });
    expect(object.prompt[0]?.content).toBe(
      'Add.\n\nWhen you are done, answer with nothing but JSON that fits this JSON Schema:\n{"type":"object","properties":{}}',
    );
    const none = make({ outputFormat: "none" });
    expect(none.responseFormat).toBeUndefined();
    expect(none.prompt[0]?.content).toContain("JSON Schema");
    expect(make({ outputFormat: "none" }, { ...request, output: undefined }).prompt[0]?.content).toBe("Add.");
  });

  test("are each request's own, made of parts that are made once", () => {
    const optionsOf = optionsMaker("acme.chat", {}, plainFile);
    const [first, second] = [optionsOf(request, signal), optionsOf(request, signal)];
    first.tools?.pop();
    first.prompt.pop();
    expect(second.tools).toHaveLength(1);
    expect(second.prompt).toHaveLength(2);
    expect(optionsOf(request, signal).tools?.[0]).toBe(second.tools?.[0]);
  });
});

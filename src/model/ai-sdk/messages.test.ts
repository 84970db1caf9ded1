import { describe, expect, test } from "vitest";
import type { AssistantMessage, Message, UserMessage } from "../index.ts";
import { plainFile, promptMaker, taggedFile } from "./messages.ts";
import { responseOf } from "./response.ts";

const hello: UserMessage = { role: "user", content: [{ type: "text", text: "Hello" }] };
const plain = promptMaker({ from: "acme.chat", fileOf: plainFile });
const tagged = promptMaker({ from: "acme.chat", fileOf: taggedFile });
const assistant = (content: AssistantMessage["content"]): AssistantMessage => ({ role: "assistant", content });

/** What is sent back of an answer with these parts. */
function sentBack(parts: readonly object[], change: (message: AssistantMessage) => AssistantMessage = (same) => same) {
  const { message } = responseOf(
    { content: parts, finishReason: "stop", usage: {} },
    {
      request: { system: "", messages: [hello], tools: [] },
      from: "acme.chat",
      invalid: (problem) => new Error(problem) as never,
      brokenOff: () => new Error("broken off"),
    },
  );
  const kept: AssistantMessage = JSON.parse(JSON.stringify(change(message))); // as a journal keeps it
  return [plain, tagged].map((prompt) => prompt("", [kept])[0]?.content);
}

describe("a prompt", () => {
  test("begins with the system text, with what a provider is told about it", () => {
    expect(plain("Be brief.", [hello])).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Hello" }] },
    ]);
    expect(plain("", [hello])).toHaveLength(1);
    const systemOptions = { anthropic: { cacheControl: { type: "ephemeral" } } };
    const cached = promptMaker({ from: "anthropic.messages", fileOf: plainFile, systemOptions });
    expect(cached("Be brief.", [hello])[0]).toMatchObject({ role: "system", providerOptions: systemOptions });
  });

  test("has files as base64, which version 4 wants to be told", () => {
    const message: UserMessage = {
      role: "user",
      content: [
        { type: "image", mediaType: "image/png", data: "AAAA" },
        { type: "file", mediaType: "application/pdf", name: "a.pdf", data: "BBBB" },
      ],
    };
    expect(plain("", [message])[0]?.content).toEqual([
      { type: "file", mediaType: "image/png", data: "AAAA" },
      { type: "file", mediaType: "application/pdf", filename: "a.pdf", data: "BBBB" },
    ]);
    expect(tagged("", [message])[0]?.content).toEqual([
      { type: "file", mediaType: "image/png", data: { type: "data", data: "AAAA" } },
      { type: "file", mediaType: "application/pdf", filename: "a.pdf", data: { type: "data", data: "BBBB" } },
    ]);
  });

  test("has calls with arguments as values, and results as texts", () => {
    const messages: Message[] = [
      assistant([
        { type: "text", text: "I add." },
        { type: "tool-call", id: "c1", name: "add", arguments: '{"a":1}' },
        { type: "tool-call", id: "c2", name: "add", arguments: '{"a":' },
        { type: "tool-call", id: "c3", name: "add", arguments: "[1]" },
      ]),
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "c1", name: "add", text: "3", failed: false },
          { type: "tool-result", id: "c2", name: "add", text: "no JSON", failed: true },
        ],
      },
    ];
    expect(plain("", messages)).toEqual([
      {
        role: "assistant",
        content: [
          { type: "text", text: "I add." },
          { type: "tool-call", toolCallId: "c1", toolName: "add", input: { a: 1 } },
          { type: "tool-call", toolCallId: "c2", toolName: "add", input: { INVALID_JSON: '{"a":' } },
          { type: "tool-call", toolCallId: "c3", toolName: "add", input: { INVALID_JSON: "[1]" } },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", toolCallId: "c1", toolName: "add", output: { type: "text", value: "3" } },
          { type: "tool-result", toolCallId: "c2", toolName: "add", output: { type: "error-text", value: "no JSON" } },
        ],
      },
    ]);
  });
});

describe("what an answer had beside text and calls goes back", () => {
  const signature = { acme: { signature: "s", nested: { list: [1, null] } } };
  const call = { type: "tool-call", toolCallId: "c1", toolName: "add", input: "{}" };

  test("in its places, as the provider's options", () => {
    const parts = [
      { type: "reasoning", text: "hm", providerMetadata: signature },
      { type: "text", text: "A", providerMetadata: { acme: { itemId: "t" } } },
      { type: "reasoning", text: "" },
      { type: "reasoning", text: "", providerMetadata: { acme: { redacted: "r" } } },
      { ...call, providerMetadata: { acme: { itemId: "c" } } },
      { type: "text", text: "B" },
      { type: "source", sourceType: "url", id: "s", url: "https://example.org" },
    ];
    for (const content of sentBack(parts)) {
      expect(content).toEqual([
        { type: "reasoning", text: "hm", providerOptions: signature },
        { type: "text", text: "A", providerOptions: { acme: { itemId: "t" } } },
        { type: "reasoning", text: "", providerOptions: { acme: { redacted: "r" } } },
        {
          type: "tool-call",
          toolCallId: "c1",
          toolName: "add",
          input: {},
          providerOptions: { acme: { itemId: "c" } },
        },
        { type: "text", text: "B" },
      ]);
    }
  });

  test("with files in the form of the version", () => {
    const parts = [
      { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]), providerMetadata: signature },
      { type: "file", mediaType: "image/png", data: "AQID" },
      { type: "reasoning-file", mediaType: "image/png", data: { type: "data", data: "AQID" } },
      { type: "file", mediaType: "image/png", data: { type: "url", url: new URL("https://example.org/a.png") } },
    ];
    const url = new URL("https://example.org/a.png");
    const [two, four] = sentBack(parts);
    expect(two).toEqual([
      { type: "file", mediaType: "image/png", data: "AQID", providerOptions: signature },
      { type: "file", mediaType: "image/png", data: "AQID" },
      { type: "reasoning-file", mediaType: "image/png", data: "AQID" },
      { type: "file", mediaType: "image/png", data: url },
    ]);
    expect(four).toMatchObject([
      { data: { type: "data", data: "AQID" } },
      { data: { type: "data", data: "AQID" } },
      { data: { type: "data", data: "AQID" } },
      { data: { type: "url", url } },
    ]);
  });

  test("with calls and results of tools that the provider runs", () => {
    const named = { toolCallId: "p1", toolName: "search" };
    const parts = [
      { type: "tool-call", ...named, input: '{"q":"x"}', providerExecuted: true, providerMetadata: signature },
      { type: "tool-result", ...named, result: "soon", preliminary: true },
      { type: "tool-result", ...named, result: { hits: 1 } },
      { type: "tool-result", toolCallId: "p2", toolName: "search", result: "no", isError: true },
      { type: "custom", kind: "acme.compaction", providerMetadata: signature },
      { type: "text", text: "Found." },
    ];
    const [content] = sentBack(parts);
    expect(content).toEqual([
      { type: "tool-call", ...named, input: { q: "x" }, providerExecuted: true, providerOptions: signature },
      { type: "tool-result", ...named, output: { type: "json", value: { hits: 1 } } },
      { type: "tool-result", toolCallId: "p2", toolName: "search", output: { type: "error-text", value: "no" } },
      { type: "custom", kind: "acme.compaction", providerOptions: signature },
      { type: "text", text: "Found." },
    ]);
  });

  test("with the ids that the run gave to calls, and without calls that it took out", () => {
    const parts = [{ type: "reasoning", text: "hm" }, call, { ...call, toolCallId: "c2" }];
    const renamed = sentBack(parts, (message) => ({
      ...message,
      content: message.content.map((part) => (part.type === "tool-call" ? { ...part, id: `${part.id}-2` } : part)),
    }));
    expect(renamed[0]).toMatchObject([{ type: "reasoning" }, { toolCallId: "c1-2" }, { toolCallId: "c2-2" }]);
    const without = sentBack(parts, (message) => ({ ...message, content: [] }));
    expect(without[0]).toEqual([{ type: "reasoning", text: "hm" }]);
  });

  test("but not to another provider, nor what another driver kept", () => {
    const content = [{ type: "text", text: "A" }] as const;
    const data = { from: "other.chat", content: [{ type: "reasoning", text: "hm" }, { own: "text" }] };
    const own = [{ type: "text", text: "A" }];
    for (const provider of [
      { provider: "ai-sdk", data },
      { provider: "openai", data: { ...data, from: "acme.chat" } },
      { provider: "ai-sdk", data: "garbage" },
    ]) {
      expect(plain("", [{ role: "assistant", content, provider }])[0]?.content).toEqual(own);
    }
  });
});

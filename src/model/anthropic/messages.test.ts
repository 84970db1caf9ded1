import { describe, expect, test } from "vitest";
import { thrownBy } from "../../../test/support/thrown-by.ts";
import type { AssistantMessage, Message, ToolMessage, UserMessage } from "../index.ts";
import { messagesOf } from "./messages.ts";

const user = (...content: UserMessage["content"]): UserMessage => ({ role: "user", content });
const say = (text: string): UserMessage => user({ type: "text", text });
const call = (id: string, args = "{}") => ({ type: "tool-call", id, name: "add", arguments: args }) as const;
const result = (id: string, text: string, failed = false): ToolMessage["content"][number] => ({
  type: "tool-result",
  id,
  name: "add",
  text,
  failed,
});
const sent = (...messages: readonly Message[]) => messagesOf(messages, undefined);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("messagesOf", () => {
  test("sends text, images, PDFs and text files", () => {
    const message = user(
      { type: "text", text: "Look:" },
      { type: "image", mediaType: "image/png", data: "AAAA" },
      { type: "file", mediaType: "application/pdf", name: "a.pdf", data: "BBBB" },
      { type: "file", mediaType: "text/markdown; charset=utf-8", name: "b.md", data: base64("# Grüße") },
      { type: "file", mediaType: "application/json", data: base64("{}") },
      { type: "file", mediaType: "image/webp", data: "CCCC" },
      { type: "file", mediaType: "text/plain", name: "none.txt", data: "" },
    );
    expect(sent(message)[0]?.content).toEqual([
      { type: "text", text: "Look:" },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "BBBB" }, title: "a.pdf" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "# Grüße" }, title: "b.md" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "{}" } },
      { type: "image", source: { type: "base64", media_type: "image/webp", data: "CCCC" } },
      { type: "text", text: "(an empty file: none.txt)" },
    ]);
  });

  test.each([
    { type: "image", mediaType: "image/svg+xml", data: "AAAA" } as const,
    { type: "file", mediaType: "application/zip", data: "AAAA" } as const,
    { type: "file", mediaType: "text/plain", data: Buffer.from([0xff, 0xfe, 0xc0]).toString("base64") } as const,
  ])("refuses what the API does not take: $type $mediaType", (part) => {
    const error = thrownBy(() => sent(user(part)));
    expect(error.code).toBe("MODEL_REJECTED");
    expect(error.message).toContain(part.mediaType);
  });

  test("sends text and calls, input as an object", () => {
    const message: AssistantMessage = {
      role: "assistant",
      content: [{ type: "text", text: "I add." }, call("c1", '{"a":1}'), call("c2"), call("c3", '{"a":')],
    };
    expect(sent(say("?"), message)[1]).toEqual({
      role: "assistant",
      content: [
        { type: "text", text: "I add." },
        { type: "tool_use", id: "c1", name: "add", input: { a: 1 } },
        { type: "tool_use", id: "c2", name: "add", input: {} },
        { type: "tool_use", id: "c3", name: "add", input: { INVALID_JSON: '{"a":' } },
      ],
    });
  });

  test("sends results as a message of the user, failures marked, and joins what the user says next", () => {
    const messages = sent(
      say("?"),
      { role: "assistant", content: [call("c1"), call("c2"), call("c3"), call("c4")] },
      {
        role: "tool",
        content: [result("c1", "3"), result("c2", "no", true), result("c3", ""), result("c4", " ", true)],
      },
      say("Hurry."),
    );
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(messages[2]?.content).toEqual([
      { type: "tool_result", tool_use_id: "c1", content: "3" },
      { type: "tool_result", tool_use_id: "c2", content: "no", is_error: true },
      { type: "tool_result", tool_use_id: "c3" },
      { type: "tool_result", tool_use_id: "c4", content: "failed", is_error: true },
      { type: "text", text: "Hurry." },
    ]);
  });

  test("never sends an empty text, and leaves out messages of nothing else", () => {
    const empty = { type: "text", text: " \n" } as const;
    const messages = sent(
      user(empty, { type: "text", text: "A" }),
      { role: "assistant", content: [empty] },
      user(empty),
      say("B"),
    );
    expect(messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "A" },
          { type: "text", text: "B" },
        ],
      },
    ]);
  });
});

describe("what the provider wants back", () => {
  const thinking = { type: "thinking", thinking: "hm", signature: "s" };
  const redacted = { type: "redacted_thinking", data: "x" };
  const own = (blocks: readonly object[], provider = "anthropic"): AssistantMessage => ({
    role: "assistant",
    content: [{ type: "text", text: "I add." }, call("c")],
    provider: { provider, data: JSON.parse(JSON.stringify({ blocks })) },
  });
  const types = (message: AssistantMessage) => sent(say("?"), message)[1]?.content.map(({ type }) => type);

  test("goes back unchanged, each block in its place", () => {
    const message = own([
      { at: 0, block: thinking },
      { at: 1, block: redacted },
      { at: 1, block: { ...thinking, signature: "t" } },
    ]);
    expect(sent(say("?"), message)[1]?.content).toEqual([
      thinking,
      { type: "text", text: "I add." },
      redacted,
      { ...thinking, signature: "t" },
      { type: "tool_use", id: "c", name: "add", input: {} },
    ]);
  });

  test("does not go to another provider, nor does data of another form", () => {
    expect(types(own([{ at: 0, block: thinking }], "openai"))).toEqual(["text", "tool_use"]);
    expect(types(own([{ at: "0", block: thinking }, { at: 0 }]))).toEqual(["text", "tool_use"]);
    expect(types({ ...own([]), provider: { provider: "anthropic", data: { blocks: "none" } } })).toEqual([
      "text",
      "tool_use",
    ]);
  });

  test("ends with no thought, which the API refuses; blocks of other kinds stay", () => {
    const blocks = [
      { at: 0, block: thinking },
      { at: 2, block: { type: "other" } },
      { at: 2, block: thinking },
    ];
    expect(types(own(blocks))).toEqual(["thinking", "text", "tool_use", "other"]);
    const cutOff: AssistantMessage = { ...own([{ at: 0, block: thinking }]), content: [] };
    expect(sent(say("?"), cutOff, say("Go on."))).toHaveLength(1);
  });
});

describe("a list that grows", () => {
  const points = (messages: ReturnType<typeof messagesOf>) =>
    messages.map(({ content }) => content.map((block) => "cache_control" in block));

  test("is mapped once, and what was sent before stays as it was", () => {
    const messages: Message[] = [say("A"), { role: "assistant", content: [call("c")] }];
    const first = messagesOf(messages, undefined);
    messages.push({ role: "tool", content: [result("c", "3")] });
    const second = messagesOf(messages, undefined);
    messages.push(say("B"));
    const third = messagesOf(messages, undefined);
    expect(first).toHaveLength(2);
    expect(second[0]).toBe(first[0]);
    expect(second[2]?.content).toHaveLength(1);
    expect(third[2]?.content).toHaveLength(2);
    messages.splice(1);
    expect(messagesOf(messages, undefined)).toHaveLength(1);
  });

  test("sends nothing twice when a part of it was refused before", () => {
    const file = { type: "file", mediaType: "application/zip", data: "AAAA" } as const;
    const messages: Message[] = [say("A"), user(file)];
    for (let turn = 0; turn < 2; turn++) expect(() => messagesOf(messages, undefined)).toThrow("does not take a file");
    messages[1] = say("B");
    expect(messagesOf(messages, undefined)).toMatchObject([{ content: [{ text: "A" }, { text: "B" }] }]);
  });

  test("has points for the cache on the last two messages of the user, and only in what is sent", () => {
    const cache = { type: "ephemeral" } as const;
    const messages: Message[] = [say("A")];
    expect(points(messagesOf(messages, cache))).toEqual([[true]]);
    messages.push({ role: "assistant", content: [call("c"), call("d")] });
    messages.push({ role: "tool", content: [result("c", "3"), result("d", "4")] });
    expect(points(messagesOf(messages, cache))).toEqual([[true], [false, false], [false, true]]);
    messages.push({ role: "assistant", content: [call("e")] }, { role: "tool", content: [result("e", "5")] });
    expect(points(messagesOf(messages, cache))).toEqual([[false], [false, false], [false, true], [false], [true]]);
    expect(points(messagesOf(messages, undefined)).flat()).not.toContain(true);
  });
});

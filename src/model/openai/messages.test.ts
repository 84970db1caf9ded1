import { describe, expect, test } from "vitest";
import type { AssistantMessage, Message, ToolMessage, UserMessage } from "../index.ts";
import { invalidAnswer } from "../provider/index.ts";
import { chatMessages, chatMessagesOf } from "./messages.ts";
import { responseOf } from "./response.ts";

const user = (...content: UserMessage["content"]): UserMessage => ({ role: "user", content });
const hello = user({ type: "text", text: "Hello" });

describe("chatMessages", () => {
  test("puts the system text first, and leaves an empty one out", () => {
    expect(chatMessages("Be brief.", [hello])).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ]);
    expect(chatMessages("", [hello])).toEqual([{ role: "user", content: "Hello" }]);
  });

  test("gives each request a list of its own", () => {
    const messages: Message[] = [hello];
    const first = chatMessages("", messages);
    messages.push({ role: "assistant", content: [{ type: "text", text: "Hi." }] });
    chatMessages("", messages).push({ role: "system", content: "a client's own" });
    expect(first).toHaveLength(1);
    expect(chatMessages("", messages)).toHaveLength(2);
  });

  test("maps anew when the list is another one, was cut, or has another system text", () => {
    const messages: Message[] = [hello, { role: "assistant", content: [{ type: "text", text: "Hi." }] }];
    expect(chatMessages("", messages)).toHaveLength(2);
    expect(chatMessages("Be brief.", messages)).toHaveLength(3);
    messages.pop();
    expect(chatMessages("Be brief.", messages)).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ]);
  });
});

describe("chatMessagesOf", () => {
  test("a user message with more than one text has parts", () => {
    const message = user(
      { type: "text", text: "Look:" },
      { type: "image", mediaType: "image/png", data: "AAAA" },
      { type: "file", mediaType: "application/pdf", name: "a.pdf", data: "BBBB" },
      { type: "file", mediaType: "text/plain", data: "CCCC" },
    );
    expect(chatMessagesOf(message)).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "Look:" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,BBBB" } },
          { type: "file", file: { filename: "file", file_data: "data:text/plain;base64,CCCC" } },
        ],
      },
    ]);
  });

  test("an assistant message keeps text and calls, arguments as they came", () => {
    const message: AssistantMessage = {
      role: "assistant",
      content: [
        { type: "text", text: "I add." },
        { type: "tool-call", id: "c1", name: "add", arguments: '{"a":1' },
        { type: "tool-call", id: "c2", name: "add", arguments: "{}" },
      ],
    };
    expect(chatMessagesOf(message)).toEqual([
      {
        role: "assistant",
        content: "I add.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "add", arguments: '{"a":1' } },
          { id: "c2", type: "function", function: { name: "add", arguments: "{}" } },
        ],
      },
    ]);
  });

  test("an assistant message without text is null beside calls, and empty without them", () => {
    const call = { type: "tool-call", id: "c", name: "add", arguments: "{}" } as const;
    expect(chatMessagesOf({ role: "assistant", content: [call] })[0]).toMatchObject({ content: null });
    expect(chatMessagesOf({ role: "assistant", content: [] })[0]).toEqual({ role: "assistant", content: "" });
  });

  test("a message of results becomes one message for each", () => {
    const message: ToolMessage = {
      role: "tool",
      content: [
        { type: "tool-result", id: "c1", name: "add", text: "3", failed: false },
        { type: "tool-result", id: "c2", name: "add", text: "no", failed: true },
      ],
    };
    expect(chatMessagesOf(message)).toEqual([
      { role: "tool", tool_call_id: "c1", content: "3" },
      { role: "tool", tool_call_id: "c2", content: "no" },
    ]);
  });

  test("sends back what this provider wants back, and nothing of another's", () => {
    const content: AssistantMessage["content"] = [{ type: "tool-call", id: "c1", name: "add", arguments: "{}" }];
    const data = { message: { reasoning_content: "hm" }, calls: [{ extra_content: { signature: "s" } }] };
    const [own] = chatMessagesOf({ role: "assistant", content, provider: { provider: "openai", data } });
    expect(own).toMatchObject({
      reasoning_content: "hm",
      tool_calls: [{ id: "c1", extra_content: { signature: "s" } }],
    });
    const [foreign] = chatMessagesOf({ role: "assistant", content, provider: { provider: "anthropic", data } });
    expect(JSON.stringify(foreign)).not.toContain("hm");
  });

  test("finds what belongs to a call by its place, whatever id the run gave it", () => {
    const call = (id: string, signature?: string) => ({
      id,
      function: { name: "add", arguments: "{}" },
      ...(signature && { extra_content: { signature } }),
    });
    const body = {
      choices: [{ message: { content: "I add.", tool_calls: [call("c"), call("__proto__", "s"), call("d", "t")] } }],
    };
    const { message } = responseOf(body, { system: "", messages: [hello], tools: [] }, invalidAnswer(String, "m"));
    const renamed = message.content.map((part) => (part.type === "tool-call" ? { ...part, id: `${part.id}-2` } : part));
    const [sent] = chatMessagesOf({ ...message, content: renamed });
    expect(sent).toMatchObject({
      tool_calls: [
        { id: "c-2" },
        { id: "__proto__-2", extra_content: { signature: "s" } },
        { extra_content: { signature: "t" } },
      ],
    });
    expect(JSON.stringify(sent).match(/extra_content/g)).toHaveLength(2);
  });
});

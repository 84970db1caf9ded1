import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../base/index.ts";
import type { AssistantMessage, Message, ModelRequest } from "../../index.ts";
import { invalidAnswer } from "../../provider/index.ts";
import { chatMessagesOf } from "../messages.ts";
import { itemsOf } from "./input.ts";
import { responseOf } from "./response.ts";

const hello: Message = { role: "user", content: [{ type: "text", text: "Hello" }] };
const request: ModelRequest = { system: "", messages: [hello], tools: [] };
const reading = { invalid: invalidAnswer(String, "m"), stored: false };
const read = (...output: JsonObject[]): AssistantMessage =>
  responseOf({ id: "resp_1", status: "completed", output }, request, reading).message;

const reasoning = (id: string) => ({ id, type: "reasoning", summary: [], encrypted_content: `secret of ${id}` });
const said = (id: string, text: string, more: object = {}) => ({
  id,
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
  ...more,
});
const call = (id: string, call_id: string) => ({
  id,
  type: "function_call",
  status: "completed",
  call_id,
  name: "add",
  arguments: "{}",
});

describe("itemsOf", () => {
  test("a user message with more than one text has parts", () => {
    const content: Message["content"] = [
      { type: "text", text: "Look:" },
      { type: "image", mediaType: "image/png", data: "AAAA" },
      { type: "file", mediaType: "application/pdf", name: "a.pdf", data: "BBBB" },
      { type: "file", mediaType: "text/plain", data: "CCCC" },
    ];
    expect(itemsOf({ role: "user", content })).toEqual([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "Look:" },
          { type: "input_image", detail: "auto", image_url: "data:image/png;base64,AAAA" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,BBBB" },
          { type: "input_file", filename: "file", file_data: "data:text/plain;base64,CCCC" },
        ],
      },
    ]);
  });

  test("what a model of another driver said is text and calls, and nothing else", () => {
    const content: AssistantMessage["content"] = [
      { type: "text", text: "I add." },
      { type: "tool-call", id: "c1", name: "add", arguments: '{"a":1' },
    ];
    const data = { message: { reasoning_content: "hm" } };
    for (const provider of [undefined, { provider: "openai", data }, { provider: "anthropic", data }]) {
      expect(itemsOf({ role: "assistant", content, ...(provider && { provider }) })).toEqual([
        { type: "message", role: "assistant", content: "I add." },
        { type: "function_call", call_id: "c1", name: "add", arguments: '{"a":1' },
      ]);
    }
    expect(itemsOf({ role: "assistant", content: [] })).toEqual([]);
  });

  test("a message of results becomes one item for each", () => {
    const content: Message["content"] = [
      { type: "tool-result", id: "c1", name: "add", text: "3", failed: false },
      { type: "tool-result", id: "c2", name: "add", text: "no", failed: true },
    ];
    expect(itemsOf({ role: "tool", content })).toEqual([
      { type: "function_call_output", call_id: "c1", output: "3" },
      { type: "function_call_output", call_id: "c2", output: "no" },
    ]);
  });

  test("an answer goes back as it came: reasoning in its place, ids and phases with their items", () => {
    const output = [
      reasoning("rs_1"),
      said("msg_1", "I add.", { phase: "commentary" }),
      reasoning("rs_2"),
      call("fc_1", "call_1"),
      call("fc_2", "call_2"),
      { id: "ws_1", type: "web_search_call", status: "completed" },
      said("msg_2", "Done."),
    ];
    const sent = itemsOf(read(...output));
    const plain = JSON.parse(JSON.stringify(output).replaceAll(',"logprobs":[]', ""));
    expect(sent).toEqual(plain);
  });

  test("reasoning that led to nothing is not sent: the provider would miss what follows it", () => {
    expect(itemsOf(read(reasoning("rs_1"), said("msg_1", "Hi"), reasoning("rs_2")))).toHaveLength(2);
    expect(itemsOf(read(reasoning("rs_1")))).toEqual([]);
  });

  test("finds what belongs to a call by its place, whatever id the run gave it", () => {
    const message = read(reasoning("rs_1"), call("fc_1", "c"), call("fc_2", "c"));
    const content = message.content.map((part) => (part.type === "tool-call" ? { ...part, id: `${part.id}-x` } : part));
    const sent = itemsOf({ ...message, content });
    expect(sent).toMatchObject([{ id: "rs_1" }, { id: "fc_1", call_id: "c-x" }, { id: "fc_2" }]);
    expect(new Set(sent.map((item) => "call_id" in item && item.call_id)).size).toBe(3);
  });

  test("survives content that is no longer what the data was made for", () => {
    const message = read(reasoning("rs_1"), said("msg_1", "I add."), call("fc_1", "c"));
    expect(itemsOf({ ...message, content: message.content.slice(1) })).toEqual([
      reasoning("rs_1"),
      { type: "function_call", call_id: "c", name: "add", arguments: "{}" },
    ]);
    expect(itemsOf({ ...message, content: [...message.content, { type: "text", text: "more" }] })).toHaveLength(4);
  });

  test("Chat Completions gets nothing of it", () => {
    const message = read(reasoning("rs_1"), said("msg_1", "Hi"));
    expect(chatMessagesOf(message)).toEqual([{ role: "assistant", content: "Hi" }]);
  });
});

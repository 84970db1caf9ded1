import { expect, test } from "vitest";
import type { Message, Model, ModelRequest } from "../../model/index.ts";
import { RequestCounter } from "./request-counter.ts";

const said = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const model = { name: "m", provider: "test", generate: () => Promise.reject(new Error("not asked")) } satisfies Model;
const around = JSON.stringify({ system: "", tools: [] });

test("without more a token is two bytes, and nothing stands behind the count", () => {
  const counter = new RequestCounter(undefined);
  const request: ModelRequest = { system: "", messages: [said("abcd"), said("äö")], tools: [] };
  expect(counter.count(model, request)).toEqual({ tokens: around.length / 2 + 2 + 2, least: 0 });
});

test("what the provider said of a request counts, and two bytes a token what came since", () => {
  const counter = new RequestCounter(undefined);
  const messages = [said("x".repeat(1_000))];
  const request: ModelRequest = { system: "", messages, tools: [] };
  counter.count(model, request);
  counter.tell(260, messages);
  expect(counter.count(model, request)).toEqual({ tokens: 260, least: 260 });
  messages.push(said("y".repeat(100)));
  const { tokens, least } = counter.count(model, request);
  expect(tokens).toBe(310);
  expect(least).toBe(Math.ceil((260 * counter.reckon(request)) / (around.length / 2 + 500))); // what came since may be as dense
  expect(least).toBeLessThan(310);
});

test("when something was left out, the rest counts by the share that was told", () => {
  const counter = new RequestCounter(undefined);
  const messages = [said("x".repeat(1_000)), said("y".repeat(1_000))];
  const request: ModelRequest = { system: "", messages, tools: [] };
  const whole = counter.reckon(request);
  counter.tell(whole / 2, messages);
  const less = { ...request, messages: messages.slice(1) };
  const half = Math.ceil(counter.reckon(less) / 2);
  expect(counter.count(model, less)).toEqual({ tokens: half, least: half });
});

test("nothing that a provider says is taken for a count when it is none, or when there is a tokenizer", () => {
  const counter = new RequestCounter((text) => text.length);
  const messages = [said("abcd")];
  const request: ModelRequest = { system: "", messages, tools: [] };
  counter.count(model, request);
  counter.tell(1, messages);
  expect(counter.count(model, request)).toEqual({ tokens: around.length + 4, least: around.length + 4 });
  const other = new RequestCounter(undefined);
  other.count(model, request);
  for (const tokens of [undefined, 0, -5]) other.tell(tokens, messages);
  expect(other.count(model, request).least).toBe(0);
});

test("each message is counted once", () => {
  let counted = 0;
  const counter = new RequestCounter((text) => {
    counted++;
    return text.length;
  });
  const messages: Message[] = [];
  const request: ModelRequest = { system: "", messages, tools: [] };
  for (let turn = 0; turn < 50; turn++) {
    messages.push(said("text"));
    counter.count(model, request);
  }
  counter.count(model, { ...request, messages: messages.slice(10) });
  expect(counted).toBe(50 + 2); // and twice what stands around them
});

test("images count as 2,000 tokens and files by a quarter of their base64, however they were encoded", () => {
  const counter = new RequestCounter((text) => text.length);
  const data = "A".repeat(400_000);
  const messages: Message[] = [
    { role: "user", content: [{ type: "image", mediaType: "image/png", data }] },
    { role: "user", content: [{ type: "file", mediaType: "application/pdf", data }] },
  ];
  expect(counter.reckon({ system: "", messages, tools: [] })).toBe(around.length + 2_000 + 100_000);
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "5" as never])("a tokenizer that gives %s is told of", (count) => {
  const counter = new RequestCounter(() => count);
  expect(() => counter.ofText("a")).toThrow(/countTokens.*gives no count.*from 0 on/);
});

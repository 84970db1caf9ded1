/** What is said: texts, their order, how answers end, what they used. */
import assert from "node:assert/strict";
import { type ModelRequest, textOf } from "../../model/index.ts";
import { asking, type ModelCase, numbersIn, textsIn, userSays } from "./stage.ts";

const usage = {
  inputTokens: 100,
  cachedInputTokens: 40,
  cacheWriteTokens: 10,
  outputTokens: 20,
  reasoningTokens: 5,
} as const;

/** A case about one number of the usage. */
const counts = (claim: string, name: keyof typeof usage, needs?: ModelCase["needs"]): ModelCase => ({
  claim,
  ...(needs && { needs }),
  async play({ open }) {
    const { ask } = await open([{ say: "Counted.", usage }]);
    assert.equal((await ask(asking("Count."))).usage[name], usage[name]);
  },
});

/** The limits that are sent, of the smaller one and the larger one of settings and request. */
const limited = (claim: string, ofSettings: number, ofRequest: number): ModelCase => ({
  claim,
  only: "whole",
  async play({ open }) {
    const { ask, harness } = await open([{ say: "Short." }], { maxOutputTokens: ofSettings });
    await ask(asking("Be short.", { limits: { maxOutputTokens: ofRequest } }));
    const sent = numbersIn(harness.requests[0]?.body);
    assert(sent.includes(Math.min(ofSettings, ofRequest)), "the smaller limit is not sent");
    assert(!sent.includes(Math.max(ofSettings, ofRequest)), "the larger limit is sent");
    assert.equal(harness.model.maxOutputTokens, ofSettings);
  },
});

export const conversationCases: readonly ModelCase[] = [
  {
    claim: "a plain answer comes as a text",
    async play({ open }) {
      const { ask } = await open([{ say: 'Hello é😀\n"world"' }]);
      const { finish, message } = await ask(asking("Greet."));
      assert.equal(finish, "stop");
      assert.equal(message.role, "assistant");
      assert.deepEqual(message.content, [{ type: "text", text: 'Hello é😀\n"world"' }]);
    },
  },
  {
    claim: "an answer is plain data with the provider's id",
    async play({ open }) {
      const { ask } = await open([{ say: "Hello" }]);
      const response = await ask(asking("Greet."));
      assert.deepEqual(JSON.parse(JSON.stringify(response)), response);
      assert(typeof response.id === "string" && response.id !== "");
    },
  },
  {
    claim: "the answering model is told",
    async play({ open }) {
      const { ask } = await open([
        { say: "Hello", model: "a-model-2026-11-27" },
        { say: "Hello", model: "m".repeat(100_000) },
      ]);
      assert.equal((await ask(asking("Greet."))).answeredBy, "a-model-2026-11-27");
      const { answeredBy } = await ask(asking("Greet."));
      assert.equal(answeredBy, undefined, "what is no name is told as one");
    },
  },
  {
    claim: "the system text is sent once, and messages in their order",
    only: "whole",
    async play({ open }) {
      const { ask, harness } = await open([{ say: "the second text" }, { say: "Done." }]);
      const first = asking("the first text", { system: "the system text" });
      const { message } = await ask(first);
      await ask({ ...first, messages: [...first.messages, message, userSays("the third text")] });
      const { body } = harness.requests[1] ?? {};
      const texts = textsIn(body);
      const said = texts.filter((text) => /^the (first|second|third) text$/.test(text));
      assert.deepEqual(said, ["the first text", "the second text", "the third text"]);
      assert.equal(texts.filter((text) => text === "the system text").length, 1);
      const [head, ...behind] = body.messages ?? body.input;
      assert(!textsIn(behind).includes("the system text"), "the system text stands behind a message");
      const begin = /^(system|developer)$/.test(head.role) ? behind[0] : head;
      assert.equal(begin.role, "user", "the first message is not the user's");
    },
  },
  {
    claim: "no system text is sent when there is none",
    only: "whole",
    async play({ open }) {
      const { ask, harness } = await open([{ say: "Hello" }]);
      await ask(asking("Greet.", { system: "" }));
      assert(!textsIn(harness.requests[0]?.body).includes(""), "an empty text is sent");
    },
  },
  {
    claim: "a request is left as it is",
    only: "whole",
    async play({ open }) {
      const { ask } = await open([{ say: "Hello" }]);
      const request: ModelRequest = asking("Greet.");
      const before = structuredClone(request);
      await ask(request);
      assert.deepEqual(request, before);
    },
  },
  {
    claim: "an answer that was cut off ends with length",
    async play({ open }) {
      const { ask } = await open([{ say: "It was a dark and", cut: true }]);
      const { finish, message } = await ask(asking("Tell."));
      assert.deepEqual([finish, textOf(message)], ["length", "It was a dark and"]);
    },
  },
  {
    claim: "a refusal ends with refusal, and says what the model said",
    needs: "refusals",
    async play({ open }) {
      const { ask } = await open([{ refuse: "I will not." }]);
      const { finish, message } = await ask(asking("Do evil."));
      assert.deepEqual([finish, textOf(message)], ["refusal", "I will not."]);
    },
  },
  {
    claim: "an answer that a filter stopped ends with refusal",
    needs: "filters",
    only: "whole",
    async play({ driver, open }) {
      const { ask } = await open([{ body: driver.filtered }]);
      assert.equal((await ask(asking("Do evil."))).finish, "refusal");
    },
  },
  counts("the tokens of a request are told, cached ones included", "inputTokens"),
  counts("the tokens of an answer are told, reasoning included", "outputTokens"),
  counts("the tokens that came from the provider's cache are told", "cachedInputTokens", "cachedTokens"),
  counts("the tokens that went to the provider's cache are told", "cacheWriteTokens", "cacheWrites"),
  counts("the tokens of reasoning are told", "reasoningTokens", "reasoningTokens"),
  {
    claim: "what an answer cost is told when the provider tells it",
    needs: "cost",
    async play({ open }) {
      const { ask } = await open([{ say: "Dear.", usage }]);
      const { cost } = await ask(asking("Count."));
      assert(typeof cost === "number" && cost > 0, `no cost, but ${cost}`);
    },
  },
  limited("the request's limit of tokens is sent when it is the smaller one", 331, 217),
  limited("the settings' limit of tokens is sent when it is the smaller one", 217, 331),
];

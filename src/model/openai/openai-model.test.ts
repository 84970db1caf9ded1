import { inspect } from "node:util";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { systemClock, WinkError } from "../../base/index.ts";
import { type LoopbackAnswer, type LoopbackServer, loopbackOpenAI } from "../../testing/index.ts";
import type { Message, ModelRequest, ModelResponse } from "../index.ts";
import { type OpenAIClient, openaiModel } from "./index.ts";

const parameters = {
  type: "object",
  properties: { a: { type: "integer" }, b: { type: "integer" } },
  required: ["a", "b"],
  additionalProperties: false,
};
const output = {
  name: "sum",
  schema: { type: "object", properties: { sum: { type: "integer" } }, required: ["sum"], additionalProperties: false },
};
const request: ModelRequest = {
  system: "Add.",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [{ name: "add", description: "Adds two numbers.", parameters }],
  output,
};
const open = new AbortController().signal;

function modelOf(server: LoopbackServer, options: { apiKey?: string; model?: string; timeout?: number } = {}) {
  const { apiKey = server.apiKey, model = "gpt-loopback", timeout = 60_000 } = options;
  const client = new OpenAI({ apiKey, baseURL: server.baseURL, maxRetries: 0, timeout, logLevel: "off" });
  return openaiModel({ client, model });
}

async function failureOf(work: Promise<unknown>): Promise<WinkError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!WinkError.is(thrown)) throw new Error(`not an error of the library: ${inspect(thrown)}`);
  return thrown;
}

/** All the ways in which an error gets into logs. */
const allOf = (error: WinkError): string =>
  [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })].join("\n");

describe("over HTTP with the official client", () => {
  test("a conversation with calls ends in an answer of the form asked for", async () => {
    const calls = [
      { name: "add", arguments: { a: 1, b: 2 } },
      { name: "add", arguments: { a: 3, b: 4 }, id: null },
    ];
    const answers = [{ calls, usage: { reasoningTokens: 5 } }, { json: { sum: 10 } }];
    await using server = await loopbackOpenAI({ answers, model: "gpt-loopback" });
    const model = modelOf(server);
    const first = await model.generate(request, { signal: open });
    expect(first).toMatchObject({ finish: "tool-calls", usage: { cachedInputTokens: 0, reasoningTokens: 5 } });
    const second = await model.generate({ ...request, messages: afterCalls(first) }, { signal: open });
    expect(second).toMatchObject({ finish: "stop", message: { content: [{ text: '{"sum":10}' }] } });
    expect(server.violations).toEqual([]);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.body.messages.map(({ role }: { role: string }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "tool",
    ]);
    expect(server.requests[0]?.body.tools[0].function.strict).toBe(true);
  });

  test("the server tells when a result is missing", async () => {
    await using server = await loopbackOpenAI({ answers: [{ calls: [{ name: "add", arguments: {} }] }, { say: "?" }] });
    const model = modelOf(server);
    const first = await model.generate(request, { signal: open });
    const messages = afterCalls(first).slice(0, 2);
    const error = await failureOf(model.generate({ ...request, messages }, { signal: open }));
    expect(error.code).toBe("MODEL_REJECTED");
    expect(server.violations.join()).toContain("no result for call_0_0");
  });

  const faults: Record<string, [LoopbackAnswer, string, RegExp]> = {
    "429 with seconds": [{ status: 429, headers: { "retry-after": "7" } }, "MODEL_THROTTLED", /Wait 7 s/],
    "429 for money": [
      { status: 429, error: { code: "insufficient_quota", message: "pay" } },
      "MODEL_THROTTLED",
      /quota/,
    ],
    "500": [{ status: 500, error: { message: "oh no" } }, "MODEL_UNAVAILABLE", /status 500.*oh no/],
    "503 with a page": [{ status: 503, text: "<html>busy</html>" }, "MODEL_UNAVAILABLE", /<html>busy/],
    "400": [{ status: 400, error: { message: "bad schema" } }, "MODEL_REJECTED", /bad schema/],
    "a page instead of an answer": [
      { body: "<html>It works!</html>", contentType: "text/html" },
      "MODEL_RESPONSE_INVALID",
      /It works/,
    ],
    "garbage called JSON": [{ body: "{]" }, "MODEL_RESPONSE_INVALID", /not JSON/],
    "an empty answer": [{ body: "" }, "MODEL_RESPONSE_INVALID", /nothing/],
    "JSON of another kind": [{ body: { models: [] } }, "MODEL_RESPONSE_INVALID", /no choices/],
    "an error with status 200": [{ body: { error: { code: 429, message: "later" } } }, "MODEL_THROTTLED", /later/],
    "its status as a text": [{ body: { error: { code: "429", message: "later" } } }, "MODEL_THROTTLED", /later/],
    "its kind in a word": [{ body: { error: { code: "insufficient_quota" } } }, "MODEL_THROTTLED", /quota/],
    "an error in words": [{ body: { error: "out of memory" } }, "MODEL_UNAVAILABLE", /out of memory/],
    "half an answer that ends with an error": [
      { body: { choices: [{ message: { content: "half" }, finish_reason: "error", error: { code: 502 } }] } },
      "MODEL_UNAVAILABLE",
      /status 502/,
    ],
    "an end by an error": [
      { body: { choices: [{ message: { content: "half" }, finish_reason: "error" }] } },
      "MODEL_UNAVAILABLE",
      /failed while it answered/,
    ],
    "half an answer": [{ fault: "half" }, "MODEL_UNAVAILABLE", /connection .* failed/i],
    "a dropped connection": [{ fault: "drop" }, "MODEL_UNAVAILABLE", /connection .* failed/i],
  };
  test.each(Object.entries(faults))("%s", async (_name, [answer, code, message]) => {
    await using server = await loopbackOpenAI({ answers: [answer] });
    const error = await failureOf(modelOf(server).generate(request, { signal: open }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(allOf(error)).not.toContain(server.apiKey);
    expect(server.violations).toEqual([]);
  });

  test("a wrong key is told, but not shown", async () => {
    await using server = await loopbackOpenAI({ answers: [] });
    for (const apiKey of ["sk-proj-abcdefghijklmnopqrstuvwxyz0123456789", "homemade key of no known form"]) {
      const error = await failureOf(modelOf(server, { apiKey }).generate(request, { signal: open }));
      expect(error).toMatchObject({ code: "MODEL_REJECTED", details: { status: 401, code: "invalid_api_key" } });
      expect(error.message).toMatch(/Incorrect API key.*OPENAI_API_KEY/);
      expect(allOf(error)).not.toContain(apiKey);
    }
  });

  test("a model that does not exist", async () => {
    await using server = await loopbackOpenAI({ answers: [], model: "gpt-known" });
    const error = await failureOf(modelOf(server, { model: "gpt-misspelt" }).generate(request, { signal: open }));
    expect(error).toMatchObject({ code: "MODEL_REJECTED", details: { status: 404, code: "model_not_found" } });
    expect(error.message).toMatch(/does not exist.*Check the model's name \("gpt-misspelt"\)/);
  });

  test("a server that is not there", async () => {
    const server = await loopbackOpenAI({ answers: [] });
    await server[Symbol.asyncDispose]();
    const error = await failureOf(modelOf(server).generate(request, { signal: open }));
    expect(error.code).toBe("MODEL_UNAVAILABLE");
    expect(error.message).toContain(server.baseURL);
  });

  test("the client's own time-out", async () => {
    await using server = await loopbackOpenAI({ answers: [{ fault: "silence" }] });
    const error = await failureOf(modelOf(server, { timeout: 30 }).generate(request, { signal: open }));
    expect(error.code).toBe("MODEL_UNAVAILABLE");
    expect(error.message).toMatch(/did not answer in time/);
  });

  test("an abort ends the wait for a silent server with the signal's reason", async () => {
    await using server = await loopbackOpenAI({ answers: [{ fault: "silence" }] });
    const controller = new AbortController();
    const reason = new WinkError("DEADLINE_EXCEEDED", { problem: "over" });
    const answer = modelOf(server).generate(request, { signal: controller.signal });
    void server.arrived(0).then(() => controller.abort(reason));
    await expect(answer).rejects.toBe(reason);
  });

  test("an aborted signal sends nothing", async () => {
    await using server = await loopbackOpenAI({ answers: [{ say: "?" }] });
    await expect(modelOf(server).generate(request, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
    expect(server.requests).toEqual([]);
  });
});

test("an address is told without user, password and query", async () => {
  const client: OpenAIClient = {
    baseURL: "https://user:secret@proxy.example/v1?token=hidden",
    chat: { completions: { create: () => Promise.reject(Object.assign(new Error("no"), { status: 500 })) } },
  };
  const model = openaiModel({ client, model: "m", clock: systemClock });
  const error = await failureOf(model.generate(request, { signal: open }));
  expect(error.message).toContain("https://proxy.example/v1 failed");
  expect(allOf(error)).not.toMatch(/secret@|hidden/);
});

/** The conversation after the calls of an answer got their results. */
function afterCalls({ message }: ModelResponse): readonly Message[] {
  const results = message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [{ type: "tool-result", id: part.id, name: part.name, text: "3", failed: false } as const]
      : [],
  );
  return [...request.messages, message, { role: "tool", content: results }];
}

test("a client of one's own gets the signal itself, which it may hand to fetch", async () => {
  const seen: unknown[] = [];
  const create: OpenAIClient["chat"]["completions"]["create"] = async (_body, options) => {
    seen.push(options?.signal);
    return { choices: [{ message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }] };
  };
  await openaiModel({ client: { chat: { completions: { create } } }, model: "m" }).generate(request, { signal: open });
  expect(seen).toEqual([open]);
});

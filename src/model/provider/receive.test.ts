import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { anthropicModel } from "../anthropic/index.ts";
import type { Model, ModelRequest } from "../index.ts";
import { litellmModel } from "../litellm/index.ts";
import { openaiModel, openaiResponsesModel } from "../openai/index.ts";

type Fetch = () => Promise<Response>;
const address = { apiKey: "k", baseURL: "http://127.0.0.1:9/v1", maxRetries: 0, logLevel: "off" } as const;
const openai = (fetch: Fetch) => new OpenAI({ ...address, fetch });
const chat = { id: "a", choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] };
const output = [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi" }] }];

/** Each driver over its official client, and an answer of its protocol. */
const drivers: Readonly<Record<string, readonly [(fetch: Fetch) => Model, object]>> = {
  openaiModel: [(fetch) => openaiModel({ client: openai(fetch), model: "m" }), chat],
  litellmModel: [(fetch) => litellmModel({ client: openai(fetch), model: "m" }), chat],
  openaiResponsesModel: [
    (fetch) => openaiResponsesModel({ client: openai(fetch), model: "m" }),
    { id: "a", object: "response", status: "completed", output },
  ],
  anthropicModel: [
    (fetch) => anthropicModel({ client: new Anthropic({ ...address, fetch }), model: "m" }),
    { id: "a", content: [{ type: "text", text: "Hi" }], stop_reason: "end_turn" },
  ],
};
const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
  tools: [],
};
const { signal } = new AbortController();

/** A response of any content type; of none when that is undefined. */
function responseOf(text: string, type: string | undefined, more: Readonly<Record<string, string>> = {}): Response {
  const headers = { ...(type !== undefined && { "content-type": type }), ...more };
  return new Response(new TextEncoder().encode(text), { headers });
}

const types = [
  "application/json; charset=utf-8",
  "APPLICATION/JSON",
  "application/problem+json",
  "text/json",
  "text/plain",
  "text/event-stream",
  undefined,
];

describe.each(Object.entries(drivers))("%s", (_name, [modelOver, body]) => {
  const asked = (response: Response) => modelOver(async () => response).generate(request, { signal });

  test.each(types)("takes JSON of the type %s", async (type) => {
    const { message } = await asked(responseOf(JSON.stringify(body), type));
    expect(message.content).toEqual([{ type: "text", text: "Hi" }]);
  });

  const unreadable: readonly (readonly [string, Response, RegExp])[] = [
    ["an empty answer without a type", responseOf("", undefined), /: The answer is empty\..*Received nothing/],
    [
      "an empty answer of JSON",
      responseOf("", "application/json", { "content-length": "0" }),
      /: The answer is empty\./,
    ],
    [
      "no content",
      new Response(null, { status: 204, headers: { "content-type": "application/json" } }),
      /: The answer is empty\./,
    ],
    ["words", responseOf("It works!", "text/plain"), /not JSON that can be read: unexpected "I".*Received It works!/],
    ["half an answer", responseOf('{"a', "text/json"), /not JSON that can be read: unexpected end.*Received \{"a/],
    [
      "what is nested without end",
      responseOf("[".repeat(300) + "]".repeat(300), "text/json"),
      /nested deeper than 200/,
    ],
    [
      "a page of no type",
      responseOf("<html>Log in", undefined),
      /A web page came from http:\/\/127.*Check the base URL/,
    ],
  ];
  test.each(unreadable)("%s is told in words of the library", async (_what, response, message) => {
    const error = await rejectionOf(asked(response));
    expect(error.code).toBe("MODEL_RESPONSE_INVALID");
    expect(error.message).toMatch(message);
  });
});

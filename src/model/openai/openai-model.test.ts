import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type LoopbackAnswer, type LoopbackServer, loopbackOpenAI } from "../../testing/index.ts";
import type { ModelRequest } from "../index.ts";
import { openaiModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [],
};
const open = new AbortController().signal;

function modelOf({ apiKey, baseURL }: LoopbackServer, timeout = 60_000) {
  const client = new OpenAI({ apiKey, baseURL, maxRetries: 0, timeout, logLevel: "off" });
  return openaiModel({ client, model: "gpt-loopback" });
}

describe("over HTTP with the official client", () => {
  const faults: Record<string, [LoopbackAnswer, string, RegExp]> = {
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
  };
  test.each(Object.entries(faults))("%s", async (_name, [answer, code, message]) => {
    await using server = await loopbackOpenAI({ answers: [answer] });
    const error = await rejectionOf(modelOf(server).generate(request, { signal: open }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("the client's own time-out", async () => {
    await using server = await loopbackOpenAI({ answers: [{ fault: "silence" }] });
    const error = await rejectionOf(modelOf(server, 30).generate(request, { signal: open }));
    expect(error.code).toBe("MODEL_UNAVAILABLE");
    expect(error.message).toMatch(/did not answer in time/);
  });
});

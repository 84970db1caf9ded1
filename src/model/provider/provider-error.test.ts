import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { systemClock, WinkError } from "../../base/index.ts";
import { messagesService } from "../anthropic/service.ts";
import { chatService, responsesService } from "../openai/service.ts";
import { type Asked, providerError, withoutKey } from "./provider-error.ts";
import { errorInBody } from "./told-error.ts";

const key = "a-key-of-no-known-form";
const asked: Asked = {
  service: chatService,
  model: "gpt-x",
  address: "https://api.example/v1",
  hide: (text) => withoutKey(text, key),
  clock: systemClock,
};
const status = (code: number, error: object = {}, headers: object = {}) => ({ status: code, error, headers });

describe("providerError tells apart", () => {
  test.each([
    [400, "MODEL_REJECTED", false],
    [401, "MODEL_REJECTED", false],
    [403, "MODEL_REJECTED", false],
    [404, "MODEL_REJECTED", false],
    [413, "MODEL_REJECTED", false],
    [422, "MODEL_REJECTED", false],
    [429, "MODEL_THROTTLED", true],
    [408, "MODEL_UNAVAILABLE", true],
    [409, "MODEL_UNAVAILABLE", true],
    [500, "MODEL_UNAVAILABLE", true],
    [503, "MODEL_UNAVAILABLE", true],
    [529, "MODEL_UNAVAILABLE", true],
    [302, "MODEL_RESPONSE_INVALID", true],
  ])("status %i: %s", (code, expected, retryable) => {
    const error = providerError(status(code, { message: "the provider's words" }), asked);
    expect(error.code).toBe(expected);
    expect(error.retryable).toBe(retryable);
    expect(error.details).toMatchObject({ status: code, model: "gpt-x" });
    expect(error.message).toContain("the provider's words");
  });

  class APIConnectionError extends Error {}
  class APIConnectionTimeoutError extends APIConnectionError {}
  const socket = (code: string) => Object.assign(new TypeError("fetch failed"), { cause: { code } });
  test.each([
    ["a broken connection", new APIConnectionError("Connection error."), "MODEL_UNAVAILABLE", /connection .* failed/i],
    ["a time-out", new APIConnectionTimeoutError("Request timed out."), "MODEL_UNAVAILABLE", /not answer in time/],
    ["a refused socket", socket("ECONNREFUSED"), "MODEL_UNAVAILABLE", /connection .* failed/i],
    ["half an answer", new TypeError("terminated"), "MODEL_UNAVAILABLE", /connection .* failed/i],
    ["a socket of undici", socket("UND_ERR_SOCKET"), "MODEL_UNAVAILABLE", /connection .* failed/i],
    ["an answer that is no JSON", new SyntaxError("Unexpected token"), "MODEL_RESPONSE_INVALID", /not JSON/],
    ["a client that cannot ask", new Error("no credentials"), "MODEL_REJECTED", /could not make the request/],
    ["something that is no error", "odd", "MODEL_REJECTED", /"odd"/],
  ])("%s", (_name, thrown, code, message) => {
    const error = providerError(thrown, asked);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("an error of the library stays what it is", () => {
    const own = new WinkError("DEADLINE_EXCEEDED", { problem: "over" });
    expect(providerError(own, asked)).toBe(own);
  });
});

describe("providerError says what to do", () => {
  test.each([
    [401, {}, /OPENAI_API_KEY/],
    [403, {}, /may use this model/],
    [413, {}, /Send less: the request is larger/],
    [402, {}, /pay the bill/],
    [404, {}, /"gpt-x".*OPENAI_BASE_URL/],
    [400, { param: "max_tokens", message: "Unsupported parameter" }, /maxTokensField/],
    [400, { message: "response_format json_schema is not supported" }, /outputFormat/],
    [400, { code: "context_length_exceeded" }, /Send less/],
    [400, {}, /as the provider's message says/],
  ])("%i %j", (code, error, message) => {
    expect(providerError(status(code, error), asked).message).toMatch(message);
  });

  test.each([
    [chatService, { param: "max_completion_tokens", message: "Invalid value: -5 is below the minimum" }],
    [chatService, { message: "max_tokens must be at least 1" }],
    [chatService, { param: "reasoning_effort", message: "response_format: unsupported value 'huge'" }],
    [chatService, { message: "response_format: unsupported value 'huge'" }],
    [chatService, { message: "Unknown tool in tool_choice" }],
    [messagesService, { message: "output_config.effort: Input should be 'low', 'medium' or 'high'" }],
    [messagesService, { message: "tool_choice: there is no tool of this name" }],
    [messagesService, { message: "thinking.budget_tokens: must be less than max_tokens" }],
    [responsesService, { message: "text.format: the schema is invalid" }],
  ])("nothing but the provider's words when a parameter is known: %#", (service, error) => {
    const { message } = providerError(status(400, error), { ...asked, service });
    expect(message).toMatch(/Correct the request as the provider's message says\.$/);
  });

  test.each([
    [messagesService, { message: "output_config.effort: unknown for this model" }, /Leave `effort` out/],
    [messagesService, { message: "output_config: Extra inputs are not permitted" }, /`outputFormat`/],
    [
      responsesService,
      { param: "include", message: "Encrypted content is not supported with this model." },
      /include: \[\]/,
    ],
    [chatService, { message: "'response_format' is not allowed beside max_tokens" }, /`outputFormat`/],
    [chatService, { message: "This model doesn't support response_format of type json_schema" }, /`outputFormat`/],
    [chatService, { message: "Unrecognized request argument supplied: max_completion_tokens" }, /`maxTokensField`/],
    [chatService, { message: "This response_format type is unavailable now" }, /`outputFormat`/],
    [chatService, { message: "property 'response_format' is unsupported" }, /`outputFormat`/],
    [chatService, { message: "response_format can’t be allowed here" }, /`outputFormat`/],
    [messagesService, { message: "adaptive thinking isn't supported on this model" }, /Set `thinking`/],
    [messagesService, { message: "output_format: This model doesn't support structured outputs" }, /`outputFormat`/],
    [chatService, { code: "unsupported_parameter", param: "max_tokens", message: "Use another." }, /`maxTokensField`/],
  ])("what to do about the parameter that is named first: %#", (service, error, message) => {
    expect(providerError(status(400, error), { ...asked, service }).message).toMatch(message);
  });

  test("a used-up quota is no throttling to wait for", () => {
    const error = providerError(status(429, { code: "insufficient_quota", message: "You exceeded…" }), asked);
    expect(error).toMatchObject({ code: "MODEL_THROTTLED", retryable: false, details: { reason: "quota" } });
    const rate = providerError(status(429, { code: "rate_limit_exceeded" }, { "retry-after": "3" }), asked);
    expect(rate).toMatchObject({ retryable: true, details: { reason: "rate", retryAfterMs: 3_000 } });
    expect(rate.message).toContain("Wait 3 s");
  });
});

describe("providerError knows an error inside an answer by its code", () => {
  test.each([
    [{ code: "server_error", message: "oh no" }, "MODEL_UNAVAILABLE", true, /failed while it answered.*oh no/],
    [{ type: "overloaded_error" }, "MODEL_UNAVAILABLE", true, /failed while/],
    ["out of memory", "MODEL_UNAVAILABLE", true, /failed while/],
    [{ code: "rate_limit_exceeded" }, "MODEL_THROTTLED", true, /too fast/],
    [{ type: "tokens", message: "Rate limit reached for m" }, "MODEL_THROTTLED", true, /too fast/],
    [{ code: "insufficient_quota" }, "MODEL_THROTTLED", false, /quota/],
    [{ code: "invalid_prompt" }, "MODEL_REJECTED", false, /refused the request/],
    [{ code: "bio_policy" }, "MODEL_REJECTED", false, /refused/],
    [{ code: "context_length_exceeded" }, "MODEL_REJECTED", false, /Send less/],
    [{ code: 503 }, "MODEL_UNAVAILABLE", true, /status 503/],
    [{ code: "400", message: "no" }, "MODEL_REJECTED", false, /status 400/],
  ])("%j", (error, code, retryable, message) => {
    const told = providerError({ error }, asked);
    expect([told.code, told.retryable]).toEqual([code, retryable]);
    expect(told.message).toMatch(message);
  });
});

test("no key and no header is in an error, however it is shown", () => {
  const thrown = Object.assign(new Error(`401 Incorrect API key provided: ${key}`), {
    status: 401,
    headers: new Headers({ authorization: `Bearer ${key}` }),
    error: { message: `Incorrect API key provided: ${key}`, hint: key },
  });
  const error = providerError(thrown, asked);
  for (const shown of [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 9 })]) {
    expect(shown).not.toContain(key);
    expect(shown).not.toContain("authorization");
  }
  expect(error.message).toContain("Incorrect API key provided: [key]");
});

test("no piece of the key is left where a text is cut, wherever it stands and however it is written", () => {
  const odd = 'kq/7"Zx+vB mN=w'; // another text in an address and in JSON
  const forms = [odd, encodeURIComponent(odd), JSON.stringify(odd).slice(1, -1)];
  for (const form of forms) {
    const said = [
      `${form} `.repeat(100),
      ...Array.from({ length: 60 }, (_, index) => `${"x".repeat(250 + index)}${form}`),
    ];
    for (const message of [...said, `${"x".repeat(980)}${form}`, `${`${form} `.repeat(30)}${"x".repeat(560)}${form}`]) {
      for (const thrown of [{ status: 500, error: { message } }, Object.assign(new Error(message), { status: 500 })]) {
        const shown = inspect(providerError(thrown, { ...asked, hide: (text) => withoutKey(text, odd) }), { depth: 9 });
        expect(shown).not.toMatch(/kq[/%\\]|7"Zx|7%22Zx|vB mN|vB%20mN/);
      }
    }
  }
});

test("the key is not in what a server calls its error and its request", () => {
  const thrown = Object.assign(new Error("no"), { status: 400, code: `bad ${key}`, requestID: `req ${key}` });
  thrown.stack = `Error: no\n    at ${key}`;
  const error = providerError(thrown, asked);
  expect(error.details).toMatchObject({ code: "bad [key]", requestId: "req [key]" });
  expect(inspect(error, { depth: 9 })).not.toContain(key);
});

test("something thrown that cannot be read is still an error of the provider", () => {
  const thrown = {
    status: 500,
    toString: () => {
      throw new Error("never");
    },
  };
  expect(providerError(thrown, asked)).toMatchObject({ code: "MODEL_UNAVAILABLE" });
});

test("a long page is cut", () => {
  const page = `<html>${"x".repeat(10_000)}</html>`;
  expect(providerError({ status: 502, message: page, error: { message: page } }, asked).message.length).toBeLessThan(
    700,
  );
});

test("what is known of a type of error, where there is no status", () => {
  const service = { ...chatService, statusOf: (type: string) => (type === "overloaded" ? 529 : 500) };
  const error = { type: "overloaded", message: "later" };
  for (const told of [errorInBody({ error }), { error: { type: "error", error } }]) {
    expect(providerError(told, { ...asked, service })).toMatchObject({
      code: "MODEL_UNAVAILABLE",
      details: { status: 529, code: "overloaded" },
      message: expect.stringContaining("later"),
    });
  }
  expect(providerError({ error }, asked).details).not.toHaveProperty("status");
});

test("a limit of spending is a quota, whatever its type", () => {
  const error = { type: "rate_limit_error", details: { error_code: "enforced_spend_limit_reached" } };
  expect(providerError(status(429, { error }), asked)).toMatchObject({
    retryable: false,
    details: { reason: "quota" },
  });
});

test("withoutKey leaves texts alone when there is no key worth the name", () => {
  expect(withoutKey("no key", undefined)).toBe("no key");
  expect(withoutKey("a x b", "x")).toBe("a x b");
});

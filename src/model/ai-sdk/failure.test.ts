import { inspect } from "node:util";
import {
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  LoadAPIKeyError,
  NoSuchModelError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { RetryError } from "ai";
import { describe, expect, test } from "vitest";
import { systemClock, WinkError } from "../../base/index.ts";
import { failuresOf } from "./failure.ts";

const failures = failuresOf({ provider: "acme.chat", modelId: "acme-1" }, systemClock);
const url = "https://user:hidden@api.example/v1/chat?token=hidden";
const secret = "a body that was sent";
const called = (more: Partial<ConstructorParameters<typeof APICallError>[0]>) =>
  new APICallError({ message: "Bad", url, requestBodyValues: { secret }, ...more });
const network = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });

describe("failuresOf tells apart", () => {
  test.each([
    [400, "MODEL_REJECTED", false],
    [401, "MODEL_REJECTED", false],
    [404, "MODEL_REJECTED", false],
    [429, "MODEL_THROTTLED", true],
    [500, "MODEL_UNAVAILABLE", true],
    [529, "MODEL_UNAVAILABLE", true],
  ])("status %i: %s", (statusCode, code, retryable) => {
    const data = { error: { message: "the provider's words", code: "some_code" } };
    const error = failures.thrown(called({ statusCode, data, responseHeaders: { "x-request-id": "r1" } }));
    expect(error).toMatchObject({ code, retryable });
    expect(error.details).toMatchObject({
      provider: "acme.chat",
      model: "acme-1",
      status: statusCode,
      code: "some_code",
      requestId: "r1",
    });
    expect(error.message).toContain("the provider's words");
    expect(error.message).toContain("https://api.example/v1/chat");
    const shown = [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })];
    expect(shown.join()).not.toMatch(/hidden@|token=|a body that was sent/);
  });

  const unread = new JSONParseError({ text: "{]", cause: new SyntaxError("Unexpected token") });
  const untyped = new TypeValidationError({ value: { models: [] }, cause: new Error("no choices") });
  const others: Record<string, [unknown, string, RegExp]> = {
    "a wait that is asked for": [
      called({ statusCode: 429, responseHeaders: { "retry-after": "7" } }),
      "MODEL_THROTTLED",
      /Wait 7 s/,
    ],
    "a page": [called({ statusCode: 503, responseBody: "<html>busy</html>" }), "MODEL_UNAVAILABLE", /Bad: <html>busy/],
    "words in a body that was not parsed": [
      called({ statusCode: 400, responseBody: '{"error":{"message":"bad schema"}}' }),
      "MODEL_REJECTED",
      /"bad schema"/,
    ],
    "no connection": [
      called({ isRetryable: true, cause: network }),
      "MODEL_UNAVAILABLE",
      /connection .* failed.*ECONN/,
    ],
    "a connection that broke": [
      called({ statusCode: 200, isRetryable: true, cause: new TypeError("terminated") }),
      "MODEL_UNAVAILABLE",
      /connection .* failed/,
    ],
    "a connection that broke, of which only the cause tells": [
      called({ statusCode: 200, cause: new TypeError("terminated", { cause: { code: "UND_ERR_SOCKET" } }) }),
      "MODEL_UNAVAILABLE",
      /connection .* failed/,
    ],
    "an answer that is no JSON": [
      called({ statusCode: 200, responseBody: "<html>It works!</html>", cause: unread }),
      "MODEL_RESPONSE_INVALID",
      /web page came from https:\/\/api.*<html>It works/,
    ],
    "an answer of another form": [
      called({ statusCode: 200, responseBody: '{"models":[]}', cause: untyped }),
      "MODEL_RESPONSE_INVALID",
      /\{"models":\[\]\}/,
    ],
    "an answer that is too long": [
      called({ statusCode: 200, cause: new Error("over 2 GiB") }),
      "MODEL_RESPONSE_INVALID",
      /cannot be read: Bad: over 2 GiB/,
    ],
    "an error with status 200": [
      called({
        statusCode: 200,
        responseBody: '{"error":{"code":"429","message":"later"}}',
        responseHeaders: { "retry-after": "7" },
        cause: untyped,
      }),
      "MODEL_THROTTLED",
      /later.*Wait 7 s/,
    ],
    "an error in words with status 200": [
      called({ statusCode: 200, responseBody: '{"error":{"code":"insufficient_quota"}}', cause: untyped }),
      "MODEL_THROTTLED",
      /quota/,
    ],
    "data that is not understood": [
      new InvalidResponseDataError({ data: { choices: [] }, message: "no choices" }),
      "MODEL_RESPONSE_INVALID",
      /no choices.*choices/,
    ],
    nothing: [new EmptyResponseBodyError(), "MODEL_RESPONSE_INVALID", /Empty response body/],
    "no key": [new LoadAPIKeyError({ message: "ACME_API_KEY is missing" }), "MODEL_REJECTED", /ACME_API_KEY/],
    "no such model": [
      new NoSuchModelError({ modelId: "acme-2", modelType: "languageModel" }),
      "MODEL_REJECTED",
      /acme-2/,
    ],
    "what the provider cannot do": [
      new UnsupportedFunctionalityError({ functionality: "audio" }),
      "MODEL_REJECTED",
      /audio/,
    ],
    "tries that were given up": [
      new RetryError({ message: "3 tries", reason: "maxRetriesExceeded", errors: [1, called({ statusCode: 500 })] }),
      "MODEL_UNAVAILABLE",
      /status 500/,
    ],
    "an error of a gateway": [
      Object.assign(new Error("slow"), { name: "GatewayRateLimitError", statusCode: 429 }),
      "MODEL_THROTTLED",
      /slow/,
    ],
    "an error of fetch": [new TypeError("fetch failed", { cause: network }), "MODEL_UNAVAILABLE", /acme\.chat/],
    "a time-out": [new DOMException("The operation timed out", "TimeoutError"), "MODEL_UNAVAILABLE", /in time/],
    "something that is no error": ["odd", "MODEL_REJECTED", /"odd"/],
    "nothing at all": [undefined, "MODEL_REJECTED", /undefined/],
  };
  test.each(Object.entries(others))("%s", (_name, [thrown, code, message]) => {
    const error = failures.thrown(thrown);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("a stream that ends too early, and one that was no answer", () => {
    const early = new InvalidResponseDataError({ data: undefined, message: "ended without a finish reason" });
    expect(failures.told(early, true)).toMatchObject({ code: "MODEL_UNAVAILABLE" });
    expect(failures.told(early)).toMatchObject({ code: "MODEL_RESPONSE_INVALID" });
    expect(failures.told(early).details).not.toHaveProperty("address"); // it is not known
  });

  test("an error of the library stays what it is", () => {
    const own = new WinkError("DEADLINE_EXCEEDED", { problem: "over" });
    expect(failures.thrown(own)).toBe(own);
    expect(failures.told(own)).toBe(own);
  });
});

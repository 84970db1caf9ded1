/** What goes wrong: errors of the provider, answers that are none, connections that break, aborts. */
import assert from "node:assert/strict";
import { type ErrorCode, pause, type WinkError } from "../../base/index.ts";
import type { LoopbackAnswer, LoopbackStatus } from "../loopback/index.ts";
import { apiKey, asking, type ModelCase, thrownBy } from "./stage.ts";

/** A case in which one answer is one error. */
const fails = (
  claim: string,
  answer: LoopbackAnswer,
  code: ErrorCode,
  more: Partial<ModelCase> = {},
  check: (error: WinkError) => void = () => undefined,
): ModelCase => ({
  claim,
  ...more,
  async play({ open }) {
    const { failure, harness } = await open([answer]);
    check(await failure(code));
    assert(harness.requests.length < 2, "the request was made again");
  },
});

/** A case of a status: it is told, and so is what the provider said, but for the key. */
const status = (number: number, claim: string, code: ErrorCode, retryable: boolean): ModelCase =>
  fails(
    `${number}: ${claim}`,
    { status: number, error: { message: `the words of the provider, ${apiKey}` } },
    code,
    {},
    (error) => {
      assert.equal(error.retryable, retryable);
      assert.equal(error.details?.status, number);
      assert(error.message.includes("the words of the provider"), error.message);
    },
  );

/** A case of a wait that is asked for by headers. */
const throttled = (claim: string, headers: Readonly<Record<string, string>>, wait: number | undefined): ModelCase => {
  const answer: LoopbackStatus = { status: 429, error: { message: `too fast, ${apiKey}` }, headers };
  return fails(claim, answer, "MODEL_THROTTLED", {}, ({ retryable, details }) => {
    assert.equal(retryable, true);
    assert.deepEqual([details?.reason, details?.retryAfterMs], ["rate", wait]);
  });
};

const page = `<html><body>Bad gateway ${apiKey}</body></html>`;
const streamed = { needs: "streaming", only: "streamed" } as const;
const whole = { only: "whole" } as const;

export const failureCases: readonly ModelCase[] = [
  status(400, "the request is refused", "MODEL_REJECTED", false),
  status(401, "the key is refused", "MODEL_REJECTED", false),
  status(403, "the key may not do that", "MODEL_REJECTED", false),
  status(404, "there is no such model", "MODEL_REJECTED", false),
  status(413, "the request is too long", "MODEL_REJECTED", false),
  status(500, "the provider failed", "MODEL_UNAVAILABLE", true),
  status(503, "the provider is not there", "MODEL_UNAVAILABLE", true),
  status(529, "the provider has too much to do", "MODEL_UNAVAILABLE", true),
  throttled("429 without a wait", {}, undefined),
  throttled("429 with a wait in seconds", { "retry-after": "7" }, 7_000),
  throttled("429 with a wait in milliseconds", { "retry-after-ms": "250" }, 250),
  throttled(
    "429 with a date",
    { "retry-after": "Wed, 21 Oct 2026 07:28:05 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" },
    5_000,
  ),
  {
    claim: "a used-up quota is not to be waited for",
    async play({ driver, open }) {
      const { failure } = await open([driver.quota]);
      const { details, retryable } = await failure("MODEL_THROTTLED");
      assert.deepEqual([details?.reason, retryable], ["quota", false]);
    },
  },
  {
    claim: "a key of no known form is in no error",
    needs: "anyKey",
    async play({ open }) {
      const key = "of/no+known form";
      const { failure } = await open(
        [
          { status: 401, error: { message: `wrong key: ${key}`, code: key } },
          { status: 502, text: `<html>${key} is of no use</html>` },
          { body: { told: key } },
        ],
        {},
        key,
      );
      for (const code of ["MODEL_REJECTED", "MODEL_UNAVAILABLE", "MODEL_RESPONSE_INVALID"] as const)
        await failure(code);
    },
  },
  fails("an error as a page", { status: 502, text: page }, "MODEL_UNAVAILABLE"),
  fails("a page in the place of an answer", { body: page, contentType: "text/html" }, "MODEL_RESPONSE_INVALID"),
  fails("JSON of another kind", { body: { hello: apiKey } }, "MODEL_RESPONSE_INVALID"),
  fails("a body that is no JSON", { fault: "garbled" }, "MODEL_RESPONSE_INVALID", whole),
  fails("a body that ends too early", { fault: "unfinished" }, "MODEL_RESPONSE_INVALID", whole),
  fails("an empty body", { body: "" }, "MODEL_RESPONSE_INVALID", whole),
  fails("half an answer, as the connection broke", { fault: "half" }, "MODEL_UNAVAILABLE"),
  fails("a connection that is dropped", { fault: "drop" }, "MODEL_UNAVAILABLE"),
  fails("a stream with an event that is no JSON", { fault: "garbled" }, "MODEL_RESPONSE_INVALID", streamed),
  fails("a stream that ends in the middle", { fault: "unfinished" }, "MODEL_UNAVAILABLE", streamed),
  fails(
    "a stream with an error in the middle",
    { fault: "error", error: { message: `it broke, ${apiKey}` } },
    "MODEL_UNAVAILABLE",
    streamed,
  ),
  {
    claim: "an aborted signal sends nothing",
    async play({ open }) {
      const { ask, harness } = await open([{ say: "?" }]);
      const reason = new Error("stop");
      assert.equal(await thrownBy(ask(asking("Begin."), { signal: AbortSignal.abort(reason) })), reason);
      assert.equal(harness.requests.length, 0);
    },
  },
  {
    claim: "an abort ends the wait for a silent provider, with its reason",
    async play({ open }) {
      const { ask, harness } = await open([{ fault: "silence" }]);
      const controller = new AbortController();
      const reason = new Error("stop");
      void harness.arrived(0).then(() => controller.abort(reason));
      assert.equal(await thrownBy(ask(asking("Begin."), { signal: controller.signal })), reason);
    },
  },
  {
    claim: "an abort ends a body without an end, with its reason",
    ...whole,
    async play({ open }) {
      const { ask, harness } = await open([{ fault: "endless" }]);
      const controller = new AbortController();
      const reason = new Error("stop");
      void harness.arrived(0).then(async () => {
        for (let turn = 0; turn < 20; turn++) await pause();
        controller.abort(reason);
      });
      assert.equal(await thrownBy(ask(asking("Begin."), { signal: controller.signal })), reason);
    },
  },
  {
    claim: "an abort ends a stream without an end, with its reason",
    ...streamed,
    async play({ open }) {
      const { ask } = await open([{ fault: "endless" }]);
      const controller = new AbortController();
      const reason = new Error("stop");
      let pieces = 0;
      const onProgress = (): void => {
        if (++pieces === 3) controller.abort(reason);
      };
      assert.equal(await thrownBy(ask(asking("Begin."), { signal: controller.signal, onProgress })), reason);
    },
  },
  {
    claim: "after a failure the same model answers",
    async play({ open }) {
      const { ask, failure } = await open([{ status: 500 }, { say: "Back." }]);
      await failure("MODEL_UNAVAILABLE");
      assert.equal((await ask(asking("Begin."))).finish, "stop");
    },
  },
  fails(
    "a stream that ends before anything came",
    { body: "", contentType: "text/event-stream" },
    "MODEL_RESPONSE_INVALID",
    streamed,
  ),
  {
    claim: "a server that is not there",
    async play({ open }) {
      const { failure, harness } = await open([]);
      await harness[Symbol.asyncDispose]();
      const { message } = await failure("MODEL_UNAVAILABLE");
      assert(message.includes("127.0.0.1"), message);
    },
  },
];

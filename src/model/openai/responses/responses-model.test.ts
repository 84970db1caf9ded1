import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { eventStream } from "../../../../test/support/event-stream.ts";
import { WinkError } from "../../../base/index.ts";
import { type LoopbackAnswer, loopbackOpenAI } from "../../../testing/index.ts";
import type { Message, ModelRequest } from "../../index.ts";
import { openaiResponsesModel } from "../index.ts";

const request: ModelRequest = {
  system: "Add.",
  messages: [{ role: "user", content: [{ type: "text", text: "Begin." }] }],
  tools: [
    {
      name: "add",
      description: "Adds.",
      parameters: { type: "object", properties: {}, required: [], additionalProperties: false },
    },
  ],
};
const open = new AbortController().signal;
const key = "a-key-of-no-known-form";

const reasoning = { id: "rs_1", type: "reasoning", summary: [], encrypted_content: "gAAAA" };
const call = (id: string) => ({ id: `fc_${id}`, type: "function_call", call_id: id, name: "add", arguments: "{}" });
const said = (text: string) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});
const answer = (output: readonly object[], more: object = {}) => ({
  id: "resp_1",
  object: "response",
  status: "completed",
  error: null,
  output,
  ...more,
});
const delta = (text: string, kind = "output_text") => ({ type: `response.${kind}.delta`, delta: text });
const ended = (response: unknown, how = "completed") => ({ type: `response.${how}`, response });

const clientOf = (baseURL: string) => new OpenAI({ apiKey: key, baseURL, maxRetries: 0, logLevel: "off" });

async function failureOf(work: Promise<unknown>): Promise<WinkError> {
  const thrown = await work.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
  if (!WinkError.is(thrown)) throw new Error(String(thrown));
  return thrown;
}

describe("over HTTP with the official client", () => {
  test("a conversation with calls ends in an answer, and reasoning goes back in its place", async () => {
    const calls = [1, 2].map(() => ({ name: "add", arguments: "{}" }));
    const answers = [{ calls, thinking: "" }, { say: "3" }];
    await using server = await loopbackOpenAI({ answers, apiKey: key });
    const model = openaiResponsesModel({ client: clientOf(server.baseURL), model: "gpt-loopback" });
    const first = await model.generate(request, { signal: open });
    expect(first).toMatchObject({ finish: "tool-calls", id: "resp_loopback_0" });
    const results = ["call_0_0", "call_0_1"].map(
      (id) => ({ type: "tool-result", id, name: "add", text: "3", failed: false }) as const,
    );
    const messages: Message[] = [...request.messages, first.message, { role: "tool", content: results }];
    const second = await model.generate({ ...request, messages }, { signal: open });
    expect(second).toMatchObject({ finish: "stop", message: { content: [{ text: "3" }] } });
    expect(server.requests.map(({ path }) => path)).toEqual(["/v1/responses", "/v1/responses"]);
    expect(server.requests[0]?.body).toMatchObject({ instructions: "Add.", store: false, model: "gpt-loopback" });
    expect(server.requests[0]?.body).not.toHaveProperty("stream");
    const asked = { type: "function_call", name: "add", arguments: "{}" };
    expect(server.requests[1]?.body.input).toEqual([
      { type: "message", role: "user", content: "Begin." },
      { id: "rs_loopback_0", type: "reasoning", summary: [], encrypted_content: expect.stringMatching(/^sealed-/) },
      { id: "fc_loopback_0_0", status: "completed", ...asked, call_id: "call_0_0" },
      { id: "fc_loopback_0_1", status: "completed", ...asked, call_id: "call_0_1" },
      { type: "function_call_output", call_id: "call_0_0", output: "3" },
      { type: "function_call_output", call_id: "call_0_1", output: "3" },
    ]);
    expect(server.violations).toEqual([]);
  });

  /** The answer of a server that is asked for a stream, with the progress that was told. */
  async function streamed(answered: LoopbackAnswer) {
    await using server = await loopbackOpenAI({ answers: [answered], apiKey: key });
    const seen: number[] = [];
    const model = openaiResponsesModel({ client: clientOf(server.baseURL), model: "m" });
    const onProgress = ({ characters }: { characters: number }) => seen.push(characters);
    const response = await model.generate(request, { signal: open, onProgress });
    return { response, seen, body: server.requests[0]?.body };
  }

  test("streams: the last event's answer counts, the others tell how much has come", async () => {
    const events = [
      { type: "response.created", response: answer([], { status: "in_progress" }) },
      delta("hm", "reasoning_summary_text"),
      delta("I a"),
      delta("dd."),
      delta('{"a":1}', "function_call_arguments"),
      ended(answer([reasoning, said("I add."), call("c1")])),
    ];
    const { response, seen, body } = await streamed(eventStream(events, "silent"));
    expect(body.stream).toBe(true);
    expect(seen).toEqual([0, 2, 5, 8, 15, 15]);
    expect(response).toMatchObject({ finish: "tool-calls", message: { content: [{ text: "I add." }, { id: "c1" }] } });
  });

  test("takes items that came whole when the last event leaves them out", async () => {
    const events = [{ type: "response.output_item.done", item: said("Hi") }, ended(answer([]))];
    expect((await streamed(eventStream(events))).response.message.content).toEqual([{ type: "text", text: "Hi" }]);
  });

  test("an answer that was cut off, and a whole one of a server that knows no streams", async () => {
    const cut = answer([said("and")], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
    expect((await streamed(eventStream([ended(cut, "incomplete")]))).response.finish).toBe("length");
    expect((await streamed({ body: answer([said("Hi")]) })).response.message.content).toHaveLength(1);
  });

  const failed = (code: string) => answer([], { status: "failed", error: { code, message: "because" } });
  const faults: Record<string, [LoopbackAnswer, string, RegExp]> = {
    "an end in the middle": [eventStream([delta("half")], "silent"), "MODEL_UNAVAILABLE", /broke off after 4/],
    "a broken connection": [{ fault: "half" }, "MODEL_UNAVAILABLE", /connection .* failed/i],
    "an overload": [eventStream([ended(failed("server_error"), "failed")]), "MODEL_UNAVAILABLE", /because/],
    "a limit": [eventStream([ended(failed("rate_limit_exceeded"), "failed")]), "MODEL_THROTTLED", /too fast.*because/],
    "a used-up quota": [eventStream([ended(failed("insufficient_quota"), "failed")]), "MODEL_THROTTLED", /quota/],
    "a prompt that is refused": [eventStream([ended(failed("invalid_prompt"), "failed")]), "MODEL_REJECTED", /because/],
    "an image that cannot be read": [
      eventStream([ended(failed("image_parse_error"), "failed")]),
      "MODEL_REJECTED",
      /because/,
    ],
    "a failure without a stream": [{ body: failed("server_error") }, "MODEL_UNAVAILABLE", /failed while it answered/],
    "a failure without words": [{ body: answer([], { status: "failed" }) }, "MODEL_UNAVAILABLE", /response is failed/],
    "an answer that was cancelled": [
      { body: answer([], { status: "cancelled" }) },
      "MODEL_UNAVAILABLE",
      /response is cancelled/,
    ],
    "an error beside an answer": [
      { body: answer([], { error: { code: "server_error" } }) },
      "MODEL_UNAVAILABLE",
      /failed/,
    ],
    "an end before anything came": [{ body: "", contentType: "text/event-stream" }, "MODEL_RESPONSE_INVALID", /began/],
    "an event of an error": [
      eventStream([{ type: "error", code: "rate_limit_exceeded", message: "slow", param: null }]),
      "MODEL_THROTTLED",
      /slow/,
    ],
    "an event with an error inside": [
      eventStream([{ type: "error", error: { type: "tokens", code: "context_length_exceeded", message: "long" } }]),
      "MODEL_REJECTED",
      /Send less/,
    ],
    "a last event without an answer": [eventStream([ended(null)]), "MODEL_RESPONSE_INVALID", /holds no answer/],
    "events of nothing": [eventStream([7]), "MODEL_RESPONSE_INVALID", /has no type/],
    "a page": [{ body: "<html>It works!</html>", contentType: "text/html" }, "MODEL_RESPONSE_INVALID", /It works/],
    "another status": [{ status: 503, error: { message: "no" } }, "MODEL_UNAVAILABLE", /status 503/],
  };
  test.each(Object.entries(faults))("%s", async (_name, [answered, code, message]) => {
    const error = await failureOf(streamed(answered));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(JSON.stringify(error)).not.toContain(key);
  });

  test.each<[string, LoopbackAnswer, RegExp]>([
    ["a page", { body: "<html>It works!</html>", contentType: "text/html" }, /It works/],
    ["an answer of another kind", { body: { choices: [] } }, /no output/],
    ["output that is no list", { body: answer([], { output: 7 }) }, /cannot read the answer/],
  ])("without a stream: %s", async (_name, answered, message) => {
    await using server = await loopbackOpenAI({ answers: [answered], apiKey: key });
    const model = openaiResponsesModel({ client: clientOf(server.baseURL), model: "m" });
    const error = await failureOf(model.generate(request, { signal: open }));
    expect(error.code).toBe("MODEL_RESPONSE_INVALID");
    expect(error.message).toMatch(message);
  });
});

describe("with a client of one's own", () => {
  const fake = (create: () => Promise<unknown>) =>
    openaiResponsesModel({ client: { responses: { create } }, model: "m" });

  test("one method is enough, also for streams", async () => {
    async function* events(): AsyncGenerator<unknown> {
      yield ended(answer([said("Hi")]));
    }
    const options = { signal: open, onProgress: () => undefined };
    expect(await fake(async () => events()).generate(request, options)).toMatchObject({ finish: "stop" });
    expect(await fake(async () => answer([said("Hi")])).generate(request, { signal: open })).toMatchObject({
      finish: "stop",
    });
  });

  test("a client that cannot ask is no answer of the provider", async () => {
    const model = fake(() => Promise.reject(new TypeError("Converting circular structure to JSON")));
    expect((await failureOf(model.generate(request, { signal: open }))).code).toBe("MODEL_REJECTED");
  });

  test("a model that gives no encrypted reasoning: the error says what to set", async () => {
    const error = { message: "Encrypted content is not supported with this model.", param: "include" };
    const model = fake(() => Promise.reject(Object.assign(new Error(), { status: 400, error })));
    expect((await failureOf(model.generate(request, { signal: open }))).message).toContain("extra: { include: [] }");
  });
});

test("settings that only Chat Completions has are refused when the model is made, by name and in order", () => {
  const settings = { stop: "x", seed: 0, temperature: 0, presencePenalty: undefined, frequencyPenalty: 1 };
  const client = { responses: { create: async () => ({}) } };
  let thrown: unknown;
  try {
    openaiResponsesModel({ client, model: "m", settings });
  } catch (error) {
    thrown = error;
  }
  expect(WinkError.is(thrown, "INPUT_INVALID")).toBe(true);
  expect(String(thrown)).toMatch(/Received frequencyPenalty, seed, stop\. .*openaiModel/);
});

import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { eventStream } from "../../../../test/support/event-stream.ts";
import { rejectionOf, thrownBy } from "../../../../test/support/thrown-by.ts";
import { type LoopbackAnswer, loopbackOpenAI } from "../../../testing/index.ts";
import type { ModelRequest } from "../../index.ts";
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

describe("over HTTP with the official client", () => {
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
  };
  test.each(Object.entries(faults))("%s", async (_name, [answered, code, message]) => {
    const error = await rejectionOf(streamed(answered));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(JSON.stringify(error)).not.toContain(key);
  });

  test("output that is no list, over which the client stumbles", async () => {
    await using server = await loopbackOpenAI({ answers: [{ body: answer([], { output: 7 }) }], apiKey: key });
    const model = openaiResponsesModel({ client: clientOf(server.baseURL), model: "m" });
    const error = await rejectionOf(model.generate(request, { signal: open }));
    expect(error.code).toBe("MODEL_RESPONSE_INVALID");
    expect(error.message).toContain("cannot read the answer");
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
    expect((await rejectionOf(model.generate(request, { signal: open }))).code).toBe("MODEL_REJECTED");
  });

  test("a model that gives no encrypted reasoning: the error says what to set", async () => {
    const error = { message: "Encrypted content is not supported with this model.", param: "include" };
    const model = fake(() => Promise.reject(Object.assign(new Error(), { status: 400, error })));
    expect((await rejectionOf(model.generate(request, { signal: open }))).message).toContain("extra: { include: [] }");
  });
});

test("settings that only Chat Completions has are refused when the model is made, by name and in order", () => {
  const settings = { stop: "x", seed: 0, temperature: 0, presencePenalty: undefined, frequencyPenalty: 1 };
  const client = { responses: { create: async () => ({}) } };
  const error = thrownBy(() => openaiResponsesModel({ client, model: "m", settings }));
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toMatch(/Received frequencyPenalty, seed, stop\. .*openaiModel/);
});

import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { type LoopbackAnswer, type LoopbackOptions, type LoopbackServer, loopbackOpenAI } from "../index.ts";

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

const user = (content: string): OpenAI.ChatCompletionMessageParam => ({ role: "user", content });
const parameters = {
  type: "object",
  properties: { a: { type: "integer" } },
  required: ["a"],
  additionalProperties: false,
};
const add: OpenAI.ChatCompletionTool = { type: "function", function: { name: "add", parameters, strict: true } };
const plain: Body = { model: "gpt-x", messages: [user("Hello")] };

const start = (answers: LoopbackOptions["answers"]): Promise<LoopbackServer> => loopbackOpenAI({ answers });
const clientOf = ({ apiKey, baseURL }: LoopbackServer): OpenAI =>
  new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });

/** Puts the deltas of a stream together. */
async function streamed(client: OpenAI, body: Body) {
  const stream = await client.chat.completions.create({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  });
  let [text, reasoning, refusal, finish] = ["", "", "", ""];
  const calls: { id: string | undefined; name: string; arguments: string }[] = [];
  let usage: OpenAI.CompletionUsage | undefined;
  let chunks = 0;
  for await (const { choices, usage: told } of stream) {
    chunks++;
    if (told) usage = told;
    for (const { delta, finish_reason } of choices) {
      text += delta.content ?? "";
      refusal += delta.refusal ?? "";
      reasoning += (delta as { reasoning_content?: string }).reasoning_content ?? "";
      finish = finish_reason ?? finish;
      for (const { function: fn, id, index } of delta.tool_calls ?? []) {
        calls[index] ??= { id, name: fn?.name ?? "", arguments: "" };
        calls[index].arguments += fn?.arguments ?? "";
      }
    }
  }
  return { text, reasoning, refusal, finish, calls, usage, chunks };
}

describe("answers", () => {
  const answers: Record<string, [LoopbackAnswer, object]> = {
    text: [{ say: "Hello, world: it works." }, { text: "Hello, world: it works.", finish: "stop" }],
    "text beyond the first plane": [{ say: "🦀🦀🦀 crabs" }, { text: "🦀🦀🦀 crabs" }],
    json: [{ json: { sum: 3 } }, { text: '{"sum":3}', finish: "stop" }],
    calls: [
      {
        calls: [
          { name: "add", arguments: { a: 1 } },
          { name: "add", arguments: "{not", id: "mine" },
        ],
        text: "I add.",
      },
      {
        text: "I add.",
        finish: "tool_calls",
        calls: [
          { id: "call_0_0", name: "add", arguments: '{"a":1}' },
          { id: "mine", name: "add", arguments: "{not" },
        ],
      },
    ],
    "a call without id": [{ calls: [{ name: "add", arguments: {}, id: null }] }, { calls: [{ id: undefined }] }],
    "a refusal": [{ refuse: "I will not." }, { text: "", refusal: "I will not.", finish: "stop" }],
    "one that is cut off": [
      { say: "And then", cut: true },
      { text: "And then", finish: "length" },
    ],
    thoughts: [
      { say: "Yes.", thinking: "Let me see …" },
      { text: "Yes.", reasoning: "Let me see …" },
    ],
  };

  test.each(Object.entries(answers))("%s, in one piece and as a stream", async (_name, [answer, expected]) => {
    await using server = await start([answer, answer]);
    const client = clientOf(server);
    const { choices } = await client.chat.completions.create(plain);
    const { finish_reason: finish, message } = choices[0] ?? {};
    const whole = {
      text: message?.content ?? "",
      refusal: message?.refusal ?? "",
      reasoning: (message as { reasoning_content?: string }).reasoning_content ?? "",
      finish,
      calls: (message?.tool_calls ?? []).map((call) =>
        call.type === "function" ? { id: call.id, ...call.function } : undefined,
      ),
    };
    expect(whole).toMatchObject(expected);
    const pieces = await streamed(client, plain);
    const second = JSON.parse(JSON.stringify(expected).replaceAll("call_0_", "call_1_"));
    expect(pieces).toMatchObject(second);
    expect(server.violations).toEqual([]);
    await server.allClosed();
    expect(server.openConnections).toBe(0);
  });

  test("a stream has several pieces, and its usage only when it is asked for", async () => {
    await using server = await start([{ say: "Hello, world" }, { say: "Hello, world" }]);
    const client = clientOf(server);
    const { chunks, usage } = await streamed(client, plain);
    expect(chunks).toBeGreaterThan(4);
    expect(usage).toMatchObject({ completion_tokens: 3, completion_tokens_details: { reasoning_tokens: 0 } });
    for await (const chunk of await client.chat.completions.create({ ...plain, stream: true })) {
      expect(chunk).not.toHaveProperty("usage");
    }
  });

  test("the client's own reading of a stream gives the same message", async () => {
    await using server = await start([{ calls: [{ name: "add", arguments: { a: 1 } }] }]);
    const stream = clientOf(server).chat.completions.stream({ ...plain, tools: [add], stream: true });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { tool_calls: [{ id: "call_0_0" }] } });
  });

  test("tokens that a request has in common with an earlier one are cached; numbers can be told", async () => {
    await using server = await start([
      { say: "a" },
      { say: "b" },
      { say: "c", usage: { inputTokens: 7, outputTokens: 9 } },
    ]);
    const client = clientOf(server);
    const long = [user("x".repeat(400))];
    const first = await client.chat.completions.create({ ...plain, messages: long });
    expect(first.usage?.prompt_tokens).toBeGreaterThan(100);
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    const more = [...long, { role: "assistant", content: "a" } as const, user("more")];
    const second = await client.chat.completions.create({ ...plain, messages: more });
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBe(96);
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBeLessThan(second.usage?.prompt_tokens ?? 0);
    const third = await client.chat.completions.create(plain);
    expect(third.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 });
  });
});

const call = (id: string, name = "add") => ({ id, type: "function", function: { name, arguments: "{}" } });
const asks = (...calls: object[]) => ({ role: "assistant", tool_calls: calls });
const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "3" });
const strict = (schema: object) => ({
  tools: [{ type: "function", function: { name: "t", strict: true, parameters: schema } }],
});
const object = (properties: object, more: object = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
let deep: object = object({});
for (let depth = 0; depth < 11; depth++) deep = object({ inner: deep });
const format = (schema: object) => ({ response_format: { type: "json_schema", json_schema: schema } });

/** What is wrong, with the violation that tells it. */
const wrong: readonly (readonly [object, string])[] = [
  [{ max_output_tokens: 5 }, "unknown field max_output_tokens"],
  [{ model: "" }, "model is not a name"],
  [{ messages: [] }, "messages is not a filled list"],
  [{ messages: ["hello"] }, "messages[0] is not an object"],
  [{ messages: [{ role: "robot", content: "" }] }, "messages[0] has the unknown role robot"],
  [{ messages: [{ role: "user", content: "a", colour: "red" }] }, "messages[0]: unknown field colour"],
  [{ messages: [{ role: "user", content: [] }] }, "messages[0]: content is neither a text nor a filled list"],
  [
    { messages: [{ role: "user", content: [{ type: "input_text", text: "a" }] }] },
    "messages[0].content[0]: unknown part input_text",
  ],
  [
    { messages: [{ role: "user", content: [{ type: "image_url" }] }] },
    "messages[0].content[0]: a part image_url without image_url",
  ],
  [{ messages: [user("a"), { role: "assistant" }] }, "messages[1]: neither text nor calls"],
  [{ messages: [user("a"), asks()] }, "messages[1]: tool_calls is not a filled list"],
  [{ messages: [user("a"), asks({ id: "c", type: "custom" })] }, "messages[1].tool_calls[0] is no call of a function"],
  [{ messages: [user("a"), asks(call("")), user("b")] }, "messages[1].tool_calls[0]: a call without an id"],
  [
    { messages: [user("a"), asks(call("c", "")), result("c")] },
    "messages[1].tool_calls[0]: a call without name or arguments",
  ],
  [
    { messages: [user("a"), asks(call("c"), call("c")), result("c")] },
    "messages[1].tool_calls[1]: the id c stands twice",
  ],
  [
    { messages: [user("a"), asks(call("c")), result("c"), asks(call("c")), result("c")] },
    "messages[3].tool_calls[0]: the id c stands twice",
  ],
  [{ messages: [user("a"), asks(call("c"))] }, "no result for c"],
  [{ messages: [user("a"), asks(call("c")), user("b")] }, "messages[2]: before it, no result for c"],
  [{ messages: [user("a"), result("c")] }, "messages[1]: a result for c, which nobody waits for"],
  [
    { messages: [user("a"), asks(call("c")), result("c"), result("c")] },
    "messages[3]: a result for c, which nobody waits for",
  ],
  [{ tools: [] }, "tools is not a filled list"],
  [{ tools: [7] }, "tools[0] is no tool"],
  [{ tools: [{ type: "function", name: "add" }] }, "tools[0] is no function"],
  [{ tools: [{ type: "function", function: { name: "add numbers" } }] }, "tools[0] (add numbers): not a name"],
  [{ tools: [add, add] }, "tools[1] (add): the name is taken"],
  [
    { tools: [{ type: "function", function: { name: "a", parameters: { type: "string" } } }] },
    "tools[0] (a).parameters: no schema of an object",
  ],
  [
    { tools: [{ type: "function", function: { name: "a", strict: true } }] },
    "tools[0] (a): strict, but without parameters",
  ],
  [
    { tools: [{ type: "function", function: { name: "a", strict: "yes" } }] },
    "tools[0] (a): strict is neither true nor false",
  ],
  [{ tool_choice: "auto" }, "tool_choice without tools"],
  [{ parallel_tool_calls: false }, "parallel_tool_calls without tools"],
  [{ tools: [add], tool_choice: "any" }, "tool_choice: unknown word any"],
  [{ tools: [add], tool_choice: 1 }, "tool_choice is of no known form"],
  [
    { tools: [add], tool_choice: { type: "function", function: { name: "sub" } } },
    "tool_choice names no tool of the list",
  ],
  [
    strict(object({ a: { type: "string" } }, { required: [] })),
    "tools[0] (t).parameters: strict, but not all is required",
  ],
  [
    strict(object({ a: { type: "string" } }, { additionalProperties: true })),
    "tools[0] (t).parameters: strict, but additionalProperties is not false",
  ],
  [
    strict(object({ a: object({}, { additionalProperties: undefined }) })),
    "tools[0] (t).parameters.a: strict, but additionalProperties is not false",
  ],
  [
    strict(object({ a: { oneOf: [{ type: "string" }], type: "string" } })),
    "tools[0] (t).parameters.a: oneOf is unknown to strict mode",
  ],
  ...["minLength", "maxLength", "default"].map(
    (key) =>
      [
        strict(object({ a: { type: "string", [key]: 1 } })),
        `tools[0] (t).parameters.a: ${key} is unknown to strict mode`,
      ] as const,
  ),
  [strict(object({ a: { type: "array" } })), "tools[0] (t).parameters.a.items: strict, but no schema"],
  [strict(object({ a: {} })), "tools[0] (t).parameters.a: strict, but without a type"],
  [
    strict(object({ a: { type: "string", format: "uri" } })),
    "tools[0] (t).parameters.a: the format uri is unknown to strict mode",
  ],
  [
    strict(object({ a: { anyOf: [{ type: "null" }, object({ b: {} })] } })),
    "tools[0] (t).parameters.a.anyOf[1].b: strict, but without a type",
  ],
  [
    strict(object({ a: { $ref: "#/$defs/x" } }, { $defs: { x: {} } })),
    "tools[0] (t).parameters.x: strict, but without a type",
  ],
  [strict(object({}, { properties: [] })), "tools[0] (t).parameters: fields of no known form"],
  [strict({ ...object({}), anyOf: [] }), "tools[0] (t).parameters: strict, but anyOf stands at the top"],
  [strict(deep), `tools[0] (t).parameters${".inner".repeat(11)}: more than 10 objects in each other`],
  [{ response_format: "json" }, "response_format is of no known form"],
  [format({ name: "a b", schema: object({}) }), "response_format: not a name"],
  [format({ name: "a" }), "response_format: no schema of an object"],
  [format({ name: "a", strict: true, schema: object({ a: {} }) }), "response_format.a: strict, but without a type"],
  [{ response_format: { type: "json_object" } }, "response_format: json_object, but no message speaks of JSON"],
  [{ temperature: 3 }, "temperature is no number from 0 to 2"],
  [{ n: 2 }, "n is no number from 1 to 1"],
  [{ max_tokens: 9, max_completion_tokens: 9 }, "max_tokens beside max_completion_tokens"],
  [{ stream_options: { include_usage: true } }, "stream_options without stream"],
];

test.each(wrong)("%j is a violation", async (change, expected) => {
  await using server = await start([{ say: "?" }]);
  const error = await clientOf(server)
    .chat.completions.create({ ...plain, ...change } as Body)
    .catch((thrown: unknown) => thrown);
  expect(server.violations).toEqual([`request 0: ${expected}`]);
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ type: "invalid_request_error", message: expect.stringContaining(expected) });
});

test("a conversation with everything in it is none", async () => {
  await using server = await start([{ say: "Fine." }]);
  const messages = [
    { role: "developer", content: [{ type: "text", text: "Add." }] },
    {
      role: "user",
      name: "me",
      content: [
        { type: "image_url", image_url: { url: "data:," } },
        { type: "text", text: "" },
      ],
    },
    { role: "assistant", content: null, tool_calls: [call("c"), call("d")] },
    result("d"),
    result("c"),
    { role: "assistant", content: [{ type: "text", text: "3" }], refusal: null, reasoning_content: "…" },
    user("Again, as JSON"),
  ];
  const loose = { type: "function", function: { name: "loose", parameters: { type: "object", allOf: [] } } };
  const nullable = object({
    at: { type: ["string", "null"], format: "date-time" },
    list: { type: "array", items: { $ref: "#/$defs/one" } },
  });
  const body = {
    model: "gpt-x",
    messages,
    tools: [add, loose],
    tool_choice: { type: "function", function: { name: "loose" } },
    response_format: {
      type: "json_schema",
      json_schema: { name: "out", strict: true, schema: { ...nullable, $defs: { one: object({}) } } },
    },
    temperature: null,
    stream: true,
    stream_options: {},
  };
  for await (const _ of await clientOf(server).chat.completions.create(
    body as unknown as OpenAI.ChatCompletionCreateParamsStreaming,
  ));
  expect(server.violations).toEqual([]);
});

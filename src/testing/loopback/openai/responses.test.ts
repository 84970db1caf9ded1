import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { type LoopbackAnswer, type LoopbackOptions, type LoopbackServer, loopbackOpenAI } from "../index.ts";

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Item = OpenAI.Responses.ResponseInputItem;

const plain: Body = { model: "gpt-x", input: "Hello" };
const hello: Item = { role: "user", content: "Hello" };
const start = (answers: LoopbackOptions["answers"]): Promise<LoopbackServer> => loopbackOpenAI({ answers });
const clientOf = ({ apiKey, baseURL }: LoopbackServer): OpenAI =>
  new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
const refused = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => "taken",
    (error: unknown) => error,
  );

describe("answers", () => {
  const text = (value: string) => ({ type: "message", content: [{ type: "output_text", text: value }] });
  const answers: Record<string, [LoopbackAnswer, object]> = {
    text: [{ say: "Hello, world: it works." }, { status: "completed", output: [text("Hello, world: it works.")] }],
    json: [{ json: { sum: 3 } }, { output: [text('{"sum":3}')] }],
    calls: [
      {
        calls: [
          { name: "add", arguments: { a: 1 }, id: "mine" },
          { name: "sub", arguments: {}, id: "other" },
        ],
        text: "I add.",
      },
      {
        output: [
          text("I add."),
          { type: "function_call", call_id: "mine", name: "add", arguments: '{"a":1}', status: "completed" },
          { type: "function_call", call_id: "other", name: "sub", arguments: "{}" },
        ],
      },
    ],
    "a refusal": [{ refuse: "I will not." }, { output: [{ content: [{ type: "refusal", refusal: "I will not." }] }] }],
    "one that is cut off": [
      { say: "And then", cut: true },
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [{ status: "incomplete" }] },
    ],
    reasoning: [
      { say: "Yes.", thinking: "Let me see …" },
      { output: [{ type: "reasoning", summary: [{ type: "summary_text", text: "Let me see …" }] }, text("Yes.")] },
    ],
    "reasoning that is not told": [{ say: "Yes.", thinking: "" }, { output: [{ type: "reasoning", summary: [] }, {}] }],
  };

  test.each(Object.entries(answers))("%s, in one piece and as a stream", async (_name, [answer, expected]) => {
    await using server = await start([answer, answer]);
    const client = clientOf(server);
    expect(await client.responses.create(plain)).toMatchObject(expected);
    const stream = client.responses.stream({ ...plain, stream: true });
    const types: string[] = [];
    let next = 0;
    for await (const event of stream) {
      expect(event.sequence_number).toBe(next++);
      types.push(event.type);
    }
    expect(types.slice(0, 3)).toEqual(["response.created", "response.in_progress", "response.output_item.added"]);
    expect(types.at(-2)).toBe("response.output_item.done");
    expect(types.at(-1)).toBe(
      "status" in expected && expected.status === "incomplete" ? "response.incomplete" : "response.completed",
    );
    // The client puts it together from the events, and does not look at the response of the last one alone.
    if (types.at(-1) === "response.completed") expect(await stream.finalResponse()).toMatchObject(expected);
    expect(server.violations).toEqual([]);
    await server.allClosed();
  });

  test("the events of text, calls and reasoning are those of the API", async () => {
    const said: LoopbackAnswer = { calls: [{ name: "add", arguments: {} }], text: "Hm", thinking: "Hm" };
    await using server = await start([said]);
    const types: string[] = [];
    for await (const { type } of await clientOf(server).responses.create({ ...plain, stream: true })) {
      if (type !== types.at(-1)) types.push(type);
    }
    expect(types.map((type) => type.replace("response.", ""))).toEqual([
      ...["created", "in_progress"],
      ...["output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta"],
      ...["reasoning_summary_text.done", "reasoning_summary_part.done", "output_item.done"],
      ...["output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done"],
      ...["output_item.done", "output_item.added", "function_call_arguments.delta", "function_call_arguments.done"],
      ...["output_item.done", "completed"],
    ]);
  });

  test("tokens that a request has in common with an earlier one are cached", async () => {
    await using server = await start([{ say: "a", thinking: "x".repeat(40) }, { say: "b" }]);
    const client = clientOf(server);
    const long: Item = { role: "user", content: "x".repeat(400) };
    const first = await client.responses.create({ ...plain, input: [long] });
    expect(first.usage).toMatchObject({
      input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 10 },
    });
    const second = await client.responses.create({ ...plain, input: [long, hello] });
    expect(second.usage?.input_tokens_details.cached_tokens).toBeGreaterThan(90);
  });
});

describe("reasoning", () => {
  const thoughtful: LoopbackAnswer = {
    calls: [
      { name: "add", arguments: {} },
      { name: "add", arguments: {} },
    ],
    thinking: "Hm",
  };
  const stateless: Body = { ...plain, input: [hello], store: false, include: ["reasoning.encrypted_content"] };
  const outputs: readonly Item[] = [0, 1].map((number) => ({
    type: "function_call_output",
    call_id: `call_0_${number}`,
    output: "3",
  }));

  /** Asks once, and again with what `change` makes of the answer; gives the violations. */
  async function again(change: (items: Item[]) => readonly Item[], body = stateless): Promise<readonly string[]> {
    await using server = await start([thoughtful, { say: "6" }]);
    const client = clientOf(server);
    const { output } = await client.responses.create(body);
    await refused(client.responses.create({ ...body, input: [hello, ...change(output as Item[])] }));
    return server.violations;
  }

  test("comes back unchanged with its calls", async () => {
    expect(await again((items) => [...items, ...outputs])).toEqual([]);
    const withoutIds = ({ id: _, ...item }: Item & { id?: unknown }): Item => item as Item;
    expect(await again((items) => [...items.slice(0, 1), ...items.slice(1).map(withoutIds), ...outputs])).toEqual([]);
  });

  test("must not be dropped", async () => {
    const told = [1, 2].map(
      (number) => `request 1: input[${number}]: a function_call without its reasoning rs_loopback_0`,
    );
    expect(await again((items) => [...items.slice(1), ...outputs])).toEqual(told);
  });

  test("must stand before all of its calls", async () => {
    const mixed = ([reasoning, first, second]: Item[]) => [reasoning, first, outputs[0], second, outputs[1]] as Item[];
    expect(await again(mixed)).toEqual(["request 1: input[4]: a function_call without its reasoning rs_loopback_0"]);
  });

  test("must be followed by what it led to", async () => {
    const told = "request 1: the reasoning rs_loopback_0 comes without the item that followed it";
    expect(await again((items) => items.slice(0, 1))).toEqual([told]);
    expect(await again((items) => [...items.slice(0, 1), hello])).toEqual([told]);
  });

  test("must not be changed", async () => {
    const changed = ([reasoning, ...calls]: Item[]) =>
      [{ ...reasoning, summary: [{ type: "summary_text", text: "No" }] }, ...calls, ...outputs] as Item[];
    const told = ["request 1: input[1]: the reasoning rs_loopback_0 was changed"];
    expect(await again(changed)).toEqual(told);
    expect(await again(changed, { ...plain, input: [hello] })).toEqual(told);
    const empty = ([reasoning, ...calls]: Item[]) => [{ ...reasoning, id: "" }, ...calls, ...outputs] as Item[];
    expect((await again(empty)).join()).toContain("reasoning without id or summary");
  });

  test("is not kept for who does not store it, and comes without encrypted content unless asked for", async () => {
    const told = ["request 1: input[1]: the reasoning rs_loopback_0 is not stored, and has no encrypted content"];
    expect(await again((items) => [...items, ...outputs], { ...plain, store: false })).toEqual(told);
    expect(await again((items) => [...items, ...outputs], plain)).toEqual([]);
  });

  test("can be referred to when it is stored", async () => {
    const refer = (items: Item[]) =>
      items.map((item) => ({ type: "item_reference", id: "id" in item ? item.id : "" }) as Item);
    expect(await again((items) => [...refer(items.slice(0, 1)), ...items.slice(1), ...outputs], plain)).toEqual([]);
    const told = await again((items) => [...refer(items.slice(0, 1)), ...items.slice(1), ...outputs]);
    expect(told[0]).toBe("request 1: input[1]: the item rs_loopback_0 is not stored");
  });

  test("a previous response counts with its calls", async () => {
    await using server = await start([thoughtful, { say: "6" }, { say: "?" }, { say: "?" }]);
    const client = clientOf(server);
    const { id } = await client.responses.create(plain);
    await client.responses.create({ ...plain, previous_response_id: id, input: [...outputs] });
    expect(server.violations).toEqual([]);
    await refused(client.responses.create({ ...plain, previous_response_id: id }));
    await refused(client.responses.create({ ...plain, previous_response_id: "resp_other" }));
    expect(server.violations).toEqual([
      "request 2: no result for call_0_0, call_0_1",
      "request 3: the previous response resp_other is not stored",
    ]);
  });
});

const call = (id: string, name = "add") => ({ type: "function_call", call_id: id, name, arguments: "{}" });
const output = (id: string) => ({ type: "function_call_output", call_id: id, output: "3" });
const text = (format: unknown) => ({ text: { format } });

const wrong: readonly (readonly [object, string])[] = [
  [{ messages: [] }, "unknown field messages"],
  [{ response_format: { type: "text" } }, "unknown field response_format"],
  [{ model: "" }, "model is not a name"],
  [{ background: true }, "background is not spoken here"],
  [{ instructions: ["a"] }, "instructions is no text"],
  [{ input: [] }, "input is neither a text nor a filled list"],
  [{ input: ["a"] }, "input[0] is not an object"],
  [{ input: [{ type: "tool_result" }] }, "input[0] has the unknown type tool_result"],
  [{ input: [{ role: "tool", content: "a" }] }, "input[0] has the unknown role tool"],
  [{ input: [{ role: "user", content: "a", name: "me" }] }, "input[0]: unknown field name"],
  [{ input: [{ role: "user", content: [{ type: "text", text: "a" }] }] }, "input[0].content[0]: unknown part text"],
  [
    { input: [{ role: "assistant", content: [{ type: "input_text", text: "a" }] }] },
    "input[0].content[0]: unknown part input_text",
  ],
  [{ input: [call("")] }, "input[0]: a call without call_id"],
  [{ input: [call("c", ""), output("c")] }, "input[0]: a call without name or arguments"],
  [{ input: [call("c"), call("c"), output("c")] }, "input[1]: the id c stands twice"],
  [{ input: [call("c"), output("c"), call("c"), output("c")] }, "input[2]: the id c stands twice"],
  [{ input: [call("c")] }, "no result for c"],
  [{ input: [output("c")] }, "input[0]: a result for c, which nobody waits for"],
  [{ input: [call("c"), { ...output("c"), output: 3 }] }, "input[1]: content is neither a text nor a filled list"],
  [{ input: [{ type: "item_reference", id: "msg_1" }] }, "input[0]: the item msg_1 is not stored"],
  [{ tools: [{ type: "function", function: { name: "add" } }] }, "tools[0] (undefined): not a name"],
  [{ tools: [{}] }, "tools[0] has no type"],
  [
    { tools: [{ type: "function", name: "a", parameters: { type: "object", properties: { b: {} } }, strict: true }] },
    "tools[0] (a).parameters: strict, but additionalProperties is not false",
  ],
  [
    { tools: [{ type: "function", name: "a" }], tool_choice: { type: "function", name: "b" } },
    "tool_choice names no tool of the list",
  ],
  [{ text: 1 }, "text is not an object"],
  [{ text: { schema: {} } }, "text: unknown field schema"],
  [text("json"), "text.format is of no known form"],
  [text({ type: "json_schema", schema: { type: "object" } }), "text.format: not a name"],
  [text({ type: "json_schema", name: "a" }), "text.format: no schema of an object"],
  [text({ type: "json_object" }), "text.format: json_object, but no message speaks of JSON"],
  [{ max_output_tokens: 1 }, "max_output_tokens is no number from 16 to 2147483648"],
  [{ stream_options: { include_obfuscation: false } }, "stream_options without stream"],
];

test.each(wrong)("%j is a violation", async (change, expected) => {
  await using server = await start([{ say: "?" }]);
  const error = await refused(clientOf(server).responses.create({ ...plain, ...change } as Body));
  expect(server.violations[0]).toBe(`request 0: ${expected}`);
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
});

test("a conversation with everything in it is none", async () => {
  await using server = await start([{ say: "Fine." }]);
  const body = {
    model: "gpt-x",
    instructions: "Add.",
    input: [
      { type: "message", role: "developer", content: [{ type: "input_text", text: "Carefully." }] },
      {
        role: "user",
        content: [
          { type: "input_image", image_url: "data:,", detail: "auto" },
          { type: "input_file", file_id: "f" },
        ],
      },
      { role: "assistant", content: "I add." },
      call("c"),
      call("d"),
      output("d"),
      { ...output("c"), output: [{ type: "input_text", text: "3" }] },
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "3", annotations: [] }],
      },
      { role: "user", content: "As JSON" },
    ],
    tools: [{ type: "function", name: "add", parameters: null, strict: false }, { type: "web_search" }],
    tool_choice: "required",
    parallel_tool_calls: true,
    text: { format: { type: "json_object" }, verbosity: "low" },
    reasoning: { effort: "low", summary: "auto" },
    max_output_tokens: 100,
  };
  await clientOf(server).responses.create(body as unknown as Body);
  expect(server.violations).toEqual([]);
});

import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import { type LoopbackAnswer, type LoopbackOptions, type LoopbackServer, loopbackAnthropic } from "../index.ts";
import { cacheCounter } from "./cache-points.ts";

type Body = Anthropic.MessageCreateParamsNonStreaming;
type Turn = Anthropic.MessageParam;

const hello: Turn = { role: "user", content: "Hello" };
const plain: Body = { model: "claude-x", max_tokens: 2000, messages: [hello] };
const thinking = { type: "enabled", budget_tokens: 1024 } as const;
const add = {
  name: "add",
  input_schema: { type: "object", properties: { a: { type: "integer" } }, additionalProperties: false },
  strict: true,
} as const;

const start = (answers: LoopbackOptions["answers"]): Promise<LoopbackServer> => loopbackAnthropic({ answers });
const clientOf = ({ apiKey, baseURL }: LoopbackServer): Anthropic =>
  new Anthropic({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
const refused = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => "taken",
    (error: unknown) => error,
  );

describe("answers", () => {
  const text = (value: string) => ({ type: "text", text: value });
  const answers: Record<string, [LoopbackAnswer, object]> = {
    text: [{ say: "Hello, world: it works." }, { content: [text("Hello, world: it works.")], stop_reason: "end_turn" }],
    json: [{ json: { sum: 3 } }, { content: [text('{"sum":3}')] }],
    calls: [
      {
        calls: [
          { name: "add", arguments: { a: 1 }, id: "mine" },
          { name: "sub", arguments: "{}", id: "other" },
        ],
        text: "I add.",
      },
      {
        content: [
          text("I add."),
          { type: "tool_use", id: "mine", name: "add", input: { a: 1 } },
          { type: "tool_use", id: "other", name: "sub", input: {} },
        ],
        stop_reason: "tool_use",
      },
    ],
    "a refusal": [{ refuse: "No." }, { content: [], stop_reason: "refusal", stop_details: { explanation: "No." } }],
    "one that is cut off": [
      { say: "And then", cut: true },
      { content: [text("And then")], stop_reason: "max_tokens" },
    ],
    thinking: [
      { say: "Yes.", thinking: "Let me see …" },
      {
        content: [
          { type: "thinking", thinking: "Let me see …", signature: expect.stringMatching(/^signed-/) },
          text("Yes."),
        ],
      },
    ],
    "thinking that is not told": [
      { say: "Yes.", thinking: "", redactedThinking: true },
      {
        content: [
          { type: "redacted_thinking", data: expect.any(String) },
          { type: "thinking", thinking: "" },
          text("Yes."),
        ],
      },
    ],
  };

  test.each(Object.entries(answers))("%s, in one piece and as a stream", async (_name, [answer, expected]) => {
    await using server = await start([answer, answer]);
    const client = clientOf(server);
    expect(await client.messages.create(plain)).toMatchObject(expected);
    expect(await client.messages.stream(plain).finalMessage()).toMatchObject(expected);
    expect(server.violations).toEqual([]);
    await server.allClosed();
    expect(server.openConnections).toBe(0);
  });

  test("the events are those of the API", async () => {
    await using server = await start([{ calls: [{ name: "add", arguments: {} }], text: "Hm", thinking: "Hm" }]);
    const types: string[] = [];
    for await (const event of await clientOf(server).messages.create({ ...plain, stream: true })) {
      const type = event.type === "content_block_delta" ? event.delta.type : event.type;
      if (type !== types.at(-1)) types.push(type);
    }
    const block = (...deltas: string[]) => ["content_block_start", ...deltas, "content_block_stop"];
    expect(types).toEqual([
      "message_start",
      ...block("thinking_delta", "signature_delta"),
      ...block("text_delta"),
      ...block("input_json_delta"),
      ...["message_delta", "message_stop"],
    ]);
  });

  test("a stream has a ping, which clients pass over", async () => {
    await using server = await start([{ say: "Hello" }]);
    const answer = await fetch(`${server.baseURL}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": server.apiKey, "anthropic-version": "2023-06-01", "content-type": "application/json" },
      body: JSON.stringify({ ...plain, stream: true }),
    });
    expect(await answer.text()).toContain('event: ping\ndata: {"type":"ping"}\n\n');
  });

  test("what stands before a cache point is written once, and then read", async () => {
    await using server = await start([{ say: "a" }, { say: "b" }, { say: "c" }]);
    const client = clientOf(server);
    const system = [{ type: "text", text: "x".repeat(400), cache_control: { type: "ephemeral" } } as const];
    const first = await client.messages.create({ ...plain, system });
    const written = first.usage.cache_creation_input_tokens ?? 0;
    expect(written).toBeGreaterThan(100);
    expect(first.usage.cache_read_input_tokens).toBe(0);
    const messages: Turn[] = [hello, { role: "assistant", content: "a" }, { role: "user", content: "Again" }];
    const second = await client.messages.create({ ...plain, system, messages, cache_control: { type: "ephemeral" } });
    expect(second.usage.cache_read_input_tokens).toBe(written);
    expect(second.usage.cache_creation_input_tokens).toBeGreaterThan(0);
    const third = await client.messages.create({
      ...plain,
      system: [{ type: "text", text: "x".repeat(400) }],
      messages,
    });
    expect(third.usage).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 1 });
  });

  test("what the last requests wrote is remembered, as long as it is used", () => {
    const count = cacheCounter();
    const about = (text: string) => count({ system: [{ type: "text", text, cache_control: { type: "ephemeral" } }] });
    const [used, left] = ["used again and again", "used once"];
    about(left);
    for (let other = 0; other < 70; other++) {
      expect(about(used).cachedInputTokens > 0).toBe(other > 0);
      about(`another text, ${other}`);
    }
    expect(about(left).cachedInputTokens).toBe(0);
  });
});

describe("thinking", () => {
  const thoughtful: LoopbackAnswer = {
    calls: [{ name: "add", arguments: {} }],
    thinking: "Hm",
    redactedThinking: true,
  };
  const result: Turn = { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_0_0", content: "3" }] };

  /** Asks once, and again with what `change` makes of the answer; gives the violations. */
  async function again(
    change: (content: Anthropic.ContentBlock[]) => unknown[],
    more: Partial<Body> = {},
    after: readonly Turn[] = [result],
  ): Promise<readonly string[]> {
    await using server = await start([thoughtful, { say: "3" }]);
    const client = clientOf(server);
    const { content } = await client.messages.create({ ...plain, thinking });
    const messages = [hello, { role: "assistant", content: change(content) } as Turn, ...after];
    await refused(client.messages.create({ ...plain, thinking, ...more, messages }));
    return server.violations;
  }

  test("comes back unchanged before its call", async () => {
    expect(await again((content) => content)).toEqual([]);
  });

  test("must not be dropped, moved or put in another order, unless thinking is off or its turn is over", async () => {
    const told = ["request 1: messages[1]: the call toolu_0_0 without the thinking that came before it"];
    expect(await again((content) => content.slice(2))).toEqual(told);
    expect(await again(([redacted, , call]) => [redacted, call])).toEqual(told);
    expect(await again(([redacted, thought, call]) => [call, redacted, thought])).toEqual(told);
    expect(await again(([redacted, thought, call]) => [thought, redacted, call])).toEqual(told);
    expect(await again((content) => content.slice(2), { thinking: { type: "disabled" } })).toEqual([]);
    const over: Turn[] = [result, { role: "assistant", content: "3" }, { role: "user", content: "And 4?" }];
    expect(await again((content) => content.slice(2), {}, over)).toEqual([]);
  });

  test("must not be changed", async () => {
    const told = "request 1: messages[1]: the thinking does not fit its signature";
    const changes = [{ thinking: "Well" }, { signature: "mine" }, { signature: undefined }];
    for (const change of changes) {
      const violations = await again(([redacted, thought, call]) => [redacted, { ...thought, ...change }, call]);
      expect(violations[0]).toBe(told);
    }
    const violations = await again(([redacted, ...rest]) => [{ ...redacted, data: "0.mine" }, ...rest]);
    expect(violations[0]).toBe("request 1: messages[1]: redacted thinking was changed");
    const pointed = await again(([redacted, thought, call]) => [
      redacted,
      { ...thought, cache_control: { type: "ephemeral" } },
      call,
    ]);
    expect(pointed[0]).toBe("request 1: messages[1]: cache_control at thinking");
  });

  test("that another server of this kind gave is known by its signature", async () => {
    await using other = await start([{ say: "Yes.", thinking: "Hm" }]);
    const { content } = await clientOf(other).messages.create(plain);
    await using server = await start([{ say: "Still." }]);
    const messages: Turn[] = [hello, { role: "assistant", content }, hello];
    await clientOf(server).messages.create({ ...plain, thinking, messages });
    expect(server.violations).toEqual([]);
  });
});

const use = (id: string, more: object = {}) => ({ type: "tool_use", id, name: "add", input: {}, ...more });
const assistant = (...content: unknown[]) => ({ role: "assistant", content });
const user = (...content: unknown[]) => ({ role: "user", content });
const result = (id: string, more: object = {}) => ({ type: "tool_result", tool_use_id: id, content: "3", ...more });
const point = { cache_control: { type: "ephemeral" } };
const pointed = { type: "text", text: "a", ...point };
const tool = (more: object) => ({ tools: [{ ...add, ...more }] });
const output = (schema: object) => ({ output_config: { format: { type: "json_schema", schema } } });

const wrong: readonly (readonly [object, string])[] = [
  [{ response_format: {} }, "unknown field response_format"],
  [{ model: "" }, "model is not a name"],
  [{ max_tokens: undefined }, "max_tokens is not a number of tokens"],
  [{ max_tokens: 0.5 }, "max_tokens is not a number of tokens"],
  [{ system: 1 }, "system is neither a text nor a list"],
  [{ system: [{ type: "text", text: "" }] }, "system[0] is no text, or an empty one"],
  [{ messages: [] }, "messages is not a filled list"],
  [{ messages: [{ role: "system", content: "a" }] }, "messages[0] has the unknown role system"],
  [{ messages: [{ role: "assistant", content: "a" }] }, "messages[0]: assistant, but it is the turn of user"],
  [{ messages: [hello, hello] }, "messages[1]: user, but it is the turn of assistant"],
  [{ messages: [hello, assistant({ type: "text", text: "a" })] }, "the last message is the assistant's"],
  [{ messages: [{ role: "user", content: " " }] }, "messages[0]: an empty text"],
  [{ messages: [user({ type: "text", text: "" })] }, "messages[0]: an empty text"],
  [{ messages: [user()] }, "messages[0]: content is neither a text nor a filled list"],
  [{ messages: [user({ type: "image_url" })] }, "messages[0].content[0]: unknown part image_url"],
  [{ messages: [user({ type: "image" })] }, "messages[0].content[0]: a part image without source"],
  [{ messages: [user(use("c"))] }, "messages[0].content[0]: unknown part tool_use"],
  [{ messages: [hello, assistant(use("c")), hello] }, "messages[2]: no result for c"],
  [{ messages: [hello, assistant(use("c"), use("d")), user(result("c"))] }, "messages[2]: no result for d"],
  [{ messages: [user(result("c"))] }, "messages[0]: a result for c, which nobody waits for"],
  [
    { messages: [hello, assistant(use("c")), user({ type: "text", text: "so" }, result("c"))] },
    "messages[2]: the result for c does not stand first",
  ],
  [
    { messages: [hello, assistant(use("c")), user(result("c", { is_error: true, content: "" }))] },
    "messages[2]: an empty result that is an error",
  ],
  [
    { messages: [hello, assistant(use("c")), user(result("c", { content: [{ type: "text", text: "" }] }))] },
    "messages[2]: in the result: an empty text",
  ],
  [
    { messages: [hello, assistant(use("c")), user(result("c", { content: [use("d")] }))] },
    "messages[2]: in the result.content[0]: unknown part tool_use",
  ],
  [
    { messages: [hello, assistant(use("c.1")), user(result("c.1"))] },
    "messages[1]: a call without an id that may be one",
  ],
  [
    { messages: [hello, assistant(use("c", { input: "{}" })), user(result("c"))] },
    "messages[1]: a call without name or input",
  ],
  [{ messages: [hello, assistant(use("c"), use("c")), user(result("c"))] }, "messages[1]: the id c stands twice"],
  [
    { messages: [hello, assistant(use("c")), user(result("c")), assistant(use("c")), user(result("c"))] },
    "messages[3]: the id c stands twice",
  ],
  [{ tools: ["add"] }, "tools[0] is no tool"],
  [tool({ parameters: {} }), "tools[0] (add): unknown field parameters"],
  [tool({ name: "add numbers" }), "tools[0] (add numbers): not a name"],
  [{ tools: [add, add] }, "tools[1] (add): the name is taken"],
  [tool({ input_schema: {} }), "tools[0] (add): input_schema is no schema of an object"],
  [
    tool({ input_schema: { type: "object", anyOf: [] }, strict: false }),
    "tools[0] (add): anyOf at the top of the schema",
  ],
  [
    tool({ input_schema: { type: "object" } }),
    "tools[0] (add).input_schema: strict, but additionalProperties is not false",
  ],
  [
    tool({ input_schema: { ...add.input_schema, properties: { a: { type: "string", minLength: 1 } } } }),
    "tools[0] (add).input_schema.a: minLength is unknown to strict mode",
  ],
  [{ tool_choice: { type: "auto" } }, "tool_choice without tools"],
  [{ tools: [add], tool_choice: "auto" }, "tool_choice is of no known form"],
  [{ tools: [add], tool_choice: { type: "tool", name: "sub" } }, "tool_choice names no tool of the list"],
  [{ thinking: "on" }, "thinking is of no known form"],
  [{ thinking: { ...thinking, budget_tokens: 1000 } }, "thinking: budget_tokens is less than 1024"],
  [{ thinking, max_tokens: 1024 }, "thinking: budget_tokens is not less than max_tokens"],
  [{ thinking, temperature: 0 }, "temperature with thinking"],
  [{ thinking: { type: "adaptive" }, top_k: 5 }, "top_k with thinking"],
  [{ thinking, top_p: 0.5 }, "top_p below 0.95 with thinking"],
  [{ thinking, tools: [add], tool_choice: { type: "any" } }, "a forced tool choice with thinking"],
  [{ thinking, tools: [add], tool_choice: { type: "tool", name: "add" } }, "a forced tool choice with thinking"],
  [{ messages: [user(pointed, pointed, pointed, pointed, pointed)] }, "5 cache points, more than 4"],
  [{ cache_control: { type: "forever" } }, "cache_control of no known form"],
  [
    { messages: [user(pointed, { ...pointed, cache_control: { type: "ephemeral", ttl: "1h" } })] },
    "a cache point for 1h behind one for 5m",
  ],
  [{ output_config: "json" }, "output_config is not an object"],
  [{ output_config: { schema: {} } }, "output_config: unknown field schema"],
  [{ output_config: { effort: "huge" } }, "output_config.effort is unknown"],
  [{ output_config: { format: {} } }, "output_config.format is of no known form"],
  [output({ type: "object" }), "output_config.format: strict, but additionalProperties is not false"],
  [{ messages: [user({ type: "text", text: "a", citations: [{}] })] }, "messages[0]: citations of the user"],
  [
    { messages: [hello, assistant({ type: "document", source: {} }), hello] },
    "messages[1].content[0]: unknown part document",
  ],
  [{ temperature: 1.5 }, "temperature is no number from 0 to 1"],
];

const old = { headers: { "anthropic-version": "2023-06-01" } };
const versionFor = (change: object) => (/"(temperature|top_.)"/.test(JSON.stringify(change)) ? old : {});

test.each(wrong)("%j is a violation", async (change, expected) => {
  await using server = await start([{ say: "?" }]);
  const error = await refused(clientOf(server).messages.create({ ...plain, ...change } as Body, versionFor(change)));
  expect(server.violations[0]).toBe(`request 0: ${expected}`);
  expect(error).toBeInstanceOf(Anthropic.BadRequestError);
  const id = "req_loopback_0";
  expect(error).toMatchObject({ type: "invalid_request_error", requestID: id, error: { request_id: id } });
});

test("so is another version, or none", async () => {
  await using server = await start([]);
  const client = clientOf(server);
  await refused(client.messages.create(plain, { headers: { "anthropic-version": "2020-01-01" } }));
  await refused(client.messages.create(plain, { headers: { "anthropic-version": null } }));
  const told = "anthropic-version is none of 2023-06-01, 2026-10-21";
  expect(server.violations).toEqual([`request 0: ${told}`, `request 1: ${told}`]);
});

test("the version of 2026 takes no sampling parameters, not even their defaults", async () => {
  await using server = await start([{ say: "?" }, { say: "Fine." }]);
  const client = clientOf(server);
  const body = { ...plain, temperature: 1, top_p: 1, top_k: 5 };
  await refused(client.messages.create(body));
  expect(server.violations).toEqual(
    ["temperature", "top_p", "top_k"].map((name) => `request 0: unknown field ${name}`),
  );
  expect(await client.messages.create(body, old)).toMatchObject({ stop_reason: "end_turn" });
});

test("the key may come in either header; x-api-key counts where both do", async () => {
  await using server = await start([{ say: "Fine." }]);
  const { apiKey } = server;
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${server.baseURL}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", ...headers },
      body: JSON.stringify(plain),
    });
  expect((await ask({ "x-api-key": apiKey, authorization: "Bearer other" })).status).toBe(200);
  for (const headers of [{ "x-api-key": "other", authorization: `Bearer ${apiKey}` }, {}] as Record<string, string>[]) {
    const answer = await ask(headers);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ type: "error", error: { type: "authentication_error" } });
  }
  expect(server.requests).toHaveLength(1);
});

test("a conversation with everything in it is none", async () => {
  await using server = await start([{ say: "Fine." }]);
  const body = {
    ...plain,
    system: [{ type: "text", text: "Add.", cache_control: { type: "ephemeral", ttl: "1h" } }],
    messages: [
      user({ type: "image", source: { type: "url", url: "https://example.com" } }, { type: "text", text: "Add" }),
      assistant({ type: "text", text: "I add." }, use("c"), use("d")),
      user(result("d", { content: "" }), result("c", { content: [{ type: "text", text: "3" }] }), pointed),
      { role: "assistant", content: "3" },
      hello,
    ],
    tools: [add, { name: "loose", input_schema: { type: "object" } }, { type: "bash_20250124", name: "bash" }],
    tool_choice: { type: "tool", name: "loose", disable_parallel_tool_use: true },
    thinking: { type: "disabled" },
    ...output({ type: "object", properties: { at: { type: "string", format: "uri" } }, additionalProperties: false }),
    ...point,
  };
  await clientOf(server).messages.create(body as unknown as Body);
  expect(server.violations).toEqual([]);
});

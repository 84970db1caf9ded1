/** Tools: calls and their ids, arguments, results, and the form of the final answer. */
import assert from "node:assert/strict";
import {
  type Message,
  type ModelRequest,
  type ModelResponse,
  type OutputSpec,
  type ToolCallPart,
  type ToolSpec,
  textOf,
} from "../../model/index.ts";
import type { LoopbackAnswer, LoopbackCall } from "../loopback/index.ts";
import type { ModelCaseSettings } from "./driver.ts";
import { asking, type ModelCase, textsIn } from "./stage.ts";

const add: ToolSpec = {
  name: "add",
  description: "Adds two numbers.",
  parameters: {
    type: "object",
    properties: { a: { type: "integer" }, b: { type: "integer" } },
    required: ["a", "b"],
    additionalProperties: false,
  },
};
const output: OutputSpec = {
  name: "total",
  schema: {
    type: "object",
    properties: { conformance_total: { type: "integer" } },
    required: ["conformance_total"],
    additionalProperties: false,
  },
};
/** A request with a tool. */
export const addition: ModelRequest = asking("Add.", { tools: [add] });
/** A call that the server asks for. */
export const calling = (a: number, more: Partial<LoopbackCall> = {}): LoopbackCall => ({
  name: "add",
  arguments: { a, b: 1 },
  ...more,
});

/** The calls of an answer. */
export const callsIn = ({ message }: ModelResponse): readonly ToolCallPart[] =>
  message.content.flatMap((part) => (part.type === "tool-call" ? [part] : []));

/** A request after the calls of an answer got their results. */
export function withResults(request: ModelRequest, response: ModelResponse, failed = false): ModelRequest {
  const results = callsIn(response).map(
    ({ id, name }, index) => ({ type: "tool-result", id, name, text: `result ${index}`, failed }) as const,
  );
  const messages: readonly Message[] = [...request.messages, response.message, { role: "tool", content: results }];
  // As a journal gives them back: plain data, and other objects.
  return { ...request, messages: JSON.parse(JSON.stringify(messages)) };
}

/** A case of one turn of calls and their results. */
const turn = (
  claim: string,
  calls: readonly LoopbackCall[],
  more: Partial<ModelCase> = {},
  failed = false,
): ModelCase => ({
  claim,
  needs: "tools",
  ...more,
  async play({ open }) {
    const { ask, harness } = await open([{ calls }, { say: "Done." }]);
    const first = await ask(addition);
    assert.equal(first.finish, "tool-calls");
    const given = callsIn(first);
    assert.deepEqual(
      given.map(({ name, arguments: text }) => [name, JSON.parse(text)]),
      calls.map(({ name, arguments: value }) => [name, value]),
    );
    assert.equal(new Set(given.map(({ id }) => id)).size, calls.length, "two calls have one id");
    const second = await ask(withResults(addition, first, failed));
    assert.deepEqual([second.finish, textOf(second.message)], ["stop", "Done."]);
    const results = textsIn(harness.requests[1]?.body).filter((text) => /^result \d+$/.test(text));
    assert.deepEqual(
      results,
      calls.map((_call, index) => `result ${index}`),
    );
  },
});

/** A case of a typed answer that is asked for in one of the ways. */
const typed = (way: NonNullable<ModelCaseSettings["output"]>, claim: string): ModelCase => ({
  claim,
  needs: way,
  async play({ open, driver }) {
    const value = { conformance_total: 3 };
    const name = driver.answerTool ?? "";
    const answer: LoopbackAnswer = way === "outputByTool" ? { calls: [{ name, arguments: value }] } : { json: value };
    const { ask, harness } = await open([answer], { output: way });
    const { finish, message } = await ask(asking("Add 1 and 2.", { output }));
    const { body } = harness.requests[0] ?? {};
    assert(JSON.stringify(body).includes("conformance_total"), "the form is not sent");
    const inTool = JSON.stringify(body.tools ?? []).includes("conformance_total");
    assert.equal(inTool, way === "outputByTool", "the form as the input of a tool");
    const inWords = textsIn(body).some((text) => text.includes('"conformance_total"'));
    assert.equal(inWords, way === "outputInWords", "the form in words");
    assert.equal(finish, "stop");
    assert.deepEqual(JSON.parse(textOf(message)), value);
  },
});

export const toolCases: readonly ModelCase[] = [
  turn("a call comes with its arguments, and its result goes back", [calling(1)]),
  turn("the result of a failed call goes back", [calling(1)], {}, true),
  turn("calls of one answer keep their order", [calling(1), calling(2), calling(3)], { needs: "parallelCalls" }),
  turn("calls without an id get one each", [calling(1, { id: null }), calling(2, { id: null })], {
    needs: "parallelCalls",
  }),
  turn("calls with the same id get another", [calling(1, { id: "same" }), calling(2, { id: "same" })], {
    needs: "parallelCalls",
  }),
  {
    claim: "text beside a call is kept, and goes back with it",
    needs: "tools",
    async play({ open }) {
      const { ask, harness } = await open([{ calls: [calling(1)], text: "I will add." }, { say: "Done." }]);
      const first = await ask(addition);
      assert.equal(textOf(first.message), "I will add.");
      await ask(withResults(addition, first));
      assert(textsIn(harness.requests[1]?.body).includes("I will add."));
    },
  },
  {
    claim: "arguments that are no JSON come as they are, and go back without harm",
    needs: "tools",
    async play({ open }) {
      const { ask } = await open([{ calls: [calling(0, { arguments: '{"a": 1, "b"' })] }, { say: "Sorry." }]);
      const first = await ask(addition);
      assert.deepEqual(
        callsIn(first).map(({ arguments: text }) => text),
        ['{"a": 1, "b"'],
      );
      assert.equal((await ask(withResults(addition, first, true))).finish, "stop");
    },
  },
  {
    claim: "tools are sent with their descriptions and schemas",
    needs: "tools",
    only: "whole",
    async play({ open }) {
      const { ask, harness } = await open([{ say: "No need." }]);
      await ask(addition);
      const sent = JSON.stringify(harness.requests[0]?.body.tools);
      for (const text of ["add", "Adds two numbers.", '"b"', "integer", '"additionalProperties":false'])
        assert(sent.includes(text), `${text} is not sent`);
    },
  },
  {
    claim: "a call is demanded only until there is one",
    needs: "toolChoice",
    only: "whole",
    async play({ open }) {
      const { ask, harness } = await open([{ calls: [calling(1)] }, { say: "Done." }], { toolChoice: "required" });
      await ask(withResults(addition, await ask(addition)));
      const demanded = harness.requests.map(({ body }) =>
        /required|any/i.test(JSON.stringify(body.tool_choice ?? null)),
      );
      assert.deepEqual(demanded, [true, false]);
    },
  },
  typed("nativeOutput", "a typed answer is asked for in the provider's own field"),
  typed("outputByTool", "a typed answer is asked for as the input of a tool"),
  typed("outputInWords", "a typed answer is asked for in words"),
];

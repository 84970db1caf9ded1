import { expect } from "vitest";
import { z } from "zod";
import { modelAdapter } from "../../src/adapter/index.ts";
import type { Schema } from "../../src/base/index.ts";
import { measured, noAmount } from "../../src/limits/index.ts";
import { type ChatBody, openaiModel } from "../../src/model/openai/index.ts";
import { callTools, say, scriptedModel } from "../../src/model/scripted/index.ts";
import { definePrompt, section } from "../../src/prompt/index.ts";
import { fail, ok, type Tool, tool } from "../../src/tool/index.ts";
import { type Case, mapped, passed, type RunCase, type Verdict } from "./case.ts";

const task = section({ key: "task", title: "Task", body: "Do it." });

/** Asks a provider for an answer with some usage, in the form that a prompt wants; gives what was sent and what was read. */
async function ask(usage: unknown, output?: Schema) {
  const bodies: ChatBody[] = [];
  const create = async (body: ChatBody): Promise<unknown> => {
    bodies.push(body);
    return { choices: [{ message: { content: '{"items":[]}' }, finish_reason: "stop" }], usage };
  };
  const model = openaiModel({ client: { chat: { completions: { create } } }, model: "m" });
  const prompt = definePrompt({ ns: "n", key: "p1", sections: [task], ...(output && { output }) });
  const outcome = await modelAdapter(model).run(prompt.bind()).outcome;
  return { body: bodies[0], usage: outcome.usage };
}

async function tokenUsage({ input, expected }: Case): Promise<Verdict> {
  const { usage } = await ask((input as { usage?: object }).usage);
  const { inputTokens: own, outputTokens: answer, cachedInputTokens: cached } = usage;
  const total = measured({ ...noAmount, inputTokens: own ?? 0, outputTokens: answer ?? 0 }, "totalTokens");
  const read = {
    input: own ?? null,
    output: answer ?? null,
    cached: cached ?? null,
    total: own === undefined && answer === undefined ? null : total,
  };
  expect(Object.values(read).every((count) => count === null) ? null : read).toEqual(expected);
  return passed;
}

const Out = z.object({ title: z.string(), n: z.int().default(0) });

async function responseFormat({ input, expected }: Case): Promise<Verdict> {
  const { prompt_name: name, type } = input as { prompt_name: string; type: string };
  expect(name).toBe("p1");
  const form = type.startsWith("list[") ? z.array(Out) : Out;
  const { body } = await ask({}, /\bOut\(/.test(type) ? form : undefined);
  if (expected === null) {
    expect(body?.response_format).toBeUndefined();
    return passed;
  }
  const { json_schema: told } = expected as { json_schema: { name: string; schema: object } };
  const sent = body?.response_format;
  expect(sent).toMatchObject({ type: "json_schema", json_schema: { name: expect.stringContaining(told.name) } });
  expect(sent?.type === "json_schema" ? sent.json_schema.schema : sent).toMatchObject(told.schema);
  return mapped(
    "the name has the namespace of the prompt before its key; defaults stand in the schema (decision 0021)",
  );
}

const shown = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** What a model is told when a tool gives a value. */
async function told(made: Pick<Tool, "handler"> & Partial<Pick<Tool, "render">>) {
  const one = tool({ name: "t", description: "T.", effects: "none", result: z.any(), ...made });
  const prompt = definePrompt({
    ns: "n",
    key: "k",
    sections: [section({ key: "s", title: "S", body: "S.", tools: [one] })],
  });
  const model = scriptedModel([callTools([{ name: "t" }]), say("Done.")]);
  await modelAdapter(model).evaluate(prompt.bind());
  const last = model.requests[1]?.messages.at(-1);
  const result = last?.role === "tool" ? last.content[0] : undefined;
  return { text: result?.text ?? "no result", success: result?.failed === false };
}

/** The values that the cases name. `undefined` is what Python calls `None`. */
const values: Readonly<Record<string, unknown>> = {
  None: undefined,
  "no render -> JSON sans None": { a: 1, b: undefined },
  mapping: { k: [1, null, { a: 3 }] },
  "seq json-able": [
    { a: 1, b: undefined },
    { a: 2, b: "z" },
  ],
  "empty seq": [],
  bytes: Uint8Array.of(0xff, 0x6f, 0x6b),
  int: 5,
};

async function rendered({ input, expected }: Case): Promise<Verdict> {
  const name = String(input);
  if (!Object.hasOwn(values, name)) throw new Error(`no value is known for ${name}`);
  const { text, success } = await told({ handler: () => ok(values[name]) });
  expect([success, shown(text)]).toEqual([true, shown(String(expected))]);
  return passed;
}

async function message({ input, expected }: Case): Promise<Verdict> {
  const { message: said, has_value: has, exclude } = input as { message: string; has_value: boolean; exclude: boolean };
  const { text, success } = expected as { text: string; success: boolean };
  const value = has ? "url=q" : "";
  // "OK" is the default there; here a result has no message unless it is given one.
  const given = said === "OK" ? "" : said;
  const seen = await told({
    handler: () => (success ? ok(value, given) : fail(said)),
    ...(exclude && { render: () => "" }),
  });
  expect(seen).toEqual({ text: given === said ? text : text.replace(/^OK\n\n/, ""), success });
  if (given !== said) return mapped("`ok` has no message unless it is given one (decision 0021)");
  return exclude ? mapped("a value that the model shall not see is left out by `render` (decision 0021)") : passed;
}

/** What holds of what models are sent, and of what is read of their answers. */
export const models: Readonly<Record<string, RunCase>> = {
  token_usage: tokenUsage,
  response_format: responseFormat,
  "tool_result.render": rendered,
  "tool_result.message": message,
};

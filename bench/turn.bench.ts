/** What the library itself costs a turn: CPU in process, growth with the length of a run, and CPU over loopback HTTP. */
import OpenAI from "openai";
import { definePrompt, ok, section, tool } from "weakincentives";
import { modelAdapter } from "weakincentives/adapter";
import type { Model, ModelRequest, ModelResponse } from "weakincentives/model";
import { aiSdkModel } from "weakincentives/model/ai-sdk";
import { openaiModel } from "weakincentives/model/openai";
import { z } from "zod";
import { against, type Bench, type Row } from "./bench.ts";
import { startChatServer } from "./chat-server.ts";
import { floorLoop } from "./floors/openai-loop.ts";
import { sideBySide } from "./floors/side-by-side.ts";
import { floorRun, params, result } from "./floors/turn.ts";

const note = "x".repeat(180);
const add = tool({
  name: "add",
  description: "Add two numbers.",
  effects: "none",
  params,
  result,
  handler: ({ a, b }) => ok({ sum: a + b, note }),
});
const output = z.object({ done: z.boolean() });
const prompt = definePrompt({
  ns: "bench",
  key: "turn",
  output,
  sections: [section({ key: "task", title: "Task", body: "Add numbers with the tool, then answer.", tools: [add] })],
}).bind();

/** A model that costs nothing: as many calls as there are turns, then the answer. */
function freeModel(turns: number, onAsked?: (turn: number) => void): Model {
  let turn = 0;
  return {
    name: "free",
    provider: "bench",
    async generate(_request: ModelRequest): Promise<ModelResponse> {
      onAsked?.(turn);
      const content =
        turn < turns
          ? ([{ type: "tool-call", id: `call-${turn}`, name: "add", arguments: `{"a":${turn},"b":1}` }] as const)
          : ([{ type: "text", text: '{"done":true}' }] as const);
      turn++;
      return { message: { role: "assistant", content }, finish: turn <= turns ? "tool-calls" : "stop", usage: {} };
    },
  };
}

/** CPU that this process used during the work, in milliseconds. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Measures the CPU of runs of so many turns, and of their floor. */
async function compared(
  name: string,
  turns: number,
  repeats: number,
  run: () => Promise<unknown>,
  floor: () => Promise<unknown>,
): Promise<Row> {
  const many = (work: () => Promise<unknown>) => () =>
    cpuOf(async () => {
      for (let count = 0; count < repeats; count++) await work();
    });
  const times = await sideBySide({ run: many(run), floor: many(floor) }, 15);
  const perTurn = (total: number | undefined): number => ((total ?? Number.NaN) * 1000) / (turns * repeats);
  return against(name, perTurn(times.run?.median), perTurn(times.floor?.median), "us/turn");
}

async function* inProcess(): AsyncIterable<Row> {
  const turns = 50;
  const evaluate = (): Promise<unknown> => modelAdapter(freeModel(turns)).evaluate(prompt, { maxTurns: turns + 1 });
  yield await compared("cpu", turns, 20, evaluate, () => floorRun(turns));
}

/** How long turns near the 200th take against turns near the 10th of the same runs. */
async function* growth(): AsyncIterable<Row> {
  const early: number[] = [];
  const late: number[] = [];
  for (let run = 0; run < 60; run++) {
    const at: number[] = [];
    const model = freeModel(206, (turn) => (at[turn] = performance.now()));
    await modelAdapter(model).evaluate(prompt, { maxTurns: 207 });
    if (run < 10) continue; // the first runs are compiled while they go
    const mean = (from: number, to: number): number => ((at[to] ?? 0) - (at[from] ?? 0)) / (to - from);
    early.push(mean(5, 15));
    late.push(mean(195, 205));
  }
  const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
  yield against("growth", median(late) * 1000, median(early) * 1000, "us/turn");
}

/** CPU of this process over loopback HTTP; the server is a process of its own. */
async function* overHttp(): AsyncIterable<Row> {
  const turns = 20;
  await using server = await startChatServer(turns);
  const client = new OpenAI({ apiKey: "bench", baseURL: server.baseURL, maxRetries: 0 });
  const schema = z.toJSONSchema(params);
  const floorTools = [
    { type: "function", function: { name: "add", description: "Add two numbers.", parameters: schema } },
  ];
  const format = { type: "json_schema", json_schema: { name: "answer", schema: z.toJSONSchema(output), strict: true } };
  const call = (given: unknown): unknown => {
    const { a, b } = params.parse(given);
    return result.parse({ sum: a + b, note });
  };
  const adapter = modelAdapter(openaiModel({ client, model: "bench" }));
  const evaluate = (): Promise<unknown> => adapter.evaluate(prompt, { maxTurns: turns + 1 });
  const floor = (): Promise<unknown> => floorLoop(client as never, "bench", floorTools, format, call); // as: the floor knows less of the client
  yield await compared("http", turns, 15, evaluate, floor);
}

/**
 * The same on a model of the AI SDK, against the SDK's own loop on that model. It is loaded only here: it changes how modules
 * are found, and what this process holds, for all that is measured after it.
 */
async function* onAiSdk(): AsyncIterable<Row> {
  const { sdkLoop, sdkModel } = await import("./floors/ai-sdk-loop.ts");
  const turns = 20;
  await using server = await startChatServer(turns);
  const model = sdkModel(server.baseURL);
  const adapter = modelAdapter(aiSdkModel({ model }));
  const call = ({ a, b }: { a: number; b: number }) => result.parse({ sum: a + b, note });
  const evaluate = (): Promise<unknown> => adapter.evaluate(prompt, { maxTurns: turns + 1 });
  yield await compared("ai-sdk", turns, 15, evaluate, () => sdkLoop(model, turns + 1, params, output, call));
}

export const bench: Bench = {
  name: "turn",
  async *run() {
    yield* inProcess();
    yield* growth();
    yield* overHttp();
    yield* onAiSdk();
  },
};

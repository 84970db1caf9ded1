/** A model that reads page after page until its window overflows, over a provider that refuses what does not fit. */
import { z } from "zod";
import { WinkError } from "../../src/base/index.ts";
import type {
  AssistantMessage,
  Message,
  Model,
  ModelRequest,
  ModelResponse,
  ToolCallPart,
} from "../../src/model/index.ts";
import { type RunOptions, startRun } from "../../src/run/index.ts";
import { ok, tool } from "../../src/tool/index.ts";
import { endOf, failure, standingWorld } from "./failing-models.ts";
import { eventsOf, taskPrompt } from "./recorded-runs.ts";

export const window = 8_000;
/** The tokens of a request at its provider: one for every four characters of what it says. */
export const providersCount = ({
  system,
  messages,
  tools,
}: Pick<ModelRequest, "system" | "messages" | "tools">): number =>
  Math.ceil((system.length + JSON.stringify(tools).length + JSON.stringify(messages).length) / 4);

export const isSummaryRequest = ({ system }: ModelRequest): boolean => system.includes("keep the notes");

/** What it gives for a summary: a text, an error, or other of them each time, counted from 1. */
export type Notes = Given | ((count: number) => Given);
type Given = string | WinkError | Partial<ModelResponse>;

/** A provider that refuses what does not fit its window, and whose model reads page after page, then says how many it has read. */
export function readerOf(pages: number, notes: Notes = "The pages are dull.") {
  const requests: ModelRequest[] = [];
  const summaries: ModelRequest[] = [];
  let turn = 0;
  const model: Model = {
    name: "reader",
    provider: "test",
    maxOutputTokens: 500,
    async generate(request): Promise<ModelResponse> {
      const tokens = providersCount(request);
      if (tokens > window) throw failure("MODEL_REJECTED", { status: 400, tokens });
      const usage = { inputTokens: tokens, outputTokens: 10 };
      if (isSummaryRequest(request)) {
        summaries.push(request);
        const given = typeof notes === "function" ? notes(summaries.length) : notes;
        if (given instanceof WinkError) throw given;
        const said: ModelResponse = { message: textMessage("…"), finish: "stop", usage, answeredBy: "reader-1" };
        return typeof given === "string" ? { ...said, message: textMessage(given) } : { ...said, ...given };
      }
      requests.push({ ...request, messages: [...request.messages] });
      turn = turnOf(request.messages, turn);
      const call: ToolCallPart = { type: "tool-call", id: `c${turn}`, name: "read", arguments: `{"page":${turn}}` };
      if (turn <= pages) return { message: { role: "assistant", content: [call] }, finish: "tool-calls", usage };
      return {
        message: { role: "assistant", content: [{ type: "text", text: `read ${turn - 1}` }] },
        finish: "stop",
        usage,
      };
    },
  };
  return { model, requests, summaries };
}

export const textMessage = (text: string): AssistantMessage => ({
  role: "assistant",
  content: [{ type: "text", text }],
});

/** Which page comes next: the one behind that of the last call. */
export function turnOf(messages: readonly Message[], before: number): number {
  const last = messages.findLast(({ role }) => role === "assistant")?.content[0];
  return last?.type === "tool-call" ? Number(last.id.slice(1)) + 1 : before + 1;
}

export const pageText = (page: number): string => `page ${page} `.repeat(300);
export const read = tool({
  name: "read",
  description: "Reads a page.",
  effects: "none",
  params: z.object({ page: z.number() }),
  handler: ({ page }) => ok(pageText(page)),
});
export const reading = taskPrompt({ tools: [read] });

/** A run of a reader to its end, and what came of it. */
export async function readAll(pages: number, options: RunOptions = {}, notes?: Notes) {
  const world = standingWorld();
  const reader = readerOf(pages, notes);
  const run = startRun(reading, reader.model, { maxTurns: 500, context: { window }, ...world.options, ...options });
  const outcome = await endOf(run, world.clock);
  return { ...world, ...reader, outcome, events: await eventsOf(run) };
}

/**
 * The agent of the golden journals `long`: a run that outgrows its window, with models that fail and stand in. They were written by
 * `recordLong`; to write one anew, as for another version: `node --conditions=source test/support/golden-long.ts FOLDER`.
 */
import { z } from "zod";
import { countedIds } from "../../src/base/index.ts";
import { definePrompt, ok, type Prompt, section, tool } from "../../src/index.ts";
import { type Journal, jsonlJournal } from "../../src/journal/index.ts";
import { BudgetLedger } from "../../src/limits/index.ts";
import type { Model, ModelRequest, ModelResponse } from "../../src/model/index.ts";
import { type Outcome, type RunOptions, startRun } from "../../src/run/index.ts";
import { createSession } from "../../src/session/index.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/index.ts";
import { endOf, failure } from "./failing-models.ts";

const pages = 12;
const read = tool({
  name: "read",
  description: "Reads a page.",
  effects: "none",
  params: z.object({ page: z.number() }),
  handler: ({ page }) => ok(`page ${page} `.repeat(60)),
});

/** The prompt. */
export const longPrompt = (): Prompt<unknown> =>
  definePrompt({
    ns: "test",
    key: "golden-long",
    sections: [section({ key: "task", title: "Task", body: "Read the pages.", tools: [read] })],
  }).bind({});

/** Reads the page behind the last one, and then says how many there were. Fails as it is told to. */
function reader(name: string, failing: (page: number, isSummary: boolean) => Error | undefined): Model {
  const textMessage = (text: string): ModelResponse["message"] => ({
    role: "assistant",
    content: [{ type: "text", text }],
  });
  return {
    name,
    provider: "golden",
    maxOutputTokens: 100,
    async generate(request: ModelRequest): Promise<ModelResponse> {
      const last = request.messages.findLast(({ role }) => role === "assistant")?.content[0];
      const page = last?.type === "tool-call" ? Number(last.id.slice(1)) + 1 : 1;
      const isSummary = request.tools.length === 0;
      const error = failing(page, isSummary);
      if (error !== undefined) throw error;
      const usage = { inputTokens: JSON.stringify(request).length >> 2, outputTokens: 10 };
      const told = { finish: "stop", usage, answeredBy: `${name}-1` } as const;
      if (isSummary) return { ...told, message: textMessage("The pages are dull.") };
      if (page > pages) return { ...told, message: textMessage(`read ${page - 1}`) };
      const call = { type: "tool-call", id: `c${page}`, name: "read", arguments: `{"page":${page}}` } as const;
      return { ...told, message: { role: "assistant", content: [call] }, finish: "tool-calls" };
    },
  };
}

/** The models of one process: one that is down for a moment and then has no quota left, and one that writes two summaries at most. */
function longModels(): readonly [Model, Model] {
  const down = failure("MODEL_UNAVAILABLE");
  let [falls, summaries] = [0, 0];
  const large = reader("large", (page) => {
    if (page === 2 && falls++ === 0) return down;
    return page === 4 ? failure("MODEL_THROTTLED", { reason: "quota" }) : undefined;
  });
  const small = reader("small", (_page, isSummary) => {
    if (!isSummary) return undefined;
    summaries++;
    if (summaries === 1) return down;
    return summaries > 2 ? failure("MODEL_REJECTED") : undefined;
  });
  return [large, small];
}

/** The model that a run begins with, and options of a run with those that stand in. */
export function longAgent(): {
  readonly model: Model;
  readonly options: RunOptions & { readonly clock: FakeClock; readonly budget: BudgetLedger };
} {
  const [model, small] = longModels();
  const countTokens = (text: string): number => Math.ceil(text.length / 4);
  const options = {
    clock: createFakeClock(),
    random: () => 0.5,
    fallbacks: [small],
    context: { window: 1_400, keepTurns: 1, downTo: 0.35, countTokens },
    budget: new BudgetLedger({ totalTokens: 1e6 }),
    prices: () => ({ input: 3, output: 15 }),
  };
  return { model, options };
}

/** Makes the run in a journal. */
export function recordLong(journal: Journal, { model, options } = longAgent()): Promise<Outcome<unknown>> {
  const session = createSession({ id: "session-long", ids: countedIds() });
  return endOf(startRun(longPrompt(), model, { ...options, journal, session, runId: "long" }), options.clock);
}

const [program, directory] = process.argv.slice(1);
if (import.meta.filename === program && directory !== undefined)
  await recordLong(jsonlJournal({ directory, clock: createFakeClock() }));

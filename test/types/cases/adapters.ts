import { createSession, definePrompt, type Prompt, section, WinkError } from "weakincentives";
import { type Adapter, modelAdapter, type RunResult } from "weakincentives/adapter";
import { memoryJournal } from "weakincentives/journal";
import type { Model } from "weakincentives/model";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const template = definePrompt({
  ns: "types",
  key: "adapters",
  output: z.object({ summary: z.string() }),
  sections: [section({ key: "a", title: "A", params: z.object({ name: z.string() }), body: "{{name}}" })],
});
const prompt = template.bind({ name: "x" });
const adapter = modelAdapter(some<Model>());

check("evaluate gives the typed output", async () => {
  typeOf(await adapter.evaluate(prompt)).is<RunResult<{ summary: string }>>();
});

check("a run is watched step by step, told apart by type", async () => {
  const run = adapter.run(prompt, { session: createSession(), journal: memoryJournal(), maxTurns: 3 });
  typeOf(run.id).is<string>();
  for await (const step of run.events()) {
    if (step.type === "tool/finished") typeOf(step.milliseconds).is<number>();
    // error: This comparison appears to be unintentional
    if (step.type === "tool/finish") run.abort("never");
  }
});

check("the outcome of a run is told apart by its status", async () => {
  const outcome = await adapter.run(prompt).outcome;
  switch (outcome.status) {
    case "completed":
      typeOf(outcome.output).is<{ summary: string }>();
      break;
    case "partial":
      typeOf(outcome.reason).is<"max-turns" | "deadline" | "budget" | "output-length" | "context-window">();
      break;
    case "failed":
      typeOf(outcome.error).is<WinkError>();
      break;
    case "refused":
      typeOf(outcome.text).is<string>();
      break;
    case "aborted":
      typeOf(outcome.reason).is<string>();
      break;
    case "suspended":
      return outcome.questions[0]?.ask;
    default:
      typeOf(outcome).is<never>();
  }
  typeOf(outcome.runId).is<string>();
  return undefined;
});

check("the output is there only when the run completed", async () => {
  const outcome = await adapter.run(prompt).outcome;
  // error: Property 'output' does not exist on type 'Outcome<{ summary: string; }>'. Property 'output' does not exist on type 'AbortedOutcome'.
  return outcome.output;
});

check("a status that there is not", async () => {
  const outcome = await adapter.run(prompt).outcome;
  // error: This comparison appears to be unintentional because the types … have no overlap.
  return outcome.status === "done";
});

check("a template must be bound before it runs", () => {
  // error: Type 'PromptTemplate<{ name: string; }, { summary: string; }>' is missing the following properties from type 'Prompt<
  adapter.run(template);
});

check("options of a run", () => {
  adapter.run(prompt, { session: undefined, signal: new AbortController().signal });
  // error: Did you mean to write 'maxTurns'?
  adapter.run(prompt, { maxTurn: 3 });
  // error: Type 'string' is not assignable to type 'number'.
  adapter.run(prompt, { maxTurns: "3" });
});

check("adapters take any prompt, and a list of prompts can be kept", () => {
  const kept: readonly Prompt[] = [prompt, prompt.bind({ name: "y" })];
  for (const one of kept) adapter.run(one);
  const outputs: readonly Prompt<{ summary: string }>[] = [prompt];
  return outputs;
});

check("a prompt of one output is not one of another", () => {
  // error: Type 'Prompt<{ summary: string; }, { name: string; }>' is not assignable to type 'Prompt<{ title: string; }, any>'. … Property 'title' is missing
  const other: Prompt<{ title: string }> = prompt;
  return other;
});

check("an adapter of one's own", () => {
  const own: Adapter = {
    name: "own",
    run: (given, options) => adapter.run(given, options),
    evaluate: async (given) => {
      const outcome = await adapter.run(given).outcome;
      if (outcome.status !== "completed") throw new WinkError("RUN_NOT_COMPLETED", { problem: outcome.status });
      return { output: outcome.output, text: outcome.text, runId: outcome.runId };
    },
  };
  return own;
});

check("an error code that there is not", () => {
  WinkError.is(some<unknown>(), "SESSION_BUSY");
  // error: Argument of type '"SESSION_BUSSY"' is not assignable to parameter of type 'ErrorCode | undefined'.
  WinkError.is(some<unknown>(), "SESSION_BUSSY");
});

/** Runs of the agent of `durable-agent.ts` to their end, over a world that is a file, with journals that die. */
import { appendFileSync, readFileSync } from "node:fs";
import { answer, modelAdapter, type Run, resume } from "../../src/adapter/index.ts";
import { memoryFiles } from "../../src/files/index.ts";
import type { Journal, JournalStep } from "../../src/journal/index.ts";
import { durableModel, durablePrompt, notes, type World } from "./durable-agent.ts";
import { withAppends } from "./journal-appends.ts";

/** A world that is a file. */
export function fileWorld(path: string): World {
  return {
    add: (line) => appendFileSync(path, `${line}\n`),
    lines: () => readFileSync(path, "utf8").split("\n").slice(0, -1),
  };
}

/** How a run ended. */
export interface Told {
  readonly status: string;
  readonly output: unknown;
  readonly turns: number;
  readonly notes: readonly unknown[];
}

/** Goes on with the run until it ends, whatever was there of it, and answers what it asks. */
export async function toTheEnd(journal: Journal, world: World): Promise<Told> {
  const adapter = modelAdapter(durableModel(world));
  const prompt = () => durablePrompt(world, memoryFiles({ a: "first\n", b: "second\n" }));
  const again = async (): Promise<Run<{ seen: string }>> => {
    const isKnown = (await journal.runs()).includes("run-1");
    if (!isKnown) return adapter.run(prompt(), { journal, runId: "run-1" });
    return await resume(journal, "run-1", { adapter, prompt: prompt() });
  };
  for (;;) {
    const run = await again();
    const outcome = await run.outcome;
    if (outcome.status === "suspended") await answer(journal, "run-1", { yes: true });
    else {
      const output = outcome.status === "completed" ? outcome.output : outcome;
      return { status: outcome.status, output, turns: outcome.turns, notes: run.session.query(notes).all() };
    }
  }
}

/** A journal that calls `die` before or after its so-and-so-many-th write; `lose` names steps that are not written at all. */
export function dyingJournal(
  journal: Journal,
  {
    when,
    at,
    die,
    lose,
  }: { when: "before" | "after"; at: number; die: () => Promise<never>; lose?: JournalStep["type"] | undefined },
): Journal & { readonly writes: () => number } {
  let writes = 0;
  const dying = withAppends(journal, async (step, write) => {
    if (step.type === lose) return -1;
    writes += 1;
    if (writes > at || (writes === at && when === "before")) return die();
    const number = await write(step);
    return writes === at ? die() : number;
  });
  return { ...dying, writes: () => writes };
}

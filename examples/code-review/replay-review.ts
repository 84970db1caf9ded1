/** `--replay`: goes through the run of a journal again. No model is asked and no tool is run; all is compared. */
import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { files, WinkError } from "weakincentives";
import { replay } from "weakincentives/adapter";
import { memoryFiles } from "weakincentives/files";
import { jsonlJournal } from "weakincentives/journal";
import { codeReview } from "./agent.ts";
import type { Options } from "./options.ts";
import type { World } from "./run-review.ts";
import { count } from "./timeline.ts";

const ending = ".jsonl";

/** Replays a run and gives the exit code. Throws `INPUT_INVALID`, `JOURNAL_INVALID`, `REPLAY_DIVERGED`. */
export async function replayReview(
  path: string,
  { json }: Pick<Options, "json">,
  { say, print, signal }: Pick<World, "say" | "print" | "signal">,
): Promise<number> {
  if (!path.endsWith(ending) || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw noJournal(path);
  const runId = basename(path, ending);
  const journal = jsonlJournal({ directory: dirname(path) });
  const started = (await journal.read(runId)).find((entry) => entry.type === "run/started");
  if (started === undefined) throw noJournal(path);
  // the params are those that the run had; what does not fit them is told by `bind`, and another prompt by the replay
  const params = started.params as Parameters<typeof codeReview.bind>[0]; // as: `bind` checks them
  const prompt = codeReview.bind(params, { resources: [files.bind(memoryFiles())] });
  const { outcome, turns, events, milliseconds } = await replay(journal, runId, { prompt, signal });
  const calls = events.filter(({ type }) => type === "tool/finished").length;
  say(
    `identical, 0 model calls: ${count(turns, "turn")} and ${count(calls, "call")} in ${Math.round(milliseconds)} ms; the run ended ${outcome.status}`,
  );
  if (json && outcome.status === "completed") print(`${JSON.stringify(outcome.output, null, 2)}\n`);
  return 0;
}

function noJournal(path: string): WinkError {
  return new WinkError("INPUT_INVALID", {
    at: `--replay ${path}`,
    problem: "There is no journal of a review",
    expected: "the file RUN.jsonl in the folder of a run",
    fix: "Each review says where its journal is.",
    example: "--replay .wink/runs/RUN/RUN.jsonl",
  });
}

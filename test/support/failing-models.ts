/** Runs over models that fail, on a clock that goes on only while they wait. */
import { type ErrorCode, type JsonObject, type Logger, WinkError } from "../../src/base/index.ts";
import { type Journal, type JournalEntry, memoryJournal } from "../../src/journal/index.ts";
import { failWith, type ScriptEntry, type ScriptedModel, scriptedModel } from "../../src/model/scripted/index.ts";
import { definePrompt, section } from "../../src/prompt/index.ts";
import type { Outcome, Run } from "../../src/run/index.ts";
import { stepOf } from "../../src/run/record/recorded.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/index.ts";
import { ok, tool } from "../../src/tool/index.ts";

const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("seen") });
export const looking = definePrompt({
  ns: "test",
  key: "looking",
  sections: [section({ key: "task", title: "Task", body: "Look.", tools: [look] })],
}).bind({});

export const failure = (code: ErrorCode, details: JsonObject = {}): WinkError =>
  new WinkError(code, { problem: "no", details });
/** Steps of scripts. */
export const down: ScriptEntry = failWith(failure("MODEL_UNAVAILABLE"));
export const throttled = (retryAfterMs?: number): ScriptEntry =>
  failWith(failure("MODEL_THROTTLED", retryAfterMs === undefined ? {} : { retryAfterMs }));
export const times = (count: number, step: ScriptEntry): ScriptEntry[] => Array.from({ length: count }, () => step);
export const named = (name: string, script: readonly ScriptEntry[]): ScriptedModel => scriptedModel(script, { name });

/** A clock, and options of runs by it whose waits are neither short nor long. */
export function standingWorld() {
  const clock = createFakeClock();
  const journal = memoryJournal({ clock });
  const logs: JsonObject[] = [];
  const logger: Logger = { log: (level, event, facts) => void logs.push({ level, event, ...facts }) };
  return { clock, journal, logs, options: { clock, journal, logger, runId: "run-1", random: () => 0.5 } };
}

/** Lets time pass until a run has ended. */
export async function endOf(run: Pick<Run<unknown>, "outcome">, clock: FakeClock): Promise<Outcome<unknown>> {
  let outcome: Outcome<unknown> | undefined;
  void run.outcome.then((ended) => {
    outcome = ended;
  });
  while (outcome === undefined) await clock.advanceAsync(50);
  return outcome;
}

/** What a journal says of attempts that have failed. */
export const failuresIn = async (journal: Journal) =>
  (await journal.read("run-1")).flatMap((entry) =>
    entry.type === "model/failed"
      ? [{ code: entry.error.code, attempt: entry.attempt, waitMs: entry.waitMs, fallback: entry.fallback?.name }]
      : [],
  );

/** A journal that holds the entries of another up to one; `change` may make others of them. */
export async function cutBehind(
  journal: Journal,
  clock: FakeClock,
  isLast: (entry: JournalEntry) => boolean,
  change: (entry: JournalEntry) => JournalEntry = (entry) => entry,
): Promise<Journal> {
  const entries = await journal.read("run-1");
  const cut = memoryJournal({ clock });
  await using writer = await cut.open("run-1");
  for (const entry of entries.slice(0, entries.findIndex(isLast) + 1)) await writer.append(stepOf(change(entry)));
  return cut;
}

/** Whether an entry is a failed attempt of this number, behind which the model of this name stood in. */
export const isFailure =
  (attempt: number, fallback?: string) =>
  (entry: JournalEntry): boolean =>
    entry.type === "model/failed" && entry.attempt === attempt && entry.fallback?.name === fallback;

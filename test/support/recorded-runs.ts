/** Runs whose journals tests go on with: over a prompt of one section, to their end or to a write that never ends. */
import { type Journal, type JournalEntry, type JournalStep, memoryJournal } from "../../src/journal/index.ts";
import { failWith, type ScriptEntry, scriptedModel } from "../../src/model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../../src/prompt/index.ts";
import type { Binding } from "../../src/resources/index.ts";
import { type Run, type RunEvent, type RunOptions, startRun } from "../../src/run/index.ts";
import type { Slice } from "../../src/session/index.ts";
import type { Tool } from "../../src/tool/index.ts";
import { failure } from "./failing-models.ts";
import { diesAt } from "./journal-appends.ts";

/** What a prompt of one section consists of. */
export interface TaskParts {
  readonly key?: string | undefined;
  readonly body?: string | undefined;
  readonly tools?: readonly Tool[] | undefined;
  readonly slices?: readonly Slice[] | undefined;
  readonly resources?: readonly Binding[] | undefined;
}

/** A bound prompt of one section. */
export function taskPrompt(parts: TaskParts = {}): Prompt<unknown> {
  const { key = "task", body = "Do.", tools = [], slices = [], resources = [] } = parts;
  const text = body as "Do."; // as: a text of a test has no placeholders
  return definePrompt({
    ns: "test",
    key,
    sections: [section({ key: "task", title: "Task", body: text, tools: [...tools], slices: [...slices] })],
  }).bind({}, { resources: [...resources] });
}

/** A step of a script: the model refuses the request, and so the run fails at once. */
export const gone: ScriptEntry = failWith(failure("MODEL_REJECTED"));

/** The journal of the run `run-1`, when it has ended. */
export async function journalOf(
  prompt: Prompt<unknown>,
  script: readonly ScriptEntry[],
  options: RunOptions = {},
): Promise<Journal> {
  const { clock } = options;
  const journal = memoryJournal(clock && { clock });
  await startRun(prompt, scriptedModel(script), { ...options, journal, runId: "run-1" }).outcome;
  return journal;
}

/** The journal of the run `run-1`, whose process died before its so-and-so-many-th write of a kind. */
export async function cutOffAt(
  type: JournalStep["type"],
  prompt: Prompt<unknown>,
  script: readonly ScriptEntry[],
  count = 1,
): Promise<Journal> {
  const kept = memoryJournal();
  const { journal, dead } = diesAt(kept, type, count);
  void startRun(prompt, scriptedModel(script), { journal, runId: "run-1" });
  await dead;
  return kept;
}

/** Entries of one type. */
export type EntryOf<Type extends JournalEntry["type"]> = Extract<JournalEntry, { type: Type }>;

/** The entries of a type in the journal of a run. */
export const entriesOf = async <Type extends JournalEntry["type"]>(
  journal: Journal,
  type: Type,
  runId = "run-1",
): Promise<EntryOf<Type>[]> =>
  (await journal.read(runId)).filter((entry): entry is EntryOf<Type> => entry.type === type);

/** All that a run tells. */
export async function eventsOf(run: Pick<Run<unknown>, "events">): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

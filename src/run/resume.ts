/**
 * Runs that go on: what the journal holds is not done again, and the run continues where it ends. The turn loop goes through
 * the record as through new steps, so that a run that was cut off and one that was not come by the same way.
 */
import { type IdSource, systemClock, systemIds, WinkError } from "../base/index.ts";
import type { Journal, JournalEntry, JournalWriter } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { type Prompt, requirePrompt } from "../prompt/index.ts";
import { createSession, restoreSession, type Session } from "../session/index.ts";
import { edited } from "./record/diverged.ts";
import { RunRecord, stepOf } from "./record/run-record.ts";
import { beginOrResume, type Run } from "./run.ts";
import type { RunOptions } from "./run-options.ts";
import { isExpired } from "./suspend-call.ts";

/**
 * What is done when the definition of a prompt has changed since a run began.
 * - `continue`: go on, unless a tool that the run was cut off in is gone.
 * - `restart`: begin anew in the same journal.
 * - `branch`: go on in a new run, and leave the old one as it is.
 * - `refuse`: throw `RESUME_REFUSED`.
 */
export type OnChange = "continue" | "restart" | "branch" | "refuse";

/** How a run goes on. What is not told is as for a new run: deadline, budget and turns are not remembered. */
export interface ResumeOptions extends Omit<RunOptions, "journal" | "runId" | "overrides" | "tags"> {
  /** `continue` unless told. */
  readonly onChange?: OnChange | undefined;
}

/**
 * Goes on with a run. Gives one that has ended as it ended, and one that waits for answers as it waits, without asking the model
 * or writing anything. `session` is made of the journal unless given. Throws `JOURNAL_MISSING`, `JOURNAL_INVALID`,
 * `JOURNAL_FENCED`, `RESUME_REFUSED`, `SNAPSHOT_INVALID`.
 */
export async function resumeRun<Output>(
  prompt: Prompt<Output>,
  model: Model,
  journal: Journal,
  runId: string,
  { onChange = "continue", ...options }: ResumeOptions = {},
): Promise<Run<Output>> {
  requirePrompt(prompt);
  const { clock = systemClock, ids = systemIds } = options;
  const known = await journal.read(runId);
  const seen = new RunRecord(known);
  const change = changeOf(prompt, seen, runId);
  if (hasEnded(seen) || isWaiting(seen, clock.now()))
    return goOn(prompt, model, journal, runId, seen, nowhere, options);
  if (change !== undefined && onChange === "refuse") throw change;
  if (change !== undefined && onChange === "branch") {
    return branchRun(prompt, model, journal, runId, { ...options, ids });
  }
  const writer = await journal.open(runId);
  try {
    // from the opening on nobody else adds to it, so it is read once more only when somebody has meanwhile
    const entries = writer.length === known.length ? known : await journal.read(runId);
    const restarts = change !== undefined && onChange === "restart";
    const whole = entries === known ? seen : new RunRecord(entries);
    if (!restarts) requireTools(prompt, whole, runId);
    const record = restarts ? new RunRecord(entries.filter(({ type }) => type === "content/kept")) : whole;
    const session = options.session ?? sessionOf(whole, runId, prompt, ids);
    return goOn(prompt, model, journal, runId, record, writer, { ...options, session });
  } catch (error) {
    await writer[Symbol.asyncDispose]();
    throw error;
  }
}

/** Where a branch begins. */
export interface BranchOptions extends ResumeOptions {
  /** How many turns of the run are taken over, with their calls; all that are whole unless told. */
  readonly at?: number | undefined;
  /** The id of the new run; a new one of `ids` unless given. */
  readonly runId?: string | undefined;
}

/**
 * Goes on from a turn of a run as a new run, with another model or prompt; the old one stays as it is. The prompt is not rendered
 * again. Throws as {@link resumeRun} does.
 */
export async function branchRun<Output>(
  prompt: Prompt<Output>,
  model: Model,
  journal: Journal,
  from: string,
  { at, ids = systemIds, runId = ids.next("run"), ...options }: BranchOptions = {},
): Promise<Run<Output>> {
  const steps = stepsUpTo(await journal.read(from), at ?? Number.POSITIVE_INFINITY);
  const writer = await journal.open(runId);
  try {
    if (writer.length > 0) throw taken(runId);
    const turns = steps.reduce((most, step) => ("turn" in step ? Math.max(most, step.turn) : most), 0);
    for (const step of steps.map(stepOf)) {
      await writer.append(step.type === "run/started" ? { ...step, branched: { run: from, turns } } : step);
    }
    const record = new RunRecord(await journal.read(runId));
    requireTools(prompt, record, runId);
    return goOn(prompt, model, journal, runId, record, writer, { ...options, ids });
  } catch (error) {
    await writer[Symbol.asyncDispose]();
    throw error;
  }
}

/** Journals of whole turns only: an answer whose calls are not all at their end would be gone on with in both runs. */
function stepsUpTo(entries: readonly JournalEntry[], most: number): readonly JournalEntry[] {
  const lasts = entries.findLastIndex((entry) => entry.type === "model/responded" && entry.turn <= most);
  const turn = entries[lasts];
  const record = new RunRecord(entries);
  const whole =
    turn?.type !== "model/responded" ||
    turn.message.content
      .filter(({ type }) => type === "tool-call")
      .every((_call, index) => record.call(turn.turn, index).finished !== undefined);
  const lastTurn = turn?.type === "model/responded" ? (whole ? turn.turn : turn.turn - 1) : 0;
  const next = entries.findIndex((entry) => entry.type === "model/requested" && entry.turn > lastTurn);
  return entries.slice(0, next === -1 ? entries.length : next).filter(({ type }) => type !== "run/finished");
}

/** Writes nothing: for runs that have ended or wait, which are only gone through. */
const nowhere: Pick<JournalWriter, "append" | typeof Symbol.asyncDispose> = {
  append: async () => 0,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function goOn<Output>(
  prompt: Prompt<Output>,
  model: Model,
  journal: Journal,
  runId: string,
  record: RunRecord,
  writer: Pick<JournalWriter, "append" | typeof Symbol.asyncDispose>,
  options: ResumeOptions,
): Run<Output> {
  const session = options.session ?? sessionOf(record, runId, prompt, options.ids);
  requireUnused(session, record, runId);
  return beginOrResume(
    prompt,
    model,
    { ...options, session, journal, runId },
    { record, writer, otherMessages: (request) => edited(runId, request) },
  );
}

/** The session as it was when the run began. */
export function sessionOf({ started }: RunRecord, runId: string, prompt: Prompt, ids: IdSource = systemIds): Session {
  const dump = started?.session.dump;
  if (dump !== undefined) {
    const held = new Set(dump.slices.map(({ name }) => name));
    const known = prompt.template.nodes.flatMap(({ section }) => section.slices);
    // what the session held was installed then, so that texts made from state see it
    const slices = [...new Map(known.map((slice) => [slice.name, slice])).values()].filter(({ name }) =>
      held.has(name),
    );
    return restoreSession(dump, { from: `run "${runId}"`, slices });
  }
  if (started === undefined) return createSession({ ids });
  if (started.session.events === 0) return createSession({ id: started.session.id });
  throw new WinkError("RESUME_REFUSED", {
    at: `run "${runId}"`,
    problem: "The session that the run began with is not in its journal",
    expected: `the session ${JSON.stringify(started.session.id)} of ${started.session.events} events`,
    received: "a journal of version 1",
    fix: "Give the session as it was when the run began: resume(…, { session }).",
    details: { run: runId, session: started.session.id },
  });
}

/** Throws `RESUME_REFUSED` for a session that the run has worked on: what it holds would be in it twice. */
function requireUnused(session: Session, { started }: RunRecord, runId: string): void {
  const events = session.history().length;
  if (started === undefined || started.session.events === events) return;
  throw new WinkError("RESUME_REFUSED", {
    at: `run "${runId}"`,
    problem: "The session is not as it was when the run began, and the run goes through all of its events again",
    expected: `a session of ${started.session.events} events`,
    received: `one of ${events} events`,
    fix: "Leave `session` out: it is made of the journal. A session with stores is made anew over them.",
    details: { run: runId, expected: started.session.events, received: events },
  });
}

/** A completed or refused run has nothing to go on with; one that failed, was aborted or came to a limit may. */
const hasEnded = ({ finished }: RunRecord): boolean =>
  finished?.status === "completed" || finished?.status === "refused";

/** Whether there is a question without which nothing can be done, and nobody has answered any. */
function isWaiting(record: RunRecord, now: number): boolean {
  if (!record.isSuspended) return false;
  const open = [...record.calls()].filter(({ finished }) => finished === undefined);
  const waits = open.map(({ questions, cutOff }) => {
    const last = questions.at(-1);
    return !cutOff && last !== undefined && last.answered === undefined && !isExpired(last.asked, now);
  });
  return waits.length > 0 && waits.every(Boolean);
}

/** Why a run is not the prompt's as it was; undefined when it is. Throws `RESUME_REFUSED` for a run of another prompt. */
function changeOf(prompt: Prompt, { started }: RunRecord, runId: string): WinkError | undefined {
  if (started === undefined) return undefined;
  if (started.prompt !== prompt.name) {
    throw new WinkError("RESUME_REFUSED", {
      at: `run "${runId}"`,
      problem: "The run is one of another prompt",
      expected: `the prompt ${JSON.stringify(started.prompt)}`,
      received: `the prompt ${JSON.stringify(prompt.name)}`,
      fix: "Resume it with the prompt that began it.",
      details: { run: runId, expected: started.prompt, received: prompt.name },
    });
  }
  const definition = prompt.template.hash();
  if (started.definition === definition) return undefined;
  return new WinkError("RESUME_REFUSED", {
    at: `run "${runId}"`,
    problem: "The definition of the prompt has changed since the run began",
    expected: `the definition ${started.definition.slice(0, 12)}`,
    received: `the definition ${definition.slice(0, 12)}`,
    details: { run: runId, expected: started.definition, received: definition },
  });
}

/** Throws `RESUME_REFUSED` when a tool is gone in whose call the run was cut off: nobody could end that call. */
function requireTools(prompt: Prompt, record: RunRecord, runId: string): void {
  changeOf(prompt, record, runId);
  const known = new Set(prompt.template.nodes.flatMap(({ section }) => section.tools.map(({ name }) => name)));
  for (const { intended, finished } of record.calls()) {
    if (intended === undefined || finished !== undefined || known.has(intended.name)) continue;
    if (intended.effects === "none") continue; // open_sections and its like, which belong to no section, and what can be asked for again
    throw new WinkError("RESUME_REFUSED", {
      at: `run "${runId}", entry ${intended.seq}`,
      problem: `The run is in a call of ${intended.name}, and the prompt has no such tool any more`,
      expected: `a tool ${JSON.stringify(intended.name)} with effects "${intended.effects}"`,
      fix: "Bring the tool back; or go on without the call: branch(journal, runId, { at }) with an earlier turn.",
      details: { run: runId, tool: intended.name, entry: intended.seq },
    });
  }
}

const taken = (runId: string): WinkError =>
  new WinkError("INPUT_INVALID", {
    problem: `There is a run "${runId}" in the journal already`,
    expected: "a new id, or none, so that one is made",
    received: `the id of a run with entries`,
    details: { run: runId },
  });

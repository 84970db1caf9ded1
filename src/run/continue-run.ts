/** What runs that go on have in common: their session, and what must be as it was. */
import { type IdSource, systemIds, WinkError } from "../base/index.ts";
import type { Prompt } from "../prompt/index.ts";
import { createSession, restoreSession, type Session } from "../session/index.ts";
import type { RunRecord } from "./record/run-record.ts";
import type { RunOptions } from "./run-options.ts";

/** How a run goes on. What is not told is as for a new run: deadline, budget and turns are not remembered. */
export type ContinueOptions = Omit<RunOptions, "journal" | "runId" | "tags" | "parent">;

/** The session as it was when the run began. Throws `RESUME_REFUSED`, `SNAPSHOT_INVALID`, `SNAPSHOT_NEWER`, `MIGRATION_FAILED`. */
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
export function requireUnused(session: Session, { started }: RunRecord, runId: string): void {
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

/** Throws `RESUME_REFUSED` for a run of another prompt. */
export function requireSamePrompt(prompt: Prompt, { started }: RunRecord, runId: string): void {
  if (started === undefined || started.prompt === prompt.name) return;
  throw new WinkError("RESUME_REFUSED", {
    at: `run "${runId}"`,
    problem: "The run is one of another prompt",
    expected: `the prompt ${JSON.stringify(started.prompt)}`,
    received: `the prompt ${JSON.stringify(prompt.name)}`,
    fix: "Resume it with the prompt that began it.",
    details: { run: runId, expected: started.prompt, received: prompt.name },
  });
}

/** The error for a definition that has changed since the run began; undefined when it has not. */
export function changeOf(prompt: Prompt, { started }: RunRecord, runId: string): WinkError | undefined {
  const definition = prompt.template.hash();
  if (started === undefined || started.definition === definition) return undefined;
  return new WinkError("RESUME_REFUSED", {
    at: `run "${runId}"`,
    problem: "The definition of the prompt has changed since the run began",
    expected: `the definition ${started.definition.slice(0, 12)}`,
    received: `the definition ${definition.slice(0, 12)}`,
    details: { run: runId, expected: started.definition, received: definition },
  });
}

/** Throws `RESUME_REFUSED` when a tool is gone in whose call the run was cut off: nobody could end that call. */
export function requireTools(prompt: Prompt, record: RunRecord, runId: string): void {
  const known = new Set(prompt.template.nodes.flatMap(({ section }) => section.tools.map(({ name }) => name)));
  for (const { intended, finished } of record.calls()) {
    if (intended === undefined || finished !== undefined || known.has(intended.name)) continue;
    if (intended.effects === "none") continue; // open_sections and its like, which belong to no section, and what can be asked for again
    throw new WinkError("RESUME_REFUSED", {
      at: `run "${runId}", entry ${intended.seq}`,
      problem: `The run is in a call of ${intended.name}, which is cut off`,
      expected: `a tool ${JSON.stringify(intended.name)} with effects "${intended.effects}"`,
      received: "a prompt without it",
      fix: "Bring the tool back; or go on without the call: branch(journal, runId, { at }) with an earlier turn.",
      details: { run: runId, tool: intended.name, entry: intended.seq },
    });
  }
}

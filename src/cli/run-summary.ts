/** What there is to say about a run in one row, from its journal. Texts are redacted. */
import { isJsonObject, type JsonValue, messageFrom, redactDeep, WinkError } from "../base/index.ts";
import type { Journal, JournalEntry, RunFinished } from "../journal/index.ts";
import { RunRecord, shownName } from "../run/index.ts";

/** How a run stands. `cut off`: the journal has no end, because the process died or is still at work. */
export type RunStatus = RunFinished["status"] | "cut off";

/** All of them. */
export const runStatuses: readonly RunStatus[] = [
  "completed",
  "partial",
  "suspended",
  "refused",
  "failed",
  "aborted",
  "cut off",
];

/** One run. */
export interface RunSummary {
  readonly run: string;
  /** Null when the run was cut off before its first step. */
  readonly prompt: string | null;
  readonly model: string | null;
  readonly params: JsonValue;
  readonly status: RunStatus;
  /** Questions without an answer. */
  readonly questions: number;
  readonly turns: number;
  /** Times that a model was asked, answered or not. */
  readonly attempts: number;
  /** Milliseconds since 1970, as the last one. */
  readonly began: number | null;
  readonly last: number | null;
  readonly entries: number;
  readonly tags: readonly string[];
  /** The run that this one is a part of, and the one that it was branched from. */
  readonly parent: string | null;
  readonly branched: string | null;
}

/** A run as it was read. */
export interface ReadRun {
  readonly entries: readonly JournalEntry[];
  readonly record: RunRecord;
  readonly summary: RunSummary;
}

/** Reads a run. Throws `JOURNAL_MISSING`, `JOURNAL_INVALID`, `INPUT_INVALID` for what cannot be a run's id. */
export async function readRun(journal: Journal, runId: string): Promise<ReadRun> {
  const entries = await journal.read(runId);
  return wellFormed(runId, () => {
    const record = new RunRecord(entries);
    return { entries, record, summary: summaryOf(runId, entries, record) };
  });
}

/** Does work on entries; when they have not the form that this release writes, that is told. Throws `JOURNAL_INVALID`. */
export function wellFormed<T>(runId: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (WinkError.is(cause)) throw cause;
    throw new WinkError("JOURNAL_INVALID", {
      at: `run "${runId}"`,
      problem: "An entry has not the form that its type says",
      expected: "entries as this release writes them",
      received: messageFrom(cause),
      cause,
    });
  }
}

function summaryOf(runId: string, entries: readonly JournalEntry[], record: RunRecord): RunSummary {
  const { started, finished, isSuspended, responses } = record;
  const { prompt = null, model, params = null, tags = [], parent, branched } = started ?? {};
  return redactDeep({
    run: runId,
    prompt,
    model: model === undefined ? null : shownName(model),
    params: isJsonObject(params) ? params : null,
    status: finished?.status ?? (isSuspended ? "suspended" : "cut off"),
    questions: isSuspended ? record.openQuestions().length : 0,
    turns: responses.size,
    attempts: record.attempts.count,
    began: entries[0]?.at ?? null,
    last: entries.at(-1)?.at ?? null,
    entries: entries.length,
    tags,
    parent: parent?.run ?? null,
    branched: branched?.run ?? null,
  } satisfies RunSummary) as RunSummary; // as: redaction changes texts only
}

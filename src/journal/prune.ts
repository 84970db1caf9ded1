/** Takes old runs out of a journal. */
import { type Clock, systemClock, WinkError } from "../base/index.ts";
import type { JournalEntry } from "./entry.ts";
import type { Journal, JournalStat } from "./journal.ts";

/** What {@link pruneRuns} takes: which finished runs go. A run goes when any of the three limits says so; one is needed. */
export interface PruneOptions {
  /** Runs whose last entry is older than this, in milliseconds. */
  readonly olderThanMs?: number | undefined;
  /** All but this many, the newest by their last entry. */
  readonly keepLast?: number | undefined;
  /** The oldest, until all runs of the journal take up no more than this many bytes. */
  readonly mostBytes?: number | undefined;
  /** Looks only at runs that began with one of these tags; at all runs unless told. */
  readonly tags?: readonly string[] | undefined;
  readonly clock?: Clock | undefined;
  /** Tells what would be removed, and removes nothing. */
  readonly dryRun?: boolean | undefined;
}

/** A run and what became of it. */
export interface PrunedRun {
  readonly runId: string;
  /** 0 for a run that cannot be read. */
  readonly bytes: number;
  /** When its last entry was appended; undefined for a run without entries, or that cannot be read. */
  readonly last: number | undefined;
  readonly reason: PruneReason;
}

/**
 * Why a run was removed (`old`, `surplus`, `bytes`) or kept: it or the run whose subagent it is has not ended (`unfinished`), waits for an answer (`suspended`),
 * has other tags (`tags`), cannot be read (`unreadable`), or no limit is over (`within`).
 */
export type PruneReason = "old" | "surplus" | "bytes" | "unfinished" | "suspended" | "tags" | "unreadable" | "within";

/** What {@link pruneRuns} gives: every run of the journal, the oldest first in each list. */
export interface PruneResult {
  readonly removed: readonly PrunedRun[];
  readonly kept: readonly PrunedRun[];
}

/**
 * Removes finished runs by age, number and size. Never one that has not ended or is suspended: those can be resumed. Throws
 * `INPUT_INVALID` when no limit is given, or one is below 0. A run that someone opens meanwhile is removed all the same.
 */
export async function pruneRuns(journal: Journal, options: PruneOptions): Promise<PruneResult> {
  const { clock = systemClock, dryRun = false, tags } = options;
  checkLimits(options);
  const found: Found[] = [];
  for (const runId of await journal.runs()) {
    const run = await lookAt(journal, runId, tags);
    if (run !== undefined) found.push(run);
  }
  keepWorkOfUnfinished(found);
  found.sort((a, b) => (a.last ?? 0) - (b.last ?? 0));
  const judged = judge(found, options, clock.now());
  const [removed, kept]: [PrunedRun[], PrunedRun[]] = [[], []];
  for (const run of judged) {
    if (!isRemoval(run.reason)) kept.push(run);
    else if (dryRun || (await remove(journal, run.runId))) removed.push(run);
  }
  return { removed, kept };
}

/** A run before it is judged; one with a reason is kept for it. */
interface Found {
  readonly runId: string;
  readonly bytes: number;
  readonly last: number | undefined;
  /** The run whose subagent it is. */
  readonly parent: string | undefined;
  keptAs: PruneReason | undefined;
}

/** A run that goes on needs those of its subagents: without them their work would be done again. */
function keepWorkOfUnfinished(found: readonly Found[]): void {
  const byId = new Map(found.map((run) => [run.runId, run]));
  for (const run of found) {
    if (run.keptAs !== undefined && run.keptAs !== "tags") continue;
    const met = new Set([run]); // a journal that was edited may lead round and round
    let top = run;
    for (let above = byId.get(run.parent ?? ""); above !== undefined && !met.has(above); ) {
      met.add(above);
      top = above;
      above = byId.get(above.parent ?? "");
    }
    // with its topmost parent it goes, by the tags of that
    const needed = [...met].find(({ keptAs }) => keptAs !== undefined && keptAs !== "tags");
    run.keptAs = needed?.keptAs ?? top.keptAs;
  }
}

const isRemoval = (reason: PruneReason): boolean => reason === "old" || reason === "surplus" || reason === "bytes";

function checkLimits({ olderThanMs, keepLast, mostBytes }: PruneOptions): void {
  const given = Object.entries({ olderThanMs, keepLast, mostBytes }).filter(([, limit]) => limit !== undefined);
  const wrong = given.find(([, limit]) => !(Number(limit) >= 0));
  if (given.length > 0 && wrong === undefined) return;
  throw new WinkError("INPUT_INVALID", {
    at: wrong?.[0] ?? "prune",
    problem: wrong === undefined ? "Nothing says which runs are to go" : "The limit is no count",
    expected: "one of olderThanMs, keepLast and mostBytes, 0 or more",
    received: wrong === undefined ? "none of them" : String(wrong[1]),
    fix: "Give a limit; keepLast: 0 removes every finished run.",
  });
}

/** Undefined for a run that was removed meanwhile. */
async function lookAt(
  journal: Journal,
  runId: string,
  tags: readonly string[] | undefined,
): Promise<Found | undefined> {
  let stat: JournalStat;
  let entries: readonly JournalEntry[];
  try {
    stat = await journal.stat(runId);
    entries = await journal.read(runId);
  } catch (error) {
    if (WinkError.is(error, "JOURNAL_MISSING")) return undefined;
    if (!WinkError.is(error, "JOURNAL_INVALID")) throw error;
    return { runId, bytes: 0, last: undefined, parent: undefined, keptAs: "unreadable" };
  }
  const first = entries.find(({ type }) => type === "run/started");
  const parent = first?.type === "run/started" ? first.parent?.run : undefined;
  return { runId, bytes: stat.bytes, last: entries.at(-1)?.at, parent, keptAs: reasonToKeep(entries, tags) };
}

function reasonToKeep(entries: readonly JournalEntry[], tags: readonly string[] | undefined): PruneReason | undefined {
  const last = entries.at(-1);
  if (last?.type !== "run/finished") return "unfinished";
  if (last.status === "suspended") return "suspended";
  const first = entries[0];
  const own = first?.type === "run/started" ? (first.tags ?? []) : [];
  return tags === undefined || own.some((tag) => tags.includes(tag)) ? undefined : "tags";
}

/** Gives each run its reason; the oldest come first. */
function judge(found: readonly Found[], options: PruneOptions, now: number): readonly PrunedRun[] {
  const { olderThanMs, keepLast, mostBytes } = options;
  let left = found.filter(({ keptAs }) => keptAs === undefined).length;
  let bytes = found.reduce((sum, run) => sum + run.bytes, 0);
  return found.map(({ keptAs, parent: _parent, ...run }) => {
    if (keptAs !== undefined) return { ...run, reason: keptAs };
    const rest = left--;
    const reason =
      olderThanMs !== undefined && now - (run.last ?? now) > olderThanMs
        ? "old"
        : keepLast !== undefined && rest > keepLast
          ? "surplus"
          : mostBytes !== undefined && bytes > mostBytes
            ? "bytes"
            : "within";
    if (isRemoval(reason)) bytes -= run.bytes;
    return { ...run, reason };
  });
}

/** False when somebody else was faster. */
async function remove(journal: Journal, runId: string): Promise<boolean> {
  try {
    await journal.remove(runId);
    return true;
  } catch (error) {
    if (WinkError.is(error, "JOURNAL_MISSING")) return false;
    throw error;
  }
}

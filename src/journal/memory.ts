/** A journal in memory, for tests and runs that need no durability. Entries are kept as JSON text, as on disk. */
import { type Clock, systemClock, toJson } from "../base/index.ts";
import { entryVersion, type JournalEntry, type JournalStep } from "./entry.ts";
import type { Journal } from "./journal.ts";
import { statOf } from "./journal-stat.ts";
import { checkRunId, closed, deleted, fenced, missing } from "./run-id.ts";

interface Kept {
  epoch: number;
  readonly lines: string[];
}

/** Makes a journal in memory. Nothing has to be closed. */
export function memoryJournal(options: { readonly clock?: Clock } = {}): Journal {
  const { clock = systemClock } = options;
  const kept = new Map<string, Kept>();
  const linesOf = (runId: string): readonly string[] => {
    checkRunId(runId);
    const run = kept.get(runId);
    if (run === undefined) throw missing(runId, [...kept.keys()], "memory");
    return run.lines;
  };
  const entriesOf = (runId: string): readonly JournalEntry[] =>
    linesOf(runId).map((line) => JSON.parse(line) as JournalEntry); // as: only `append` writes lines
  return {
    driver: "memory",
    async open(runId) {
      checkRunId(runId);
      const run = kept.get(runId) ?? { epoch: 0, lines: [] };
      kept.set(runId, run);
      run.epoch += 1;
      const { epoch } = run;
      const length = run.lines.length;
      let open = true;
      return {
        epoch,
        length,
        async append(step: JournalStep) {
          if (!open) throw closed(`run "${runId}"`);
          if (kept.get(runId) !== run) throw deleted(`run "${runId}"`);
          if (run.epoch !== epoch) throw fenced(runId, epoch, run.epoch);
          const seq = run.lines.length;
          run.lines.push(
            toJson({ v: entryVersion, seq, epoch, at: clock.now(), ...step }, `journal entry ${step.type}`),
          );
          return seq;
        },
        async [Symbol.asyncDispose]() {
          open = false;
        },
      };
    },
    read: async (runId) => entriesOf(runId),
    async stat(runId) {
      const bytes = linesOf(runId).reduce((sum, line) => sum + Buffer.byteLength(line), 0);
      return statOf(entriesOf(runId), bytes);
    },
    async remove(runId) {
      linesOf(runId);
      kept.delete(runId);
    },
    runs: async () => [...kept.keys()].sort(),
    address: (runId) => ({ driver: "memory", runId }),
  };
}

/** What `--crash` shows: a process that dies in the middle of a run, and what another one had to do again. */
import type { Journal, JournalEntry } from "weakincentives/journal";

/** After how many finished calls the process dies. */
const deadly = 5;

/** The same as a word. */
export const ordinal = "fifth";

const never = new Promise<never>(() => undefined);

/** A journal whose process dies when it holds the end of the fifth call; the library hears of that call no more. */
export function dyingJournal(journal: Journal, die: () => void): Journal {
  let finished = 0;
  return {
    ...journal,
    async open(runId) {
      const writer = await journal.open(runId);
      return {
        epoch: writer.epoch,
        length: writer.length,
        async append(step) {
          if (finished === deadly) return await never; // calls beside the fifth are cut off with it
          const isLast = step.type === "tool/finished" && ++finished === deadly;
          const number = await writer.append(step);
          if (isLast) die();
          return number;
        },
        [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
      };
    },
  };
}

/**
 * Counts, in the journal of a run that two processes have worked on, the calls that the first one finished, and those of them
 * that the second began again: each call of a handler has its own intent in the journal, written before.
 */
export function countReused(entries: readonly JournalEntry[]): { readonly reused: number; readonly repeated: number } {
  const first = entries[0]?.epoch;
  const finished = new Set<string>();
  const begunAgain = new Set<string>();
  for (const entry of entries) {
    if (entry.type !== "tool/finished" && entry.type !== "tool/intended") continue;
    const place = `${entry.turn}.${entry.index}`;
    if (entry.epoch === first && entry.type === "tool/finished") finished.add(place);
    if (entry.epoch !== first && finished.has(place)) begunAgain.add(place);
  }
  return { reused: finished.size - begunAgain.size, repeated: begunAgain.size };
}

/** Tells what was counted. */
export function resumedLine(entries: readonly JournalEntry[]): string {
  const { reused, repeated } = countReused(entries);
  return `resumed: ${reused} finished call${reused === 1 ? "" : "s"} reused, ${repeated} repeated`;
}

/** Journals whose appends are met on their way, for what happens when a write fails, is lost, or is the last one. */
import { WinkError } from "../../src/base/index.ts";
import type { Journal, JournalStep } from "../../src/journal/index.ts";

/** What stands between a run and its journal: writes the step with `write`, or does something else. */
export type OnAppend = (step: JournalStep, write: (step: JournalStep) => Promise<number>) => Promise<number>;

/** The same journal, whose appends all go through a function. */
export function withAppends(journal: Journal, onAppend: OnAppend): Journal {
  return {
    ...journal,
    async open(runId) {
      const writer = await journal.open(runId);
      return {
        epoch: writer.epoch,
        length: writer.length,
        append: (step) => onAppend(step, (written) => writer.append(written)),
        [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
      };
    },
  };
}

/** A journal whose writes of a kind fail with `JOURNAL_FAILED`, as on a full disk. */
export const failsAt = (journal: Journal, type: JournalStep["type"]): Journal =>
  withAppends(journal, (step, write) =>
    step.type === type ? Promise.reject(new WinkError("JOURNAL_FAILED", { problem: "full" })) : write(step),
  );

/** The same journal, and how many of its writers were closed. */
export function countsClosings(journal: Journal): { readonly journal: Journal; readonly closed: () => number } {
  let closed = 0;
  const counting: Journal = {
    ...journal,
    async open(runId) {
      const writer = await journal.open(runId);
      return {
        ...writer,
        async [Symbol.asyncDispose]() {
          closed++;
          await writer[Symbol.asyncDispose]();
        },
      };
    },
  };
  return { journal: counting, closed: () => closed };
}

/** A journal that does not come back from its so-and-so-many-th write of a kind, and a promise of that moment. */
export function diesAt(
  journal: Journal,
  type: JournalStep["type"],
  count = 1,
): { readonly journal: Journal; readonly dead: Promise<void> } {
  const dead = Promise.withResolvers<void>();
  let met = 0;
  const dying = withAppends(journal, (step, write) => {
    if (step.type !== type || ++met !== count) return write(step);
    dead.resolve();
    return new Promise<never>(() => undefined);
  });
  return { journal: dying, dead: dead.promise };
}

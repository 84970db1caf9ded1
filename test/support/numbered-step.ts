import type { JournalStep } from "../../src/journal/index.ts";

/** The step of a number: some are short, every twentieth is long enough to be torn in the middle. */
export function numberedStep(number: number): JournalStep {
  const reason = `${number} é😀 `.repeat(number % 20 === 19 ? 2_000 : number % 7);
  return { type: "run/finished", status: "partial", turns: number, usage: {}, reason };
}

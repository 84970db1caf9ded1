import type { JournalEntry, JournalStep } from "../../journal/index.ts";

/** A step as it stands in the journal. */
export type Recorded<Step> = Step & Pick<JournalEntry, "seq" | "at">;

/** The step of an entry, as it can be appended again. */
export function stepOf<Step extends JournalStep>(entry: Recorded<Step>): Step {
  const { v: _v, seq: _seq, epoch: _epoch, at: _at, ...step } = entry as unknown as JournalEntry; // as: it was read as one
  return step as unknown as Step; // as: what is left is the step
}

import { WinkError } from "../base/index.ts";
import type { Journal } from "../journal/index.ts";

/**
 * Refuses an id that the journal holds already: two runs in one journal could not be told apart. It is read and not opened,
 * because opening would end the writer of a run that is under way. Throws `INPUT_INVALID`.
 */
export async function refuseKnown(journal: Journal, runId: string): Promise<void> {
  const entries = await entriesOf(journal, runId);
  if (entries === 0) return;
  throw new WinkError("INPUT_INVALID", {
    at: `run "${runId}"`,
    problem: "It is in the journal already",
    expected: "a new id, or none, so that one is made",
    received: `a run of ${entries} entries`,
    fix: "Go on with it: resume(journal, runId, { adapter, prompt }). For another run leave `runId` out.",
    details: { run: runId },
  });
}

async function entriesOf(journal: Journal, runId: string): Promise<number> {
  try {
    return (await journal.read(runId)).length;
  } catch (thrown) {
    if (WinkError.is(thrown, "JOURNAL_MISSING")) return 0;
    throw thrown;
  }
}

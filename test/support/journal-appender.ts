/**
 * Appends numbered entries to a JSONL journal as fast as it can, and writes the number of each that was acknowledged to its
 * standard output, until it is killed. Arguments: the folder and the run's id. With WINK_FAULT=acknowledge-first it breaks
 * the promise that it is there to test: it tells of an entry before it has appended it.
 */
import { jsonlJournal } from "../../src/journal/index.ts";
import { tell } from "./crash.ts";
import { numberedStep } from "./numbered-step.ts";

const [directory = "", runId = ""] = process.argv.slice(2);
const acknowledgeFirst = process.env.WINK_FAULT === "acknowledge-first";

const journal = jsonlJournal({ directory });
const writer = await journal.open(runId);
let next = (await journal.read(runId)).length;
for (;;) {
  if (acknowledgeFirst) tell(next);
  const seq = await writer.append(numberedStep(next));
  if (!acknowledgeFirst) tell(seq);
  next = seq + 1;
}

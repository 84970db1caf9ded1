/**
 * Appends numbered entries to a journal as fast as it can, and writes the number of each that was acknowledged to its
 * standard output, until it is killed. Arguments: the driver, the folder, the run's id, the port. With
 * WINK_FAULT=acknowledge-first it breaks the promise that it is there to test: it tells of an entry before it has appended it.
 */
import { tell } from "./crash.ts";
import { openDriver } from "./journal-driver.ts";
import { numberedStep } from "./numbered-step.ts";

const [driver = "", directory = "", runId = "", port = ""] = process.argv.slice(2);
const acknowledgeFirst = process.env.WINK_FAULT === "acknowledge-first";

const { journal } = await openDriver(driver, { directory, port: Number(port) });
const writer = await journal.open(runId);
let next = (await journal.read(runId)).length;
for (;;) {
  if (acknowledgeFirst) tell(next + 1); // one more than is being appended, so that few kills are needed to see it
  const seq = await writer.append(numberedStep(next));
  if (!acknowledgeFirst) tell(seq);
  next = seq + 1;
}

/**
 * One of several processes that go on with the same run at the same moment. Arguments: the driver, the folder, the port. Each line of
 * the standard input is an order, `RUN TIME`: waits for that moment (milliseconds since 1970), resumes the run, and answers with its
 * status, or the code of its error. The world of a run is the file RUN.world. With WINK_FAULT=no-fence appends of a fenced writer are lost
 * without a word.
 */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { modelAdapter, resume } from "../../src/adapter/index.ts";
import { WinkError } from "../../src/base/index.ts";
import { memoryFiles } from "../../src/files/index.ts";
import type { Journal } from "../../src/journal/index.ts";
import { durableModel, durablePrompt } from "./durable-agent.ts";
import { fileWorld } from "./durable-life.ts";
import { withAppends } from "./journal-appends.ts";
import { openDriver } from "./journal-driver.ts";

const [driver = "", directory = "", port = ""] = process.argv.slice(2);
await using work = await openDriver(driver, { directory, port: Number(port) });

/** A journal whose fenced writers go on as if nothing had been said. */
const unfenced = (journal: Journal): Journal =>
  withAppends(journal, (step, write) =>
    write(step).catch((error: unknown) => {
      if (WinkError.is(error, "JOURNAL_FENCED")) return 0;
      throw error;
    }),
  );

const journal = process.env.WINK_FAULT === "no-fence" ? unfenced(work.journal) : work.journal;

async function goOn(runId: string): Promise<string> {
  try {
    const world = fileWorld(join(directory, `${runId}.world`));
    const prompt = durablePrompt(world, memoryFiles({ a: "first\n", b: "second\n" }));
    const run = await resume(journal, runId, { adapter: modelAdapter(durableModel(world)), prompt });
    const outcome = await run.outcome;
    return outcome.status === "failed" ? outcome.error.code : outcome.status;
  } catch (error) {
    return WinkError.is(error) ? error.code : String(error);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [runId = "", moment = ""] = line.split(" ");
  while (Date.now() < Number(moment));
  process.stdout.write(`${(await goOn(runId)).replaceAll("\n", " ")}\n`);
}

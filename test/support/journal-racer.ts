/**
 * One of several processes that race for a run. Arguments: the driver, the folder, the port. Each line of the standard input is
 * an order, answered by one line. `open RUN` reads the run, opens it and answers `opened` or `fenced`; `append TIME` waits for
 * that moment (milliseconds since 1970) and appends an intent; `race RUN TIME` opens at that moment, reads, and appends an
 * intent when there is none. Only when the append has resolved comes the effect: a line in the file RUN.effects. The answer is
 * `acknowledged EPOCH`, `fenced`, or `seen` for an intent of another. With WINK_FAULT=no-fence a fenced writer opens anew and
 * goes on, as if nothing had been said.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WinkError } from "../../src/base/index.ts";
import type { JournalWriter } from "../../src/journal/index.ts";
import { openDriver } from "./journal-driver.ts";
import { numberedStep } from "./numbered-step.ts";

const [driver = "", directory = "", port = ""] = process.argv.slice(2);
const noFence = process.env.WINK_FAULT === "no-fence";

await using work = await openDriver(driver, { directory, port: Number(port) });
const { journal } = work;
let opened: { readonly runId: string; readonly writer: JournalWriter } | undefined;

const orders: Readonly<Record<string, (...words: string[]) => Promise<string>>> = {
  async open(runId = "") {
    await journal.read(runId).catch(() => []);
    opened = { runId, writer: await journal.open(runId) };
    return "opened";
  },
  async append(moment) {
    until(Number(moment));
    if (opened === undefined) return "fenced";
    return intend(opened.runId, opened.writer);
  },
  async race(runId = "", moment = "") {
    until(Number(moment));
    const writer = await journal.open(runId);
    opened = { runId, writer };
    const entries = await journal.read(runId);
    return entries.length > 0 ? "seen" : intend(runId, writer);
  },
};

async function intend(runId: string, writer: JournalWriter): Promise<string> {
  try {
    await writer.append(numberedStep(writer.epoch));
  } catch (error) {
    if (!noFence || !WinkError.is(error, "JOURNAL_FENCED")) throw error;
    await using unfenced = await journal.open(runId);
    return intend(runId, unfenced);
  }
  appendFileSync(join(directory, `${runId}.effects`), `${writer.epoch}\n`);
  return `acknowledged ${writer.epoch}`;
}

/** Waits without letting go of the processor, so that all are there at the moment. */
function until(moment: number): void {
  while (Date.now() < moment);
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word = "", ...words] = line.split(" ");
  try {
    process.stdout.write(`${await orders[word]?.(...words)}\n`);
  } catch (error) {
    process.stdout.write(
      `${WinkError.is(error, "JOURNAL_FENCED") ? "fenced" : `failed ${error}`}\n`.replaceAll(/\n(?!$)/g, " "),
    );
    if (word === "open") opened = undefined;
  }
  if (word !== "open") {
    await opened?.writer[Symbol.asyncDispose]();
    opened = undefined;
  }
}

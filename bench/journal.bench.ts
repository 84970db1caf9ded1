/**
 * Journals: what a turn costs with one on disk beside one in memory, how many bytes turns take, and how long it takes to go on with a run
 * beside reading and parsing its file.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { definePrompt, ok, section, tool } from "weakincentives";
import { modelAdapter, resume } from "weakincentives/adapter";
import { type Journal, jsonlJournal, memoryJournal } from "weakincentives/journal";
import type { Model } from "weakincentives/model";
import { z } from "zod";
import { against, type Bench, type Row } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const words = "what a tool tells of a file that it has read, line by line, ";
const read = tool({
  name: "read",
  description: "Read a file.",
  effects: "none",
  params: z.object({ path: z.string() }),
  handler: ({ path }) => ok(`${path}: ${words.repeat(16)}`), // about a kilobyte, another each time
});
const prompt = definePrompt({
  ns: "bench",
  key: "journal",
  sections: [section({ key: "task", title: "Task", body: "Read all files.", tools: [read] })],
}).bind();

/** A model that reads a file a turn, by the number of the turn. */
function readingModel(turns: number): Model {
  return {
    name: "reading",
    provider: "bench",
    async generate({ messages }) {
      const turn = messages.length >> 1;
      const content =
        turn < turns
          ? ([
              { type: "tool-call", id: `call-${turn}`, name: "read", arguments: `{"path":"src/file-${turn}.ts"}` },
            ] as const)
          : ([{ type: "text", text: "done" }] as const);
      return { message: { role: "assistant", content }, finish: turn < turns ? "tool-calls" : "stop", usage: {} };
    },
  };
}

let runs = 0;
/** Runs to the end, and gives the run's id. */
async function ran(turns: number, journal: Journal): Promise<string> {
  const runId = `run-${runs++}`;
  await modelAdapter(readingModel(turns)).evaluate(prompt, { journal, runId, maxTurns: turns + 1 });
  return runId;
}

async function* turnsOn(journal: Journal): AsyncIterable<Row> {
  const turns = 50;
  const many = (on: () => Journal) => async () => {
    for (let count = 0; count < 5; count++) await ran(turns, on());
  };
  const times = await sideBySide({ jsonl: many(() => journal), memory: many(() => memoryJournal()) }, 15);
  const perTurn = (total = Number.NaN): number => (total * 1000) / (5 * turns);
  yield against("turn-jsonl-to-memory", perTurn(times.jsonl?.median), perTurn(times.memory?.median), "us/turn");
}

/** What the journal must hold at least: each message once. */
async function messageBytes(journal: Journal, runId: string): Promise<number> {
  let bytes = 0;
  for (const entry of await journal.read(runId)) {
    if (entry.type === "model/responded") bytes += JSON.stringify(entry.message).length;
    if (entry.type === "tool/finished") bytes += JSON.stringify(entry.result).length;
    if (entry.type === "prompt/rendered") bytes += JSON.stringify(entry.first).length;
  }
  return bytes;
}

async function* sizes(journal: Journal, directory: string): AsyncIterable<Row> {
  const [half, whole] = [await ran(100, journal), await ran(200, journal)];
  const bytesOf = (runId: string): number => statSync(join(directory, `${runId}.jsonl`)).size;
  yield against("bytes-200-turns-to-100", bytesOf(whole) / 1000, bytesOf(half) / 1000, "kB");
  const most = 1.2 * (await messageBytes(journal, whole)) + 1_500 * 200;
  yield against("bytes-to-messages", bytesOf(whole) / 1000, most / 1000, "kB");
}

/** Going on with a run of 200 turns whose end is not there, up to its end, beside reading and parsing the file. */
async function* resuming(journal: Journal, directory: string): AsyncIterable<Row> {
  const turns = 200;
  const whole = await journal.read(await ran(turns, journal));
  const cut = async (): Promise<string> => {
    const runId = `cut-${runs++}`;
    await using writer = await journal.open(runId);
    for (const { v: _v, seq: _seq, epoch: _epoch, at: _at, ...step } of whole.slice(0, -1)) await writer.append(step);
    return runId;
  };
  const adapter = modelAdapter(readingModel(turns));
  const resumed = async (): Promise<number> => {
    const runId = await cut();
    const began = performance.now();
    const run = await resume(journal, runId, { adapter, prompt, maxTurns: turns + 1 });
    await run.outcome;
    return performance.now() - began;
  };
  const floor = async (): Promise<number> => {
    const path = join(directory, `${await cut()}.jsonl`);
    const began = performance.now();
    const lines = readFileSync(path, "utf8").split("\n");
    for (const line of lines) if (line !== "") JSON.parse(line);
    return performance.now() - began;
  };
  const times = await sideBySide({ resumed, floor }, 21);
  yield against("resume-200-turns", times.resumed?.median ?? Number.NaN, times.floor?.median ?? Number.NaN);
}

export const bench: Bench = {
  name: "journal",
  async *run() {
    const directory = mkdtempSync(join(tmpdir(), "wink-bench-journal-"));
    try {
      const journal = jsonlJournal({ directory });
      yield* turnsOn(journal);
      yield* sizes(journal, directory);
      yield* resuming(journal, directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
};

/** Runs of the asking agent in a folder, for the commands that work on runs. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modelAdapter } from "weakincentives/adapter";
import { type Journal, jsonlJournal } from "weakincentives/journal";
import { callTools, type ScriptEntry, sayJson, scriptedModel } from "weakincentives/model/scripted";
import { createFakeClock } from "weakincentives/testing";
import { asking } from "./fixtures/asking.ts";
import { type Ran, wink } from "./harness.ts";

/** A key of the form that providers give, which must never be shown. */
export const secret = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH";

const looks = callTools([
  { name: "look", arguments: { at: "the sky", password: "correct-horse" } },
  { name: "nothing", arguments: { key: secret } },
]);
const asks = callTools([
  { name: "approve", arguments: { what: "rain" } },
  { name: "approve", arguments: { what: "wind" } },
]);

/** What the model says in each kind of run. */
const scripts = {
  completed: [looks, sayJson({ verdict: `fair, said ${secret}` })],
  suspended: [looks, asks],
  once: [callTools([{ name: "approve", arguments: { what: "rain" } }])],
  failed: [],
} satisfies Record<string, readonly ScriptEntry[]>;

/** Makes a run in a folder. Its clock begins at the noon of a day of 2026. */
export async function makeRun(
  folder: string,
  runId: string,
  kind: keyof typeof scripts,
  options: { readonly day?: number; readonly tags?: readonly string[]; readonly journal?: Journal } = {},
): Promise<void> {
  const { day = 1, tags } = options;
  const clock = createFakeClock(Date.UTC(2026, 0, day, 12));
  const { journal = jsonlJournal({ directory: folder, clock }) } = options;
  const adapter = modelAdapter(scriptedModel(scripts[kind]));
  await adapter.run(asking.bind({ topic: "rain" }), { journal, runId, clock, ...(tags && { tags }) }).outcome;
}

/** Changes the text of a journal; a change that changes nothing is a mistake of the test. */
export function edit(folder: string, runId: string, change: (text: string) => string): void {
  const path = join(folder, `${runId}.jsonl`);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error("nothing was changed");
  writeFileSync(path, after);
}

/** Runs a command of `wink runs` on a folder. */
export const runs = (folder: string, ...args: readonly string[]): Promise<Ran> =>
  wink("runs", ...args, "--journal", folder);

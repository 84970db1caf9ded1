/** From which turn a branch goes on, what it takes over, and what it leaves. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { countsClosings, failsAt } from "../../test/support/journal-appends.ts";
import { cutOffAt, gone, journalOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import type { Journal, JournalEntry } from "../journal/index.ts";
import { callTools, type ScriptEntry, say, scriptedModel } from "../model/scripted/index.ts";
import type { Prompt } from "../prompt/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { type BranchOptions, branchRun, resumeRun } from "./index.ts";

const note = (length = 0): Tool =>
  tool({
    name: "note",
    description: "Notes.",
    effects: "idempotent",
    params: z.object({ text: z.string() }),
    handler: ({ text }) => ok(text + "x".repeat(length)),
  });

const promptOf = (tools: readonly Tool[] = [note()], more: { key?: string; body?: string } = {}): Prompt<unknown> =>
  taskPrompt({ tools, ...more });

const noting = (...texts: readonly string[]) => callTools(texts.map((text) => ({ name: "note", arguments: { text } })));

/** The journal of a run by a script. */
const played = (script: readonly ScriptEntry[], prompt = promptOf()): Promise<Journal> => journalOf(prompt, script);

/** Branches with a model that says `branched`, and gives what the new journal holds. */
async function branched(journal: Journal, options: BranchOptions = {}, prompt = promptOf()) {
  const model = scriptedModel([say("branched")]);
  const run = await branchRun(prompt, model, journal, "run-1", { runId: "run-2", ...options });
  const outcome = await run.outcome;
  return { outcome, entries: await journal.read("run-2"), asked: model.requests[0]?.messages.length };
}

const textsOf = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.type === "tool/finished" ? [entry.result.text] : []));
const typesOf = (entries: readonly JournalEntry[], type: JournalEntry["type"]): number =>
  entries.filter((entry) => entry.type === type).length;

describe("a branch takes over", () => {
  const script = () => [noting("a"), noting("b"), noting("c"), say("done")];

  test.each([
    [0, []],
    [1, ["a"]],
    [2, ["a", "b"]],
    [3, ["a", "b", "c"]],
  ])("%i turns when told so", async (at, texts) => {
    const { outcome, entries, asked } = await branched(await played(script()), { at });
    expect(outcome).toMatchObject({ status: "completed", text: "branched", turns: at + 1 });
    expect(textsOf(entries)).toEqual(texts);
    expect(asked).toBe(1 + 2 * at);
    expect(entries[0]).toMatchObject({ type: "run/started", branched: { run: "run-1", turns: at } });
    expect(typesOf(entries, "run/started")).toBe(1);
  });

  test("all turns of a run that failed, and not its end", async () => {
    const { outcome, entries } = await branched(await played([noting("a"), gone]));
    expect(outcome).toMatchObject({ status: "completed", turns: 2 });
    expect(textsOf(entries)).toEqual(["a"]);
    expect(typesOf(entries, "run/finished")).toBe(1);
  });

  test("a run that came to no answer at all", async () => {
    const { outcome, entries } = await branched(await played([gone]));
    expect(outcome).toMatchObject({ status: "completed", turns: 1 });
    expect(entries[0]).toMatchObject({ branched: { turns: 0 } });
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
  ])("no turn of which a call has not ended: cut off at the end of call %i of three", async (count, turns) => {
    const script = [noting("a"), noting("b", "c"), noting("d")];
    const kept = await cutOffAt("tool/finished", promptOf(), script, count);
    const { outcome, entries } = await branched(kept);
    expect(outcome).toMatchObject({ status: "completed", turns });
    expect(textsOf(entries)).toEqual(turns === 1 ? [] : ["a"]);
  });

  test("contents that were kept before the run was begun anew", async () => {
    const long = () => [note(3_000)];
    const journal = await played([noting("a"), gone], promptOf(long()));
    const changed = () => promptOf(long(), { body: "Do it anew." });
    const anew = scriptedModel([noting("a"), say("done")]);
    const run = await resumeRun(changed(), anew, journal, "run-1", { onChange: "restart" });
    await run.outcome;
    expect(typesOf(await journal.read("run-1"), "content/kept")).toBe(1);
    const { outcome, entries } = await branched(journal, { at: 1 }, changed());
    expect(outcome).toMatchObject({ status: "completed", turns: 2 });
    expect([typesOf(entries, "content/kept"), typesOf(entries, "tool/finished")]).toEqual([1, 1]);
  });
});

describe("a branch is refused", () => {
  test("for another prompt", async () => {
    const journal = await played([say("done")]);
    const error = await rejectionOf(branched(journal, {}, promptOf([note()], { key: "other" })));
    expect(error).toMatchObject({ code: "RESUME_REFUSED" });
    expect(await journal.runs()).toEqual(["run-1"]);
  });

  test("for what is no prompt", async () => {
    const journal = await played([say("done")]);
    const error = await rejectionOf(branchRun({} as never, scriptedModel([]), journal, "run-1")); // as: the point is what is no prompt
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
  });

  test("and leaves nothing when it cannot be written to its end", async () => {
    const kept = await played([noting("a"), noting("b"), say("done")]);
    const { journal: full, closed } = countsClosings(failsAt(kept, "tool/finished"));
    const error = await rejectionOf(branchRun(promptOf(), scriptedModel([]), full, "run-1", { runId: "run-2" }));
    expect(error).toMatchObject({ code: "JOURNAL_FAILED" });
    expect([await kept.runs(), closed()]).toEqual([["run-1"], 1]);
  });
});

test("a branch gets an id that says what it is, unless told", async () => {
  const journal = await played([say("done")]);
  const run = await branchRun(promptOf(), scriptedModel([]), journal, "run-1", { at: 1 });
  expect(run.id).toMatch(/^run-./);
  await run.outcome;
});

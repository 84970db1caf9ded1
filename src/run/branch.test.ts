/** From which turn a branch goes on, what it takes over, and what it leaves. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { diesAt, withAppends } from "../../test/support/journal-appends.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { type Journal, type JournalEntry, memoryJournal } from "../journal/index.ts";
import { callTools, failWith, type ScriptEntry, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { type BranchOptions, branchRun, resumeRun, startRun } from "./index.ts";

const note = (length = 0): Tool =>
  tool({
    name: "note",
    description: "Notes.",
    effects: "idempotent",
    params: z.object({ text: z.string() }),
    handler: ({ text }) => ok(text + "x".repeat(length)),
  });

const promptOf = (tools: readonly Tool[] = [note()], { key = "branch", body = "Do." } = {}): Prompt<unknown> =>
  definePrompt({
    ns: "test",
    key,
    sections: [section({ key: "task", title: "Task", body: body as "Do.", tools: [...tools] })],
  }).bind({});

const noting = (...texts: readonly string[]) => callTools(texts.map((text) => ({ name: "note", arguments: { text } })));
const gone = failWith({ code: "MODEL_REJECTED", message: "gone" } as never); // as: a script knows the codes of models only

async function journalOf(script: readonly ScriptEntry[], prompt = promptOf()): Promise<Journal> {
  const journal = memoryJournal();
  await startRun(prompt, scriptedModel(script), { journal, runId: "run-1" }).outcome;
  return journal;
}

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
    const { outcome, entries, asked } = await branched(await journalOf(script()), { at });
    expect(outcome).toMatchObject({ status: "completed", text: "branched", turns: at + 1 });
    expect(textsOf(entries)).toEqual(texts);
    expect(asked).toBe(1 + 2 * at);
    expect(entries[0]).toMatchObject({ type: "run/started", branched: { run: "run-1", turns: at } });
    expect(typesOf(entries, "run/started")).toBe(1);
  });

  test("all turns of a run that failed, and not its end", async () => {
    const { outcome, entries } = await branched(await journalOf([noting("a"), gone]));
    expect(outcome).toMatchObject({ status: "completed", turns: 2 });
    expect(textsOf(entries)).toEqual(["a"]);
    expect(typesOf(entries, "run/finished")).toBe(1);
  });

  test("a run that came to no answer at all", async () => {
    const { outcome, entries } = await branched(await journalOf([gone]));
    expect(outcome).toMatchObject({ status: "completed", turns: 1 });
    expect(entries[0]).toMatchObject({ branched: { turns: 0 } });
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
  ])("no turn of which a call has not ended: cut off at the end of call %i of three", async (count, turns) => {
    const kept = memoryJournal();
    const { journal, dead } = diesAt(kept, "tool/finished", count);
    const model = scriptedModel([noting("a"), noting("b", "c"), noting("d")]);
    void startRun(promptOf(), model, { journal, runId: "run-1" });
    await dead;
    const { outcome, entries } = await branched(kept);
    expect(outcome).toMatchObject({ status: "completed", turns });
    expect(textsOf(entries)).toEqual(turns === 1 ? [] : ["a"]);
  });

  test("contents that were kept before the run was begun anew", async () => {
    const long = () => [note(3_000)];
    const journal = await journalOf([noting("a"), gone], promptOf(long()));
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
    const journal = await journalOf([say("done")]);
    const error = await rejectionOf(branched(journal, {}, promptOf([note()], { key: "other" })));
    expect(error).toMatchObject({ code: "RESUME_REFUSED" });
    expect(await journal.runs()).toEqual(["run-1"]);
  });

  test("for what is no prompt", async () => {
    const journal = await journalOf([say("done")]);
    const error = await rejectionOf(branchRun({} as never, scriptedModel([]), journal, "run-1")); // as: the point is what is no prompt
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
  });

  test("and leaves nothing when it cannot be written to its end", async () => {
    const kept = await journalOf([noting("a"), noting("b"), say("done")]);
    let closed = 0;
    const full = withAppends(kept, (step, write) =>
      step.type === "tool/finished"
        ? Promise.reject(new WinkError("JOURNAL_FAILED", { problem: "full" }))
        : write(step),
    );
    const watched: Journal = {
      ...full,
      async open(runId) {
        const writer = await full.open(runId);
        return {
          ...writer,
          async [Symbol.asyncDispose]() {
            closed++;
            await writer[Symbol.asyncDispose]();
          },
        };
      },
    };
    const error = await rejectionOf(branchRun(promptOf(), scriptedModel([]), watched, "run-1", { runId: "run-2" }));
    expect(error).toMatchObject({ code: "JOURNAL_FAILED" });
    expect([await kept.runs(), closed]).toEqual([["run-1"], 1]);
  });
});

test("a branch gets an id that says what it is, unless told", async () => {
  const journal = await journalOf([say("done")]);
  const run = await branchRun(promptOf(), scriptedModel([]), journal, "run-1", { at: 1 });
  expect(run.id).toMatch(/^run-./);
  await run.outcome;
});

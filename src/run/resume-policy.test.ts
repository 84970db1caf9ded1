/** What a run goes on with, and when it does not. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { diesAt } from "../../test/support/journal-appends.ts";
import { cutOffAt, eventsOf, gone, journalOf } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { type Filesystem, files, hostFiles, memoryFiles } from "../files/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import { BudgetLedger } from "../limits/index.ts";
import {
  callTools,
  type ScriptEntry,
  type ScriptedModel,
  say,
  sayJson,
  scriptedModel,
} from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { append, createSession, event, slice } from "../session/index.ts";
import { jsonlStore } from "../session/store/index.ts";
import { fail, ok, type Tool, tool } from "../tool/index.ts";
import { branchRun, replayRun, resumeRun, startRun } from "./index.ts";

const Noted = event("policy/noted", z.object({ text: z.string() }));
const notes = slice({
  name: "notes",
  item: Noted.schema,
  policy: "state",
  reducers: (on) => [on(Noted, (_view, { payload }) => append(payload))],
});

const ran: string[] = [];
const named = z.object({ text: z.string() });
const note = tool({
  name: "note",
  description: "Notes.",
  effects: "idempotent",
  params: named,
  handler({ text }, { session }) {
    ran.push(text);
    session.dispatch(Noted({ text }));
    return ok(`noted ${text}`);
  },
});
const write = tool({
  name: "write",
  description: "Writes.",
  effects: "workspace",
  resources: { fs: files },
  params: named,
  async handler({ text }, { fs }) {
    await fs.writeText("file", `${(await fs.readText("file")) ?? ""}${text}\n`);
    return text === "bad" ? fail("bad") : ok("written");
  },
});

interface Changes {
  readonly key?: string;
  readonly body?: string;
  readonly tools?: readonly Tool[];
  readonly fs?: Filesystem;
}

const promptOf = ({
  key = "policy",
  body = "Do.",
  tools = [note, write],
  fs = memoryFiles(),
}: Changes = {}): Prompt<unknown> =>
  definePrompt({
    ns: "test",
    key,
    sections: [section({ key: "task", title: "Task", body: body as "Do.", tools: [...tools], slices: [notes] })],
  }).bind({}, { resources: [files.bind(fs)] });

const noting = (text: string) => callTools([{ name: "note", arguments: { text } }]);
const writing = (text: string) => callTools([{ name: "write", arguments: { text } }]);

/** The journal of a run that a model ends by failing after a script. */
const failed = (script: readonly ScriptEntry[], prompt = promptOf()): Promise<Journal> =>
  journalOf(prompt, [...script, gone]);

const resumed = async (journal: Journal, model: ScriptedModel, prompt = promptOf(), options = {}) => {
  const run = await resumeRun(prompt, model, journal, "run-1", options);
  return { run, outcome: await run.outcome };
};

describe("a run", () => {
  test("that has completed is given as it ended, and nobody is asked", async () => {
    const journal = memoryJournal();
    const first = startRun(promptOf(), scriptedModel([noting("a"), say("done")]), { journal, runId: "run-1" });
    const ended = await first.outcome;
    const before = await journal.read("run-1");
    ran.length = 0;
    const { run, outcome } = await resumed(journal, scriptedModel([]));
    expect(outcome).toEqual(ended);
    expect(run.session.query(notes).all()).toEqual([{ text: "a" }]);
    expect([await journal.read("run-1"), ran]).toEqual([before, []]);
  });

  test("that failed goes on behind what it has done", async () => {
    const journal = await failed([noting("a"), noting("b")]);
    ran.length = 0;
    const model = scriptedModel([noting("c"), say("done")]);
    const { run, outcome } = await resumed(journal, model);
    expect(outcome).toMatchObject({ status: "completed", turns: 4, usage: { inputTokens: 160 } });
    expect(ran).toEqual(["c"]);
    expect(
      run.session
        .query(notes)
        .all()
        .map(({ text }) => text),
    ).toEqual(["a", "b", "c"]);
  });

  test("that was aborted, or came to a limit, goes on", async () => {
    const journal = memoryJournal();
    const first = startRun(promptOf(), scriptedModel([noting("a"), noting("b")]), {
      journal,
      runId: "run-1",
      maxTurns: 2,
    });
    expect((await first.outcome).status).toBe("partial");
    const { outcome } = await resumed(journal, scriptedModel([say("done")]), promptOf(), { maxTurns: 5 });
    expect(outcome).toMatchObject({ status: "completed", turns: 3 });
  });

  test("that came to a limit goes on with all of its tools when it has more room, and comes the same way again", async () => {
    const journal = memoryJournal();
    const script = [noting("a"), noting("b"), noting("c"), noting("d")];
    const first = startRun(promptOf(), scriptedModel(script), { journal, runId: "run-1", maxTurns: 4 });
    expect((await first.outcome).status).toBe("partial");
    const model = scriptedModel([noting("e"), gone]);
    await resumed(journal, model, promptOf(), { maxTurns: 40 });
    const last = model.requests[0]?.messages.at(-1);
    expect(last).toMatchObject({
      role: "user",
      content: [{ text: expect.stringContaining("There is more room now") }],
    });
    const { run, outcome } = await resumed(journal, scriptedModel([say("done")]), promptOf(), { maxTurns: 40 });
    expect(outcome).toMatchObject({ status: "completed", turns: 6 });
    expect(
      run.session
        .query(notes)
        .all()
        .map(({ text }) => text),
    ).toEqual(["a", "b", "c", "e"]);
    const { outcome: replayed } = await replayRun(journal, "run-1", { prompt: promptOf() });
    expect(replayed).toMatchObject({ status: "completed", turns: 6 });
  });

  test("that came to a limit and has no more room is not told otherwise", async () => {
    const journal = memoryJournal();
    const script = [noting("a"), noting("b"), noting("c"), noting("d")];
    await startRun(promptOf(), scriptedModel(script), { journal, runId: "run-1", maxTurns: 4 }).outcome;
    const { outcome } = await resumed(journal, scriptedModel([]), promptOf(), { maxTurns: 4 });
    expect(outcome).toMatchObject({ status: "partial", reason: "max-turns" });
    expect((await journal.read("run-1")).some(({ type }) => type === "wrap-up/lifted")).toBe(false);
  });

  test("tells of its first steps with their times, and that it goes on", async () => {
    const journal = await failed([noting("a")]);
    const run = await resumeRun(promptOf(), scriptedModel([say("done")]), journal, "run-1");
    expect((await eventsOf(run)).map(({ type }) => type)).toEqual([
      "run/started",
      "run/resumed",
      "prompt/rendered",
      "model/requested",
      "model/responded",
      "tool/started",
      "tool/finished",
      "model/requested", // the one that failed
      "model/requested",
      "model/responded",
      "run/finished",
    ]);
  });

  test("of another prompt, or that is not there, is refused", async () => {
    const journal = await failed([noting("a")]);
    const other = await rejectionOf(resumed(journal, scriptedModel([]), promptOf({ key: "other" })));
    expect(other).toMatchObject({
      code: "RESUME_REFUSED",
      details: { expected: "test:policy", received: "test:other" },
    });
    expect(await rejectionOf(resumeRun(promptOf(), scriptedModel([]), journal, "run-9"))).toMatchObject({
      code: "JOURNAL_MISSING",
    });
  });

  test("that has ended is refused for another prompt too", async () => {
    const journal = memoryJournal();
    await startRun(promptOf(), scriptedModel([say("done")]), { journal, runId: "run-1" }).outcome;
    const error = await rejectionOf(resumed(journal, scriptedModel([]), promptOf({ key: "other" })));
    expect(error).toMatchObject({ code: "RESUME_REFUSED" });
  });

  test("takes no session that it has worked on: its events would be in it twice", async () => {
    const session = createSession();
    const journal = memoryJournal();
    const model = scriptedModel([noting("a"), noting("b")]);
    await startRun(promptOf(), model, { journal, session, runId: "run-1", maxTurns: 2 }).outcome;
    const error = await rejectionOf(resumed(journal, scriptedModel([say("done")]), promptOf(), { session }));
    expect(error).toMatchObject({ code: "RESUME_REFUSED", details: { expected: 0, received: 1 } });
  });

  test("takes none when it has ended, either", async () => {
    const session = createSession();
    const journal = await journalOf(promptOf(), [noting("a"), say("done")], { session });
    const error = await rejectionOf(resumed(journal, scriptedModel([]), promptOf(), { session }));
    expect(error).toMatchObject({ code: "RESUME_REFUSED" });
    expect(session.query(notes).all()).toEqual([{ text: "a" }]);
  });

  test("is counted once by a ledger that outlives it", async () => {
    const journal = memoryJournal();
    const budget = new BudgetLedger({ turns: 10 });
    const model = scriptedModel([noting("a"), noting("b")]);
    await startRun(promptOf(), model, { journal, budget, runId: "run-1", maxTurns: 2 }).outcome;
    await resumed(journal, scriptedModel([say("done")]), promptOf(), { budget });
    expect(budget.used.turns).toBe(3);
    const other = new BudgetLedger({ turns: 10 });
    await resumed(journal, scriptedModel([]), promptOf(), { budget: other });
    expect(other.used.turns).toBe(3);
  });

  test("whose journal was edited ends there, and nothing is added", async () => {
    const journal = await failed([noting("a"), noting("b")]);
    const entries = await journal.read("run-1");
    const forged: Journal = {
      ...journal,
      read: async () =>
        entries.map((entry) =>
          entry.type === "tool/finished" ? { ...entry, result: { ...entry.result, text: "forged" } } : entry,
        ),
    };
    const { outcome } = await resumed(forged, scriptedModel([say("done")]));
    expect(outcome).toMatchObject({ status: "failed", error: { code: "JOURNAL_INVALID" } });
    expect(outcome.status === "failed" && outcome.error.message).toContain("entry");
    expect(await journal.read("run-1")).toEqual(entries);
  });
});

describe("a prompt that has changed", () => {
  const changed = () => promptOf({ body: "Do it well." });

  test("goes on with the texts of the journal", async () => {
    const model = scriptedModel([say("done")]);
    const { outcome } = await resumed(await failed([noting("a")]), model, changed());
    expect(outcome.status).toBe("completed");
    expect(model.requests[0]?.system).toContain("Do.");
  });

  test("is refused when that is wanted", async () => {
    const journal = await failed([noting("a")]);
    const error = await rejectionOf(resumed(journal, scriptedModel([]), changed(), { onChange: "refuse" }));
    expect(error).toMatchObject({ code: "RESUME_REFUSED" });
    expect(String(error)).toContain("definition");
  });

  test("begins anew in the same journal when that is wanted", async () => {
    const journal = await failed([noting("a")]);
    const model = scriptedModel([noting("z"), say("done")]);
    const { run, outcome } = await resumed(journal, model, changed(), { onChange: "restart" });
    expect(outcome).toMatchObject({ status: "completed", turns: 2, runId: "run-1" });
    expect(model.requests[0]?.system).toContain("Do it well.");
    expect(run.session.query(notes).all()).toEqual([{ text: "z" }]);
    expect((await resumed(journal, scriptedModel([]), changed())).outcome).toEqual(outcome);
  });

  test("begins anew with the session that the run began with", async () => {
    const session = createSession();
    session.install([notes]);
    session.dispatch(Noted({ text: "before" }));
    const journal = memoryJournal();
    const model = scriptedModel([noting("a"), noting("b")]);
    await startRun(promptOf(), model, { journal, session, runId: "run-1", maxTurns: 2 }).outcome;
    const { run } = await resumed(journal, scriptedModel([say("done")]), changed(), { onChange: "restart" });
    expect(run.session.query(notes).all()).toEqual([{ text: "before" }]);
  });

  test("goes on as another run when that is wanted", async () => {
    const journal = await failed([noting("a")]);
    const before = await journal.read("run-1");
    const { run, outcome } = await resumed(journal, scriptedModel([say("done")]), changed(), { onChange: "branch" });
    expect(outcome).toMatchObject({ status: "completed", turns: 2 });
    expect(run.id).not.toBe("run-1");
    expect(await journal.read("run-1")).toEqual(before);
    expect((await journal.read(run.id))[0]).toMatchObject({
      type: "run/started",
      branched: { run: "run-1", turns: 1 },
    });
  });

  test("is refused without the tool in whose call the run was cut off, and goes on without others", async () => {
    const kept = await cutOffAt("tool/finished", promptOf(), [writing("x"), noting("a")], 2);
    const error = await rejectionOf(resumed(kept, scriptedModel([]), promptOf({ tools: [write] })));
    expect(error).toMatchObject({ code: "RESUME_REFUSED", details: { tool: "note" } });
    const other = await failed([noting("a")]);
    expect((await resumed(other, scriptedModel([say("done")]), promptOf({ tools: [write] }))).outcome.status).toBe(
      "completed",
    );
  });
});

describe("a branch", () => {
  test("takes over some turns and goes on with another model", async () => {
    const journal = memoryJournal();
    const script = [noting("a"), noting("b"), noting("c"), say("done")];
    await startRun(promptOf(), scriptedModel(script), { journal, runId: "run-1" }).outcome;
    const model = scriptedModel([noting("other"), say("otherwise")]);
    const run = await branchRun(promptOf(), model, journal, "run-1", { at: 2, runId: "run-2" });
    expect(await run.outcome).toMatchObject({ status: "completed", text: "otherwise", turns: 4, runId: "run-2" });
    expect(
      run.session
        .query(notes)
        .all()
        .map(({ text }) => text),
    ).toEqual(["a", "b", "other"]);
    expect(await rejectionOf(branchRun(promptOf(), model, journal, "run-1", { runId: "run-2" }))).toMatchObject({
      code: "INPUT_INVALID",
    });
  });
});

test("a branch from before a repair does not hold it", async () => {
  const journal = memoryJournal();
  const prompt = () =>
    definePrompt({
      ns: "test",
      key: "repair",
      output: z.object({ n: z.int() }),
      sections: [section({ key: "task", title: "Task", body: "Do.", tools: [note], slices: [notes] })],
    }).bind({});
  const script = [noting("a"), say("no JSON"), sayJson({ n: 1 })];
  await startRun(prompt(), scriptedModel(script), { journal, runId: "run-1" }).outcome;
  const run = await branchRun(prompt(), scriptedModel([sayJson({ n: 2 })]), journal, "run-1", {
    at: 1,
    runId: "run-2",
  });
  expect(await run.outcome).toMatchObject({ status: "completed", output: { n: 2 } });
  expect((await journal.read("run-2")).some(({ type }) => type === "repair/requested")).toBe(false);
});

describe("files", () => {
  test("in memory travel in the journal, with all that calls have changed", async () => {
    const journal = await failed(
      [writing("one"), writing("bad"), writing("two")],
      promptOf({ fs: memoryFiles({ file: "zero\n", other: "kept" }) }),
    );
    const fs = memoryFiles({ stray: "not of the run" });
    await resumed(journal, scriptedModel([writing("three"), say("done")]), promptOf({ fs }));
    expect(await fs.readText("file")).toBe("zero\none\ntwo\nthree\n");
    expect(await fs.glob("**")).toEqual(["file", "other"]);
  });

  test("of a host folder must be those that the run has left, and a call that was cut off is taken back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wink-resume-"));
    const [root, elsewhere] = [mkdtempSync(join(folder, "root-")), mkdtempSync(join(folder, "other-"))];
    const state = join(folder, "state");
    const kept = memoryJournal();
    {
      await using fs = await hostFiles({ root, state });
      const { journal, dead } = diesAt(kept, "tool/finished", 2);
      void startRun(promptOf({ fs }), scriptedModel([writing("one"), writing("two")]), { journal, runId: "run-1" });
      await dead;
    }
    expect(readFileSync(join(root, "file"), "utf8")).toBe("one\ntwo\n");
    await using other = await hostFiles({ root: elsewhere });
    const wrong = await resumed(kept, scriptedModel([]), promptOf({ fs: other }));
    expect(wrong.outcome).toMatchObject({ status: "failed", error: { code: "WORKSPACE_MISSING" } });
    const none = await resumed(kept, scriptedModel([]), promptOf());
    expect(none.outcome).toMatchObject({ status: "failed", error: { code: "WORKSPACE_MISSING" } });
    {
      await using fs = await hostFiles({ root, state });
      const { outcome } = await resumed(kept, scriptedModel([say("done")]), promptOf({ fs }));
      expect(outcome).toMatchObject({ status: "completed" });
    }
    expect(readFileSync(join(root, "file"), "utf8")).toBe("one\ntwo\n");
    rmSync(folder, { recursive: true });
  });
});

test("a slice with a store holds what was applied once, whether the store or the journal is behind", async () => {
  const directory = mkdtempSync(join(tmpdir(), "wink-resume-"));
  const kept = memoryJournal();
  {
    await using store = await jsonlStore(notes, { directory });
    const session = createSession({ stores: [store] });
    const { journal, dead } = diesAt(kept, "model/requested", 3);
    void startRun(promptOf(), scriptedModel([noting("a"), noting("b")]), { journal, session, runId: "run-1" });
    await dead;
  }
  await using store = await jsonlStore(notes, { directory });
  expect(store.view().all()).toHaveLength(2);
  const session = createSession({ stores: [store] });
  const { outcome } = await resumed(kept, scriptedModel([noting("c"), say("done")]), promptOf(), { session });
  expect(outcome.status).toBe("completed");
  for (const view of [session.query(notes), store.view()]) {
    expect(view.all()).toEqual([{ text: "a" }, { text: "b" }, { text: "c" }]);
  }
  rmSync(directory, { recursive: true });
});

/** Places where runs that go on, or are replayed, could do too much or too little. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { dyingJournal } from "../../test/support/durable-life.ts";
import { cutOffAt } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { type Filesystem, files, hostFiles, memoryFiles } from "../files/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import { callTools, say, sayJson, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { append, createSession, event, slice } from "../session/index.ts";
import { memoryStore } from "../session/store/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { type Effects, ok, type Tool, tool } from "../tool/index.ts";
import { answer, branchRun, openQuestions, type Run, replayRun, resumeRun, startRun } from "./index.ts";

const Done = event("edges/done", z.object({ name: z.string() }));
const done = slice({
  name: "done",
  item: Done.schema,
  policy: "state",
  reducers: (on) => [on(Done, (_view, { payload }) => append(payload))],
});

const ran: string[] = [];

/** A tool that does what its effects say, and notes what of it has run. */
function doing(effects: Effects, work: () => string | Promise<string> = () => "done"): Tool {
  const definition = {
    name: "work",
    description: "Works.",
    resources: { fs: files },
    params: z.object({ name: z.string().default("x") }),
    async handler({ name }: { name: string }, { session }: { session: { dispatch(of: object): void } }) {
      ran.push("handler");
      session.dispatch(Done({ name }));
      return ok(await work());
    },
    undo: () => void ran.push("undo"),
    reconcile: () => {
      ran.push("reconcile");
      return ok("reconciled");
    },
  };
  return tool({ ...definition, effects } as never) as Tool;
}

interface Parts {
  readonly tools: readonly Tool[];
  readonly fs?: Filesystem;
  readonly body?: string;
  readonly output?: z.ZodType<object>;
}

const promptOf = ({ tools, fs = memoryFiles(), body = "Do.", output }: Parts): Prompt<unknown> =>
  definePrompt({
    ns: "test",
    key: "edges",
    ...(output !== undefined && { output }),
    sections: [section({ key: "task", title: "Task", body: body as "Do.", tools: [...tools], slices: [done] })],
  }).bind({}, { resources: [files.bind(fs)] });

const asked = callTools([{ name: "work" }]);
const working = (name = "x") => callTools([{ name: "work", arguments: { name } }]);

const ended = async (run: Promise<Run<unknown>>) => (await run).outcome;

describe("a replay of recorded tools", () => {
  test.each(["none", "workspace", "idempotent", "compensable", "external"] as const)(
    "runs nothing of a call with effects %s that was cut off",
    async (effects) => {
      const journal = await cutOffAt("tool/finished", promptOf({ tools: [doing(effects)] }), [working()]);
      ran.length = 0;
      const { outcome } = await replayRun(journal, "run-1", { prompt: promptOf({ tools: [doing(effects)] }) });
      expect([outcome.status, ran]).toEqual(["aborted", []]);
    },
  );

  test("of a run that waits tells what it waited for, also when that was answered since", async () => {
    const journal = memoryJournal();
    const asking = tool({
      name: "work",
      description: "Asks.",
      effects: "external",
      async handler(_params, { suspend }) {
        await suspend({ question: "May I?", answer: z.boolean() });
        ran.push("paid");
        return ok("paid");
      },
    });
    const prompt = () => promptOf({ tools: [asking] });
    await startRun(prompt(), scriptedModel([asked]), { journal, runId: "run-1" }).outcome;
    for (const step of ["waiting", "answered"]) {
      if (step === "answered") await answer(journal, "run-1", true);
      ran.length = 0;
      const { outcome } = await replayRun(journal, "run-1", { prompt: prompt() });
      expect(outcome).toMatchObject({ status: "suspended", questions: [{ ask: "May I?" }] });
      expect(ran).toEqual([]);
    }
  });

  test("compares long results of tools that are run", async () => {
    for (const length of [2_047, 2_048, 5_000]) {
      const journal = memoryJournal();
      const prompt = () => promptOf({ tools: [doing("none", () => "x".repeat(length))] });
      await startRun(prompt(), scriptedModel([working(), say("done")]), { journal, runId: "run-1" }).outcome;
      const { outcome } = await replayRun(journal, "run-1", { prompt: prompt(), tools: "live" });
      expect(outcome.status).toBe("completed");
    }
  });
});

describe("a call that was cut off", () => {
  test("is taken back in a host folder, also when its tool takes other arguments today", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wink-edges-"));
    const [root, state] = [join(folder, "root"), join(folder, "state")];
    mkdirSync(root);
    writeFileSync(join(root, "a"), "orig");
    const spoiling = (fs: Filesystem) =>
      doing("workspace", async () => {
        await fs.writeText("a", "HALF DONE");
        return "done";
      });
    let journal: Journal;
    {
      await using fs = await hostFiles({ root, state });
      journal = await cutOffAt("tool/finished", promptOf({ tools: [spoiling(fs)], fs }), [working()]);
    }
    expect(readFileSync(join(root, "a"), "utf8")).toBe("HALF DONE");
    {
      await using fs = await hostFiles({ root, state });
      const other = tool({ ...spoiling(fs), params: z.object({ other: z.int() }), resources: {} } as never) as Tool;
      const outcome = await ended(
        resumeRun(promptOf({ tools: [other], fs }), scriptedModel([say("done")]), journal, "run-1"),
      );
      expect(outcome.status).toBe("completed");
    }
    expect(readFileSync(join(root, "a"), "utf8")).toBe("orig");
    expect((await journal.read("run-1")).find(({ type }) => type === "tool/finished")).toMatchObject({
      status: "failed",
    });
    rmSync(folder, { recursive: true });
  });

  test("keeps the effects that it was begun with, however often it is cut off and whatever the tool says since", async () => {
    const kept = await cutOffAt("tool/finished", promptOf({ tools: [doing("external")] }), [working()]);
    const now = () => promptOf({ tools: [doing("idempotent")] });
    const dead = Promise.withResolvers<void>();
    const die = (): Promise<never> => {
      dead.resolve();
      return new Promise(() => undefined);
    };
    void resumeRun(now(), scriptedModel([]), dyingJournal(kept, { when: "after", at: 1, die }), "run-1");
    await dead.promise;
    ran.length = 0;
    const outcome = await ended(resumeRun(now(), scriptedModel([say("done")]), kept, "run-1"));
    expect([outcome.status, ran]).toEqual(["completed", ["reconcile"]]);
    const ends = (await kept.read("run-1")).filter(({ type }) => type === "tool/finished");
    expect(ends).toMatchObject([{ status: "committed", result: { text: "reconciled" } }]);
  });
});

describe("a run that has ended", () => {
  test("is given as it ended, whatever the code, the files and the limits are today", async () => {
    const journal = memoryJournal();
    const first = promptOf({ tools: [doing("workspace")], output: z.object({ a: z.string() }) });
    await startRun(first, scriptedModel([working(), sayJson({ a: "old" })]), { journal, runId: "run-1" }).outcome;
    const before = await journal.read("run-1");
    const model = scriptedModel([]);
    const other = promptOf({ tools: [], output: z.object({ b: z.string() }) });
    const controller = new AbortController();
    for (const options of [{ maxTurns: 1 }, { onChange: "refuse" as const }, { signal: controller.signal }]) {
      const outcome = await ended(resumeRun(other, model, journal, "run-1", options));
      expect(outcome).toMatchObject({ status: "completed", output: { a: "old" }, turns: 2 });
    }
    expect([model.requests, await journal.read("run-1")]).toEqual([[], before]);
  });

  test("does not end the writer of another run when a branch is refused, and a refused branch leaves nothing", async () => {
    const journal = memoryJournal();
    await startRun(promptOf({ tools: [doing("none")] }), scriptedModel([say("done")]), { journal, runId: "run-1" })
      .outcome;
    await using living = await journal.open("living");
    await living.append({ type: "run/finished", status: "partial", turns: 0, usage: {} });
    const error = await rejectionOf(
      branchRun(promptOf({ tools: [] }), scriptedModel([]), journal, "run-1", { runId: "living" }),
    );
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
    expect(await living.append({ type: "run/finished", status: "partial", turns: 1, usage: {} })).toBe(1);
    const refused = rejectionOf(
      branchRun(promptOf({ tools: [] }), scriptedModel([]), journal, "run-1", { runId: "new", session: used() }),
    );
    expect(await refused).toMatchObject({ code: "RESUME_REFUSED" });
    expect(await journal.runs()).toEqual(["living", "run-1"]);
  });
});

/** A session that holds an event. */
function used() {
  const session = createSession();
  session.install([done]);
  session.dispatch(Done({ name: "before" }));
  return session;
}

test("a branch of a run that was begun anew is one of its second life", async () => {
  const journal = memoryJournal();
  const model = scriptedModel([working("old"), working("old")]);
  await startRun(promptOf({ tools: [doing("none")] }), model, { journal, runId: "run-1", maxTurns: 2 }).outcome;
  const changed = () => promptOf({ tools: [doing("none")], body: "Do it anew." });
  const anew = scriptedModel([working("new"), say("done")]);
  await ended(resumeRun(changed(), anew, journal, "run-1", { onChange: "restart" }));
  const run = await branchRun(changed(), scriptedModel([say("branched")]), journal, "run-1", { at: 1, runId: "run-2" });
  expect(await run.outcome).toMatchObject({ status: "completed", turns: 2 });
  expect(run.session.query(done).all()).toEqual([{ name: "new" }]);
});

test("a run that is begun anew adds to a store what its second life does", async () => {
  const journal = memoryJournal();
  const store = memoryStore(done);
  const model = scriptedModel([working("old"), working("old")]);
  const prompt = (body: string) => promptOf({ tools: [doing("none")], body });
  await startRun(prompt("Do."), model, {
    journal,
    runId: "run-1",
    maxTurns: 2,
    session: createSession({ stores: [store] }),
  }).outcome;
  const before = store.view().all().length;
  const session = createSession({ stores: [store] });
  const anew = scriptedModel([working("new"), say("done")]);
  await ended(resumeRun(prompt("Anew."), anew, journal, "run-1", { onChange: "restart", session }));
  expect(store.view().all().slice(before)).toEqual([{ name: "new" }]);
});

test("a file of any name goes with its run", async () => {
  const names = ["__proto__", "constructor", ".env", "a b"];
  const fs = memoryFiles();
  for (const name of names) await fs.writeText(name, name);
  const journal = await cutOffAt("model/requested", promptOf({ tools: [], fs }), []);
  const other = memoryFiles();
  await ended(resumeRun(promptOf({ tools: [], fs: other }), scriptedModel([say("done")]), journal, "run-1"));
  expect(await other.glob("**")).toEqual([...names].sort());
});

describe("a question", () => {
  const asking = (ask: object, undo = false): Tool =>
    tool({
      name: "work",
      description: "Asks.",
      effects: undo ? "compensable" : "none",
      async handler(_params: object, { suspend }: { suspend(of: object): Promise<unknown> }) {
        if (undo) throw new Error("broken");
        await suspend(ask);
        return ok("answered");
      },
      undo: async (_params: object, _value: unknown, { suspend }: { suspend(of: object): Promise<unknown> }) =>
        void (await suspend(ask)),
    } as never) as Tool;
  const resultOf = async (made: Tool) => {
    const journal = memoryJournal();
    await startRun(promptOf({ tools: [made] }), scriptedModel([asked, say("done")]), { journal, runId: "run-1" })
      .outcome;
    const end = (await journal.read("run-1")).find((entry) => entry.type === "tool/finished");
    return end?.type === "tool/finished" ? `${end.status}: ${end.result.text}` : undefined;
  };

  test.each([
    [{ question: 1n, answer: z.boolean() }, /failed: .*question.*bigint/],
    [{ question: undefined, answer: z.boolean() }, /failed: .*question.*is undefined/],
    [{ question: "?", answer: z.boolean(), expiresInMs: Number.NaN }, /failed: .*expiresInMs/],
  ])("that a journal cannot hold fails its call", async (ask, text) => {
    expect(await resultOf(asking(ask))).toMatch(text);
  });

  test("cannot be asked by what takes a call back", async () => {
    expect(await resultOf(asking({ question: "?", answer: z.boolean() }, true))).toMatch(/unknown: .*cannot ask/);
  });

  test("that nobody waits for ends neither the call nor the process", async () => {
    const careless = tool({
      name: "work",
      description: "Asks.",
      effects: "none",
      handler(_params, { suspend }) {
        void suspend({ question: "?", answer: z.boolean() });
        return ok("went on");
      },
    });
    const journal = memoryJournal();
    const outcome = await startRun(promptOf({ tools: [careless] }), scriptedModel([asked]), {
      journal,
      runId: "run-1",
    }).outcome;
    expect(outcome.status).toBe("suspended");
  });

  test.each([undefined, Number.NaN, () => undefined, 1n])("takes no answer that is no JSON: %s", async (value) => {
    const journal = memoryJournal();
    const made = asking({ question: "?", answer: z.boolean() });
    await startRun(promptOf({ tools: [made] }), scriptedModel([asked]), { journal, runId: "run-1" }).outcome;
    expect(await rejectionOf(answer(journal, "run-1", value as never))).toMatchObject({ code: "INPUT_INVALID" });
    expect(await openQuestions(journal, "run-1", { clock: createFakeClock() })).toHaveLength(1);
  });
});

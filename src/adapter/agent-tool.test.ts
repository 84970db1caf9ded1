/** Subagents: what they share with their parents, and what becomes of them when a process dies. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { dyingJournal } from "../../test/support/durable-life.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { type Filesystem, files, memoryFiles } from "../files/index.ts";
import { type Journal, memoryJournal, pruneRuns } from "../journal/index.ts";
import { BudgetLedger } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, refuse, type ScriptEntry, say, sayJson, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { ok, tool } from "../tool/index.ts";
import { agentTool, answer, modelAdapter, type Outcome, resume } from "./index.ts";

const write = tool({
  name: "write",
  description: "Writes.",
  effects: "workspace",
  resources: { fs: files },
  params: z.object({ path: z.string() }),
  async handler({ path }, { fs }) {
    await fs.writeText(path, path);
    return ok("written");
  },
});
const approve = tool({
  name: "approve",
  description: "Asks.",
  effects: "none",
  async handler(_params, { suspend }) {
    const reply = await suspend({ question: "May I?", answer: z.object({ yes: z.boolean() }) });
    return ok(reply.expired ? "expired" : String(reply.value.yes));
  },
});

const promptOf = (
  key: string,
  fs: Filesystem,
  tools: readonly (typeof write | typeof approve)[],
  output?: z.ZodType<object>,
) =>
  definePrompt({
    ns: "test",
    key,
    ...(output !== undefined && { output }),
    sections: [section({ key: "task", title: "Task", body: "Do.", tools: [...tools] })],
  }).bind({}, { resources: [files.bind(fs)] }) as Prompt<unknown>;

const writing = (path: string) => callTools([{ name: "write", arguments: { path } }]);
const asking = callTools([{ name: "child" }]);

/** A parent with one subagent, whose tools work on the files that `sharing` gives it. */
function family(child: Model, sharing: "borrowed" | "own" | "same" = "own") {
  return (fs: Filesystem) => {
    const common = { adapter: modelAdapter(child), name: "child", description: "Works." } as const;
    const borrowing = agentTool(
      (_params: object, shared: { fs: Filesystem }) => promptOf("child", shared.fs, [write, approve]),
      {
        ...common,
        resources: { fs: files },
      },
    );
    const own = agentTool(promptOf("child", sharing === "same" ? fs : memoryFiles(), [write, approve]), common);
    return promptOf("parent", fs, [write, sharing === "borrowed" ? borrowing : own] as never);
  };
}

const statusOf = async (journal: Journal) => {
  const ends = (await journal.read("run-1")).filter((entry) => entry.type === "tool/finished");
  return ends.map(({ status, result }) => `${status}: ${result.text}`);
};

async function ran(
  parent: readonly ScriptEntry[],
  child: readonly ScriptEntry[],
  sharing?: "borrowed" | "own" | "same",
  options = {},
) {
  const journal = memoryJournal();
  const fs = memoryFiles();
  const adapter = modelAdapter(scriptedModel([...parent]));
  const run = adapter.run(family(scriptedModel([...child]), sharing)(fs), { journal, runId: "run-1", ...options });
  const outcome: Outcome<unknown> = await run.outcome;
  return { outcome, journal, fs, results: await statusOf(journal) };
}

describe("a subagent", () => {
  test("has a run of its own in its parent's journal, linked to the call", async () => {
    const { journal, results } = await ran([asking, say("done")], [writing("a"), say("worked")]);
    expect(results).toEqual(["committed: worked"]);
    const [child = ""] = (await journal.runs()).filter((id) => id !== "run-1");
    expect((await journal.read(child))[0]).toMatchObject({
      type: "run/started",
      parent: { run: "run-1", call: "call-1-1" },
    });
  });

  test.each([
    ["refuses", [refuse("I would rather not.")], "failed: The agent test:child refused: I would rather not."],
    [
      "comes to a limit",
      [say("half", { finish: "length" } as never)],
      "failed: The agent test:child came to a limit before it was done (output-length: The answer of turn 1 was cut off after 10 tokens, at the limit for one answer.) Its last words: half",
    ],
  ] as const)("that %s fails the call", async (_how, child, text) => {
    const { results, outcome } = await ran([asking, say("done")], child);
    expect(results[0]).toContain(text);
    expect(outcome.status).toBe("completed");
  });

  test("uses the budget of its parent", async () => {
    const ledger = new BudgetLedger({ turns: 3 });
    const { outcome } = await ran([asking, say("done")], [writing("a"), writing("b"), say("worked")], "own", {
      budget: ledger,
    });
    expect(ledger.used.turns).toBe(3);
    expect(outcome).toMatchObject({ status: "partial", reason: "budget" });
  });

  test("asks through its parent, and no turn is counted twice when they go on", async () => {
    const journal = memoryJournal();
    const budget = new BudgetLedger({ turns: 10 });
    const model = scriptedModel([asking, say("done")]);
    const child = scriptedModel([callTools([{ name: "approve" }]), say("worked")]);
    const adapter = modelAdapter(model);
    const prompt = family(child);
    const first = await adapter.run(prompt(memoryFiles()), { journal, runId: "run-1", budget }).outcome;
    expect(first).toMatchObject({
      status: "suspended",
      questions: [{ tool: "child", ask: { agent: "test:child", question: "May I?" } }],
    });
    await answer(journal, "run-1", "wrong");
    const second = await (await resume(journal, "run-1", { adapter, prompt: prompt(memoryFiles()), budget })).outcome;
    expect(second).toMatchObject({
      status: "suspended",
      questions: [{ ask: { problem: expect.stringContaining("object") } }],
    });
    await answer(journal, "run-1", { yes: true });
    const third = await (await resume(journal, "run-1", { adapter, prompt: prompt(memoryFiles()), budget })).outcome;
    expect(third).toMatchObject({ status: "completed" });
    expect(budget.used.turns).toBe(4);
  });

  test("shares the files that its call borrows, also with a parent that goes on elsewhere", async () => {
    const kept = memoryJournal();
    const dead = Promise.withResolvers<void>();
    const die = (): Promise<never> => {
      dead.resolve();
      return new Promise(() => undefined);
    };
    // the parent's last request is never written
    const { journal: reference } = await ran(
      [asking, writing("p"), say("done")],
      [writing("c"), say("worked")],
      "borrowed",
    );
    const writes = (await Promise.all((await reference.runs()).map((id) => reference.read(id)))).flat().length;
    const journal = dyingJournal(kept, { when: "before", at: writes - 2, die });
    const prompt = family(scriptedModel([writing("c"), say("worked")]), "borrowed");
    void modelAdapter(scriptedModel([asking, writing("p"), say("done")])).run(prompt(memoryFiles()), {
      journal,
      runId: "run-1",
    });
    await dead.promise;
    const fs = memoryFiles();
    const adapter = modelAdapter(scriptedModel([say("done")]));
    const run = await resume(kept, "run-1", { adapter, prompt: family(scriptedModel([]), "borrowed")(fs) });
    expect((await run.outcome).status).toBe("completed");
    expect(await fs.glob("**")).toEqual(["c", "p"]);
  });

  test("does not share files behind the back of its call", async () => {
    const { results } = await ran([asking, say("done")], [writing("c"), say("worked")], "same");
    expect(results[0]).toContain('The resource "files" cannot be shared unsaid.');
  });

  test("keeps its finished run in the journal until its parent has ended", async () => {
    const { journal } = await ran(
      [asking, callTools([{ name: "write", arguments: { path: "" } }])],
      [say("worked")],
      "own",
      { maxTurns: 1 },
    );
    const entries = await journal.read("run-1");
    const cut: Journal = { ...journal, read: async (id) => (id === "run-1" ? entries.slice(0, -1) : journal.read(id)) };
    const { removed, kept } = await pruneRuns(cut, { keepLast: 0 });
    expect([removed, kept.map(({ reason }) => reason)]).toEqual([[], ["unfinished", "unfinished"]]);
  });
});

test("the answer of a subagent with a form is JSON", async () => {
  const journal = memoryJournal();
  const adapter = modelAdapter(scriptedModel([sayJson({ found: 3 })]));
  const child = agentTool(promptOf("research", memoryFiles(), [], z.object({ found: z.int() })), {
    adapter,
    description: "Researches.",
  });
  const parent = promptOf("parent", memoryFiles(), [child] as never);
  const model = scriptedModel([callTools([{ name: "research" }]), say("done")]);
  await modelAdapter(model).run(parent, { journal, runId: "run-1" }).outcome;
  expect(await statusOf(journal)).toEqual(['committed: {"found":3}']);
});

test.each<[object, string]>([
  [{ maxTurn: 3 }, "agent tool, maxTurn: There is no such option."],
  [{ maxTurns: 0 }, "agent tool, maxTurns: This cannot be used. Expected a whole number from 1 on."],
  [{ adapter: scriptedModel([]) }, "agent tool, adapter: This cannot be used."],
  [{ name: " " }, "agent tool, name: This cannot be used."],
  [{ budget: { turn: 1 } }, "budget, turn:"],
])("options of an agent tool are told where they are given: %j", (wrong, said) => {
  const right = { adapter: modelAdapter(scriptedModel([])), description: "Researches." };
  const make = () => agentTool(promptOf("research", memoryFiles(), []), { ...right, ...wrong });
  expect(thrownBy(make).message).toContain(said);
});

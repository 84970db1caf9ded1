/** Faults that were found once, each with the promise that it broke. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { failsAt } from "../../test/support/journal-appends.ts";
import { type Filesystem, files, memoryFiles } from "../files/index.ts";
import { type Journal, type JournalEntry, memoryJournal, type ToolFinished } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { answerWith, callTools, say, scriptedModel, silence } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { type Binding, token } from "../resources/index.ts";
import { appendAll, createSession, event, type Slice, slice } from "../session/index.ts";
import { fail, ok, type Tool, tool } from "../tool/index.ts";
import { type RunOptions, startRun } from "./index.ts";

const Noted = event("test/noted", z.object({ text: z.string() }));
const notes = slice({ name: "notes", item: Noted.schema, reducers: (on) => [on(Noted, appendAll())] });

const promptOf = (tools: readonly Tool[], resources: readonly Binding[] = [], slices: readonly Slice[] = []): Prompt =>
  definePrompt({
    ns: "test",
    key: "regression",
    sections: [section({ key: "all", title: "All", body: "Go.", tools, slices: [notes, ...slices] })],
  }).bind({}, { resources });

const finished = (entries: readonly JournalEntry[]): readonly ToolFinished[] =>
  entries.filter((entry) => entry.type === "tool/finished");

async function runAndRead(prompt: Prompt, model: Model, options: RunOptions = {}) {
  const run = startRun(prompt, model, options);
  const outcome = await run.outcome;
  return { run, outcome, entries: await run.journal.read(run.id) };
}

/** A workspace of which one method can be broken. */
const broken = (changes: Partial<Filesystem>): Filesystem => ({ ...memoryFiles({ "a.txt": "a" }), ...changes });

const write = (after: () => unknown): Tool =>
  tool({
    name: "write",
    description: "Write.",
    effects: "workspace",
    resources: { fs: files },
    async handler(_params, context) {
      await context.fs.writeText("new.txt", "new");
      after();
      return ok("");
    },
  });

const broke = (): never => {
  throw new Error("broke");
};

describe("the way back", () => {
  it("is gone also when nobody can tell what the call changed", async () => {
    const fs = broken({ changes: async () => broke() });
    const { outcome, entries } = await runAndRead(
      promptOf([write(() => undefined)], [files.bind(fs)]),
      scriptedModel([callTools([{ name: "write" }]), say("done")]),
    );
    expect(outcome.status).toBe("completed");
    expect(finished(entries)).toMatchObject([{ status: "failed", result: { failed: true } }]);
    expect(await fs.stat("new.txt")).toBeUndefined();
  });

  it("is all or nothing: when one resource cannot be taken back, the others are left as the call left them", async () => {
    const steps: string[] = [];
    const store = (name: string, restore: (id: string) => unknown) => {
      let taken = 0;
      return token<object>(name, {
        guard: (value) => value,
        transaction: {
          snapshot: async () => ({ id: `${name}${++taken}` }),
          changes: async () => [],
          async restore(_value, { id }) {
            steps.push(id);
            restore(id);
          },
        },
      });
    };
    const [a, b, c] = [
      store("a", () => undefined),
      store("b", (id) => id === "b1" && broke()),
      store("c", () => undefined),
    ];
    const use = tool({
      name: "use",
      description: "Use.",
      effects: "workspace",
      resources: { a, b, c },
      handler: broke,
    });
    const { outcome, entries } = await runAndRead(
      promptOf([use], [a.bind({}), b.bind({}), c.bind({})]),
      scriptedModel([callTools([{ name: "use" }, { name: "use" }]), say("never")]),
    );
    expect(steps).toEqual(["c1", "b1", "b2", "c2"]);
    expect(outcome).toMatchObject({
      status: "failed",
      error: {
        code: "RESTORE_FAILED",
        message: expect.stringContaining("could not be taken back in b, so all that it changed is as it left it"),
        details: { resources: ["b"], mixed: [] },
      },
    });
    expect(finished(entries).map(({ call, status }) => [call, status])).toEqual([
      ["call-1-1", "failed"],
      ["call-1-2", "refused"],
    ]);
  });

  it("says so when not even that can be done", async () => {
    const fs = broken({ restore: async () => broke() });
    const { outcome } = await runAndRead(
      promptOf([write(broke)], [files.bind(fs)]),
      scriptedModel([callTools([{ name: "write" }]), say("never")]),
    );
    const message = expect.stringContaining("what it changed is partly as before in files");
    expect(outcome).toMatchObject({ error: { message, details: { resources: ["files"], mixed: ["files"] } } });
  });

  it("is not hidden by an abort", async () => {
    const controller = new AbortController();
    const fs = broken({ restore: async () => broke() });
    const stop = write(() => {
      controller.abort(new Error("user stop"));
      broke();
    });
    const { outcome } = await runAndRead(
      promptOf([stop], [files.bind(fs)]),
      scriptedModel([callTools([{ name: "write" }]), say("never")]),
      { signal: controller.signal },
    );
    expect(outcome).toMatchObject({ status: "failed", error: { code: "RESTORE_FAILED" } });
  });

  it("is gone when the outcome of a good call cannot be journalled", async () => {
    const fs = memoryFiles();
    const journal = failsAt(memoryJournal(), "tool/finished");
    const model = scriptedModel([callTools([{ name: "write" }]), say("never")]);
    const run = startRun(promptOf([write(() => undefined)], [files.bind(fs)]), model, { journal });
    expect(await run.outcome).toMatchObject({ status: "failed", error: { code: "JOURNAL_FAILED" } });
    expect(await fs.stat("new.txt")).toBeUndefined();
  });

  it("a snapshot that throws is a call that was not begun", async () => {
    const fs = broken({ snapshot: async () => broke() });
    const { outcome, entries } = await runAndRead(
      promptOf([write(broke)], [files.bind(fs)]),
      scriptedModel([callTools([{ name: "write" }]), say("done")]),
    );
    expect(outcome.status).toBe("completed");
    expect(finished(entries)).toMatchObject([{ status: "refused" }]);
  });
});

describe("the end of a run", () => {
  it("comes also while model and tools answer at once", async () => {
    const look = tool({ name: "look", description: "Look.", effects: "none", handler: () => ok("") });
    const model = scriptedModel(
      Array.from({ length: 100_000 }, () => answerWith(() => ({ calls: [{ name: "look" }] }))),
    );
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error("enough")));
    const outcome = await startRun(promptOf([look]), model, { signal: controller.signal, maxTurns: 100_000 }).outcome;
    expect(outcome).toMatchObject({ status: "aborted", reason: "enough" });
  });

  it("does not wait for a journal or a snapshot that never comes", async () => {
    const never = new Promise<never>(() => undefined);
    const hanging: Journal = { ...memoryJournal(), open: () => never };
    const first = startRun(promptOf([]), scriptedModel([]), { journal: hanging });
    first.abort("enough");
    expect(await first.outcome).toMatchObject({ status: "aborted", reason: "enough" });
    const fs = broken({ snapshot: () => never });
    const second = startRun(
      promptOf([write(broke)], [files.bind(fs)]),
      scriptedModel([callTools([{ name: "write" }])]),
    );
    for await (const { type } of second.events()) if (type === "model/responded") break;
    second.abort("enough");
    expect(await second.outcome).toMatchObject({ status: "aborted" });
  });

  it("is an outcome also when the logger throws", async () => {
    const outcome = await startRun(promptOf([]), scriptedModel([say("done")]), { logger: { log: broke } }).outcome;
    expect(outcome.status).toBe("completed");
  });

  it("of another run is not brought about by a mistaken id", async () => {
    const journal = memoryJournal();
    const first = startRun(promptOf([]), scriptedModel([silence()]), { journal, runId: "same" });
    for await (const { type } of first.events()) if (type === "model/requested") break;
    const second = startRun(promptOf([]), scriptedModel([say("never")]), { journal, runId: "same" });
    expect(await second.outcome).toMatchObject({ status: "failed", error: { code: "INPUT_INVALID" } });
    first.abort("over");
    expect(await first.outcome).toMatchObject({ status: "aborted" });
  });

  it("names a template that was not bound", async () => {
    const template = definePrompt({ ns: "test", key: "t", sections: [] });
    const outcome = await startRun(template as never, scriptedModel([])).outcome;
    expect(outcome.status === "failed" && outcome.error.message).toMatch(/a prompt template.*bind\(params\)/);
  });
});

describe("the answer", () => {
  it("is that of the last turn, also when it is empty", async () => {
    const look = tool({ name: "look", description: "Look.", effects: "none", handler: () => ok("") });
    const model = scriptedModel([callTools([{ name: "look" }], { text: "draft" }), say("")]);
    expect(await startRun(promptOf([look]), model).outcome).toMatchObject({ status: "completed", text: "" });
  });

  it("that was cut off is not asked for again", async () => {
    const prompt = definePrompt({ ns: "test", key: "cut", output: z.object({ n: z.int() }), sections: [] }).bind();
    const model = scriptedModel([say('{"n', { finish: "length" })]);
    expect(await startRun(prompt, model).outcome).toMatchObject({ status: "partial", reason: "output-length" });
  });

  it("that refuses calls nothing: every call that stands in the transcript has a result", async () => {
    const model = scriptedModel([answerWith(() => ({ text: "No.", calls: [{ name: "look" }], finish: "refusal" }))]);
    const { outcome, entries } = await runAndRead(promptOf([]), model);
    expect(outcome).toMatchObject({ status: "refused", text: "No." });
    expect(entries.find(({ type }) => type === "model/responded")).toMatchObject({
      message: { content: [{ type: "text" }] },
    });
  });
});

describe("hostile answers", () => {
  it("of any size come back cut", async () => {
    const look = tool({ name: "look", description: "Look.", effects: "none", handler: () => ok("") });
    const huge = "x".repeat(1_000_000);
    const model = scriptedModel([callTools([{ name: huge }, { name: "look", arguments: { [huge]: 1 } }]), say("done")]);
    const { entries } = await runAndRead(promptOf([look]), model);
    for (const { result } of finished(entries)) expect(result.text.length).toBeLessThan(3_000);
  });

  it("with thousands of calls of one id get ids of their own, and at most 32 run at once", async () => {
    let running = 0;
    let most = 0;
    const look = tool({
      name: "look",
      description: "Look.",
      effects: "none",
      async handler() {
        most = Math.max(most, ++running);
        await null;
        running--;
        return ok("");
      },
    });
    const calls = Array.from({ length: 2_000 }, () => ({ name: "look", id: "same" }));
    const { entries } = await runAndRead(promptOf([look]), scriptedModel([callTools(calls), say("done")]));
    expect(new Set(finished(entries).map(({ call }) => call)).size).toBe(2_000);
    expect(most).toBe(32);
  });
});

describe("one call", () => {
  it("whose events are refused at commit leaves none of them", async () => {
    const once = slice({
      name: "once",
      item: z.string(),
      reducers: (on) => [
        on(Noted, (view, { payload }) => {
          if (payload.text === "a" && view.length > 1) throw new Error("too late");
          return { op: "append", items: [payload.text] };
        }),
      ],
    });
    const note = tool({
      name: "note",
      description: "Note.",
      effects: "none",
      params: z.object({ texts: z.array(z.string()) }),
      handler({ texts }, { session }) {
        for (const text of texts) session.dispatch(Noted({ text }));
        return ok("");
      },
    });
    const calls = [["x"], ["b", "a"], ["c"]].map((texts) => ({ name: "note", arguments: { texts } }));
    const session = createSession();
    const { outcome } = await runAndRead(promptOf([note], [], [once]), scriptedModel([callTools(calls)]), { session });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "REDUCER_FAILED" } });
    expect(session.query(notes).all()).toEqual([{ text: "x" }]);
  });

  it("is undone with the arguments as they came", async () => {
    const seen: unknown[] = [];
    const book = tool({
      name: "book",
      description: "Book.",
      effects: "compensable",
      params: z.object({ seats: z.array(z.string()) }),
      handler({ seats }) {
        seats.push("changed");
        return fail("no");
      },
      undo: ({ seats }) => {
        seen.push(...seats);
      },
    });
    await runAndRead(
      promptOf([book]),
      scriptedModel([callTools([{ name: "book", arguments: { seats: ["1a"] } }]), say("done")]),
    );
    expect(seen).toEqual(["1a"]);
  });

  it("is told to each reader as it was, whatever another does with it", async () => {
    const run = startRun(
      promptOf([]),
      scriptedModel([callTools([{ name: "none", arguments: { a: 1 } }]), say("done")]),
    );
    await run.outcome;
    for await (const step of run.events()) Object.assign(step, { type: "changed" });
    for await (const step of run.events()) expect(step.type).not.toBe("changed");
  });
});

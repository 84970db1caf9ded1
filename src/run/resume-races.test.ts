/** What happens to a journal between the look into it and its opening, and to whoever waits for it. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { countsClosings } from "../../test/support/journal-appends.ts";
import { eventsOf, gone, journalOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import { callTools, type ScriptEntry, say, scriptedModel } from "../model/scripted/index.ts";
import { type Binding, token } from "../resources/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { answer, openQuestions, resumeRun, startRun } from "./index.ts";

const ran: string[] = [];
const note = tool({
  name: "note",
  description: "Notes.",
  effects: "idempotent",
  params: z.object({ text: z.string() }),
  handler({ text }) {
    ran.push(text);
    return ok("noted");
  },
});
const ask = tool({
  name: "ask",
  description: "Asks.",
  effects: "idempotent",
  async handler(_params, { suspend }) {
    const said = await suspend({ question: "May I?", answer: z.boolean(), expiresInMs: 1_000 });
    return ok(said.expired ? "expired" : String(said.value));
  },
});
const promptOf = (tools: readonly Tool[] = [note, ask], body?: string, resources: readonly Binding[] = []) =>
  taskPrompt({ tools, body, resources });

const noting = (text: string) => callTools([{ name: "note", arguments: { text } }]);
const asking = callTools([{ name: "ask" }]);

/** The journal of a run by a script. */
const played = (script: readonly ScriptEntry[], clock = createFakeClock()): Promise<Journal> =>
  journalOf(promptOf(), script, { clock });

/** The same journal, in which something happens just before it is opened for the first time. */
function meanwhile(journal: Journal, happens: () => Promise<unknown>): Journal {
  let first = true;
  return {
    ...journal,
    async open(runId) {
      if (first) {
        first = false;
        await happens();
      }
      return journal.open(runId);
    },
  };
}

describe("a run that goes on", () => {
  test("sees what somebody else has added since it looked", async () => {
    const journal = await played([noting("a"), gone]);
    ran.length = 0;
    const other = async () =>
      (await resumeRun(promptOf(), scriptedModel([noting("b"), say("done by another")]), journal, "run-1")).outcome;
    const run = await resumeRun(promptOf(), scriptedModel([]), meanwhile(journal, other), "run-1");
    expect(await run.outcome).toMatchObject({ status: "completed", text: "done by another", turns: 3 });
    expect(ran).toEqual(["b"]);
  });

  test("reads its journal once when nobody has", async () => {
    const journal = await played([noting("a"), gone]);
    let reads = 0;
    const counted: Journal = {
      ...journal,
      read(id) {
        reads++;
        return journal.read(id);
      },
    };
    await (await resumeRun(promptOf(), scriptedModel([say("done")]), counted, "run-1")).outcome;
    expect(reads).toBe(1);
  });

  test("gives its writer back when it cannot read what was added", async () => {
    const journal = await played([noting("a"), gone]);
    let reads = 0;
    const other = async () => (await resumeRun(promptOf(), scriptedModel([gone]), journal, "run-1")).outcome;
    const { journal: grown, closed } = countsClosings(meanwhile(journal, other));
    const broken: Journal = {
      ...grown,
      read: (id) =>
        ++reads === 1 ? journal.read(id) : Promise.reject(new WinkError("JOURNAL_FAILED", { problem: "disk" })),
    };
    const error = await rejectionOf(resumeRun(promptOf(), scriptedModel([]), broken, "run-1"));
    expect([error.code, closed()]).toEqual(["JOURNAL_FAILED", 1]);
  });

  test("does not wait for a journal that never answers when it is aborted", async () => {
    const journal = await played([noting("a"), gone]);
    const never = () => new Promise<never>(() => undefined);
    for (const stuck of [
      { ...journal, read: never },
      { ...journal, open: never },
    ]) {
      const controller = new AbortController();
      const work = resumeRun(promptOf(), scriptedModel([]), stuck, "run-1", { signal: controller.signal });
      setImmediate(() => controller.abort(new Error("enough")));
      await expect(work).rejects.toThrow("enough");
    }
  });

  test("waits as it waited while one of its questions is open, and goes on when that has expired", async () => {
    const clock = createFakeClock();
    const journal = await played([asking], clock);
    const waits = await resumeRun(promptOf(), scriptedModel([]), journal, "run-1", { clock });
    expect((await waits.outcome).status).toBe("suspended");
    clock.advance(2_000);
    expect(await openQuestions(journal, "run-1", { clock })).toEqual([]);
    const model = scriptedModel([say("done")]);
    const goes = await resumeRun(promptOf(), model, journal, "run-1", { clock });
    expect((await goes.outcome).status).toBe("completed");
    expect(model.requests[0]?.messages.at(-1)).toMatchObject({ content: [{ text: "expired" }] });
  });

  test("keeps tags when it is begun anew", async () => {
    const journal = memoryJournal();
    const first = startRun(promptOf(), scriptedModel([gone]), { journal, runId: "run-1", tags: ["team-a"] });
    await first.outcome;
    const changed = promptOf([note, ask], "Do it anew.");
    const run = await resumeRun(changed, scriptedModel([say("done")]), journal, "run-1", { onChange: "restart" });
    await run.outcome;
    const starts = (await journal.read("run-1")).filter(({ type }) => type === "run/started");
    expect(starts).toHaveLength(2);
    expect(starts[1]).toMatchObject({ tags: ["team-a"] });
  });
});

test("a question tells of itself when the run is suspended", async () => {
  const clock = createFakeClock(5_000);
  const run = startRun(promptOf(), scriptedModel([asking]), { journal: memoryJournal({ clock }), clock });
  const told = (await eventsOf(run)).filter(({ type }) => type === "tool/suspended");
  const [question] = await run.outcome.then((outcome) => (outcome.status === "suspended" ? outcome.questions : []));
  expect(question).toMatchObject({ ask: "May I?", kind: "ask", tool: "ask" });
  expect(told).toEqual([{ type: "tool/suspended", at: 5_000, turn: 1, call: "call-1-1", name: "ask", question }]);
});

describe("an answer", () => {
  test("is refused when somebody else was first, also between look and opening", async () => {
    const clock = createFakeClock();
    const journal = await played([asking], clock);
    const raced = meanwhile(journal, () => answer(journal, "run-1", true, { clock }));
    const error = await rejectionOf(answer(raced, "run-1", false, { clock }));
    expect(error).toMatchObject({ code: "QUESTION_CLOSED", message: expect.stringContaining("answered already") });
    const answers = (await journal.read("run-1")).filter(({ type }) => type === "question/answered");
    expect(answers).toMatchObject([{ answer: true }]);
  });

  const fencedTimes = (journal: Journal, times: number): { journal: Journal; opened: () => number } => {
    let opened = 0;
    const fenced: Journal = {
      ...journal,
      open: (id) =>
        ++opened <= times ? Promise.reject(new WinkError("JOURNAL_FENCED", { problem: "fenced" })) : journal.open(id),
    };
    return { journal: fenced, opened: () => opened };
  };

  test("is tried again when it was fenced off", async () => {
    const clock = createFakeClock();
    const journal = await played([asking], clock);
    await answer(fencedTimes(journal, 9).journal, "run-1", true, { clock });
    expect(await openQuestions(journal, "run-1", { clock })).toEqual([]);
  });

  test("is given up after ten times", async () => {
    const clock = createFakeClock();
    const fenced = fencedTimes(await played([asking], clock), 100);
    const error = await rejectionOf(answer(fenced.journal, "run-1", true, { clock }));
    expect(error).toMatchObject({ code: "JOURNAL_FENCED" });
    expect(fenced.opened()).toBe(10);
  });

  test("is not tried again when the journal fails", async () => {
    const clock = createFakeClock();
    const journal = await played([asking], clock);
    let opened = 0;
    const broken: Journal = {
      ...journal,
      open() {
        opened++;
        return Promise.reject(new WinkError("JOURNAL_FAILED", { problem: "disk" }));
      },
    };
    const error = await rejectionOf(answer(broken, "run-1", true, { clock }));
    expect([error.code, opened]).toEqual(["JOURNAL_FAILED", 1]);
  });
});

describe("resources", () => {
  const saved: string[] = [];
  const loaded: unknown[] = [];
  const store = (name: string, durable: boolean) =>
    token<{ name: string }>(name, {
      guard: (value) => value,
      transaction: {
        snapshot: async () => ({ id: name }),
        restore: async () => undefined,
        changes: async () => [{ path: name }],
        ...(durable && {
          durable: {
            staysInPlace: () => false,
            async save(value: { name: string }) {
              saved.push(value.name);
              return { name: value.name };
            },
            load: async (_value: object, content: object) => void loaded.push(content),
            saveChanges: async (_value: object, changes: readonly object[]) => changes,
            loadChanges: async () => void loaded.push("changes"),
            recover: async () => undefined,
          },
        }),
      } as never, // as: the shape is that of a token's transaction
    });
  const using = (of: ReturnType<typeof store>): Tool =>
    tool({ name: "use", description: "Uses.", effects: "workspace", resources: { of }, handler: () => ok("used") });

  test("of the run are kept, and those that are made for each call are not", async () => {
    saved.length = 0;
    loaded.length = 0;
    const [one, each, plain] = [store("one", true), store("each", true), store("plain", false)];
    const bindings = [
      one.provide(() => ({ name: "one" })),
      each.provide(() => ({ name: "each" }), { scope: "tool-call" }),
      plain.bind({ name: "plain" }),
    ];
    const prompt = () => promptOf([using(one)], "Do.", bindings);
    const journal = memoryJournal();
    const model = scriptedModel([callTools([{ name: "use" }]), gone]);
    await startRun(prompt(), model, { journal, runId: "run-1" }).outcome;
    expect(saved).toEqual(["one"]);
    const run = await resumeRun(prompt(), scriptedModel([say("done")]), journal, "run-1");
    expect((await run.outcome).status).toBe("completed");
    expect(loaded).toEqual([{ name: "one" }, "changes"]);
  });

  test("whose changes cannot be made again end a run that goes on", async () => {
    const plain = store("plain", false);
    const prompt = () => promptOf([using(plain)], "Do.", [plain.bind({ name: "plain" })]);
    const journal = memoryJournal();
    const model = scriptedModel([callTools([{ name: "use" }]), gone]);
    await startRun(prompt(), model, { journal, runId: "run-1" }).outcome;
    const run = await resumeRun(prompt(), scriptedModel([]), journal, "run-1");
    expect(await run.outcome).toMatchObject({
      status: "failed",
      error: {
        code: "WORKSPACE_MISSING",
        message: expect.stringContaining('What the call of use changed in the resource "plain" cannot be made again'),
        details: { run: "run-1", tool: "use", resource: "plain", entry: expect.any(Number) },
      },
    });
  });
});

/** Runs that wait for answers from outside. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { files, memoryFiles } from "../files/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { append, event, slice } from "../session/index.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { fail, ok, type Tool, tool } from "../tool/index.ts";
import { askUserTool } from "../workspace/index.ts";
import { answer, type Outcome, openQuestions, type Run, resumeRun, startRun } from "./index.ts";

const Seen = event("suspend/seen", z.object({ text: z.string() }));
const seen = slice({
  name: "seen",
  item: Seen.schema,
  policy: "state",
  reducers: (on) => [on(Seen, (_view, { payload }) => append(payload))],
});

const yes = z.object({ yes: z.boolean() });

interface World {
  readonly journal: Journal;
  readonly clock: FakeClock;
  readonly model: Model;
  readonly asked: string[];
  readonly prompt: () => Prompt<unknown>;
}

function worldOf(
  tools: (asked: string[]) => readonly Tool[],
  script = [callTools([{ name: "approve" }]), say("done")],
): World {
  const clock = createFakeClock();
  const asked: string[] = [];
  const task = section({ key: "task", title: "Task", body: "Do.", tools: [...tools(asked)], slices: [seen] });
  const prompt = () =>
    definePrompt({ ns: "test", key: "suspend", sections: [task] }).bind({}, { resources: [files.bind(memoryFiles())] });
  return { journal: memoryJournal({ clock }), clock, model: scriptedModel(script), asked, prompt };
}

const started = ({ prompt, model, journal, clock }: World): Run<unknown> =>
  startRun(prompt(), model, { journal, clock, runId: "run-1" });
const resumed = ({ prompt, model, journal, clock }: World): Promise<Run<unknown>> =>
  resumeRun(prompt(), model, journal, "run-1", { clock });
const questionsOf = (outcome: Outcome<unknown>) => (outcome.status === "suspended" ? outcome.questions : []);

const approve = (expiresInMs?: number) => (asked: string[]) => [
  tool({
    name: "approve",
    description: "Asks.",
    effects: "workspace",
    resources: { fs: files },
    async handler(_params, { suspend, session, fs }) {
      asked.push("began");
      session.dispatch(Seen({ text: "asking" }));
      await fs.writeText("draft", "asking");
      const reply = await suspend({
        question: "May I?",
        answer: yes,
        ...(expiresInMs !== undefined && { expiresInMs }),
      });
      asked.push(reply.expired ? "expired" : `answered ${reply.value.yes}`);
      return reply.expired ? fail("nobody answered") : ok(reply.value.yes ? "yes" : "no");
    },
  }),
];

describe("a question", () => {
  test("suspends the run, and its answer goes on with it in the handler", async () => {
    const world = worldOf(approve());
    const run = started(world);
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ status: "suspended", turns: 1 });
    expect(questionsOf(outcome)).toMatchObject([{ tool: "approve", kind: "ask", ask: "May I?" }]);
    expect(await openQuestions(world.journal, "run-1")).toEqual(questionsOf(outcome));
    expect(run.session.query(seen).all()).toEqual([]);
    await answer(world.journal, "run-1", { yes: true });
    const again = await resumed(world);
    expect(await again.outcome).toMatchObject({ status: "completed", text: "done", turns: 2 });
    expect(world.asked).toEqual(["began", "began", "answered true"]);
    expect(again.session.query(seen).all()).toEqual([{ text: "asking" }]);
  });

  test("without an answer leaves the run as it waits: nothing is asked, run or written", async () => {
    const world = worldOf(approve());
    const first = await started(world).outcome;
    const before = await world.journal.read("run-1");
    const second = await (await resumed(world)).outcome;
    expect(questionsOf(second)).toEqual(questionsOf(first));
    expect(await world.journal.read("run-1")).toEqual(before);
    expect(world.asked).toEqual(["began"]);
  });

  test("that has expired is told as that, and cannot be answered any more", async () => {
    const world = worldOf(approve(1_000));
    await started(world).outcome;
    world.clock.advance(1_000);
    expect(await openQuestions(world.journal, "run-1", world)).toEqual([]);
    const error = await rejectionOf(answer(world.journal, "run-1", { yes: true }, world));
    expect(error).toMatchObject({ code: "QUESTION_CLOSED" });
    expect(await (await resumed(world)).outcome).toMatchObject({ status: "completed" });
    expect(world.asked).toEqual(["began", "began", "expired"]);
  });

  test("takes the first answer only, also when two come at once", async () => {
    const world = worldOf(approve());
    await started(world).outcome;
    const ends = await Promise.allSettled(
      [true, false, true].map((value) => answer(world.journal, "run-1", { yes: value })),
    );
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const end of ends) {
      if (end.status === "rejected") expect(end.reason).toMatchObject({ code: "QUESTION_CLOSED" });
    }
    const entries = await world.journal.read("run-1");
    expect(entries.filter(({ type }) => type === "question/answered")).toHaveLength(1);
  });

  test("is open again when the answer has another form", async () => {
    const world = worldOf(approve());
    await started(world).outcome;
    await answer(world.journal, "run-1", "yes");
    const outcome = await (await resumed(world)).outcome;
    expect(questionsOf(outcome)).toMatchObject([{ refused: 1, problem: expect.stringContaining("object") }]);
    await answer(world.journal, "run-1", { yes: false });
    expect(await (await resumed(world)).outcome).toMatchObject({ status: "completed" });
    expect(world.asked.at(-1)).toBe("answered false");
  });

  test("of a run that was never asked, or asks nothing, is closed", async () => {
    const world = worldOf(approve());
    await started(world).outcome;
    const other = await rejectionOf(answer(world.journal, "run-1", 1, { question: "call-9/1" }));
    expect(other).toMatchObject({ code: "QUESTION_CLOSED" });
    const missing = await rejectionOf(answer(world.journal, "run-2", 1));
    expect(missing).toMatchObject({ code: "JOURNAL_MISSING" });
  });

  test("is asked also when the handler goes on in spite of it", async () => {
    const world = worldOf((asked) => [
      tool({
        name: "approve",
        description: "Asks, and does not care.",
        effects: "none",
        async handler(_params, { suspend }) {
          const reply = await suspend({ question: "May I?", answer: yes }).catch(() => undefined);
          asked.push(reply === undefined ? "went on" : "answered");
          return ok("went on");
        },
      }),
    ]);
    expect((await started(world).outcome).status).toBe("suspended");
    await answer(world.journal, "run-1", { yes: true });
    expect(await (await resumed(world)).outcome).toMatchObject({ status: "completed" });
    expect(world.asked.at(-1)).toBe("answered");
  });

  test("may come after another one of the same call", async () => {
    const world = worldOf(() => [
      tool({
        name: "approve",
        description: "Asks twice.",
        effects: "none",
        async handler(_params, { suspend }) {
          const first = await suspend({ question: "First?", answer: z.string() });
          const second = await suspend({ question: `Second after ${first.value}?`, answer: z.string() });
          return ok(`${first.value} ${second.value}`);
        },
      }),
    ]);
    await started(world).outcome;
    await answer(world.journal, "run-1", "a");
    const outcome = await (await resumed(world)).outcome;
    expect(questionsOf(outcome)).toMatchObject([{ ask: "Second after a?" }]);
    await answer(world.journal, "run-1", "b");
    expect((await (await resumed(world)).outcome).status).toBe("completed");
    const entries = await world.journal.read("run-1");
    expect(entries.findLast((entry) => entry.type === "tool/finished")).toMatchObject({ result: { text: "a b" } });
  });

  test("of calls beside each other are answered one by one", async () => {
    const script = [
      callTools([
        { name: "ask_user", arguments: { question: "A?" } },
        { name: "ask_user", arguments: { question: "B?", choices: ["x"] } },
      ]),
      say("done"),
    ];
    const world = worldOf(() => [askUserTool()], script);
    const outcome = await started(world).outcome;
    expect(questionsOf(outcome).map(({ ask }) => ask)).toEqual([
      { question: "A?" },
      { question: "B?", choices: ["x"] },
    ]);
    const [a, b] = questionsOf(outcome);
    expect(await rejectionOf(answer(world.journal, "run-1", { answer: "?" }))).toMatchObject({
      code: "QUESTION_CLOSED",
    });
    await answer(world.journal, "run-1", { answer: "to b" }, { question: b?.question });
    expect(questionsOf(await (await resumed(world)).outcome)).toMatchObject([{ question: a?.question }]);
    await answer(world.journal, "run-1", { answer: "to a" });
    expect((await (await resumed(world)).outcome).status).toBe("completed");
    const results = (await world.journal.read("run-1")).filter((entry) => entry.type === "tool/finished");
    expect(results.map(({ result }) => result.text).sort()).toEqual(["to a", "to b"]);
  });
});

describe("an external call of which nobody knows whether it took effect", () => {
  const send = (asked: string[]): readonly Tool[] => [
    tool({
      name: "approve",
      description: "Sends.",
      effects: "external",
      onUnknown: "suspend",
      handler() {
        asked.push("sent");
        throw new Error("the line broke");
      },
    }),
  ];

  test.each([
    [{ tookEffect: true, result: "Number 7." }, "committed", "It was found out that the call took effect. Number 7."],
    [{ tookEffect: false }, "failed", "It was found out that the call did not take effect."],
  ] as const)("asks, and ends as somebody says: %j", async (value, status, text) => {
    const world = worldOf(send);
    const outcome = await started(world).outcome;
    expect(questionsOf(outcome)).toMatchObject([
      { kind: "outcome", ask: { tool: "approve", problem: expect.stringContaining("the line broke") } },
    ]);
    await answer(world.journal, "run-1", "who knows");
    expect(questionsOf(await (await resumed(world)).outcome)).toMatchObject([{ kind: "outcome", refused: 1 }]);
    await answer(world.journal, "run-1", value);
    expect((await (await resumed(world)).outcome).status).toBe("completed");
    expect(world.asked).toEqual(["sent"]);
    const entries = await world.journal.read("run-1");
    expect(entries.find((entry) => entry.type === "tool/finished")).toMatchObject({ status, result: { text } });
  });
});

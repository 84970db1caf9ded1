/** What a run that goes on takes from its record, and what is chosen only when its prompt has changed. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { eventsOf, gone, journalOf } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { memoryJournal } from "../journal/index.ts";
import { callTools, refuse, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { append, event, slice } from "../session/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { type OnChange, type Run, type RunEvent, resumeRun, startRun } from "./index.ts";

const Noted = event("choices/noted", z.string());
const sliceOf = (name: string) =>
  slice({
    name,
    item: Noted.schema,
    policy: "state",
    reducers: (on) => [on(Noted, (_view, { payload }) => append(payload))],
  });
const [taskNotes, extraNotes] = [sliceOf("task-notes"), sliceOf("extra-notes")];
const look = (name: string): Tool =>
  tool({
    name,
    description: "Looks.",
    effects: "none",
    handler(_params, { session }) {
      session.dispatch(Noted(name));
      return ok("seen");
    },
  });
const looking = (name: string) => callTools([{ name }]);

/** A prompt whose second section is there or not, and whose third is a summary or whole, as the world is now. */
function promptOf(world: { extra: boolean; whole: boolean }, body = "Do."): Prompt<unknown> {
  return definePrompt({
    ns: "test",
    key: "choices",
    sections: [
      section({
        key: "task",
        title: "Task",
        body: body as "Do.",
        tools: [look("look")],
        slices: [taskNotes],
      }),
      section({
        key: "extra",
        title: "Extra",
        body: "More.",
        enabled: () => world.extra,
        tools: [look("peek")],
        slices: [extraNotes],
      }),
      section({
        key: "rules",
        title: "Rules",
        body: "All of the rules.",
        summary: "Some rules.",
        visibility: () => (world.whole ? "full" : "summary"),
      }),
    ],
  }).bind({});
}

const renderedOf = async (run: Run<unknown>): Promise<RunEvent | undefined> =>
  (await eventsOf(run)).find(({ type }) => type === "prompt/rendered");

test.each([
  [
    { extra: true, whole: false },
    { extra: false, whole: true },
  ],
  [
    { extra: false, whole: true },
    { extra: true, whole: false },
  ],
])("a run goes on with the sections that it began with: %j, whatever they would be now", async (then, now) => {
  const clock = createFakeClock(1_000);
  const journal = memoryJournal({ clock });
  const script = [looking("look"), gone];
  const first = startRun(promptOf(then), scriptedModel(script), { journal, clock, runId: "run-1" });
  const told = await renderedOf(first);
  const model = scriptedModel([say("done")]);
  clock.advance(10);
  const run = await resumeRun(promptOf(now), model, journal, "run-1", { clock });
  expect(await renderedOf(run)).toEqual(told);
  expect((await run.outcome).status).toBe("completed");
  const [request] = model.requests;
  expect(request?.tools.some(({ name }) => name === "peek")).toBe(then.extra);
  expect(JSON.stringify([request?.system, request?.messages[0]])).toContain(
    then.whole ? "All of the rules." : "Some rules.",
  );
  expect(run.session.query(taskNotes).all()).toEqual(["look"]);
});

describe("a prompt that has not changed", () => {
  const world = { extra: true, whole: true };

  test.each(["continue", "restart", "branch", "refuse"] satisfies OnChange[])("goes on with %s", async (onChange) => {
    const journal = await journalOf(promptOf(world), [looking("look"), gone]);
    const run = await resumeRun(promptOf(world), scriptedModel([say("done")]), journal, "run-1", { onChange });
    expect(run.id).toBe("run-1");
    expect(await run.outcome).toMatchObject({ status: "completed", turns: 2 });
    expect((await journal.read("run-1")).filter(({ type }) => type === "run/started")).toHaveLength(1);
  });
});

test("a branch of a changed prompt has the options that it was given, and an id of its own", async () => {
  const world = { extra: false, whole: true };
  const journal = await journalOf(promptOf(world), [looking("look"), gone]);
  const run = await resumeRun(promptOf(world, "Do it well."), scriptedModel([looking("look")]), journal, "run-1", {
    onChange: "branch",
    ids: { next: (kind) => `${kind}-branched` },
    maxTurns: 2,
  });
  expect(run.id).toBe("run-branched");
  expect(await run.outcome).toMatchObject({ status: "partial", turns: 2 });
});

test("a changed definition is refused with both hashes", async () => {
  const world = { extra: false, whole: true };
  const journal = await journalOf(promptOf(world), [gone]);
  const work = resumeRun(promptOf(world, "Do it well."), scriptedModel([]), journal, "run-1", { onChange: "refuse" });
  const error = await rejectionOf(work);
  expect(error.code).toBe("RESUME_REFUSED");
  const { run, expected, received } = error.details;
  expect([run, expected === received]).toEqual(["run-1", false]);
  expect([expected, received].every((hash) => typeof hash === "string" && hash.length >= 32)).toBe(true);
});

test("a run that was refused by the model is given as it ended, and nobody is asked", async () => {
  const world = { extra: false, whole: true };
  const journal = await journalOf(promptOf(world), [refuse("no")]);
  const before = await journal.read("run-1");
  const model = scriptedModel([say("never")]);
  const run = await resumeRun(promptOf(world), model, journal, "run-1");
  expect((await run.outcome).status).toBe("refused");
  expect([model.requests.length, await journal.read("run-1")]).toEqual([0, before]);
});

test("options that cannot be kept are refused before the journal is opened", async () => {
  const world = { extra: false, whole: true };
  const journal = await journalOf(promptOf(world), [gone]);
  const before = await journal.read("run-1");
  await using writer = await journal.open("run-1");
  const wrong = resumeRun(promptOf(world), scriptedModel([]), journal, "run-1", { throttle: { attempts: 0 } });
  expect(await rejectionOf(wrong)).toMatchObject({ code: "INPUT_INVALID" });
  expect(await writer.append({ type: "run/finished", status: "partial", turns: 0, usage: {} })).toBe(before.length);
});

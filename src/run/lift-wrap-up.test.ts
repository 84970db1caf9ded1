/** Runs that were wrapped up and go on with more room. */
import { expect, test } from "vitest";
import { entriesOf, eventsOf, gone, taskPrompt } from "../../test/support/recorded-runs.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import { callTools, type ScriptEntry, type ScriptedModel, say, scriptedModel } from "../model/scripted/index.ts";
import type { Prompt } from "../prompt/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, tool } from "../tool/index.ts";
import { type RunOptions, resumeRun, startRun } from "./index.ts";

const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("seen") });
const dig = tool({ name: "dig", description: "Digs.", effects: "none", costly: true, handler: () => ok("mud") });
const promptOf = (tools = [look]): Prompt<unknown> => taskPrompt({ tools });
const looking = callTools([{ name: "look" }]);
const more = "There is more room now than was said before: go on, with all tools that you are offered.";

/** A run that came to its limit of four turns. */
async function cameToLimit(prompt: Prompt<unknown>, journal: Journal): Promise<void> {
  const script = [looking, looking, looking, looking];
  const run = startRun(prompt, scriptedModel(script), { journal, runId: "run-1", maxTurns: 4 });
  expect(await run.outcome).toMatchObject({ status: "partial", reason: "max-turns" });
}

async function goneOn(prompt: Prompt<unknown>, journal: Journal, model: ScriptedModel, options: RunOptions) {
  const run = await resumeRun(prompt, model, journal, "run-1", options);
  const told = (await eventsOf(run)).filter(({ type }) => type === "wrap-up/lifted");
  return { outcome: await run.outcome, told, tools: model.requests.map(({ tools }) => tools.map(({ name }) => name)) };
}

const liftsIn = (journal: Journal) => entriesOf(journal, "wrap-up/lifted");

test("the model is told, and so is whoever watches; once, with the time when it was", async () => {
  const clock = createFakeClock(1_000);
  const journal = memoryJournal({ clock });
  const prompt = promptOf();
  await cameToLimit(prompt, journal);
  clock.advance(500);
  const first = await goneOn(prompt, journal, scriptedModel([looking, gone] satisfies ScriptEntry[]), {
    clock,
    maxTurns: 40,
  });
  const lifted = { type: "wrap-up/lifted", at: 1_500, turn: 4, text: more };
  expect(first.told).toEqual([lifted]);
  expect(first.tools[0]).toEqual(["look"]);
  const message = { role: "user", content: [{ type: "text", text: more }] };
  expect(await liftsIn(journal)).toMatchObject([{ turn: 4, stage: null, message }]);
  clock.advance(500);
  const second = await goneOn(prompt, journal, scriptedModel([say("done")]), { clock, maxTurns: 40 });
  expect(second).toMatchObject({ told: [lifted], outcome: { status: "completed", turns: 6 } });
  expect(await liftsIn(journal)).toHaveLength(1);
});

test.each([
  [4, "none"],
  [5, "none"],
  [6, "left-told"],
  [7, null],
])("of %i turns a run that has used four comes to the stage %s", async (maxTurns, stage) => {
  const journal = memoryJournal();
  await cameToLimit(promptOf(), journal);
  const { told } = await goneOn(promptOf(), journal, scriptedModel([say("done")]), { maxTurns });
  const [lift] = await liftsIn(journal);
  expect(lift === undefined ? "none" : lift.stage).toBe(stage);
  expect(told).toHaveLength(stage === "none" ? 0 : 1);
});

test.each([
  [12, "costly-gone"],
  [13, "left-told"],
])("of %i turns a run with a costly tool that has used ten comes to %s", async (maxTurns, stage) => {
  const journal = memoryJournal();
  const prompt = () => promptOf([look, dig]);
  const script = Array.from({ length: 10 }, () => looking);
  await startRun(prompt(), scriptedModel(script), { journal, runId: "run-1", maxTurns: 10 }).outcome;
  const { tools } = await goneOn(prompt(), journal, scriptedModel([say("done")]), { maxTurns });
  expect(await liftsIn(journal)).toMatchObject([{ stage }]);
  expect(tools).toEqual([stage === "costly-gone" ? ["look"] : ["look", "dig"]]);
});

test("a run that was never wrapped up is told nothing", async () => {
  const journal = memoryJournal();
  const prompt = promptOf();
  await startRun(prompt, scriptedModel([looking, gone]), { journal, runId: "run-1" }).outcome;
  const { told, outcome } = await goneOn(prompt, journal, scriptedModel([say("done")]), {});
  expect([told, outcome.status, await liftsIn(journal)]).toEqual([[], "completed", []]);
});

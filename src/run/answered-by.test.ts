/** Who answered, as the provider names it: told wherever an answer is. */
import { expect, test } from "vitest";
import { standingWorld } from "../../test/support/failing-models.ts";
import { entriesOf, eventsOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import type { Model } from "../model/index.ts";
import { say, scriptedModel } from "../model/scripted/index.ts";
import { costsOf, replayRun, resumeRun, startRun } from "./index.ts";

const scripted = scriptedModel([say("done")], { name: "alias" });
const dated: Model = {
  ...scripted,
  generate: async (request, options) => ({ ...(await scripted.generate(request, options)), answeredBy: "dated-7" }),
};
const prompt = taskPrompt();

test("the answering model stands in the journal, the events and the log, also of a run gone through again; prices go by the one that was asked", async () => {
  const { journal, logs, options } = standingWorld();
  const asked: string[] = [];
  const prices = ({ name }: { readonly name: string }) => {
    asked.push(name);
    return { input: 1, output: 1 };
  };
  const run = startRun(prompt, dated, { ...options, prices });
  await run.outcome;
  expect((await entriesOf(journal, "model/responded"))[0]).toMatchObject({ answeredBy: "dated-7" });
  expect(logs.find(({ event }) => event === "model_responded")).toMatchObject({ answeredBy: "dated-7" });
  const { events } = await replayRun(journal, "run-1", { prompt });
  const resumed = await resumeRun(prompt, scriptedModel([]), journal, "run-1");
  for (const told of [await eventsOf(run), events, await eventsOf(resumed)])
    expect(told.find(({ type }) => type === "model/responded")).toMatchObject({ answeredBy: "dated-7" });
  expect(costsOf(await journal.read("run-1"), { prices }).calls).toMatchObject([{ model: { name: "alias" } }]);
  expect(new Set(asked)).toEqual(new Set(["alias"]));
});

/** Tools that joined a run when a section was opened, and have changed since. */
import { expect, test } from "vitest";
import { cutOffAt, journalOf } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { ok, tool } from "../tool/index.ts";
import { replayRun, resumeRun } from "./index.ts";

const promptOf = (description: string) =>
  definePrompt({
    ns: "test",
    key: "joined",
    sections: [
      section({ key: "task", title: "Task", body: "Do it." }),
      section({
        key: "more",
        title: "More",
        body: "More.",
        summary: "Less.",
        visibility: "summary",
        tools: [tool({ name: "dig", description, effects: "none", handler: () => ok("dug") })],
      }),
    ],
  }).bind({});

const opening = callTools([{ name: "open_sections", arguments: { section_keys: ["more"], reason: "needed" } }]);

test("a replay tells that a joined tool is described in other words", async () => {
  const journal = await journalOf(promptOf("Digs."), [opening, say("done")]);
  await replayRun(journal, "run-1", { prompt: promptOf("Digs.") });
  const error = await rejectionOf(replayRun(journal, "run-1", { prompt: promptOf("Digs deep.") }));
  expect(error).toMatchObject({ code: "REPLAY_DIVERGED" });
  expect(String(error)).toContain("Digs.");
  expect(String(error)).toContain("Digs deep.");
});

test("a run that goes on offers joined tools in the words that the model was told", async () => {
  const kept = await cutOffAt("model/responded", promptOf("Digs."), [opening, say("done")], 2);
  const model = scriptedModel([callTools([{ name: "dig" }]), say("done")]);
  const run = await resumeRun(promptOf("Digs deep."), model, kept, "run-1");
  expect(await run.outcome).toMatchObject({ status: "completed" });
  const described = model.requests.map(({ tools }) => tools.find(({ name }) => name === "dig")?.description);
  expect(described).toEqual(["Digs.", "Digs."]);
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({ content: [{ text: "dug" }] });
});

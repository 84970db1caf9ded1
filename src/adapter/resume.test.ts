/** What is given for a run that goes on is checked where it is given, and before the adapter's defaults are added. */
import { describe, expect, test } from "vitest";
import { gone, journalOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { memoryJournal } from "../journal/index.ts";
import { say, scriptedModel } from "../model/scripted/index.ts";
import { type BranchOptions, branch, modelAdapter, type ResumeOptions, type RunOptions, resume } from "./index.ts";

const prompt = taskPrompt();
const journal = await journalOf(prompt, [gone]);
const before = await journal.read("run-1");
const adapterOf = (defaults: RunOptions = {}) => modelAdapter(scriptedModel([say("done")]), defaults);

type Given = ResumeOptions & BranchOptions;
const ways = {
  resume: [
    (given: Given) => resume(journal, "run-1", { ...given, adapter: adapterOf(), prompt }),
    async (given: Given) => adapterOf().resume?.(prompt, journal, "run-1", given),
  ],
  branch: [
    (given: Given) => branch(journal, "run-1", { ...given, adapter: adapterOf(), prompt }),
    async (given: Given) => adapterOf().branch?.(prompt, journal, "run-1", given),
  ],
};

describe("an option that is of new runs only is no option of a run that goes on:", () => {
  test.each<[keyof typeof ways, object, string]>([
    ["resume", { runId: "zebra" }, "runId: There is no such option. Expected session, deadline, signal, "],
    ["resume", { tags: ["nightly"] }, "tags: There is no such option."],
    ["resume", { journal: memoryJournal() }, "journal: There is no such option."],
    ["resume", { at: 1 }, "at: There is no such option."],
    ["branch", { tags: ["nightly"] }, "tags: There is no such option."],
    ["branch", { journal: memoryJournal() }, "journal: There is no such option."],
    ["branch", { parent: { run: "run-0", call: "c" } }, "parent: There is no such option."],
    ["branch", { onChange: "branch" }, "onChange: There is no such option."],
  ])("%s %j", async (how, given, text) => {
    for (const work of ways[how]) {
      const error = await rejectionOf(work(given));
      expect(error.code).toBe("INPUT_INVALID");
      expect(error.message).toContain(`options of ${how}, ${text}`);
    }
    expect([await journal.runs(), await journal.read("run-1")]).toEqual([["run-1"], before]);
  });
});

test.each(["resume", "branch"] as const)("%s takes no other thing for its options", async (how) => {
  const goOn = how === "resume" ? resume : branch;
  const refusal = async (given: unknown) => {
    const error = await rejectionOf(goOn(journal, "run-1", given as never)); // as: what the types refuse
    expect(error.code).toBe("INPUT_INVALID");
    return error.message;
  };
  for (const given of [null, undefined, "run", []]) {
    expect(await refusal(given)).toContain(`options of ${how}: This cannot be used. Expected an object.`);
    const options = given as unknown as Given; // as: what the types refuse
    if (given === undefined) continue;
    for (const work of ways[how].slice(1)) {
      expect((await rejectionOf(work(options))).message).toContain(`options of ${how}: This cannot be used.`);
    }
  }
  expect(await refusal({ prompt })).toContain(`options of ${how}, adapter: This cannot be used. Expected an adapter`);
  expect(await refusal({ adapter: adapterOf() })).toContain("prompt: This is no prompt.");
});

test("the adapter's own defaults may be of new runs: they stand back where a run goes on", async () => {
  const fresh = await journalOf(prompt, [gone], { tags: ["weekly"] });
  const adapter = adapterOf({ journal: memoryJournal(), tags: ["nightly"], maxTurns: 5 });
  const run = await resume(fresh, "run-1", { adapter, prompt });
  expect([run.id, run.journal, (await run.outcome).status]).toEqual(["run-1", fresh, "completed"]);
  const other = await branch(fresh, "run-1", { adapter: adapterOf({ tags: ["nightly"] }), prompt, runId: "run-2" });
  expect([other.id, (await other.outcome).status]).toEqual(["run-2", "completed"]);
  for (const id of ["run-1", "run-2"]) {
    expect((await fresh.read(id))[0]).toMatchObject({ type: "run/started", tags: ["weekly"] });
  }
});

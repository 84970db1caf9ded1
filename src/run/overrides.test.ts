/** Runs whose texts come from stored overrides. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type LogLevel, WinkError } from "../base/index.ts";
import { memoryJournal } from "../journal/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, memoryOverrides, type OverrideStore, section, setOverrides } from "../prompt/index.ts";
import { ok, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

const look = tool({
  name: "look",
  description: "Look.",
  effects: "none",
  params: z.object({ where: z.string().describe("Where.") }),
  handler: () => ok("seen"),
});
const rules = section({
  key: "rules",
  title: "Rules",
  body: "All rules.",
  summary: "Few rules.",
  visibility: "summary",
  tools: [look],
});
const task = section({ key: "task", title: "Task", body: "Do it." });
const template = definePrompt({ ns: "test", key: "tuned", sections: [task, rules] });
const prompt = template.bind();

async function tuned(): Promise<OverrideStore> {
  const store = memoryOverrides();
  await setOverrides(
    template,
    [
      { section: "task", body: "Do it well." },
      { section: "rules", body: "Better rules." },
      { tool: "look", description: "Look closely.", params: { where: "The place." } },
    ],
    { store, tag: "stable" },
  );
  return store;
}

describe("a run with overrides", () => {
  test("shows their texts, also of sections that are opened later, and journals which", async () => {
    const model = scriptedModel([
      callTools([{ name: "open_sections", arguments: { section_keys: ["rules"], reason: "needed" } }]),
      say("done"),
    ]);
    const journal = memoryJournal();
    const run = startRun(prompt, model, { journal, overrides: { store: await tuned(), tag: "stable" } });
    expect(await run.outcome).toMatchObject({ status: "completed" });
    expect(model.requests[0]?.system).toContain("Do it well.");
    const opened = model.requests[1]?.messages.at(-1);
    expect(JSON.stringify(opened)).toContain("Better rules.");
    expect(model.requests[1]?.tools.at(-1)).toMatchObject({
      description: "Look closely.",
      parameters: { properties: { where: { description: "The place." } } },
    });
    const entries = await journal.read(run.id);
    expect(entries.find(({ type }) => type === "run/started")).toMatchObject({ definition: template.compiled.hash() });
    expect(entries.find(({ type }) => type === "prompt/rendered")).toMatchObject({
      overrides: { tag: "stable", sections: ["rules", "task"], tools: ["look"] },
    });
  });

  test("shows the code's texts when the tag has none, and says so in the journal", async () => {
    const model = scriptedModel([say("done")]);
    const journal = memoryJournal();
    const run = startRun(prompt, model, { journal, overrides: { store: await tuned() } });
    await run.outcome;
    expect(model.requests[0]?.system).toContain("Do it.");
    expect((await journal.read(run.id)).find(({ type }) => type === "prompt/rendered")).toMatchObject({
      overrides: { tag: "latest", sections: [], tools: [] },
    });
  });

  test("tells stale entries in the log, once a store, and runs on", async () => {
    const store = await tuned();
    const changed = definePrompt({
      ns: "test",
      key: "tuned",
      sections: [section({ key: "task", title: "Task", body: "Do another thing." }), rules],
    }).bind();
    const logged: [LogLevel, string, unknown][] = [];
    const logger = { log: (level: LogLevel, event: string, facts: unknown) => void logged.push([level, event, facts]) };
    for (const _time of [1, 2]) {
      const model = scriptedModel([say("done")]);
      await startRun(changed, model, { logger, overrides: { store, tag: "stable" } }).outcome;
      expect(model.requests[0]?.system).toContain("Do another thing.");
    }
    expect(logged.filter(([level]) => level === "warn")).toEqual([
      ["warn", "prompt_override_stale", expect.objectContaining({ section: "task", kind: "stale" })],
    ]);
  });

  test("fails before the model is asked when the store cannot be read", async () => {
    const broken: OverrideStore = {
      ...memoryOverrides(),
      load: () => Promise.reject(new WinkError("OVERRIDES_INVALID", { at: "latest.json", problem: "It is not JSON" })),
    };
    const model = scriptedModel([]);
    const outcome = await startRun(prompt, model, { overrides: { store: broken } }).outcome;
    expect(outcome).toMatchObject({ status: "failed", error: { code: "OVERRIDES_INVALID" } });
    expect(model.requests).toEqual([]);
  });
});

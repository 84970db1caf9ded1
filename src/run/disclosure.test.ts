/** Sections that a model opens and reads while a run goes on. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { memoryJournal } from "../journal/index.ts";
import type { ModelRequest } from "../model/index.ts";
import { callTools, type ScriptCall, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, renderPrompt, section, visibility } from "../prompt/index.ts";
import { createSession, type Session } from "../session/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

const named = (name: string): Tool =>
  tool({ name, description: "Does.", effects: "none", handler: () => ok(`${name} done`) });

const off = section({ key: "off", title: "Off", body: "Off.", enabled: () => false, tools: [named("never")] });
const deep = section({
  key: "deep",
  title: "Deep",
  body: "Deep text.",
  summary: "Deep, in short.",
  visibility: "summary",
  tools: [named("dig")],
});
const rules = section({
  key: "rules",
  title: "Rules",
  params: z.object({ name: z.string() }),
  body: "All rules for {{name}}.",
  summary: "Rules of style.",
  visibility: "summary",
  tools: [named("lint")],
  sections: [section({ key: "names", title: "Names", body: "Whole words." }), deep, off],
});
const facts = section({ key: "facts", title: "Facts", body: "Many facts.", summary: "Few.", visibility: "summary" });
const task = section({ key: "task", title: "Task", body: "Do it.", tools: [named("first")] });
const prompt = definePrompt({ ns: "test", key: "open", sections: [task, rules, facts] }).bind({ name: "Ada" });

const openCall = (...keys: string[]): ScriptCall => ({
  name: "open_sections",
  arguments: { section_keys: keys, reason: "needed" },
});
const readCall = (key: string): ScriptCall => ({ name: "read_section", arguments: { section_key: key } });

/** Runs the calls of each turn, then ends; gives what the model was asked and what the calls gave. */
async function play(turns: readonly (readonly ScriptCall[])[], session: Session = createSession()) {
  const model = scriptedModel([...turns.map((calls) => callTools(calls)), say("done")]);
  const journal = memoryJournal();
  const run = startRun(prompt, model, { session, journal });
  expect(await run.outcome).toMatchObject({ status: "completed" });
  const results = model.requests.map(({ messages }) => {
    const last = messages.at(-1);
    return last?.role === "tool" ? last.content.map(({ text, failed }) => (failed ? `failed: ${text}` : text)) : [];
  });
  return { model, session, results: results.slice(1), journal: await journal.read(run.id) };
}

const toolsOf = ({ tools }: ModelRequest): readonly string[] => tools.map(({ name }) => name);

describe("open_sections", () => {
  test("gives the full text with its children as they are shown, and the tools from the next turn on", async () => {
    const { model, results } = await play([[openCall("rules")], [{ name: "lint" }]]);
    expect(results[0]).toEqual([
      [
        "From the next turn on there are: lint.",
        "## 2. Rules (rules)\n\nAll rules for Ada.",
        "### 2.1. Names (rules.names)\n\nWhole words.",
        "### 2.2. Deep (rules.deep)\n\nDeep, in short.",
        "---",
        '[This is a summary: call open_sections with "rules.deep" to see it in full and to get its tools.]',
      ].join("\n\n"),
    ]);
    expect(model.requests.map(toolsOf)).toEqual([
      ["first", "open_sections", "read_section"],
      ["first", "open_sections", "read_section", "lint"],
      ["first", "open_sections", "read_section", "lint"],
    ]);
    expect(results[1]).toEqual(["lint done"]);
  });

  test("leaves the system text and all earlier messages untouched", async () => {
    const { model } = await play([[openCall("rules")], [openCall("rules.deep")]]);
    const [first, ...later] = model.requests;
    for (const request of later) expect(request.system).toBe(first?.system);
    for (const [index, request] of later.entries()) {
      const before = model.requests[index]?.messages ?? [];
      expect(request.messages.slice(0, before.length)).toEqual(before);
    }
  });

  test("is rendered in its place by a later run of the same session", async () => {
    const { session } = await play([[openCall("rules")]]);
    const { first, tools } = renderPrompt(prompt, { session });
    expect(first).toContain("All rules for Ada.");
    expect(tools.map(({ name }) => name)).toEqual(["first", "lint", "open_sections", "read_section"]);
    expect(session.query(visibility).all()).toEqual([{ prompt: "test:open", section: "rules", visibility: "full" }]);
  });

  test("opens what a nested section stands in as well", async () => {
    const { results, session, model } = await play([[openCall("rules.deep")]]);
    expect(results[0]?.[0]).toMatch(/^From the next turn on there are: lint, dig\.\n\n## 2\. Rules \(rules\)/);
    expect(results[0]?.[0]?.match(/Deep text\./g)).toHaveLength(1);
    expect(
      session
        .query(visibility)
        .all()
        .map(({ section }) => section),
    ).toEqual(["rules", "rules.deep"]);
    expect(toolsOf(model.requests[1] as ModelRequest)).toEqual([
      "first",
      "open_sections",
      "read_section",
      "lint",
      "dig",
    ]);
  });

  test("opens several at once, each text once", async () => {
    const { results } = await play([[openCall("facts", "rules.deep", "rules", "facts")]]);
    const text = results[0]?.[0] ?? "";
    for (const once of ["Many facts.", "Deep text.", "All rules for Ada."]) expect(text.split(once)).toHaveLength(2);
  });

  test("joins the tools once when one turn opens a section twice", async () => {
    const { model, results, journal } = await play([[openCall("rules"), openCall("rules")], [openCall("rules.deep")]]);
    expect(results[0]?.every((text) => text.includes("All rules for Ada."))).toBe(true);
    expect(toolsOf(model.requests.at(-1) as ModelRequest)).toEqual([
      "first",
      "open_sections",
      "read_section",
      "lint",
      "dig",
    ]);
    const joined = journal.flatMap((entry) =>
      entry.type === "tools/joined" ? [[entry.turn, entry.tools.map(({ name }) => name)]] : [],
    );
    expect(joined).toEqual([
      [1, ["lint"]],
      [2, ["dig"]],
    ]);
  });

  test.each([
    [
      "unknown",
      ["ruels"],
      'There is no section "ruels". Did you mean "rules"? Summarised are: rules, rules.names, rules.deep, facts.',
    ],
    ["open", ["task"], 'Section "task" is shown in full already: its text stands above. Summarised are:'],
    ["switched off", ["rules.off"], 'Section "rules.off" is switched off in this run. Summarised are:'],
    ["partly unknown", ["rules", "x.y"], 'There is no section "x.y".'],
    ["no key at all", [], "`section_keys`: expected at least one text"],
    ["a very long one", ["x".repeat(5_000)], `There is no section "${"x".repeat(99)}…".`],
  ])("tells the model of %s sections, and changes nothing", async (_what, keys, message) => {
    const { results, session, model } = await play([[openCall(...keys)]]);
    expect(results[0]?.[0]).toMatch(/^failed: /);
    expect(results[0]?.[0]).toContain(message);
    expect(
      session
        .history()
        .all()
        .filter(({ rolledBack }) => rolledBack === undefined),
    ).toEqual([]);
    expect(toolsOf(model.requests[1] as ModelRequest)).toEqual(["first", "open_sections", "read_section"]);
  });

  test("says so when nothing is summarised any more", async () => {
    const { results } = await play([[openCall("rules.deep", "facts")], [openCall("rules")]]);
    expect(results[1]?.[0]).toBe(
      'failed: Section "rules" is shown in full already: its text stands above. No section is summarised any more.',
    );
  });

  test("offers no tool of a section before it is open", async () => {
    const { results } = await play([[{ name: "lint" }]]);
    expect(results[0]?.[0]).toBe(
      'failed: lint comes with section "rules": open that first, and call lint in a later turn.',
    );
  });

  test("says the same of a tool that is called in the turn which opens its section", async () => {
    const { results } = await play([[openCall("rules"), { name: "lint" }, { name: "never" }]]);
    expect(results[0]?.[1]).toContain("open that first, and call lint in a later turn.");
    expect(results[0]?.[2]).toContain('There is no tool "never".');
  });

  test("knows a section by its last key when no other has it", async () => {
    const { results } = await play([[openCall("deep")]]);
    expect(results[0]?.[0]).toContain('There is no section "deep". Did you mean "rules.deep"?');
  });
});

describe("read_section", () => {
  test("gives the text and changes nothing", async () => {
    const { results, session, model } = await play([[readCall("rules")]]);
    expect(results[0]?.[0]).toMatch(/^## 2\. Rules \(rules\)\n\nAll rules for Ada\.\n\n### 2\.1\. Names/);
    expect(session.history().length).toBe(0);
    expect(model.requests.map(toolsOf)[1]).toEqual(["first", "open_sections", "read_section"]);
  });

  test("reads what stands in a summarised section", async () => {
    const { results } = await play([[readCall("rules.names"), readCall("rules.deep")]]);
    expect(results[0]).toEqual([
      "### 2.1. Names (rules.names)\n\nWhole words.",
      "### 2.2. Deep (rules.deep)\n\nDeep text.",
    ]);
  });

  test.each([
    ["unknown", "fatcs", 'failed: There is no section "fatcs". Did you mean "facts"?'],
    ["open", "task", 'failed: Section "task" is shown in full already'],
    ["switched off", "rules.off", 'failed: Section "rules.off" is switched off in this run.'],
  ])("tells the model of %s sections", async (_what, key, message) => {
    const { results } = await play([[readCall(key)]]);
    expect(results[0]?.[0]).toContain(message);
  });
});

test("slices of a summarised section are there from the beginning, and what was shown is in the journal", async () => {
  const { journal } = await play([]);
  expect(journal.find(({ type }) => type === "prompt/rendered")).toMatchObject({
    sections: ["task", "rules", "facts"],
    summaries: ["rules", "facts"],
  });
});

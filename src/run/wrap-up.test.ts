/** Runs that near a limit. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { eventsOf } from "../../test/support/recorded-runs.ts";
import { memoryJournal } from "../journal/index.ts";
import { BudgetLedger, deadlineAfter, type Usage } from "../limits/index.ts";
import { type Message, type Model, type ModelRequest, textOf } from "../model/index.ts";
import { callTools, say, sayJson, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, tool } from "../tool/index.ts";
import { type RunOptions, startRun } from "./index.ts";

const ran: string[] = [];
/** A section that the model opens before it has its tools. */
const closed = (...tools: readonly (typeof look)[]) =>
  section({ key: "more", title: "More", body: "Dig.", summary: "Digging.", visibility: "summary", tools });

const made = (name: string, costly?: boolean) =>
  tool({
    name,
    description: `Does ${name}.`,
    effects: "none",
    ...(costly !== undefined && { costly }),
    handler: () => {
      ran.push(name);
      return ok("done");
    },
  });
const [look, search] = [made("look"), made("search", true)];
const promptOf = (...tools: readonly (typeof look)[]) =>
  definePrompt({
    ns: "test",
    key: "wrap-up",
    sections: [section({ key: "task", title: "Task", body: "Do.", tools })],
  }).bind({});
const both = promptOf(look, search);

/** A model that calls some tools for ever; each request counts as 10 tokens. */
function calling(
  names: readonly string[],
  usage: Usage = { inputTokens: 10, outputTokens: 5 },
  then = () => undefined,
) {
  const requests: { readonly tools: readonly string[]; readonly messages: readonly Message[] }[] = [];
  const model: Model = {
    name: "calling",
    provider: "test",
    countTokens: () => 10,
    async generate({ tools, messages }: ModelRequest) {
      requests.push({ tools: tools.map(({ name }) => name), messages: [...messages] });
      then();
      const turn = requests.length;
      const content = names.map(
        (name, at) => ({ type: "tool-call", id: `${turn}.${at}`, name, arguments: "{}" }) as const,
      );
      return { message: { role: "assistant", content }, finish: "tool-calls", usage };
    },
  };
  return { model, requests };
}

/** The end of a run, the stages that it told, and the tools that ran. */
async function ended(model: Model, options: RunOptions, prompt = both) {
  ran.length = 0;
  const journal = memoryJournal();
  const run = startRun(prompt, model, { journal, ...options });
  const events = await eventsOf(run);
  const outcome = await run.outcome;
  const stages = events.flatMap((event) => (event.type === "wrap-up/begun" ? [event] : []));
  return { outcome, stages, events, ran: [...ran], entries: await journal.read(outcome.runId) };
}

const told = (stages: readonly { readonly turn: number; readonly stage: string; readonly limit: string }[]) =>
  stages.map(({ turn, stage, limit }) => `${turn} ${stage} ${limit}`);

describe("a run that nears a limit", () => {
  test.each<[string, RunOptions, readonly string[]]>([
    [
      "turns of the run",
      { maxTurns: 20 },
      ["15 left-told maxTurns", "18 costly-gone maxTurns", "19 last-answer maxTurns"],
    ],
    ["turns that nobody told", {}, ["37 left-told maxTurns", "45 costly-gone maxTurns", "49 last-answer maxTurns"]],
    [
      "turns of the budget",
      { budget: { turns: 20 } },
      ["15 left-told turns", "18 costly-gone turns", "19 last-answer turns"],
    ],
    [
      "tokens of requests",
      { budget: { inputTokens: 200 } },
      ["15 left-told inputTokens", "18 costly-gone inputTokens", "19 last-answer inputTokens"],
    ],
    [
      "tokens of answers",
      { budget: { outputTokens: 100 }, maxOutputTokens: 5 },
      ["15 left-told outputTokens", "18 costly-gone outputTokens", "19 last-answer outputTokens"],
    ],
    [
      "tokens, by answers that may be long",
      { budget: { totalTokens: 300 }, maxOutputTokens: 50 },
      ["12 left-told totalTokens", "15 costly-gone totalTokens", "16 last-answer totalTokens"],
    ],
    [
      "money",
      { budget: { cost: 0.0004 }, maxOutputTokens: 5, prices: () => ({ input: 1, output: 2 }) },
      ["15 left-told cost", "18 costly-gone cost", "19 last-answer cost"],
    ],
    [
      "two limits",
      { maxTurns: 20, budget: { turns: 16 } },
      ["12 left-told turns", "14 costly-gone turns", "15 last-answer turns"],
    ],
  ])("of %s is told in stages", async (_what, options, expected) => {
    const { outcome, stages } = await ended(calling(["look"]).model, options);
    expect(told(stages)).toEqual(expected);
    expect(outcome).toMatchObject({ status: "partial", turns: (stages.at(-1)?.turn ?? 0) + 1 });
  });

  test("of time is told in stages, the last when only one more turn and an answer fit", async () => {
    const clock = createFakeClock();
    const wait = () => void clock.advance(5_000);
    const { outcome, stages } = await ended(calling(["look"], {}, wait).model, {
      clock,
      deadline: deadlineAfter(100_000, clock),
    });
    expect(told(stages)).toEqual(["15 left-told deadline", "18 costly-gone deadline", "19 last-answer deadline"]);
    expect(stages[0]).toMatchObject({ most: 100_000, left: 25_000 });
    expect(stages[0]?.text).toContain("75 % of the time for this task is used, about 25 seconds are left.");
    expect(outcome).toMatchObject({ status: "partial", reason: "deadline" });
  });

  test("is told behind the results of its calls, and nothing before that changes", async () => {
    const { model, requests } = calling(["look"]);
    const { stages } = await ended(model, { maxTurns: 20 });
    const last = requests.at(-1)?.messages ?? [];
    for (const { messages } of requests) expect(last.slice(0, messages.length)).toEqual(messages);
    const at = last.flatMap(({ role }, place) => (role === "user" && place > 0 ? [place] : []));
    expect(at.map((place) => textOf(last[place] as Message))).toEqual(stages.map(({ text }) => text));
    expect(at.map((place) => last[place - 1]?.role)).toEqual(["tool", "tool", "tool"]);
  });

  test("has each stage in its journal, with the message", async () => {
    const { entries, stages } = await ended(calling(["look"]).model, { maxTurns: 8 });
    const begun = entries.flatMap((entry) => (entry.type === "wrap-up/begun" ? [entry] : []));
    expect(begun).toMatchObject([
      { v: 2, turn: 6, stage: "left-told", limit: "maxTurns", most: 8, left: 2 },
      { v: 2, turn: 7, stage: "last-answer", limit: "maxTurns", most: 8, left: 1 },
    ]);
    expect(begun.map(({ message }) => textOf(message))).toEqual(stages.map(({ text }) => text));
    expect(stages[1]?.text).toBe(
      "87 % of the model calls for this task are used, 1 is left. Call no more tools: give your answer now, with what you have.",
    );
  });

  test.each([
    [1, []],
    [2, ["1 last-answer maxTurns"]],
    [4, ["3 last-answer maxTurns"]],
    [5, ["3 left-told maxTurns", "4 last-answer maxTurns"]],
    [8, ["6 left-told maxTurns", "7 last-answer maxTurns"]],
  ])("of %d turns is told no more than it has use for", async (maxTurns, expected) => {
    expect(told((await ended(calling(["look"]).model, { maxTurns })).stages)).toEqual(expected);
  });

  test("hears nothing while no limit is near", async () => {
    const { events } = await ended(scriptedModel([...Array(30).fill(callTools([{ name: "look" }])), say("done")]), {});
    expect(events.map(({ type }) => type)).not.toContain("wrap-up/begun");
  });

  test("by what others on its ledger have used is told at once", async () => {
    const whole = new BudgetLedger({ turns: 40 });
    whole
      .reserve({ inputTokens: 0, outputTokens: 0, cost: 0, turns: 32 })
      .settle({ inputTokens: 0, outputTokens: 0, cost: 0, turns: 32 });
    const budget = new BudgetLedger({ turns: 100 }, whole);
    const { stages } = await ended(calling(["look"]).model, { budget, maxTurns: 3 });
    expect(told(stages)).toEqual(["1 left-told turns", "2 last-answer maxTurns"]);
    expect(stages[0]).toMatchObject({ most: 40, left: 7 });
  });
});

describe("costly tools", () => {
  test("go when a limit is near, and their calls are refused", async () => {
    const { model, requests } = calling(["search", "look"]);
    const { ran, entries, stages } = await ended(model, { maxTurns: 20 });
    expect(stages[1]?.text).toContain("These tools can no longer be used: search.");
    expect(requests[17]?.tools).toEqual(["look", "search"]);
    expect(requests[18]?.tools).toEqual(["look"]);
    expect(ran.filter((name) => name === "search")).toHaveLength(18);
    expect(ran.filter((name) => name === "look")).toHaveLength(19);
    const finished = entries.flatMap((entry) => (entry.type === "tool/finished" && entry.turn === 19 ? [entry] : []));
    expect(finished.map(({ status, result }) => [status, result.text])).toEqual([
      ["refused", "The call was not begun: a limit is near, and search can no longer be used. Go on without it."],
      ["committed", "done"],
    ]);
  });

  test("stay in the list when there are no others, and are refused", async () => {
    const { model, requests } = calling(["search"]);
    const { ran, outcome } = await ended(model, { maxTurns: 20 }, promptOf(search));
    expect(requests.map(({ tools }) => tools)).toEqual(Array(20).fill(["search"]));
    expect(ran).toHaveLength(18);
    expect(outcome).toMatchObject({ status: "partial", reason: "max-turns" });
  });

  test("of sections that are opened afterwards are not offered either", async () => {
    const dig = made("dig", true);
    const more = closed(dig, made("hear"));
    const task = section({ key: "task", title: "Task", body: "Do.", tools: [look, search] });
    const prompt = definePrompt({ ns: "test", key: "open", sections: [task, more] }).bind({});
    const open = callTools([{ name: "open_sections", arguments: { section_keys: ["more"], reason: "to dig" } }]);
    const looks = Array.from({ length: 27 }, () => callTools([{ name: "look" }]));
    const model = scriptedModel([...looks, open, callTools([{ name: "dig" }, { name: "hear" }]), say("done")]);
    const { outcome, ran } = await ended(model, { maxTurns: 30 }, prompt);
    expect(outcome.status).toBe("completed");
    expect(model.requests[28]?.tools.map(({ name }) => name)).toEqual(["look", "open_sections", "hear"]);
    expect(ran.slice(27)).toEqual(["hear"]);
  });

  test("of sections that are opened before are offered until then", async () => {
    const dig = made("dig", true);
    const prompt = definePrompt({ ns: "test", key: "open", sections: [closed(dig)] }).bind({});
    const open = callTools([{ name: "open_sections", arguments: { section_keys: ["more"], reason: "to dig" } }]);
    const model = scriptedModel([open, callTools([{ name: "dig" }]), say("done")]);
    expect((await ended(model, { maxTurns: 30 }, prompt)).ran).toEqual(["dig"]);
    expect(model.requests[1]?.tools.map(({ name }) => name)).toEqual(["open_sections", "dig"]);
  });

  test("have no stage where there are none", async () => {
    const { stages } = await ended(calling(["look"]).model, { maxTurns: 20 }, promptOf(look));
    expect(told(stages)).toEqual(["15 left-told maxTurns", "19 last-answer maxTurns"]);
  });
});

describe("the last answer", () => {
  const answers = (prompt: Parameters<typeof startRun>[0], last: ReturnType<typeof say>, options: RunOptions) =>
    ended(scriptedModel([callTools([{ name: "look" }]), last]), options, prompt as typeof both); // as: only the output differs

  test("completes the run", async () => {
    const { outcome } = await answers(both, say("What I have."), { maxTurns: 2 });
    expect(outcome).toMatchObject({ status: "completed", text: "What I have.", turns: 2 });
  });

  test("has the form that was asked for", async () => {
    const task = section({ key: "task", title: "Task", body: "Do.", tools: [look] });
    const typed = definePrompt({
      ns: "test",
      key: "typed",
      output: z.object({ found: z.int() }),
      sections: [task],
    }).bind({});
    const good = await answers(typed, sayJson({ found: 3 }), { maxTurns: 2 });
    expect(good.outcome).toMatchObject({ status: "completed", output: { found: 3 } });
    expect(good.stages[0]?.text).toContain("give your answer in the form asked for now");
    const bad = await answers(typed, sayJson({ found: "x" }), { maxTurns: 2 });
    expect(bad.outcome).toMatchObject({ status: "partial", reason: "max-turns" });
  });

  test("that is calls is refused, with one result for each, whatever they ask for", async () => {
    const { model, requests } = calling(["look", "search", "nothing"]);
    const { outcome, ran, entries } = await ended(model, { budget: { turns: 2 } });
    expect(outcome).toMatchObject({ status: "partial", reason: "budget", turns: 2 });
    expect(ran).toEqual(["look", "search"]);
    expect(requests.at(-1)?.tools).toEqual(["look", "search"]);
    const finished = entries.flatMap((entry) => (entry.type === "tool/finished" && entry.turn === 2 ? [entry] : []));
    const text = "The call was not begun: a limit is near, and there is only room for your answer. Give it now.";
    expect(finished.map(({ status, result }) => [status, result.text])).toEqual(Array(3).fill(["refused", text]));
  });
});

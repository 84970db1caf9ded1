/** Options of a run that are wrong are told where they are given. */
import { describe, expect, test } from "vitest";
import { named } from "../../test/support/failing-models.ts";
import { taskPrompt } from "../../test/support/recorded-runs.ts";
import { rejectionOf, thrownBy } from "../../test/support/thrown-by.ts";
import { modelAdapter } from "../adapter/index.ts";
import { memoryJournal } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { say } from "../model/scripted/index.ts";
import { branchRun, costsOf, type ReplayOptions, type RunOptions, replayRun, resumeRun, startRun } from "./index.ts";

const prompt = taskPrompt();
const model = named("m", [say("Hi.")]);

describe("what a run is given is refused before it begins, and by its adapter:", () => {
  const price = { input: 1, output: 2 };
  test.each<[object, string]>([
    [{ maxTokens: 5 }, "options of the run, maxTokens: There is no such option. Expected session, journal,"],
    [{ fallback: [] }, 'Received list []. Did you mean "fallbacks"?'],
    [{ apiKey: "hunter2hunter2" }, "options of the run, apiKey: There is no such option."],
    [{ context: { windows: 20_000 } }, "context, windows: There is no such option."],
    [{ context: { windows: 20_000 } }, 'Received number 20000. Did you mean "window"?'],
    [{ context: { summaries: "no" } }, "context, summaries: This cannot be used. Expected true or false."],
    [{ context: { countTokens: 4 } }, "context, countTokens: This cannot be used. Expected a function."],
    [{ context: 20_000 }, "options of the run, context: This cannot be used. Expected an object, or false."],
    [{ context: true }, "options of the run, context: "],
    [
      { context: null },
      "options of the run, context: This cannot be used. Expected an object, or false. Received null.",
    ],
    [
      { throttle: { attempt: 3 } },
      "throttle, attempt: There is no such option. Expected attempts, baseMs, maxMs, totalMs.",
    ],
    [{ throttle: true }, "options of the run, throttle: "],
    [{ budget: 5 }, "options of the run, budget: This cannot be used. Expected an object. Received number 5."],
    [{ budget: { totalTokens: 5, turn: 3 } }, "budget, turn: There is no such option."],
    [
      { limiter: {} },
      "options of the run, limiter: This cannot be used. Expected a limiter, as rateLimiter makes it, or a function.",
    ],
    [
      { fallbacks: modelAdapter(model) },
      "options of the run, fallbacks: This cannot be used. Expected a list of models.",
    ],
    [{ fallbacks: [modelAdapter(model)] }, "options of the run, fallbacks: "],
    [
      { maxOutputTokens: "5" },
      'options of the run, maxOutputTokens: This cannot be used. Expected a whole number from 1 on. Received string "5".',
    ],
    ...[1.5, Number.NaN, -1, 0].map((maxOutputTokens): [object, string] => [
      { maxOutputTokens },
      "options of the run, maxOutputTokens: ",
    ]),
    [{ maxTurns: 0 }, "options of the run, maxTurns: This cannot be used. Expected a whole number from 1 on."],
    [{ prices: price }, "options of the run, prices: This cannot be used. Expected a function."],
    [{ facts: {} }, "options of the run, facts: "],
    [
      { session: {} },
      "options of the run, session: This cannot be used. Expected a session, as createSession makes it.",
    ],
    [{ journal: "runs" }, "options of the run, journal: "],
    [{ signal: new AbortController() }, "options of the run, signal: This cannot be used. Expected an AbortSignal."],
    ...[5_000, new Date(5_000), {}, { at: "5000" }, { at: Number.NaN }, { at: Number.POSITIVE_INFINITY }].map(
      (deadline): [object, string] => [
        { deadline },
        "options of the run, deadline: This cannot be used. Expected a deadline, as deadlineAfter makes it: an object whose `at` is a finite number. Received ",
      ],
    ),
    [{ logger: {} }, "options of the run, logger: This cannot be used. Expected an object with log."],
    [{ telemetry: {} }, "options of the run, telemetry: This cannot be used. Expected an object with start."],
    [{ clock: Date }, "options of the run, clock: "],
    [{ tags: "nightly" }, "options of the run, tags: This cannot be used. Expected a list of texts."],
    [{ overrides: { tag: "a" } }, "options of the run, overrides: "],
    [
      { prices: () => ({ input: 3 }) },
      "prices of scripted/m.output: This cannot be used. Expected a number from 0 on. Received nothing.",
    ],
    [
      { prices: async () => price },
      "prices of scripted/m: This cannot be used. Expected an object, given at once: the function must not be async. Received a promise.",
    ],
    [{ prices: () => ({ ...price, input: -3 }) }, "prices of scripted/m.input: "],
    [{ prices: () => ({ ...price, cacheWrite: Number.NaN }) }, "prices of scripted/m.cacheWrite: "],
    [{ prices: () => ({ ...price, tiers: 5 }) }, "prices of scripted/m.tiers: "],
    [{ prices: () => ({ ...price, tiers: [price] }) }, "prices of scripted/m.tiers[0].above: "],
    [{ prices: () => 3 }, "prices of scripted/m: "],
    [
      { facts: async () => ({}) },
      "facts of scripted/m: This cannot be used. Expected an object, given at once: the function must not be async. Received a promise.",
    ],
    [{ facts: () => ({ window: -5 }) }, "facts of scripted/m, window: "],
    [{ facts: () => ({ maxOutputTokens: "9" }) }, "facts of scripted/m, maxOutputTokens: "],
    [{ facts: () => ({ price: { input: 3 } }) }, "facts of scripted/m, price.output: "],
  ])("%j", async (given, text) => {
    const options = given as RunOptions; // as: what the types refuse
    for (const work of [
      () => startRun(prompt, model, options),
      () => modelAdapter(model, options),
      () => modelAdapter(model).run(prompt, options),
    ]) {
      const error = thrownBy(work);
      expect(error.code).toBe("INPUT_INVALID");
      expect(error.message).toContain(text);
      expect(error.message).not.toContain("hunter2");
    }
    expect((await rejectionOf(modelAdapter(model).evaluate(prompt, options))).message).toContain(text);
  });

  test("options that are no object", () => {
    for (const options of [null, 5, "text", []])
      for (const run of [
        startRun.bind(null, prompt, model),
        modelAdapter(model).run.bind(null, prompt),
        modelAdapter.bind(null, model),
      ])
        expect(thrownBy(() => run(options as RunOptions)).message).toContain(
          "options of the run: This cannot be used. Expected an object.",
        );
  });

  test("an option that is undefined was not given, whatever its name", async () => {
    const options = { session: undefined, maxTokens: undefined } as RunOptions; // as: what the types refuse
    expect((await startRun(prompt, named("m", [say("Hi.")]), options).outcome).status).toBe("completed");
  });
});

describe("a model that is none is refused", () => {
  test.each([
    ["its name", "gpt-5"],
    ["nothing", undefined],
    ["an adapter", modelAdapter(model)],
    ["no provider", { ...model, provider: undefined }],
  ])("%s", (_what, given) => {
    const wrong = given as unknown as Model; // as: what the types refuse
    for (const work of [() => startRun(prompt, wrong), () => modelAdapter(wrong)])
      expect(thrownBy(work)).toMatchObject({
        code: "INPUT_INVALID",
        message: expect.stringContaining("model: This cannot be used. Expected a model, as a driver makes it"),
      });
  });
});

test("a function that gives a model what is no limiter ends the run with an error that names the model", async () => {
  const options = { limiter: () => ({}) } as unknown as RunOptions; // as: what the types refuse
  expect(await startRun(prompt, named("m", [say("Hi.")]), options).outcome).toMatchObject({
    status: "failed",
    error: { code: "INPUT_INVALID", message: expect.stringContaining("limiter of scripted/m: ") },
  });
});

describe("runs that go on, and replays, refuse what they cannot use:", () => {
  const journal = memoryJournal();
  const calls: Record<string, (options: object) => Promise<unknown>> = {
    resume: (options) => resumeRun(prompt, model, journal, "run-1", options),
    branch: (options) => branchRun(prompt, model, journal, "run-1", options),
    replay: (options) => replayRun(journal, "run-1", { prompt, ...options }),
    "replay of": (options) => replayRun(journal, "run-1", options as ReplayOptions<unknown>), // as: what the types refuse
  };
  const noObject = "This cannot be used. Expected an object.";
  const noPrompt = "prompt: This is no prompt. Expected what `bind` gives.";
  test.each<[string, unknown, string]>([
    ["resume", { onchange: "branch" }, "options of resume, onchange: There is no such option."],
    ["resume", { onChange: "stop" }, "options of resume, onChange: This cannot be used. Expected"],
    ["resume", { onChange: null }, "options of resume, onChange: This cannot be used. Expected"],
    ["resume", { ids: {} }, "options of resume, ids: This cannot be used. Expected an object with next."],
    ["resume", { deadline: new Date(0) }, "options of resume, deadline: "],
    ["resume", null, `options of resume: ${noObject} Received null.`],
    ["resume", "branch", `options of resume: ${noObject} Received string "branch".`],
    ["branch", { At: 3 }, "options of branch, At: There is no such option."],
    ["branch", { ids: {} }, "options of branch, ids: This cannot be used. Expected an object with next."],
    ["branch", { runId: 5 }, "options of branch, runId: This cannot be used. Expected text. Received number 5."],
    ["branch", null, `options of branch: ${noObject} Received null.`],
    ["branch", "at 1", `options of branch: ${noObject} Received string "at 1".`],
    ...[-1, 1.5, Number.POSITIVE_INFINITY, "1", null].map((at): [string, object, string] => [
      "branch",
      { at },
      "options of branch, at: This cannot be used. Expected a whole number from 0 on.",
    ]),
    ["replay", { prompt: {} }, noPrompt],
    ["replay of", {}, `${noPrompt} Received undefined.`],
    ["replay of", null, `replay: ${noObject} Received null.`],
    [
      "replay",
      { tool: "live" },
      'replay, tool: There is no such option. Expected prompt, tools, overrides, signal, clock, logger. Received string "live". Did you mean "tools"?',
    ],
    ["replay", { tools: "alive" }, 'replay, tools: This cannot be used. Expected "recorded" or "live".'],
  ])("%s %j", async (how, options, text) => {
    const error = await rejectionOf(calls[how]?.(options as object) ?? Promise.resolve()); // as: what the types refuse
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(text);
  });
});

test("what calls have cost is not told by a price that cannot be true", async () => {
  const journal = memoryJournal();
  await startRun(prompt, named("m", [say("Hi.")]), { journal, runId: "run-1" }).outcome;
  const prices = () => ({ input: Number.NaN, output: 1 });
  const entries = await journal.read("run-1");
  expect(thrownBy(() => costsOf(entries, { prices })).message).toContain("prices of scripted/m.input: ");
});

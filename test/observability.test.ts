/** The records that are logged, compared with the table of them in docs/observability.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { modelAdapter, resume } from "../src/adapter/index.ts";
import { type JsonObject, type Logger, type LogLevel, silentLogger } from "../src/base/index.ts";
import { files, memoryFiles } from "../src/files/index.ts";
import { memoryJournal } from "../src/journal/index.ts";
import type { Model } from "../src/model/index.ts";
import { callTools, type ScriptEntry, say, sayJson, scriptedModel } from "../src/model/scripted/index.ts";
import { definePrompt, section } from "../src/prompt/index.ts";
import { answer, type RunOptions, replayRun, startRun } from "../src/run/index.ts";
import { event, slice } from "../src/session/index.ts";
import { fail, ok, type Tool, tool } from "../src/tool/index.ts";
import { down, endOf, named, standingWorld } from "./support/failing-models.ts";
import { failsAt } from "./support/journal-appends.ts";
import { tableRows } from "./support/markdown.ts";
import { cutOffAt, taskPrompt } from "./support/recorded-runs.ts";
import { isTest, readSources, root } from "./support/source-tree.ts";

interface Logged {
  readonly level: LogLevel;
  readonly event: string;
  readonly facts: JsonObject;
}
function recording(): Logger & { readonly logged: Logged[] } {
  const logged: Logged[] = [];
  return { logged, log: (level, event, facts = {}) => void logged.push({ level, event, facts }) };
}

const document = readFileSync(join(root, "docs/observability.md"), "utf8");
const cells = (cell = ""): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, word = ""]) => word);
/** The rows of the table by record. "the same" is what stands in the row above. */
const rows = new Map<string, { levels: readonly string[]; facts: readonly string[] }>();
let above: readonly string[] = [];
for (const [names, levels, facts = ""] of tableRows(document, "Records")) {
  const own = cells(facts);
  above = facts.startsWith("the same") ? [...above.filter((fact) => fact !== "reason"), ...own] : own;
  for (const name of cells(names)) rows.set(name, { levels: cells(levels), facts: above });
}

test("the table names every record that the code logs, and no other", () => {
  const sources = readSources("src").filter(({ path }) => !isTest(path));
  const lines = sources.flatMap(({ path, text }) =>
    text.split("\n").filter((line) => path.endsWith("/run-log.ts") || /\b(?:log|write|tell|failed)\(/.test(line)),
  );
  const named = lines.flatMap((line) => [...line.matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)].map(([, name = ""]) => name));
  expect([...new Set(named)].sort()).toEqual([...rows.keys()].sort());
});

test("the attributes of spans that are told are those in the code", () => {
  const sources = readSources("src").filter(({ path }) => /(?:run-spans|span-content|open-telemetry)\.ts$/.test(path));
  const inCode = sources.flatMap(({ text }) =>
    [...text.matchAll(/"((?:gen_ai|wink|error)\.[\w.]+)"/g)].map(([, name]) => name),
  );
  const told = [...document.matchAll(/`((?:gen_ai|wink|error)\.[\w.]+)`/g)].map(([, name]) => name);
  expect([...new Set(told)].sort()).toEqual([...new Set(inCode)].sort());
});

const boom = (): never => {
  throw new Error("boom");
};
const noted = event("note/made", z.object({ text: z.string() }));
let heard = 0;
/** Throws on the session what it took on the fork of the call. */
const broken = slice({
  name: "broken",
  item: z.object({ text: z.string() }),
  reducers: (on) => [
    on(noted, () => {
      heard++;
      return heard > 1 ? boom() : undefined;
    }),
  ],
});
const base = { description: "Does.", effects: "none" } as const;
const tools: readonly Tool[] = [
  tool({
    ...base,
    name: "good",
    params: z.object({ secret: z.string() }),
    handler: ({ secret }) => ok(`so ${secret}`),
  }),
  tool({ ...base, name: "no", handler: () => fail("not now") }),
  tool({ ...base, name: "broken", handler: boom }),
  tool({ ...base, name: "outside", effects: "external", handler: boom }),
  tool({ ...base, name: "undone", effects: "compensable", handler: boom, undo: () => undefined }),
  tool({ ...base, name: "stays", effects: "compensable", handler: boom, undo: boom }),
  tool({ ...base, name: "dig", costly: true, handler: () => ok("mud") }),
];
const call = (name: string, given: object = {}) => callTools([{ name, arguments: given }]);

/** Runs that come by everything, each logged. */
const programs: Readonly<Record<string, (logger: Logger) => Promise<unknown>>> = {
  async "calls of all kinds"(logger) {
    const calls = tools.map(({ name }) => ({ name, arguments: name === "good" ? { secret: "zebra" } : {} }));
    const more = [{ name: "gone" }, { name: "good", arguments: { wrong: "zebra" } }];
    const script = [callTools([...calls, ...more]), say("The answer is a zebra.")];
    await startRun(taskPrompt({ tools }), scriptedModel(script), { logger, runId: "run-1" }).outcome;
  },
  async "a limit that comes near"(logger) {
    const journal = memoryJournal();
    const script = Array.from({ length: 4 }, () => call("dig"));
    const options = { logger, journal, runId: "run-1", maxTurns: 4 };
    await startRun(taskPrompt({ tools }), scriptedModel(script), options).outcome;
    const adapter = modelAdapter(scriptedModel([call("dig"), say("done")]), { logger, maxTurns: 40 });
    await (await resume(journal, "run-1", { adapter, prompt: taskPrompt({ tools }) })).outcome;
  },
  async "a budget"(logger) {
    const script = [call("no"), say("never")];
    await startRun(taskPrompt({ tools }), scriptedModel(script), { logger, budget: { turns: 1 } }).outcome;
  },
  async "models that fail"(logger) {
    const { clock, options } = standingWorld();
    const fallbacks = [named("other", [say("Hi.")])];
    const throttle = { attempts: 2 };
    const run = startRun(taskPrompt(), named("m", [down, down]), { ...options, logger, fallbacks, throttle });
    await endOf(run, clock);
  },
  async "a run that fails"(logger) {
    await startRun(taskPrompt(), scriptedModel([down]), { logger, throttle: false }).outcome;
  },
  async "a repair"(logger) {
    const output = z.object({ sum: z.int() });
    const prompt = definePrompt({ ns: "test", key: "typed", output, sections: [] }).bind();
    await startRun(prompt, scriptedModel([sayJson({ sum: "zebra" }), sayJson({ sum: 3 })]), { logger }).outcome;
  },
  async "an opened section"(logger) {
    const parts = {
      title: "More",
      body: "More.",
      summary: "Short.",
      visibility: "summary",
      tools: [...tools],
    } as const;
    const prompt = definePrompt({ ns: "test", key: "open", sections: [section({ key: "more", ...parts })] }).bind();
    const open = call("open_sections", { section_keys: ["more"], reason: "zebra" });
    await startRun(prompt, scriptedModel([open, say("done")]), { logger }).outcome;
  },
  async "a question"(logger) {
    const journal = memoryJournal();
    const asking = tool({
      ...base,
      name: "asking",
      async handler(_params, { suspend }) {
        const reply = await suspend({ question: "A zebra?", answer: z.object({ yes: z.boolean() }) });
        return ok(String(reply.expired));
      },
    });
    const prompt = taskPrompt({ tools: [asking] });
    await startRun(prompt, scriptedModel([call("asking")]), { logger, journal, runId: "run-1" }).outcome;
    await answer(journal, "run-1", { no: "zebra" });
    const adapter = modelAdapter(scriptedModel([]), { logger });
    await (await resume(journal, "run-1", { adapter, prompt })).outcome;
  },
  async "a reducer that throws"(logger) {
    const note = tool({
      ...base,
      name: "note",
      handler(_params, { session }) {
        session.dispatch(noted({ text: "zebra" }));
        return ok("noted");
      },
    });
    await startRun(taskPrompt({ tools: [note], slices: [broken] }), scriptedModel([call("note")]), { logger }).outcome;
  },
  async "a journal that fails"(logger) {
    const fs = { ...memoryFiles(), restore: () => Promise.reject(new Error("stuck")) };
    const write = tool({
      ...base,
      name: "write",
      effects: "workspace",
      resources: { fs: files },
      handler: () => ok(""),
    });
    const journal = failsAt(memoryJournal(), "tool/finished");
    const prompt = taskPrompt({ tools: [write], resources: [files.bind(fs)] });
    await startRun(prompt, scriptedModel([call("write")]), { logger, journal }).outcome;
  },
  async "a model behind an alias"(logger) {
    const model = scriptedModel([say("Hi.")]);
    const generate: Model["generate"] = async (...asked) => ({
      ...(await model.generate(...asked)),
      answeredBy: "m-7",
    });
    await startRun(taskPrompt(), { ...model, generate }, { logger }).outcome;
  },
  async "a subagent"(logger) {
    const parent = { run: "above", call: "call-1" };
    await startRun(taskPrompt(), scriptedModel([say("Hi.")]), { logger, parent }).outcome;
  },
};

/** Records that other tests bring about: not of runs, or of runs whose conversations or stores have trouble. */
const elsewhere = [
  ...["prompt_override_resolved", "prompt_override_stale", "prompt_override_unknown", "model_warning"],
  ...[
    "context_dropped",
    "context_summarised",
    "context_summary_failed",
    "session_flush_failed",
    "resource_close_failed",
  ],
  ...["event_delivery_failed", "session_dispatch_failed"],
];
/** Facts that are there when a provider, or an error, tells them. */
const rare = new Set(["cachedInputTokens", "cacheWriteTokens", "reasoningTokens", "reason"]);

describe("what runs log", async () => {
  const logger = recording();
  for (const program of Object.values(programs)) await program(logger);
  const { logged } = logger;

  test("are records of the table, with its levels and facts, and each of them but those of other tests", () => {
    const facts = new Map<string, Set<string>>();
    for (const record of logged) {
      const row = rows.get(record.event);
      expect(row?.levels, record.event).toContain(record.level);
      const names = Object.keys(record.facts);
      expect(row?.facts, record.event).toEqual(expect.arrayContaining(names));
      facts.set(record.event, new Set([...(facts.get(record.event) ?? []), ...names]));
    }
    expect([...facts.keys(), ...elsewhere].sort()).toEqual([...rows.keys()].sort());
    for (const [name, seen] of facts) {
      const missing = rows.get(name)?.facts.filter((fact) => !seen.has(fact) && !rare.has(fact));
      expect(missing, name).toEqual([]);
    }
  });

  test("say of which run, and never what was said", () => {
    expect(logged.filter(({ facts }) => typeof facts.run !== "string")).toEqual([]);
    expect(JSON.stringify(logged)).not.toMatch(/zebra/);
  });

  test("say of a call how it ended, once", () => {
    const ends = logged.filter(
      ({ event, facts }) => facts.tool !== undefined && /completed|exception|validation/.test(event),
    );
    const first = ends
      .slice(0, tools.length + 2)
      .map(({ level, event, facts }) => [facts.tool, level, event, facts.status]);
    expect(first.sort()).toEqual([
      ["broken", "warn", "tool_handler_exception", "failed"],
      ["dig", "debug", "tool_handler_completed", "committed"],
      ["gone", "warn", "tool_validation_failed", undefined],
      ["good", "debug", "tool_handler_completed", "committed"],
      ["good", "warn", "tool_validation_failed", undefined],
      ["no", "warn", "tool_handler_completed", "failed"],
      ["outside", "error", "tool_handler_exception", "unknown"],
      ["stays", "error", "tool_handler_exception", "unknown"],
      ["undone", "warn", "tool_handler_exception", "failed"],
    ]);
  });
});

describe("a run that goes on", () => {
  const prompt = taskPrompt({ tools });
  const script: readonly ScriptEntry[] = [call("good", { secret: "x" }), call("no"), say("done")];

  test("logs what is new, and a replay nothing", async () => {
    const journal = await cutOffAt("model/responded", prompt, script, 2);
    const logger = recording();
    const adapter = modelAdapter(scriptedModel(script.slice(1)), { logger });
    await (await resume(journal, "run-1", { adapter, prompt })).outcome;
    expect(logger.logged.map(({ event, facts }) => [event, facts.turn ?? facts.turns])).toEqual([
      ["prompt_execution_resumed", 1],
      ["model_requested", 2],
      ["model_responded", 2],
      ["prompt_tool_calls_detected", 2],
      ["tool_call_intended", 2],
      ["tool_handler_completed", 2],
      ["model_requested", 3],
      ["model_responded", 3],
      ["prompt_execution_succeeded", 3],
    ]);
    const later = recording();
    await replayRun(journal, "run-1", { prompt, logger: later });
    await replayRun(journal, "run-1", { prompt, logger: later, tools: "live" });
    await (await resume(journal, "run-1", { adapter: modelAdapter(scriptedModel([]), { logger: later }), prompt }))
      .outcome;
    expect(later.logged).toEqual([]);
  });
});

test("a logger that throws changes nothing about a run, also while a model is asked again", async () => {
  const ended = async (logger: RunOptions["logger"]) => {
    const { clock, options } = standingWorld();
    const model = scriptedModel([down, call("no"), say("done")]);
    const run = startRun(taskPrompt({ tools }), model, { ...options, logger, budget: { turns: 3 } });
    return { outcome: await endOf(run, clock) };
  };
  const throwing = await ended({ log: boom });
  expect(throwing.outcome.status).not.toBe("failed");
  expect(throwing).toEqual(await ended(silentLogger));
});

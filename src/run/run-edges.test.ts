/** The edges of a run: how it opens and closes what it was given, and what is told when that goes wrong. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { cutBehind, endOf, looking, standingWorld } from "../../test/support/failing-models.ts";
import { withAppends } from "../../test/support/journal-appends.ts";
import { entriesOf, eventsOf } from "../../test/support/recorded-runs.ts";
import { type ErrorCode, type Logger, WinkError } from "../base/index.ts";
import { type Journal, type JournalStep, type JournalWriter, memoryJournal } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, type ScriptEntry, say, sayJson, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { createSession, type Session } from "../session/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { tool } from "../tool/index.ts";
import { replayRun, resumeRun, startRun } from "./index.ts";

const once = (): Model => scriptedModel([callTools([{ name: "look" }]), say("done")]);

describe("an error of the journal itself", () => {
  test.each<ErrorCode>(["JOURNAL_FAILED", "JOURNAL_FENCED", "JOURNAL_INVALID"])(
    "%s ends the run, which writes no more",
    async (code) => {
      const { clock, journal, options } = standingWorld();
      const tried: JournalStep["type"][] = [];
      const failing = withAppends(journal, (step, write) => {
        tried.push(step.type);
        return step.type === "tool/intended" ? Promise.reject(new WinkError(code, { problem: "no" })) : write(step);
      });
      const run = startRun(looking, once(), { ...options, journal: failing });
      expect(await endOf(run, clock)).toMatchObject({ status: "failed", error: { code } });
      expect(tried.at(-1)).toBe("tool/intended");
    },
  );

  test("of another kind is the run's own, and stands in the journal", async () => {
    const { clock, journal, options } = standingWorld();
    const failing = withAppends(journal, (step, write) =>
      step.type === "tool/intended" ? Promise.reject(new WinkError("INPUT_INVALID", { problem: "no" })) : write(step),
    );
    await endOf(startRun(looking, once(), { ...options, journal: failing }), clock);
    expect((await entriesOf(journal, "run/finished"))[0]).toMatchObject({ status: "failed" });
  });
});

describe("a signal from outside", () => {
  test("is listened to once, and not any more when the run has ended", async () => {
    const { clock, options } = standingWorld();
    const { signal } = new AbortController();
    const heard: string[] = [];
    const counting = Object.assign(Object.create(signal) as AbortSignal, {
      addEventListener: (...given: Parameters<AbortSignal["addEventListener"]>) => {
        heard.push(`add ${given[0]} ${JSON.stringify(given[2])}`);
        listener = given[1];
      },
      removeEventListener: (...given: Parameters<AbortSignal["removeEventListener"]>) =>
        void heard.push(`remove ${given[0]} ${given[1] === listener}`),
    });
    let listener: unknown;
    Object.defineProperty(counting, "aborted", { value: false });
    await endOf(startRun(looking, once(), { ...options, signal: counting }), clock);
    expect(heard).toEqual(['add abort {"once":true}', "remove abort true"]);
  });

  test("that has aborted ends the run before it asks", async () => {
    const { clock, options } = standingWorld();
    const model = once();
    const run = startRun(looking, model, { ...options, signal: AbortSignal.abort(new Error("enough")) });
    expect(await endOf(run, clock)).toMatchObject({ status: "aborted", reason: "enough", turns: 0, attempts: 0 });
  });
});

describe("a journal that is slow to open", () => {
  /** A journal whose writer comes when it is let. */
  function slow(journal: Journal) {
    const opened = Promise.withResolvers<JournalWriter>();
    const closed = Promise.withResolvers<void>();
    const writer = {
      epoch: 1,
      length: 0,
      append: async () => 0,
      [Symbol.asyncDispose]: async () => closed.resolve(),
    };
    return { journal: { ...journal, open: () => opened.promise }, opened, closed: closed.promise, writer };
  }

  test("does not hold an abort up; a writer that comes too late is closed", async () => {
    const { clock, options, journal } = standingWorld();
    const late = slow(journal);
    const run = startRun(looking, once(), { ...options, journal: late.journal });
    await clock.advanceAsync(10);
    run.abort("enough");
    expect(await run.outcome).toMatchObject({ status: "aborted", reason: "enough" });
    late.opened.resolve(late.writer);
    await late.closed;
  });

  test("may fail when nobody waits any more", async () => {
    const { clock, options, journal } = standingWorld();
    const late = slow(journal);
    const run = startRun(looking, once(), { ...options, journal: late.journal });
    await clock.advanceAsync(10);
    run.abort("enough");
    await run.outcome;
    late.opened.reject(new Error("gone"));
    await clock.advanceAsync(10);
  });
});

describe("a session whose stores cannot be written", () => {
  const full = (session: Session): Session =>
    new Proxy(session, {
      get: (target, name) => {
        if (name === "flush") return () => Promise.reject(new Error("the disk is full"));
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const ranOver = async (script: readonly ScriptEntry[], maxTurns: number) => {
    const { clock, logs, options } = standingWorld();
    const session = full(createSession({ id: "s" }));
    const outcome = await endOf(startRun(looking, scriptedModel(script), { ...options, session, maxTurns }), clock);
    return { outcome, logs: logs.filter(({ event }) => event === "session_flush_failed") };
  };

  test("fails a run that would have completed", async () => {
    const { outcome, logs } = await ranOver([say("done")], 5);
    expect(outcome).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("the disk is full") },
    });
    expect(logs).toEqual([]);
  });

  test("is told in the log of a run that ends otherwise", async () => {
    const { outcome, logs } = await ranOver([callTools([{ name: "look" }])], 1);
    expect(outcome).toMatchObject({ status: "partial", reason: "max-turns" });
    expect(logs).toEqual([
      {
        level: "error",
        event: "session_flush_failed",
        run: "run-1",
        session: "s",
        problem: expect.stringContaining("the disk is full"),
      },
    ]);
  });
});

test("a run whose clock breaks at its end is told as failed, with where its journal is", async () => {
  const { clock, options } = standingWorld();
  let isBroken = false;
  const breaking = {
    ...clock,
    now: clock.now,
    schedule: clock.schedule,
    elapsed: () => {
      if (isBroken) throw new Error("the clock has stopped");
      return clock.elapsed();
    },
  };
  const journal = withAppends(memoryJournal({ clock }), async (step, write) => {
    const seq = await write(step);
    isBroken = step.type === "run/finished";
    return seq;
  });
  expect(await endOf(startRun(looking, once(), { ...options, clock: breaking, journal }), clock)).toEqual({
    status: "failed",
    error: expect.objectContaining({ code: "RUN_FAILED", message: expect.stringContaining("the clock has stopped") }),
    runId: "run-1",
    turns: 0,
    attempts: 0,
    usage: {},
    journal: { driver: "memory", runId: "run-1" },
  });
});

describe("what is told of the end", () => {
  test("is how long it took, and what it used", async () => {
    const clock = createFakeClock(1_000);
    await clock.advanceAsync(500);
    const { logs, options } = standingWorld();
    const model: Model = {
      ...once(),
      generate: async () => ({
        message: { role: "assistant", content: [{ type: "text", text: "done" }] },
        finish: "stop",
        usage: { inputTokens: 5, outputTokens: 2 },
      }),
    };
    const journal = memoryJournal({ clock });
    const slow: Model = {
      ...model,
      generate: async (...given) => {
        await clock.advanceAsync(70);
        return model.generate(...given);
      },
    };
    const run = startRun(looking, slow, { ...options, clock, journal });
    await endOf(run, clock);
    expect((await eventsOf(run)).at(-1)).toMatchObject({ type: "run/finished", milliseconds: 70 });
    expect(logs.at(-1)).toEqual({
      level: "info",
      event: "prompt_execution_succeeded",
      run: "run-1",
      status: "completed",
      turns: 1,
      attempts: 1,
      milliseconds: 70,
      inputTokens: 5,
      outputTokens: 2,
    });
  });

  test("of a replay stands in the log only when it fails", async () => {
    const { clock, journal, options } = standingWorld();
    await endOf(startRun(looking, once(), options), clock);
    const events: string[] = [];
    const logger: Logger = { log: (_level, event) => void events.push(event) };
    await replayRun(journal, "run-1", { prompt: looking, logger });
    expect(events).toEqual([]);
    const other = definePrompt({
      ns: "test",
      key: "looking",
      sections: [section({ key: "task", title: "Task", body: "Look twice." })],
    }).bind({});
    await expect(replayRun(journal, "run-1", { prompt: other, logger })).rejects.toMatchObject({
      code: "REPLAY_DIVERGED",
    });
    expect(events).toEqual(["prompt_execution_failed"]);
  });
});

describe("the ids of calls", () => {
  test("are the run's own when a model repeats them, or gives none", async () => {
    const { clock, journal, options } = standingWorld();
    const asking = (...ids: readonly string[]): Awaited<ReturnType<Model["generate"]>> => ({
      message: {
        role: "assistant",
        content: ids.map((id) => ({ type: "tool-call", id, name: "look", arguments: "{}" })),
      },
      finish: ids.length === 0 ? "stop" : "tool-calls",
      usage: {},
    });
    const answers = [asking("a", "a", ""), asking("a", "", "a-2", "b"), asking()];
    const model: Model = { ...once(), generate: async () => answers.shift() ?? asking() };
    expect(await endOf(startRun(looking, model, options), clock)).toMatchObject({ status: "completed" });
    expect((await entriesOf(journal, "tool/finished")).map(({ call }) => call)).toEqual([
      ...["a", "a-2", "call-2"],
      ...["a-3", "call-3", "a-2-2", "b"],
    ]);
  });
});

describe("one answer", () => {
  const form = definePrompt({
    ns: "test",
    key: "form",
    output: z.object({ n: z.number() }),
    sections: [section({ key: "task", title: "Task", body: "Count." })],
  }).bind();

  test("may be as long as the run says, and as the model's own when it does not", async () => {
    const { clock, options } = standingWorld();
    const limits = async (own: number | undefined, maxOutputTokens: number | undefined) => {
      const model = scriptedModel([say("done")]);
      const run = startRun(
        looking,
        { ...model, maxOutputTokens: own },
        { ...options, journal: memoryJournal(), maxOutputTokens },
      );
      await endOf(run, clock);
      return model.requests[0]?.limits;
    };
    expect(await limits(undefined, undefined)).toBeUndefined();
    expect(await limits(undefined, 7)).toEqual({ maxOutputTokens: 7 });
    expect(await limits(9, undefined)).toEqual({ maxOutputTokens: 9 });
    expect(await limits(9, 7)).toEqual({ maxOutputTokens: 7 });
  });

  test("that is cut off and has the form all the same is taken", async () => {
    const { clock, options } = standingWorld();
    const cut = (model: Model): Model => ({
      ...model,
      generate: async (...given) => ({ ...(await model.generate(...given)), finish: "length" }),
    });
    const whole = startRun(form, cut(scriptedModel([sayJson({ n: 1 })])), options);
    expect(await endOf(whole, clock)).toMatchObject({ status: "completed", output: { n: 1 } });
    const half = startRun(form, cut(scriptedModel([say('{"n": ')])), { ...options, journal: memoryJournal() });
    expect(await endOf(half, clock)).toMatchObject({ status: "partial", reason: "output-length", text: '{"n": ' });
  });

  test("that does not fit twice is told with the prompt, and without blanks around it", async () => {
    const { clock, options } = standingWorld();
    const outcome = await endOf(startRun(form, scriptedModel([say("one"), say("  two \n")]), options), clock);
    const message = outcome.status === "failed" ? outcome.error.message : "";
    expect(message).toContain('prompt "test:form": The final answer does not fit the output schema: ');
    expect(message).toContain("Received two.");
    const blank = startRun(form, scriptedModel([say("one"), say(" ")]), { ...options, journal: memoryJournal() });
    const empty = await endOf(blank, clock);
    expect(empty.status === "failed" && empty.error.message).toContain("Received an empty answer.");
  });
});

test("a refusal beside calls begins none of them", async () => {
  const { clock, journal, options } = standingWorld();
  const model: Model = {
    ...once(),
    generate: async () => ({
      message: {
        role: "assistant",
        content: [
          { type: "text", text: "No." },
          { type: "tool-call", id: "a", name: "look", arguments: "{}" },
        ],
      },
      finish: "refusal",
      usage: {},
    }),
  };
  expect(await endOf(startRun(looking, model, options), clock)).toMatchObject({ status: "refused", text: "No." });
  const [answer] = await entriesOf(journal, "model/responded");
  expect(answer?.message.content).toEqual([{ type: "text", text: "No." }]);
});

test("an id that is in the journal already begins no run; one that was made is not looked for", async () => {
  const { clock, journal, options } = standingWorld();
  await endOf(startRun(looking, once(), options), clock);
  const again = await endOf(startRun(looking, once(), options), clock);
  expect(again).toMatchObject({ status: "failed", error: { code: "INPUT_INVALID" } });
  let reads = 0;
  const counting: Journal = {
    ...journal,
    read: (id) => {
      reads++;
      return journal.read(id);
    },
  };
  await endOf(startRun(looking, once(), { ...options, runId: undefined, journal: counting }), clock);
  expect(reads).toBe(0);
});

test("a run that goes on is told the attempts of before, and asks for the rest alone", async () => {
  const { clock, journal, options } = standingWorld();
  await endOf(startRun(looking, once(), options), clock);
  const cut = await cutBehind(journal, clock, ({ type }) => type === "tool/finished");
  const run = await resumeRun(looking, scriptedModel([say("done")]), cut, "run-1", options);
  expect(await endOf(run, clock)).toMatchObject({ status: "completed", turns: 2, attempts: 2 });
  const told = (await eventsOf(run)).flatMap((event) => ("turn" in event ? [`${event.turn} ${event.type}`] : []));
  expect(told).toEqual([
    "1 model/requested",
    "1 model/responded",
    "1 tool/started",
    "1 tool/finished",
    "2 model/requested",
    "2 model/responded",
  ]);
});

test("a tool that waits for ever is given up with its run", async () => {
  const { clock, options } = standingWorld();
  const wait = tool({
    name: "wait",
    description: "Waits.",
    effects: "none",
    handler: () => new Promise<never>(() => undefined),
  });
  const prompt = definePrompt({
    ns: "test",
    key: "waiting",
    sections: [section({ key: "task", title: "Task", body: "Wait.", tools: [wait] })],
  }).bind({});
  const run = startRun(prompt, scriptedModel([callTools([{ name: "wait" }])]), options);
  await clock.advanceAsync(10);
  run.abort("enough");
  expect(await endOf(run, clock)).toMatchObject({ status: "aborted", reason: "enough" });
});

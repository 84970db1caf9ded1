/** Answers that are watched while they come. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { eventsOf } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import type { GenerateOptions, Model, ModelRequest, ModelResponse } from "../model/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { type RunOptions, startRun } from "./index.ts";

const prompt = (): Prompt<unknown> =>
  definePrompt({ ns: "test", key: "progress", sections: [section({ key: "s", title: "S", body: "Say." })] }).bind({});

const done: ModelResponse = {
  message: { role: "assistant", content: [{ type: "text", text: "done" }] },
  finish: "stop",
  usage: {},
};

/** A model that does what it is told with each request, and notes how it was asked. */
function modelOf(...answers: readonly ((options: GenerateOptions) => Promise<ModelResponse>)[]) {
  const asked: GenerateOptions[] = [];
  const model: Model = {
    name: "m",
    provider: "test",
    generate(_request: ModelRequest, options) {
      asked.push(options);
      return answers[asked.length - 1]?.(options) ?? Promise.resolve(done);
    },
  };
  return { model, asked };
}

/** Stays silent until it is aborted, and throws the reason, as drivers do. */
const silent = ({ signal }: GenerateOptions): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

async function runWith(model: Model, clock: FakeClock, options: RunOptions = {}) {
  const run = startRun(prompt(), model, { clock, idleTimeoutMs: 10_000, random: () => 0, ...options });
  const events = await eventsOf(run);
  return { outcome: await run.outcome, events };
}

describe("with `idleTimeoutMs`", () => {
  test("a model that stays silent is given up and asked again, and no timer is left", async () => {
    const clock = createFakeClock();
    const { model, asked } = modelOf(silent);
    const work = runWith(model, clock);
    await clock.advanceAsync(9_999);
    expect(asked[0]?.signal.aborted).toBe(false);
    await clock.advanceAsync(1);
    await clock.advanceAsync(500);
    const { outcome, events } = await work;
    expect(outcome).toMatchObject({ status: "completed", attempts: 2 });
    expect(events.find(({ type }) => type === "model/retried")).toMatchObject({
      code: "MODEL_UNAVAILABLE",
      problem: expect.stringContaining(
        "The model does not go on. Expected a piece of the answer. Received nothing for 10000 ms.",
      ),
    });
    expect(clock.pending()).toBe(0);
  });

  test("a model that goes on saying something has as long as it needs, and the run tells of it once a second", async () => {
    const clock = createFakeClock(1_000);
    const { model } = modelOf(async ({ onProgress }) => {
      for (let piece = 1; piece <= 60; piece++) {
        await clock.advanceAsync(400);
        onProgress?.({ characters: piece * 10 });
      }
      return done;
    });
    const { outcome, events } = await runWith(model, clock);
    expect(outcome).toMatchObject({ status: "completed", attempts: 1 });
    const told = events.filter(({ type }) => type === "model/progress");
    expect(told).toHaveLength(20);
    expect(told[0]).toEqual({ type: "model/progress", at: 2_200, turn: 1, characters: 30 });
    expect(clock.pending()).toBe(0);
  });

  test("a run that cannot ask again says what it has waited for", async () => {
    const clock = createFakeClock();
    const { model } = modelOf(silent);
    const work = runWith(model, clock, { throttle: false });
    await clock.advanceAsync(10_000);
    const { outcome } = await work;
    if (outcome.status !== "failed") throw new Error("the run has not failed");
    expect(outcome.error).toMatchObject({ code: "MODEL_UNAVAILABLE", details: { idleMs: 10_000 } });
    expect(outcome.error.message).toBe(
      "model test/m: The model does not go on. Expected a piece of the answer. Received nothing for 10000 ms. Try again, or raise `idleTimeoutMs` for a model that thinks for long without a word.",
    );
  });

  test("what comes a second after the last is told, and nothing of an answer that is there", async () => {
    const clock = createFakeClock();
    const late: GenerateOptions[] = [];
    const { model } = modelOf(
      async (options) => {
        late.push(options);
        await clock.advanceAsync(1_000);
        options.onProgress?.({ characters: 1 });
        await clock.advanceAsync(999);
        options.onProgress?.({ characters: 2 });
        return { ...done, message: { role: "assistant", content: [{ type: "text", text: "no JSON" }] } };
      },
      async () => {
        await clock.advanceAsync(5_000);
        late[0]?.onProgress?.({ characters: 3 });
        return { ...done, message: { role: "assistant", content: [{ type: "text", text: '{"a":1}' }] } };
      },
    );
    const asking = definePrompt({
      ns: "test",
      key: "form",
      output: z.object({ a: z.number() }),
      sections: [section({ key: "s", title: "S", body: "Say." })],
    }).bind({});
    const run = startRun(asking, model, { clock, idleTimeoutMs: 10_000 });
    const told = (await eventsOf(run)).flatMap((event) => (event.type === "model/progress" ? [event.characters] : []));
    expect(told).toEqual([1]);
    expect((await run.outcome).status).toBe("completed");
  });

  test("a model is not asked in peace when the run ends while its request is written", async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const { model, asked } = modelOf(silent);
    const journal = memoryJournal({ clock });
    const stopping: Journal = {
      ...journal,
      async open(runId) {
        const writer = await journal.open(runId);
        return {
          ...writer,
          async append(step) {
            const number = await writer.append(step);
            if (step.type === "model/requested") controller.abort(new Error("enough"));
            return number;
          },
        };
      },
    };
    const { outcome } = await runWith(model, clock, { signal: controller.signal, journal: stopping });
    expect(outcome).toMatchObject({ status: "aborted", reason: "enough" });
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
  });

  test("what an attempt tells that was given up is not told", async () => {
    const clock = createFakeClock();
    const late = Promise.withResolvers<void>();
    const { model, asked } = modelOf(
      () => new Promise<never>(() => undefined), // a driver that does not listen to its signal
      async () => {
        await late.promise;
        return done;
      },
    );
    const work = runWith(model, clock);
    await clock.advanceAsync(12_000);
    expect(asked).toHaveLength(2);
    asked[0]?.onProgress?.({ characters: 7 });
    await clock.advanceAsync(8_000); // not so long that the second attempt is given up too
    late.resolve();
    const { outcome, events } = await work;
    asked[1]?.onProgress?.({ characters: 9 });
    expect(outcome).toMatchObject({ status: "completed", attempts: 2 });
    expect(events.filter(({ type }) => type === "model/progress")).toEqual([]);
    expect(events.at(-1)?.type).toBe("run/finished");
  });

  test("an abort of the run reaches the model with its reason", async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const { model, asked } = modelOf(silent);
    const work = runWith(model, clock, { signal: controller.signal });
    await clock.advanceAsync(1);
    controller.abort(new Error("enough"));
    const { outcome } = await work;
    expect(outcome).toMatchObject({ status: "aborted", reason: "enough" });
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(clock.pending()).toBe(0);
  });
});

test("without it the model is not asked for progress", async () => {
  const { model, asked } = modelOf();
  await startRun(prompt(), model).outcome;
  expect(asked[0]?.onProgress).toBeUndefined();
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("%d is no time-out", async (idleTimeoutMs) => {
  const error = await rejectionOf((async () => startRun(prompt(), modelOf().model, { idleTimeoutMs }))());
  expect(error).toMatchObject({ code: "INPUT_INVALID", message: expect.stringContaining("more than 0") });
  expect(WinkError.is(error)).toBe(true);
});

describe("the cost of a call", () => {
  const costing = (cost: number | undefined) => async (): Promise<ModelResponse> => ({
    ...done,
    usage: { inputTokens: 1_000_000, outputTokens: 0 },
    ...(cost !== undefined && { cost }),
  });
  const prices = () => ({ input: 3, output: 9 });

  test.each([
    ["what the provider says counts, without a price", 0.5, undefined, 0.5],
    ["what the provider says counts before the price", 0.5, prices, 0.5],
    ["else the price does", undefined, prices, 3],
    ["and without both it is not known", undefined, undefined, undefined],
  ])("%s", async (_what, cost, known, expected) => {
    const outcome = await startRun(prompt(), modelOf(costing(cost)).model, { prices: known }).outcome;
    expect(outcome.cost).toBe(expected);
  });
});

/** Models that stand in for one that can no longer answer. */
import { describe, expect, test } from "vitest";
import {
  cutBehind,
  down,
  endOf,
  failure,
  failuresIn,
  isFailure,
  looking,
  named,
  standingWorld,
  throttled,
  times,
} from "../../test/support/failing-models.ts";
import { eventsOf } from "../../test/support/recorded-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { JournalEntry } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, failWith, type ScriptEntry, say } from "../model/scripted/index.ts";
import { branchRun, resumeRun, startRun } from "./index.ts";

describe("models that stand in", () => {
  test("are asked in their order, within the turn, when the one before has failed for good; the last one stays", async () => {
    const { clock, journal, logs, options } = standingWorld();
    const own = named("own", times(2, down));
    const second = named("second", [failWith(failure("MODEL_THROTTLED", { reason: "quota" }))]);
    const third = named("third", [throttled(), callTools([{ name: "look" }]), say("done")]);
    const run = startRun(looking, own, { ...options, fallbacks: [second, third], throttle: { attempts: 2 } });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", turns: 2, attempts: 6 });
    for (const model of [own, second, third]) model.assertComplete();
    expect(await failuresIn(journal)).toEqual([
      { code: "MODEL_UNAVAILABLE", attempt: 1, waitMs: 750 },
      { code: "MODEL_UNAVAILABLE", attempt: 2, fallback: "second" },
      { code: "MODEL_THROTTLED", attempt: 1, fallback: "third" },
      { code: "MODEL_THROTTLED", attempt: 1, waitMs: 750 },
    ]);
    const asked = (await journal.read("run-1")).flatMap((entry) =>
      entry.type === "model/requested" ? [entry.model?.name] : [],
    );
    expect(asked).toEqual([undefined, undefined, "second", "third", "third", "third"]);
    const told = (await eventsOf(run)).filter(({ type }) => type === "model/replaced");
    expect(told).toMatchObject([
      { turn: 1, model: "scripted/own", by: "scripted/second", code: "MODEL_UNAVAILABLE" },
      { turn: 1, model: "scripted/second", by: "scripted/third", code: "MODEL_THROTTLED" },
    ]);
    expect(logs.filter(({ event }) => event === "model_replaced")).toMatchObject([
      { level: "warn", run: "run-1", model: "scripted/own", by: "scripted/second", ended: "attempts" },
      { model: "scripted/second", by: "scripted/third", ended: "error", reason: "quota" },
    ]);
  });

  test.each<[string, ScriptEntry, boolean]>([
    ["an unknown model", failWith(failure("MODEL_REJECTED", { status: 404 })), true],
    ["a model that is not there", failWith(failure("MODEL_MISSING")), true],
    ["answers of no known form", failWith(failure("MODEL_RESPONSE_INVALID")), true],
    ["a wait that would take too long", throttled(60_000), true],
    ["a wrong key", failWith(failure("MODEL_REJECTED", { status: 401 })), false],
    ["a request that does not fit", failWith(failure("MODEL_REJECTED", { status: 400 })), false],
    ["what a driver should not throw", failWith(new Error("odd")), false],
  ])("are asked behind %s: %#", async (_what, step, isReplaced) => {
    const { clock, options } = standingWorld();
    const other = named("other", [say("from the other")]);
    const run = startRun(looking, named("own", [step]), { ...options, fallbacks: [other], throttle: { attempts: 1 } });
    const outcome = await endOf(run, clock);
    expect(outcome.status).toBe(isReplaced ? "completed" : "failed");
  });

  test("are asked with their own longest answer, and paid at their own price", async () => {
    const { clock, options } = standingWorld();
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const limits: unknown[] = [];
    const counting = (model: Model, most: number): Model => ({
      ...model,
      maxOutputTokens: most,
      async generate(request, more) {
        limits.push([model.name, request.limits?.maxOutputTokens]);
        return { ...(await model.generate(request, more)), usage };
      },
    });
    const [own, other] = [
      counting(named("own", [callTools([{ name: "look" }]), down]), 100),
      counting(named("other", [callTools([{ name: "look" }]), say("done")]), 50),
    ];
    const prices = ({ name }: { readonly name: string }) => ({ input: name === "own" ? 2 : 3, output: 0 });
    const run = startRun(looking, own, { ...options, fallbacks: [other], throttle: false, prices });
    const outcome = await endOf(run, clock);
    expect(limits).toEqual([
      ["own", 100],
      ["own", 100],
      ["other", 50],
      ["other", 50],
    ]);
    expect(outcome.cost).toBe(8); // what the failed call has cost nobody tells
    const again = await resumeRun(looking, own, options.journal, "run-1", { ...options, fallbacks: [other], prices });
    expect((await endOf(again, clock)).cost).toBe(8);
  });

  test("leave the cost unknown when one that was asked has no price, and a budget of money is refused", async () => {
    const { clock, options } = standingWorld();
    const other = named("other", [say("done")]);
    const prices = ({ name }: { readonly name: string }) => (name === "own" ? { input: 1, output: 1 } : undefined);
    const more = { fallbacks: [other], throttle: false, prices } as const;
    const outcome = await endOf(startRun(looking, named("own", [down]), { ...options, ...more }), clock);
    expect(outcome).toMatchObject({ status: "completed", cost: undefined });
    const refused = thrownBy(() =>
      startRun(looking, named("own", []), { ...more, budget: { cost: 1 }, maxOutputTokens: 10 }),
    );
    expect(refused.code).toBe("BUDGET_UNBOUNDED");
    expect(refused.message).toContain("model scripted/other");
  });

  test("stay with the model that stood in, until the run has ended", async () => {
    const { clock, journal, options } = standingWorld();
    const own = () => named("own", [down]);
    const more = { ...options, throttle: { attempts: 1 } };
    await endOf(startRun(looking, own(), { ...more, fallbacks: [named("other", [down])] }), clock);
    for (const last of [
      isFailure(1, "other"),
      (entry: JournalEntry) => entry.type === "model/requested" && entry.seq > 3,
    ]) {
      const cut = await cutBehind(journal, clock, last);
      const [first, other] = [named("own", []), named("other", [say("done")])];
      const throttle = { attempts: 2 };
      const run = await resumeRun(looking, first, cut, "run-1", { ...more, throttle, fallbacks: [other] });
      expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "done" });
    }
    const cut = await cutBehind(journal, clock, isFailure(1, "other"));
    const alone = await resumeRun(looking, named("own", [say("alone")]), cut, "run-1", more);
    expect(await endOf(alone, clock)).toMatchObject({ status: "completed", text: "alone" });
    const first = named("own", [say("again")]);
    const again = await resumeRun(looking, first, journal, "run-1", { ...more, fallbacks: [named("other", [])] });
    expect(await endOf(again, clock)).toMatchObject({ status: "completed", text: "again", attempts: 3 });
  });

  test("are found again where they stand now, by provider and name", async () => {
    const { clock, journal, options } = standingWorld();
    const more = { ...options, throttle: { attempts: 1 } };
    await endOf(startRun(looking, named("own", [down]), { ...more, fallbacks: [named("other", [down])] }), clock);
    const cut = await cutBehind(journal, clock, isFailure(1, "other"));
    const namesake: Model = { ...named("other", []), provider: "elsewhere" };
    const other = named("other", [say("done")]);
    const fallbacks = [namesake, named("new", []), other];
    const run = await resumeRun(looking, named("own", []), cut, "run-1", { ...more, fallbacks });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "done" });
    other.assertComplete();
  });

  test("have their own attempts when a run goes on", async () => {
    const { clock, journal, logs, options } = standingWorld();
    const more = { ...options, throttle: { attempts: 2 } };
    const [own, other] = [named("own", times(2, down)), named("other", times(2, down))];
    await endOf(startRun(looking, own, { ...more, fallbacks: [other] }), clock);
    const cut = await cutBehind(journal, clock, (entry) => entry.type === "model/failed" && entry.seq > 6);
    const [again, third] = [named("other", [down]), named("third", [say("done")])];
    const run = await resumeRun(looking, named("own", []), cut, "run-1", { ...more, fallbacks: [again, third] });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "done", attempts: 5 });
    again.assertComplete();
    const replaced = logs.filter(({ event }) => event === "model_replaced");
    expect(replaced.at(-1)).toMatchObject({ model: "scripted/other", ended: "attempts", attempt: 2 });
  });

  test("stand in for one whose attempts were all made by processes that ended", async () => {
    const { clock, journal, logs, options } = standingWorld();
    await endOf(startRun(looking, named("own", [say("lost")]), options), clock);
    const cut = await cutBehind(journal, clock, ({ type }) => type === "model/requested");
    const more = { ...options, throttle: { attempts: 1 }, fallbacks: [named("other", [say("done")])] };
    logs.length = 0;
    const run = await resumeRun(looking, named("own", []), cut, "run-1", more);
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "done" });
    expect(logs.filter(({ event }) => event === "model_replaced")).toMatchObject([{ ended: "attempts", attempt: 1 }]);
  });

  test("are charged by their own prices, also when a run goes on with another model", async () => {
    const { clock, journal, options } = standingWorld();
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const using = (model: Model): Model => ({
      ...model,
      generate: async (request, options) => ({ ...(await model.generate(request, options)), usage }),
    });
    const prices = ({ name }: { readonly name: string }) => ({ input: name === "cheap" ? 2 : 3, output: 1 });
    const cheap = using(named("cheap", [callTools([{ name: "look" }]), failWith(failure("MODEL_REJECTED"))]));
    await endOf(startRun(looking, cheap, { ...options, prices }), clock);
    const dear = using(named("dear", [say("done")]));
    const run = await resumeRun(looking, dear, journal, "run-1", { ...options, prices });
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", cost: 5 });
  });

  test("do not stand in for the model of a branch", async () => {
    const { clock, journal, options } = standingWorld();
    const other = named("other", [callTools([{ name: "look" }]), say("done")]);
    await endOf(startRun(looking, named("own", [down]), { ...options, fallbacks: [other], throttle: false }), clock);
    const large = named("large", [say("from the large one")]);
    const more = { clock, runId: "run-2", fallbacks: [named("other", [])], at: 1 };
    const run = await branchRun(looking, large, journal, "run-1", more);
    expect(await endOf(run, clock)).toMatchObject({ status: "completed", text: "from the large one", attempts: 3 });
  });
});

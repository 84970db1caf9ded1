/** Runs that die at any write while their models fail: however often, no model is asked more often than the policy says. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { dyingJournal } from "../../test/support/durable-life.ts";
import { failure, looking } from "../../test/support/failing-models.ts";
import { slowRuns } from "../../test/support/property-runs.ts";
import { pause } from "../base/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { type Outcome, replayRun, resumeRun, startRun } from "./index.ts";

const death = fc.record({
  at: fc.integer({ min: 1, max: 5 }),
  when: fc.constantFrom("before" as const, "after" as const),
});
const plan = fc.record({
  attempts: fc.integer({ min: 1, max: 4 }),
  models: fc.integer({ min: 1, max: 3 }),
  deaths: fc.array(death, { maxLength: 14 }),
});

/** What a resume is given to read. */
type Seen = (journal: Journal) => Journal;

const counted = (seen: Seen) =>
  fc.asyncProperty(plan, async ({ attempts, models, deaths }) => {
    const clock = createFakeClock();
    const journal = memoryJournal({ clock });
    const asked = new Map<string, number>();
    const failing = (name: string): Model => ({
      name,
      provider: "test",
      generate() {
        asked.set(name, (asked.get(name) ?? 0) + 1);
        return Promise.reject(failure("MODEL_UNAVAILABLE"));
      },
    });
    const [own, ...fallbacks] = Array.from({ length: models }, (_, index) => failing(`model-${index}`));
    if (own === undefined) return;
    const options = { clock, runId: "run-1", fallbacks, throttle: { attempts }, random: () => 0 };
    /** One process: until it ends, or dies at a write and says no more. */
    const live = async (at: number, when: "before" | "after"): Promise<Outcome<unknown> | undefined> => {
      const dead = Promise.withResolvers<undefined>();
      const die = (): Promise<never> => {
        dead.resolve(undefined);
        return new Promise(() => undefined);
      };
      const dying = dyingJournal(seen(journal), { at, when, die });
      const isKnown = (await journal.runs()).length > 0 && (await journal.read("run-1")).length > 0;
      const run = isKnown
        ? await resumeRun(looking, own, dying, "run-1", options)
        : startRun(looking, own, { ...options, journal: dying });
      let ended: Outcome<unknown> | undefined | "alive" = "alive";
      void Promise.race([run.outcome, dead.promise]).then((outcome) => {
        ended = outcome;
      });
      for (await pause(); ended === "alive"; ) await clock.advanceAsync(500);
      return ended;
    };
    for (const { at, when } of [...deaths, { at: Number.POSITIVE_INFINITY, when: "after" } as const]) {
      const outcome = await live(at, when);
      const entries = await journal.read("run-1").catch(() => []);
      // whoever goes on behind the end counts anew
      if (entries.at(-1)?.type !== "run/finished") continue;
      const requests = entries.filter(({ type }) => type === "model/requested").length;
      if (outcome !== undefined)
        expect(outcome).toMatchObject({ status: "failed", error: { code: "MODEL_UNAVAILABLE" }, attempts: requests });
      for (const times of asked.values()) expect(times).toBeLessThanOrEqual(attempts);
      expect(requests).toBeLessThanOrEqual(attempts * models);
      const replayed = await replayRun(journal, "run-1", { prompt: looking, clock });
      expect(replayed.outcome).toMatchObject({ status: "failed", attempts: requests });
      return;
    }
    expect("the run has an end").toBe("but it has none");
  });

const numRuns = slowRuns(40, 0.1);

test("no model is asked more often than the policy says, however often a process dies", async () => {
  await fc.assert(
    counted((journal) => journal),
    { numRuns },
  );
});

/** A resume that knows nothing of some entries. */
const without =
  (...types: readonly string[]): Seen =>
  (journal) => ({
    ...journal,
    read: async (runId) => (await journal.read(runId)).filter(({ type }) => !types.includes(type)),
  });

test.each([
  ["forgets the attempts of earlier processes", without("model/requested", "model/failed")],
  ["forgets who stood in", without("model/failed")],
])("the property sees a resume that %s", async (_fault, seen) => {
  expect((await fc.check(counted(seen), { numRuns: 300, endOnFailure: true })).failed).toBe(true);
});

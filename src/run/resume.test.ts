/** Runs that are cut off and gone on with. A process that dies is one whose next write to the journal never ends. */
import { describe, expect, test } from "vitest";
import { durableModel, durablePrompt, memoryWorld, notes, type World } from "../../test/support/durable-agent.ts";
import { memoryFiles } from "../files/index.ts";
import { type Journal, type JournalStep, memoryJournal } from "../journal/index.ts";
import { answer, type Outcome, type Run, resumeRun, startRun } from "./index.ts";

/** A journal whose writers die at their so-and-so-many-th write: before it, or right after it. */
function dying(journal: Journal, at: number, when: "before" | "after"): { journal: Journal; dead: Promise<void> } {
  const { promise: dead, resolve: die } = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  let writes = 0;
  const open: Journal["open"] = async (runId) => {
    const writer = await journal.open(runId);
    return {
      ...writer,
      async append(step: JournalStep) {
        writes += 1;
        if (writes > at || (writes === at && when === "before")) {
          die();
          return never;
        }
        const number = await writer.append(step);
        if (writes !== at) return number;
        die();
        return never;
      },
      [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
    };
  };
  return { journal: { ...journal, open }, dead };
}

const files = () => memoryFiles({ a: "first\n", b: "second\n" });

interface Life {
  readonly world: World;
  readonly outcome: Outcome<{ seen: string }>;
  readonly run: Run<{ seen: string }>;
  readonly journal: Journal;
}

/** Goes on with a run until it ends, answering what it asks. */
async function lived(world: World, journal: Journal, first: Run<{ seen: string }> | undefined): Promise<Life> {
  const again = () => resumeRun(durablePrompt(world, files()), durableModel(world), journal, "run-1");
  for (let run = first ?? (await again()); ; run = await again()) {
    const outcome = await run.outcome;
    if (outcome.status !== "suspended") return { world, outcome, run, journal };
    await answer(journal, "run-1", { yes: true });
  }
}

async function uninterrupted(): Promise<Life> {
  const world = memoryWorld();
  const journal = memoryJournal();
  const run = startRun(durablePrompt(world, files()), durableModel(world), { journal, runId: "run-1" });
  return await lived(world, journal, run);
}

async function cutOffAt(at: number, when: "before" | "after"): Promise<Life> {
  const world = memoryWorld();
  const kept = memoryJournal();
  const { journal, dead } = dying(kept, at, when);
  const run = startRun(durablePrompt(world, files()), durableModel(world), { journal, runId: "run-1" });
  await Promise.race([dead, run.outcome]);
  return await lived(world, kept, undefined);
}

describe("a run that was cut off", async () => {
  const whole = await uninterrupted();
  const writes = (await whole.journal.read("run-1")).length;
  const places = Array.from({ length: writes + 1 }, (_, index) => index + 1);

  test("has a reference that is whole", () => {
    expect(whole.outcome).toMatchObject({ status: "completed", turns: 20 });
    expect(writes).toBeGreaterThan(80);
  });

  test.each(["before", "after"] as const)("goes on as if it had not been, when it dies %s any write", async (when) => {
    for (const at of places) {
      const { outcome, run, world, journal } = await cutOffAt(at, when);
      const where = `${when} write ${at}`;
      expect(outcome, where).toMatchObject({ status: "completed", turns: 20 });
      expect(outcome, where).toMatchObject({
        output: whole.outcome.status === "completed" ? whole.outcome.output : "",
      });
      expect(run.session.query(notes).all(), where).toEqual(whole.run.session.query(notes).all());
      const asked = world.lines().filter((line) => line.startsWith("model "));
      expect(asked.length - new Set(asked).size, `${where}: model calls that were repeated`).toBeLessThanOrEqual(1);
      for (const name of ["mail one", "mail two", "ship one", "ship two", "pay one", "pay two", "pay three"]) {
        const done = world.lines().filter((line) => line.startsWith(name));
        expect(done.length, `${where}: ${name}`).toBeLessThanOrEqual(1);
      }
      const entries = await journal.read("run-1");
      const ends = entries
        .filter((entry) => entry.type === "tool/finished")
        .map(({ turn, index }) => `${turn}.${index}`);
      expect(new Set(ends).size, `${where}: results`).toBe(ends.length);
    }
  });
});

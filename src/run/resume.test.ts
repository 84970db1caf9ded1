/** Runs that are cut off and gone on with. A process that dies is one whose next write to the journal never ends. */
import { describe, expect, test } from "vitest";
import { memoryWorld, type World } from "../../test/support/durable-agent.ts";
import { problemsOf } from "../../test/support/durable-checks.ts";
import { dyingJournal, type Told, toTheEnd } from "../../test/support/durable-life.ts";
import { type Journal, type JournalStep, memoryJournal } from "../journal/index.ts";

interface Life {
  readonly world: World;
  readonly told: Told;
  readonly journal: Journal;
}

async function uninterrupted(): Promise<Life & { readonly writes: number; readonly outcome: object }> {
  const world = memoryWorld();
  const journal = dyingJournal(memoryJournal(), { when: "before", at: Number.POSITIVE_INFINITY, die: forEver });
  const told = await toTheEnd(journal, world);
  return { world, told, journal, writes: journal.writes(), outcome: told };
}

const forEver = (): Promise<never> => new Promise(() => undefined);

async function cutOffAt(at: number, when: "before" | "after", lose?: JournalStep["type"]): Promise<Life> {
  const world = memoryWorld();
  const journal = memoryJournal();
  const dead = Promise.withResolvers<void>();
  const die = (): Promise<never> => {
    dead.resolve();
    return forEver();
  };
  const first = toTheEnd(dyingJournal(journal, { when, at, die, lose }), world);
  await Promise.race([dead.promise, first]);
  return { world, told: await toTheEnd(journal, world), journal };
}

describe("a run that was cut off", async () => {
  const whole = await uninterrupted();
  const steps = 4;

  test("has a reference that is whole", async () => {
    expect(whole.outcome).toMatchObject({ status: "completed", turns: 20 });
    expect(whole.writes).toBeGreaterThan(120);
    expect(await whole.journal.runs()).toHaveLength(2);
  });

  // Mutation runs go through this for each mutant: they die at some places only.
  const stride = Number(process.env.WINK_KILL_STRIDE ?? "1");
  const chunks = Array.from({ length: Math.ceil((whole.writes + 1) / steps) }, (_, chunk) => chunk * steps + 1);
  test.each(chunks.flatMap((from) => [["before", from] as const, ["after", from] as const]))(
    "goes on as if it had not been, when it dies %s write %i or one of the three that follow",
    async (when, from) => {
      for (let at = from; at < from + steps; at++) {
        if (at % stride !== 0) continue;
        const { world, told, journal } = await cutOffAt(at, when);
        expect(await problemsOf(told, whole.told, world, journal), `${when} write ${at}`).toEqual([]);
      }
    },
  );

  test.each(["tool/intended", "tool/finished", "model/responded"] as const)(
    "is not whole when %s is not written",
    async (lose) => {
      const found: string[] = [];
      for (let at = 8; at < whole.writes && found.length === 0; at += 7) {
        const { world, told, journal } = await cutOffAt(at, "before", lose);
        found.push(...(await problemsOf(told, whole.told, world, journal)));
      }
      expect(found).not.toEqual([]);
    },
  );
});

/** The small examples, each run as it stands, and then replayed from its journal: the same end, the same events. */
import { beforeEach, expect, test, vi } from "vitest";
import { memoryJournal } from "../src/journal/index.ts";
import type { Prompt } from "../src/prompt/index.ts";
import { type Run, type RunEvent, replayRun } from "../src/run/index.ts";

interface Ran {
  readonly prompt: Prompt;
  readonly run: Run<unknown>;
}

const { ran } = vi.hoisted(() => ({ ran: [] as unknown[] }));

vi.mock("weakincentives/adapter", async (original) => {
  const actual = await original<typeof import("../src/adapter/index.ts")>();
  return {
    ...actual,
    /** The adapter with a journal of its own, which notes what it runs. */
    modelAdapter(...given: Parameters<typeof actual.modelAdapter>) {
      const adapter = actual.modelAdapter(...given);
      const run: typeof adapter.run = (prompt, options) => {
        const begun = adapter.run(prompt, { journal: memoryJournal(), ...options });
        ran.push({ prompt, run: begun });
        return begun;
      };
      return {
        ...adapter,
        run,
        async evaluate(prompt: Prompt, options: object) {
          const outcome = await run(prompt, options).outcome;
          if (outcome.status !== "completed") throw new Error(outcome.status);
          return outcome;
        },
      };
    },
  };
});

beforeEach(() => {
  ran.length = 0;
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});

const untimed = ({ at: _at, ...event }: RunEvent): object => ({ ...event, milliseconds: 0 });

test.each(["01-hello-world", "02-hello-with-tool", "03-hello-with-state"])("%s replays", async (name) => {
  await import(`../examples/${name}.ts`);
  expect(ran.length).toBeGreaterThan(0);
  for (const { prompt, run } of ran as Ran[]) {
    const events: RunEvent[] = [];
    for await (const event of run.events()) events.push(event);
    const replayed = await replayRun(run.journal, run.id, { prompt });
    expect(replayed.outcome).toEqual(await run.outcome);
    expect(replayed.events.map(untimed)).toEqual(events.map(untimed));
  }
});

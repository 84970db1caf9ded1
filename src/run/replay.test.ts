import { describe, expect, test } from "vitest";
import { z } from "zod";
import { eventsOf } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { type Journal, type JournalEntry, memoryJournal } from "../journal/index.ts";
import { callTools, say, sayJson, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { token } from "../resources/index.ts";
import { append, event, slice } from "../session/index.ts";
import { ok, tool } from "../tool/index.ts";
import { type RunEvent, type RunOptions, replayRun, startRun } from "./index.ts";

const Counted = event("replay/counted", z.object({ count: z.int() }));
const counts = slice({
  name: "counts",
  item: Counted.schema,
  policy: "state",
  reducers: (on) => [on(Counted, (_view, { payload }) => append(payload))],
});

interface Changes {
  readonly body?: string;
  readonly step?: number;
  readonly limit?: number;
  readonly answer?: z.ZodType<object>;
}

let ran = 0;
const promptOf = ({
  body = "Count.",
  step = 1,
  limit = 10,
  answer = z.object({ sum: z.int() }),
}: Changes = {}): Prompt<object> =>
  definePrompt({
    ns: "test",
    key: "replay",
    output: answer,
    sections: [
      section({
        key: "task",
        title: "Task",
        body: body as "Count.",
        slices: [counts],
        tools: [
          tool({
            name: "count",
            description: "Counts.",
            effects: "idempotent",
            params: z.object({ by: z.int().max(limit) }),
            handler({ by }, { session }) {
              ran += 1;
              session.dispatch(Counted({ count: by * step }));
              return ok(`counted ${by * step}`);
            },
          }),
        ],
      }),
    ],
  }).bind({});

const count = (by: number) => ({ name: "count", arguments: { by } });

async function recorded(
  script = [callTools([count(1), count(2)]), callTools([count(3)]), sayJson({ sum: 6 })],
  options: RunOptions = {},
) {
  const journal = memoryJournal();
  const run = startRun(promptOf(), scriptedModel(script), { journal, runId: "run-1", ...options });
  const events = await eventsOf(run);
  return { journal, outcome: await run.outcome, events, session: run.session };
}

/** The same journal with some entries changed. */
function edited(journal: Journal, change: (entry: JournalEntry) => object): Journal {
  return {
    ...journal,
    read: async (runId) => (await journal.read(runId)).map((entry) => change(entry) as JournalEntry),
  };
}

/** An event without its times, which differ from those of the journal by a moment. */
const untimed = ({ at: _at, ...event }: RunEvent): object => ({ ...event, milliseconds: 0 });

describe("a replay", () => {
  test("comes to the same end with the same events and session, and runs no tool", async () => {
    const { journal, outcome, events, session } = await recorded();
    ran = 0;
    const replayed = await replayRun(journal, "run-1", { prompt: promptOf() });
    expect(replayed.outcome).toEqual(outcome);
    expect(replayed.events.map(untimed)).toEqual(events.map(untimed));
    expect(replayed.session.query(counts).all()).toEqual(session.query(counts).all());
    expect(ran).toBe(0);
  });

  test("runs the tools when it is told to, and compares them", async () => {
    const { journal } = await recorded();
    ran = 0;
    await replayRun(journal, "run-1", { prompt: promptOf(), tools: "live" });
    expect(ran).toBe(3);
    const error = await rejectionOf(replayRun(journal, "run-1", { prompt: promptOf({ step: 2 }), tools: "live" }));
    expect(error).toMatchObject({ code: "REPLAY_DIVERGED" });
    expect(String(error)).toContain("counted 1");
    expect(String(error)).toContain("counted 2");
  });

  test("makes no resources that only its tools would need", async () => {
    const { journal } = await recorded();
    let made = 0;
    const client = token<object>("client");
    const prompt = promptOf().bind({}, { resources: [client.provide(() => ({ made: ++made }), { eager: true })] });
    await replayRun(journal, "run-1", { prompt });
    expect(made).toBe(0);
  });

  test.each([
    ["the text of a section", { body: "Count well." }, "prompt/rendered, system"],
    ["the schema of a tool", { limit: 9 }, "prompt/rendered, tools"],
    ["the form of the answer", { answer: z.object({ sum: z.number() }) }, "prompt/rendered, output"],
  ] as const)("tells at once that %s has changed", async (_what, changes, where) => {
    const { journal } = await recorded();
    const error = await rejectionOf(replayRun(journal, "run-1", { prompt: promptOf(changes) }));
    expect(error).toMatchObject({ code: "REPLAY_DIVERGED", details: { what: where, entry: 1 } });
  });

  test.each([
    [
      "a result",
      (entry: JournalEntry) =>
        entry.type === "tool/finished" && entry.index === 1
          ? { ...entry, result: { ...entry.result, text: "counted 9" } }
          : entry,
      "message 3 before the request of turn 2",
    ],
    [
      "an answer",
      (entry: JournalEntry) =>
        entry.type === "model/responded" && entry.turn === 3
          ? { ...entry, message: { role: "assistant", content: [{ type: "text", text: '{"sum":7}' }] } }
          : entry,
      "run/finished, output",
    ],
  ] as const)("tells that %s in the journal was edited", async (_what, change, what) => {
    const { journal } = await recorded();
    const error = await rejectionOf(replayRun(edited(journal, change), "run-1", { prompt: promptOf() }));
    if (what.startsWith("run/")) expect(error).toMatchObject({ code: "REPLAY_DIVERGED", details: { what } });
    else expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { turn: 2 } });
  });

  test.each([
    [
      "a limit",
      [callTools([count(1)]), callTools([count(2)])],
      { maxTurns: 2 },
      { status: "partial", reason: "max-turns" },
    ],
    ["a failing model", [callTools([count(1)])], {}, { status: "failed" }],
    [
      "repairs",
      [callTools([count(1)]), say("six"), sayJson({ sum: 6 })],
      {},
      { status: "completed", output: { sum: 6 } },
    ],
    ["a second wrong answer", [say("six"), say("six")], {}, { status: "failed" }],
  ] as const)("comes to the end of a run with %s", async (_what, script, options, end) => {
    const { journal, outcome } = await recorded([...script], options);
    const replayed = await replayRun(journal, "run-1", { prompt: promptOf() });
    expect(replayed.outcome).toMatchObject(end);
    expect(replayed.outcome).toMatchObject({ status: outcome.status, turns: outcome.turns, usage: outcome.usage });
  });

  test("of a run that was cut off goes as far as its journal", async () => {
    const { journal } = await recorded();
    const all = await journal.read("run-1");
    for (let length = 3; length < all.length - 1; length++) {
      const cut: Journal = { ...journal, read: async () => all.slice(0, length) };
      const { outcome } = await replayRun(cut, "run-1", { prompt: promptOf() });
      expect(outcome.status, `${length} entries`).toBe("aborted");
    }
  });
});

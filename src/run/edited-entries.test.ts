/** Entries that somebody has edited are refused by name: which entry, which field, what should stand there. */
import { describe, expect, test } from "vitest";
import { endOf, failure, standingWorld } from "../../test/support/failing-models.ts";
import { readAll, readerOf, reading, window } from "../../test/support/page-reader.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import type { Journal, JournalEntry } from "../journal/index.ts";
import type { Usage } from "../limits/index.ts";
import type { ModelResponse } from "../model/index.ts";
import { costsOf, replayRun, resumeRun, startRun } from "./index.ts";

const context = { window, downTo: 0.1 };
const { journal, options } = await readAll(30, { context }, (count) =>
  count === 1 ? failure("MODEL_UNAVAILABLE") : "Dull.",
);
const entries = await journal.read("run-1");

/** The journal whose first entry of a type has other fields. */
function editedAt(type: JournalEntry["type"], fields: object): Journal & { readonly edited: readonly JournalEntry[] } {
  const index = entries.findIndex((entry) => entry.type === type);
  const edited = entries.map((entry, at) => (at === index ? { ...entry, ...fields } : entry)) as JournalEntry[]; // as: that is the question
  return { ...journal, edited, read: async () => edited };
}

const spec = { name: "read", description: "Reads.", parameters: {} };
const said = { role: "assistant", provider: undefined };

describe("an entry with a field of another kind is told, with its number and the field", () => {
  test.each<[JournalEntry["type"], object, string]>([
    ["prompt/rendered", { tools: [null] }, "tools[0]"],
    ["prompt/rendered", { tools: [spec, { ...spec, name: 7 }] }, "tools[1].name"],
    ["prompt/rendered", { first: { role: "user", content: [{ type: "text" }] } }, "first.content[0].text"],
    ["prompt/rendered", { answers: { task: "half" } }, "answers.task"],
    ["run/started", { session: { id: "s", events: 0, dump: null } }, "session.dump"],
    ["run/started", { model: { provider: "test" } }, "model.name"],
    ["context/dropped", { tools: [null] }, "tools[0]"],
    ["context/dropped", { calls: ["c1", 2] }, "calls[1]"],
    ["context/summarised", { tools: [null] }, "tools[0]"],
    ["context/summarised", { usage: { inputTokens: -1 } }, "usage.inputTokens"],
    ["context/summarised", { model: "reader" }, "model"],
    ["model/failed", { atMost: { inputTokens: 1 } }, "atMost.outputTokens"],
    ["model/failed", { summary: true }, "summary"],
    ["model/responded", { usage: { outputTokens: "10" } }, "usage.outputTokens"],
    ["model/responded", { usage: { outputTokens: 2 ** 60 } }, "usage.outputTokens"],
    ["model/responded", { usage: { inputTokens: null } }, "usage.inputTokens"],
    ["model/responded", { usage: undefined }, "usage"],
    ["model/responded", { answeredBy: 7 }, "answeredBy"],
    ["model/responded", { message: { ...said, content: [{ type: "image" }] } }, "message.content[0].type"],
    ["model/responded", { at: "soon" }, "at"],
    ["tool/finished", { changes: { files: {} } }, "changes.files"],
  ])("%s %j", async (type, fields, field) => {
    const { edited, ...forged } = editedAt(type, fields);
    const { seq } = entries.find((entry) => entry.type === type) ?? {};
    const ways = [
      resumeRun(reading, readerOf(1).model, forged, "run-1"),
      replayRun(forged, "run-1", { prompt: reading }),
      (async () => costsOf(edited))(),
    ];
    for (const way of ways) {
      const error = await rejectionOf(way);
      expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { entry: seq, type, field } });
      expect(error.message).toContain(`entry ${seq}`);
    }
  });

  test("and parts that a provider need not tell may miss", async () => {
    const forged = editedAt("model/responded", { usage: {} });
    expect((await replayRun(forged, "run-1", { prompt: reading })).outcome.status).toBe("completed");
  });
});

test("what a driver of somebody else tells is kept as far as it can be true: its run can be gone on with", async () => {
  const { clock, options: own } = standingWorld();
  const odd = { inputTokens: -5, outputTokens: 2 ** 60, cachedInputTokens: 3 } satisfies Usage;
  const { model } = readerOf(1);
  const generate = async (...asked: Parameters<typeof model.generate>): Promise<ModelResponse> => ({
    ...(await model.generate(...asked)),
    usage: odd,
    cost: -1,
  });
  const outcome = await endOf(startRun(reading, { ...model, generate }, { ...options, ...own }), clock);
  expect(outcome).toMatchObject({ status: "completed", usage: { cachedInputTokens: 6 } });
  const again = await resumeRun(reading, model, own.journal, "run-1", { clock });
  expect(await endOf(again, clock)).toMatchObject({ status: "completed", usage: outcome.usage });
});

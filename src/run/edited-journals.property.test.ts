/** Journals that somebody has edited: whatever stands in the place of a value, runs end well or by an error that says so. */
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { endOf } from "../../test/support/failing-models.ts";
import { goldenPrompt } from "../../test/support/golden.ts";
import { longPrompt } from "../../test/support/golden-long.ts";
import { slowRuns } from "../../test/support/property-runs.ts";
import { root } from "../../test/support/source-tree.ts";
import { type JsonValue, WinkError } from "../base/index.ts";
import { type Journal, type JournalEntry, jsonlJournal, memoryJournal } from "../journal/index.ts";
import { BudgetLedger, deadlineAfter } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type Prompt, section } from "../prompt/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { ok, tool } from "../tool/index.ts";
import { answer, branchRun, costsOf, openQuestions, replayRun, resumeRun, startRun } from "./index.ts";
import { stepOf } from "./record/recorded.ts";

/** A run whose journal has what the golden ones lack: a question, an opened section, a wrap-up that was lifted. */
const asking = tool({
  name: "asking",
  description: "Asks.",
  effects: "none",
  async handler(_params, { suspend }) {
    const reply = await suspend({ question: "Yes?", answer: z.object({ yes: z.boolean() }) });
    return ok(String(reply.expired));
  },
});
const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("seen") });
const askingPrompt = (): Prompt<unknown> =>
  definePrompt({
    ns: "test",
    key: "edited",
    sections: [
      section({ key: "task", title: "Task", body: "Ask.", tools: [asking] }),
      section({ key: "more", title: "More", body: "More.", summary: "Short.", visibility: "summary", tools: [look] }),
    ],
  }).bind({});

async function asked(): Promise<readonly JournalEntry[]> {
  const journal = memoryJournal({ clock: createFakeClock() });
  const open = callTools([{ name: "open_sections", arguments: { section_keys: ["more"], reason: "to know" } }]);
  const script = [open, callTools([{ name: "asking" }, { name: "look" }])];
  const tags = ["a"];
  await startRun(askingPrompt(), scriptedModel(script), { journal, tags, runId: "run-1", maxTurns: 4 }).outcome;
  await answer(journal, "run-1", { no: "zebra" });
  await (await resumeRun(askingPrompt(), scriptedModel([]), journal, "run-1")).outcome;
  await answer(journal, "run-1", { yes: true });
  const more = [callTools([{ name: "look" }]), callTools([{ name: "look" }])];
  await (await resumeRun(askingPrompt(), scriptedModel(more), journal, "run-1", { maxTurns: 4 })).outcome;
  await (await resumeRun(askingPrompt(), scriptedModel([say("done")]), journal, "run-1")).outcome;
  return journal.read("run-1");
}

const goldenAt = (version: string, runId: string): Promise<readonly JournalEntry[]> =>
  jsonlJournal({ directory: join(root, "test/golden-journals", version) }).read(runId);

/** Journals, with the prompts that go on with them. */
const recorded: readonly { readonly entries: readonly JournalEntry[]; readonly prompt: () => Prompt<unknown> }[] = [
  { entries: await goldenAt("v1", "finished"), prompt: goldenPrompt },
  { entries: await goldenAt("v2", "finished"), prompt: goldenPrompt },
  { entries: await goldenAt("v2", "long"), prompt: longPrompt },
  { entries: await asked(), prompt: askingPrompt },
];

const at = <T>(list: readonly T[], index: number): T => list[index] as T; // as: the index was drawn below the length
const plain = (entry: JournalEntry): JsonValue => entry as unknown as JsonValue; // as: entries are plain data
/** What drivers have looked at before anybody sees an entry. */
const framing = new Set<string | number | undefined>(["v", "seq", "epoch"]);

/** Says that all is done, whatever it is asked. */
const model: Model = {
  name: "small",
  provider: "golden",
  maxOutputTokens: 100,
  generate: async () => ({
    message: { role: "assistant", content: [{ type: "text", text: '{"done":true}' }] },
    finish: "stop",
    usage: { inputTokens: 10, outputTokens: 10 },
  }),
};

type Place = readonly (string | number)[];

/** Every value in an entry, by its path. */
function placesIn(value: JsonValue, path: Place = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(
    ([name, inner]) => placesIn(inner as JsonValue, [...path, Array.isArray(value) ? Number(name) : name]), // as: what stands in JSON is JSON
  );
  return path.length === 0 ? below : [path, ...below];
}

/** The value with another one at a place. */
function edited(value: JsonValue, [name, ...rest]: Place, by: JsonValue | undefined): JsonValue {
  if (name === undefined) return by as JsonValue; // as: what is left out is undefined
  if (Array.isArray(value)) return value.map((inner, index) => (index === name ? edited(inner, rest, by) : inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === name ? edited(inner as JsonValue, rest, by) : inner]), // as: the same
  );
}

/** Values of each kind, numbers that count nothing, and none at all. */
const strange: readonly (JsonValue | undefined)[] = [
  ...[undefined, null, true, "", "zebra", 0, 7, -1, 0.5, 1e300, 2 ** 60, Number.POSITIVE_INFINITY],
  ...[[], [null], ["zebra"], [[]], {}, { zebra: 1 }, { length: 3 }],
];

const edits = fc.nat(recorded.length - 1).chain((which) => {
  const { entries } = at(recorded, which);
  return fc.nat(entries.length - 1).chain((index) =>
    fc.record({
      which: fc.constant(which),
      index: fc.constant(index),
      place: fc.constantFrom(...placesIn(plain(at(entries, index))).filter(([name]) => !framing.has(name))),
      by: fc.constantFrom(...strange),
      cut: fc.nat(entries.length),
    }),
  );
});

/** What is documented for runs that cannot be gone on with. `OUTPUT_INVALID`: another text stands for the last answer. */
const told = new Set([
  ...[
    "JOURNAL_INVALID",
    "RESUME_REFUSED",
    "REPLAY_DIVERGED",
    "SNAPSHOT_INVALID",
    "SNAPSHOT_NEWER",
    "WORKSPACE_MISSING",
  ],
  "OUTPUT_INVALID",
]);

/** How an entry is edited. */
type Change = (entry: JournalEntry, place: Place, by: JsonValue | undefined) => JournalEntry;

const changed: Change = (entry, place, by) => edited(plain(entry), place, by) as unknown as JournalEntry; // as: that is the question

/** The same, but the field is looked at in vain: whoever looks first sees it as it was. */
const unchecked: Change = (entry, place, by) => {
  const [name = ""] = place;
  const seen = [Reflect.get(entry, name)];
  const get = (): unknown => (seen.length > 0 ? seen.pop() : Reflect.get(changed(entry, place, by), name));
  return Object.defineProperty({ ...entry }, name, { get, enumerable: true });
};

/** A journal of a run whose entries are read with a change. */
async function forged(
  entries: readonly JournalEntry[],
  change: (entry: JournalEntry, index: number) => JournalEntry,
): Promise<Journal> {
  const kept = memoryJournal({ clock: createFakeClock() });
  await using writer = await kept.open("run-1");
  for (const entry of entries) await writer.append(stepOf(entry));
  return {
    ...kept,
    read: async (runId) => (await kept.read(runId)).map((entry, at) => (runId === "run-1" ? change(entry, at) : entry)),
  };
}

const survives = (edit: Change) =>
  fc.asyncProperty(edits, async ({ which, index, place, by, cut }) => {
    const { entries, prompt } = at(recorded, which);
    const clock = createFakeClock();
    const prices = () => ({ input: 1, output: 1 });
    const most = () => ({ deadline: deadlineAfter(60_000, clock), budget: new BudgetLedger({ totalTokens: 1e9 }) });
    const options = () => ({
      clock,
      prices,
      fallbacks: [model],
      random: () => 0.5,
      context: { window: 1_400 },
      ...most(),
    });
    const journal = (end = entries.length): Promise<Journal> =>
      forged(entries.slice(0, Math.max(end, index + 1)), (entry, at) =>
        at === index ? edit(entry, place, by) : entry,
      );
    const ways: readonly (() => Promise<unknown>)[] = [
      async () => endOf(await resumeRun(prompt(), model, await journal(cut), "run-1", options()), clock),
      async () =>
        endOf(await branchRun(prompt(), model, await journal(cut), "run-1", { ...options(), runId: "b" }), clock),
      async () => (await replayRun(await journal(), "run-1", { prompt: prompt(), clock })).outcome,
      async () => costsOf(await (await journal()).read("run-1"), { prices }),
      async () => openQuestions(await journal(), "run-1", { clock }),
    ];
    for (const way of ways) {
      const ended = await way().catch((error: unknown) => ({ status: "failed", error }));
      if (!isFailed(ended) || (WinkError.is(ended.error) && told.has(ended.error.code))) continue;
      const what = `${at(entries, index).type}.${place.join(".")} = ${JSON.stringify(by)}, cut at ${cut}`;
      throw new Error(`${what}: ${String(ended.error)}`, { cause: ended.error });
    }
  });

const isFailed = (ended: unknown): ended is { readonly status: "failed"; readonly error: unknown } =>
  typeof ended === "object" && ended !== null && "status" in ended && ended.status === "failed";

test("whatever is edited, no run ends by an error of ours, or never", async () => {
  await fc.assert(survives(changed), { numRuns: slowRuns(25, 0.3) });
});

test("the property sees entries at which nobody looks", async () => {
  const found = await fc.check(survives(unchecked), { numRuns: 300, endOnFailure: true });
  expect(found.failed).toBe(true);
});

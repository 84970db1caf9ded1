/** However a run was charged, what its turns cost, and what its parts cost, adds up to the whole. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { type JournalEntry, memoryJournal } from "../journal/index.ts";
import type { Price } from "../limits/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, renderPrompt, section } from "../prompt/index.ts";
import { ok, tool } from "../tool/index.ts";
import { costsOf, type RunCosts, startRun } from "./index.ts";

const look = tool({ name: "look", description: "Looks.", effects: "none", handler: () => ok("seen") });
const prompt = definePrompt({
  ns: "test",
  key: "sums",
  sections: [
    section({ key: "a", title: "A", body: "First." }),
    section({ key: "b", title: "B", body: "Second.", tools: [look] }),
    section({ key: "c", title: "C", body: "Third." }),
  ],
}).bind();

/** The journal of a run of three turns; what each answer has used is drawn. */
const journal = memoryJournal();
const looks = [callTools([{ name: "look" }]), callTools([{ name: "look" }]), say("done")];
await startRun(prompt, scriptedModel(looks), { journal, runId: "r" }).outcome;
const entries = await journal.read("r");

const rate = fc.integer({ min: 0, max: 100 });
const maybe = fc.option(rate, { nil: undefined });
const rates = { input: rate, cachedInput: maybe, cacheWrite: maybe, output: rate };
const prices: fc.Arbitrary<Price> = fc.record({
  ...rates,
  tiers: fc.uniqueArray(fc.record({ above: fc.integer({ min: 1, max: 1_000 }), ...rates }), {
    maxLength: 2,
    selector: ({ above }) => above,
  }),
});
const tokens = fc.nat(1_500);
const answers = fc.record({
  usage: fc.record({ inputTokens: tokens, cachedInputTokens: tokens, cacheWriteTokens: tokens, outputTokens: tokens }),
  cost: fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: undefined }),
});

/** Answers of a drawn usage, a price, and how much the counter counts of each text. */
const charged = fc.tuple(fc.array(answers, { minLength: 3, maxLength: 3 }), prices, fc.nat(400));

const add = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce((sum: number, one) => sum + (one ?? Number.NaN), 0);

const addsUp = (change: (costs: RunCosts) => RunCosts) =>
  fc.property(charged, ([told, price, count]) => {
    const used = entries.map(
      (entry): JournalEntry => (entry.type === "model/responded" ? { ...entry, ...told[entry.turn - 1] } : entry),
    );
    const rendered = renderPrompt(prompt, { countTokens: () => count });
    const costs = change(costsOf(used, { prices: () => price, rendered }));
    const { total = Number.NaN, turns, calls, sections, conversation, answers } = costs;
    const exact = 1e-12 * Math.max(1, total);
    expect(Math.abs(add(turns.map(({ cost }) => cost)) - total)).toBeLessThan(exact);
    expect(Math.abs(add(calls.map(({ cost }) => cost)) - total)).toBeLessThan(exact);
    if (answers === undefined) return; // a cost was told for what is free by its price: nobody knows its parts
    const parts = [...sections.map(({ cost }) => cost), conversation, answers];
    expect(Math.abs(add(parts) - total)).toBeLessThan(exact);
    expect(parts.every((part) => part !== undefined && part > -exact)).toBe(true);
  });

test("turns, calls and parts add up to the total", () => {
  fc.assert(
    addsUp((costs) => costs),
    { numRuns: propertyRuns },
  );
});

test("the property finds a part that is left out", () => {
  const without = addsUp((costs) => ({ ...costs, sections: costs.sections.slice(1) }));
  expect(fc.check(without, { numRuns: 1_000 }).failed).toBe(true);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { costOf, mostCost, type Price, priceOf } from "./index.ts";

const most = { inputTokens: 0, outputTokens: 0 };
const tiered: Price = {
  input: 3,
  cachedInput: 0.3,
  cacheWrite: 3.75,
  output: 15,
  tiers: [
    { above: 400_000, input: 9, output: 30 },
    { above: 200_000, input: 6, cachedInput: 0.6, cacheWrite: 7.5, output: 22.5 },
  ],
};

describe("a price with tiers", () => {
  test.each([
    [200_000, 0.6 + 0.015],
    [200_001, 1.200006 + 0.0225],
    [400_000, 2.4 + 0.0225],
    [400_001, 3.600009 + 0.03],
  ])("is for the whole of a call with %d tokens of input", (inputTokens, cost) => {
    expect(costOf({ inputTokens, outputTokens: 1_000 }, tiered, most)).toBeCloseTo(cost, 9);
  });

  test("has cache rates of its own, which are its input's unless told", () => {
    const usage = { inputTokens: 300_000, cachedInputTokens: 200_000, cacheWriteTokens: 50_000, outputTokens: 0 };
    expect(costOf(usage, tiered, most)).toBeCloseTo(0.12 + 0.375 + 0.3, 9);
    const more = { ...usage, inputTokens: 500_000 };
    expect(costOf(more, tiered, most)).toBeCloseTo(4.5, 9);
  });

  test("takes the most that the input may be when nobody told it", () => {
    expect(costOf({}, tiered, { inputTokens: 300_000, outputTokens: 1_000 })).toBeCloseTo(1.8225, 9);
  });
});

test("what the provider's cache tells beyond the input costs nothing", () => {
  const price = { input: 1, cachedInput: 0.5, cacheWrite: 2, output: 1 };
  const usage = { inputTokens: 100, cachedInputTokens: 80, cacheWriteTokens: 80, outputTokens: 0 };
  expect(costOf(usage, price, most)).toBeCloseTo((80 * 0.5 + 20 * 2) / 1e6, 12);
});

describe("a price of a function", () => {
  const model = { provider: "acme", name: "large" };

  test.each<[object, string]>([
    [
      { input: 1, output: 2, cachedinput: 0.1 },
      "prices of acme/large, cachedinput: There is no such option. Expected input, cachedInput, cacheWrite, output, tiers. " +
        'Received number 0.1. Did you mean "cachedInput"?',
    ],
    [{ inptu: 1, output: 2 }, 'Did you mean "input"?'],
    [{ input: 1, output: 2, above: 5 }, "prices of acme/large, above: There is no such option."],
    [
      { input: 1, output: 2, tiers: [{ above: 5, input: 1, output: 2, cachewrite: 3 }] },
      "prices of acme/large.tiers[0], cachewrite: There is no such option.",
    ],
    [
      { input: 1, output: 2, tiers: [{ above: 5, input: 1, output: 2, tiers: [] }] },
      "prices of acme/large.tiers[0], tiers: There is no such option.",
    ],
  ])("with a rate that there is not is refused: %j", (price, text) => {
    const error = thrownBy(() => priceOf(model, { prices: () => price as Price })); // as: what the types refuse
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(text);
  });

  test("is looked at each time that it is given", () => {
    const price = { input: 1, output: 2, cacheWrite: undefined };
    const sources = { prices: () => price };
    expect(priceOf(model, sources)).toBe(price);
    price.output = -5;
    expect(thrownBy(() => priceOf(model, sources)).message).toContain(
      "prices of acme/large.output: This cannot be used. Expected a number from 0 on. Received number -5.",
    );
  });
});

describe("the most that a call can cost", () => {
  const rate = fc.integer({ min: 0, max: 100 });
  const maybe = fc.option(rate, { nil: undefined });
  const rates = { input: rate, cachedInput: maybe, cacheWrite: maybe, output: rate };
  const prices = fc.record({
    ...rates,
    tiers: fc.array(fc.record({ above: fc.nat(1_000), ...rates }), { maxLength: 3 }),
  });
  const usages = fc.record({
    inputTokens: fc.nat(1_500),
    cachedInputTokens: fc.nat(1_500),
    cacheWriteTokens: fc.nat(1_500),
    outputTokens: fc.nat(1_500),
  });
  const bounded = (mostOf: typeof mostCost) =>
    fc.property(prices, usages, fc.nat(500), (price, usage, more) => {
      const cost = costOf(usage, price, most);
      expect(cost).toBeLessThanOrEqual(mostOf(price, usage.inputTokens + more, usage.outputTokens + more) + 1e-12);
    });

  test("is never less than what one of fewer tokens costs, whatever was cached", () => {
    fc.assert(bounded(mostCost), { numRuns: propertyRuns });
  });

  test("is more than what plain input costs: the property finds who forgets writes to the cache", () => {
    const plain: typeof mostCost = (price, inputTokens, outputTokens) =>
      costOf({}, price, { inputTokens, outputTokens });
    expect(fc.check(bounded(plain), { numRuns: 1_000 }).failed).toBe(true);
  });
});

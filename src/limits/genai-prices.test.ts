/** The list of `@pydantic/genai-prices` as it is published: its numbers are its own affair, their places are ours. */
import * as list from "@pydantic/genai-prices";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { costOf, type GenaiPricesOptions, type GenaiPricesPackage, genaiPrices } from "./index.ts";

const at = (day: string) => ({ clock: { now: () => Date.parse(day) } });
const facts = genaiPrices(list, at("2026-11-01"));

test("tells the window and the price of a model", () => {
  expect(facts({ provider: "openai", name: "gpt-5" })).toEqual({
    window: 400_000,
    price: { input: 1.25, cachedInput: 0.125, cacheWrite: undefined, output: 10, tiers: [] },
  });
  expect(facts({ provider: "openai", name: "gpt-5-2025-08-07" })?.window).toBe(400_000);
});

test("tells a higher price of calls with much input", () => {
  const { price } = facts({ provider: "anthropic", name: "claude-sonnet-4-5" }) ?? {};
  const tier = { above: 200_000, input: 6, cachedInput: 0.6, cacheWrite: 7.5, output: 22.5 };
  expect(price).toEqual({ input: 3, cachedInput: 0.3, cacheWrite: 3.75, output: 15, tiers: [tier] });
});

test("tells the price of the day, and of the hour", () => {
  const early = genaiPrices(list, at("2026-03-12T23:59:59Z"))({ provider: "anthropic", name: "claude-opus-4-6" });
  const late = genaiPrices(list, at("2026-03-13"))({ provider: "anthropic", name: "claude-opus-4-6" });
  expect([early?.price?.tiers?.length, late?.price?.tiers?.length]).toEqual([1, 0]);
  const prices = ["00:29:59", "00:30:00"].map(
    (time) => genaiPrices(list, at(`2026-01-01T${time}Z`))({ provider: "deepseek", name: "deepseek-chat" })?.price,
  );
  expect(prices[0]?.input).toBeLessThan(prices[1]?.input ?? 0);
  let now = Date.parse("2026-03-12");
  const moving = genaiPrices(list, { clock: { now: () => now } });
  const tiers = () => moving({ provider: "anthropic", name: "claude-opus-4-6" })?.price?.tiers?.length;
  const before = tiers();
  now = Date.parse("2026-03-14");
  expect([before, tiers()]).toEqual([1, 0]);
});

describe("finds the provider", () => {
  test.each([
    ["litellm", "anthropic/claude-sonnet-4-5", 200_000],
    ["litellm", "openai/gpt-5", 400_000],
    ["litellm", "bedrock/anthropic.claude-sonnet-4-20250514-v1:0", 200_000],
    ["ai-sdk", "gpt-5", 400_000],
    ["ai-sdk", "claude-sonnet-4-5", 200_000],
    ["azure", "gpt-5", 400_000],
  ])("of %s, %s", (provider, name, window) => {
    expect(facts({ provider, name })?.window).toBe(window);
  });

  test("as it is told", () => {
    const ours = genaiPrices(list, { ...at("2026-11-01"), providers: { openai: "openrouter", "ai-sdk": "azure" } });
    expect(ours({ provider: "openai", name: "openai/gpt-5" })?.window).toBe(400_000);
    expect(ours({ provider: "openai", name: "gpt-5" })).toBeUndefined();
    expect(ours({ provider: "ai-sdk", name: "gemini-2.5-pro" })).toBeUndefined();
    expect(ours({ provider: "anthropic", name: "claude-opus-4-5" })?.window).toBe(200_000);
  });
});

describe("knows nothing", () => {
  test.each([
    ["openai", "a-model-of-my-own"],
    ["litellm", "an-alias"],
    ["scripted", "gpt-5"],
    ["offline", "offline"],
    ["constructor", "gpt-5"],
    ["ai-sdk", "llama-3.3-70b-versatile"],
    ["openai", ""],
  ])("of %s/%s", (provider, name) => {
    expect(facts({ provider, name })).toBeUndefined();
  });

  test("of a window that is not in the list, and of a price that tokens alone do not make", () => {
    expect(facts({ provider: "google", name: "gemini-2.5-pro" })).toMatchObject({
      window: undefined,
      price: { input: 1.25 },
    });
    expect(facts({ provider: "perplexity", name: "sonar-pro" })).toEqual({ window: 200_000, price: undefined });
    expect(facts({ provider: "perplexity", name: "sonar-deep-research" })?.price).toBeUndefined();
    expect(facts({ provider: "openai", name: "text-embedding-3-small" })?.price).toBeUndefined();
  });
});

test("reckons as the package does", () => {
  const usages = [
    { inputTokens: 1_000, cachedInputTokens: 200, cacheWriteTokens: 300, outputTokens: 50 },
    { inputTokens: 200_000, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 },
    { inputTokens: 200_001, cachedInputTokens: 150_000, cacheWriteTokens: 10_000, outputTokens: 9_000 },
    { inputTokens: 272_000, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1 },
  ];
  const models = [
    ["anthropic", "claude-sonnet-4-5"],
    ["openai", "gpt-5.4"],
    ["google", "gemini-2.5-pro"],
    ["anthropic", "claude-opus-4-5"],
  ] as const;
  for (const [provider, name] of models) {
    const price = facts({ provider, name })?.price;
    if (price === undefined) throw new Error(`no price of ${name}`);
    for (const usage of usages) {
      const written = price.cacheWrite === undefined ? 0 : usage.cacheWriteTokens;
      const theirs = list.calcPrice(
        {
          input_tokens: usage.inputTokens,
          output_tokens: usage.outputTokens,
          cache_read_tokens: usage.cachedInputTokens,
          cache_write_tokens: written,
        },
        name,
        { providerId: provider, timestamp: new Date("2026-11-01") },
      );
      const ours = costOf({ ...usage, cacheWriteTokens: written }, price, { inputTokens: 0, outputTokens: 0 });
      expect(ours).toBeCloseTo(theirs?.total_price ?? -1, 9);
    }
  }
});

test("tiers of several kinds of tokens that begin at several places are put together", () => {
  const model_price = {
    input_mtok: {
      base: 1,
      tiers: [
        { start: 200, price: 3 },
        { start: 100, price: 2 },
      ],
    },
    output_mtok: { base: 10, tiers: [{ start: 150, price: 20 }] },
    cache_read_mtok: 0,
  };
  const made: GenaiPricesPackage = { calcPrice: () => ({ model: {}, model_price }) };
  const price = genaiPrices(made)({ provider: "any", name: "any" })?.price;
  const costs = [100, 101, 150, 151, 200, 201].map(
    (inputTokens) =>
      price && costOf({ inputTokens, outputTokens: 100 }, price, { inputTokens: 0, outputTokens: 0 }) * 1e6,
  );
  expect(costs.map((cost) => Math.round(cost ?? 0))).toEqual([1_100, 1_202, 1_300, 2_302, 2_400, 2_603]);
  expect(price?.tiers?.map(({ cachedInput }) => cachedInput)).toEqual([0, 0, 0]);
});

test.each<[unknown, object, string]>([
  [
    undefined,
    {},
    'genaiPrices: This cannot be used. Expected `import * as list from "@pydantic/genai-prices"`. Received nothing.',
  ],
  [{}, {}, "genaiPrices: This cannot be used."],
  [list, { provider: {} }, 'Did you mean "providers"?'],
  [list, { clock: Date.now }, "genaiPrices, clock: This cannot be used. Expected an object with now."],
  [
    list,
    { providers: { "ai-sdk": "azur" } },
    'genaiPrices, providers, ai-sdk: This cannot be used. Expected a provider of the list. Received string "azur".',
  ],
  [{ calcPrice: list.calcPrice }, { providers: { "ai-sdk": 5 } }, "genaiPrices, providers, ai-sdk: "],
])("what cannot be used is refused at once", (given, options, text) => {
  const make = () => genaiPrices(given as GenaiPricesPackage, options as GenaiPricesOptions); // as: what the types refuse
  expect(thrownBy(make)).toMatchObject({ code: "INPUT_INVALID", message: expect.stringContaining(text) });
});

test("providers of the list are taken, and of a package that does not tell them any", () => {
  const providers = { "ai-sdk": "azure", openai: "openrouter" };
  expect(genaiPrices(list, { providers })({ provider: "ai-sdk", name: "gpt-5" })?.window).toBeDefined();
  expect(
    genaiPrices({ calcPrice: () => null }, { providers: { own: "mine" } })({ provider: "own", name: "a" }),
  ).toBeUndefined();
});

import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { type FactsRow, factsTable } from "./index.ts";

const asOf = "2026-11-27";

describe("a table of facts", () => {
  const facts = factsTable([
    { match: "*", asOf, window: 1 },
    { match: "large*", asOf, window: 2 },
    { match: "large-5", asOf, window: 3, maxOutputTokens: 30, price: { input: 1, output: 2 } },
    { match: "large-5*", asOf, window: 4 },
    { match: "large-5*", asOf, window: 5, provider: "acme" },
    { match: "plain", asOf, provider: "acme" },
  ]);
  test.each([
    ["any", "small", 1],
    ["any", "large", 2],
    ["any", "large-4", 2],
    ["any", "large-5", 3],
    ["acme", "large-5", 3],
    ["any", "large-5-mini", 4],
    ["acme", "large-5-mini", 5],
    ["any", "plain", 1],
    ["acme", "plain", undefined],
    ["any", "", 1],
  ])("tells of %s/%s by its longest match", (provider, name, window) => {
    expect(facts({ provider, name })?.window).toBe(window);
  });

  test("gives what the row says, and nothing where no row is", () => {
    const price = { input: 1, output: 2 };
    expect(facts({ provider: "any", name: "large-5" })).toEqual({ asOf, window: 3, maxOutputTokens: 30, price });
    expect(factsTable([{ match: "a", asOf }])({ provider: "any", name: "ab" })).toBeUndefined();
    expect(factsTable([])({ provider: "any", name: "a" })).toBeUndefined();
  });
});

describe("a row that cannot be true is refused", () => {
  const price = { input: 1, output: 2 };
  test.each<[string, object, string]>([
    ["without a match", { match: undefined }, "rows[0], match"],
    ["with an empty match", { match: "" }, "rows[0], match"],
    ["with a * inside", { match: "a*b" }, "rows[0], match"],
    ["without a day", { asOf: undefined }, "rows[0], asOf"],
    ["with a day that is none", { asOf: "2026-02-30" }, "rows[0], asOf"],
    ["with a time of day", { asOf: "2026-02-03T00:00:00Z" }, "rows[0], asOf"],
    ["of a provider that is no name", { provider: 5 }, "rows[0], provider"],
    ["with a tier that is none", { price: { ...price, tiers: [5] } }, "rows[0], price.tiers"],
    ["with a window of nothing", { window: 0 }, "rows[0], window"],
    ["with half a token", { maxOutputTokens: 0.5 }, "rows[0], maxOutputTokens"],
    ["with a price below 0", { price: { ...price, input: -1 } }, "rows[0], price.input"],
    ["with a price that is missing", { price: { input: 1 } }, "rows[0], price.output"],
    ["with a price that is a text", { price: { ...price, cacheWrite: "1" } }, "rows[0], price.cacheWrite"],
    [
      "with a wrong tier",
      { price: { ...price, tiers: [{ above: 1, ...price, cachedInput: Number.NaN }] } },
      "rows[0], price.tiers[0].cachedInput",
    ],
    ["with a tier above nothing", { price: { ...price, tiers: [price] } }, "rows[0], price.tiers[0].above"],
    [
      "with a tier twice",
      {
        price: {
          ...price,
          tiers: [
            { above: 1, ...price },
            { above: 1, ...price },
          ],
        },
      },
      "rows[0], price.tiers[1].above",
    ],
  ])("%s", (_what, change, at) => {
    const row = { match: "a", asOf, ...change } as FactsRow; // as: what the types refuse
    const error = thrownBy(() => factsTable([row]));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(`${at}: The table of facts is wrong.`);
  });

  test.each<[object, string]>([
    [{ windows: 3 }, "rows[0], windows: There is no such option. Expected provider, match, asOf, window,"],
    [{ windows: 3 }, 'Did you mean "window"?'],
    [{ price: { ...price, cachedinput: 1 } }, "rows[0], price, cachedinput: There is no such option."],
    [{ price: { ...price, tiers: [{ ...price, above: 5, over: 5 }] } }, "rows[0], price.tiers[0], over: There is no"],
    [{ price: { ...price, above: 5 } }, "rows[0], price, above: There is no such option."],
  ])("and one with a name that is none: %j", (change, text) => {
    const row = { match: "a", asOf, ...change } as FactsRow; // as: what the types refuse
    expect(thrownBy(() => factsTable([row])).message).toContain(text);
  });

  test("and what is no list of rows", () => {
    const given = { match: "a", asOf } as unknown as FactsRow[]; // as: what the types refuse
    expect(thrownBy(() => factsTable(given)).message).toContain("factsTable: This cannot be used. Expected a list of");
  });

  test("and one whose match was there before", () => {
    const rows = [
      { match: "a*", asOf },
      { match: "a*", asOf, provider: "p" },
      { match: "a*", asOf, window: 9 },
    ];
    expect(thrownBy(() => factsTable(rows)).message).toContain("Expected a match that rows[0] has not.");
    expect(factsTable(rows.slice(0, 2))({ provider: "p", name: "a" })).toBeDefined();
  });
});

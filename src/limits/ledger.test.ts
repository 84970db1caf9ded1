import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { type Amount, type Budget, BudgetLedger, costOf, noAmount, type Price } from "./index.ts";

const amount = (parts: Partial<Amount>): Amount => ({ ...noAmount, ...parts });
const tokens = (inputTokens: number, outputTokens = 0): Amount => amount({ inputTokens, outputTokens });

describe("a budget", () => {
  test.each<[Budget, string]>([
    [
      {},
      "budget: The budget limits nothing. Expected one of inputTokens, outputTokens, totalTokens, cost, turns. Received object {}. Leave the budget out where nothing is to be limited. Example: budget: { totalTokens: 200_000 }",
    ],
    [
      { inputTokens: -1 },
      "budget, inputTokens: This is no limit. Expected a whole number from 1 on. Received number -1. Give one limit at least, above 0. Example: budget: { inputTokens: 200000 }",
    ],
    [
      { turns: 1.5 },
      "budget, turns: This is no limit. Expected a whole number from 1 on. Received number 1.5. Give one limit at least, above 0. Example: budget: { turns: 20 }",
    ],
    [
      { turns: 0 },
      "budget, turns: This is no limit. Expected a whole number from 1 on. Received number 0. Give one limit at least, above 0. Example: budget: { turns: 20 }",
    ],
    [
      { cost: 0 },
      "budget, cost: This is no limit. Expected an amount above 0. Received number 0. Give one limit at least, above 0. Example: budget: { cost: 2.5 }",
    ],
  ])("%o is refused", (budget, message) => {
    const error = thrownBy(() => new BudgetLedger(budget));
    expect(error.code).toBe("BUDGET_INVALID");
    expect(error.message).toBe(message);
  });

  test("is not changed by its maker afterwards", () => {
    const budget = { turns: 1 };
    const ledger = new BudgetLedger(budget);
    budget.turns = 100;
    expect(ledger.left()).toEqual({ turns: 1 });
  });
});

describe("a reservation", () => {
  test("is held until it is settled by what was used, whether less or more", () => {
    const ledger = new BudgetLedger({ totalTokens: 100 });
    const one = ledger.reserve(tokens(40, 20));
    expect([ledger.left(), ledger.used]).toEqual([{ totalTokens: 40 }, noAmount]);
    one.settle(tokens(30, 5));
    expect([ledger.left(), ledger.used]).toEqual([{ totalTokens: 65 }, tokens(30, 5)]);
    ledger.reserve(tokens(10)).settle(tokens(80));
    expect(ledger.left()).toEqual({ totalTokens: 0 });
  });

  test("is settled once, and a call that was never made uses nothing", () => {
    const ledger = new BudgetLedger({ turns: 2 });
    const one = ledger.reserve(amount({ turns: 1 }));
    one.settle(noAmount);
    one.settle(amount({ turns: 1 }));
    expect([ledger.left(), ledger.used]).toEqual([{ turns: 2 }, noAmount]);
  });

  test("may reach the limit exactly, also of money that has no exact sum", () => {
    const ledger = new BudgetLedger({ cost: 0.3 });
    ledger.reserve(amount({ cost: 0.1 })).settle(amount({ cost: 0.1 }));
    ledger.reserve(amount({ cost: 0.2 }));
    expect(ledger.left()).toEqual({ cost: 0 });
    expect(thrownBy(() => ledger.reserve(amount({ cost: 1e-9 }))).code).toBe("BUDGET_EXCEEDED");
  });

  test("over a limit is BUDGET_EXCEEDED, and reserves nothing", () => {
    const ledger = new BudgetLedger({ inputTokens: 8, totalTokens: 10 });
    ledger.reserve(tokens(3, 1)).settle(tokens(3, 2));
    ledger.reserve(tokens(1));
    const error = thrownBy(() => ledger.reserve(tokens(5, 1)));
    expect(error.message).toBe(
      "budget, inputTokens: The next model call could go over the limit. Expected 8 at most. Received 3 used, 1 reserved, 5 wanted. Give a larger budget, or less work.",
    );
    expect(error.details).toEqual({ limit: "inputTokens", most: 8, used: 3, reserved: 1, wanted: 5 });
    expect(thrownBy(() => ledger.reserve(tokens(0, 5))).details).toMatchObject({ limit: "totalTokens" });
    expect(ledger.left()).toEqual({ inputTokens: 4, totalTokens: 4 });
  });

  test("counts at the parent too, which may have less left", () => {
    const parent = new BudgetLedger({ turns: 3, outputTokens: 50 });
    const [one, other] = [new BudgetLedger({ turns: 2 }, parent), new BudgetLedger({ outputTokens: 40 }, parent)];
    one.reserve(amount({ turns: 1, outputTokens: 30 })).settle(amount({ turns: 1, outputTokens: 20 }));
    expect([one.left(), other.left()]).toEqual([
      { turns: 1, outputTokens: 30 },
      { turns: 2, outputTokens: 30 },
    ]);
    const refused = thrownBy(() => other.reserve(amount({ outputTokens: 31 })));
    expect(refused.details).toMatchObject({ limit: "outputTokens", most: 50 });
    expect([other.left(), parent.left()]).toEqual([
      { turns: 2, outputTokens: 30 },
      { turns: 2, outputTokens: 30 },
    ]);
  });
});

test("rooms tell each limit here and at the parent, what is used of it, and what is left beside reservations", () => {
  const parent = new BudgetLedger({ turns: 9, cost: 1 });
  const ledger = new BudgetLedger({ turns: 4, totalTokens: 100 }, parent);
  ledger
    .reserve(amount({ inputTokens: 20, outputTokens: 20, turns: 1 }))
    .settle(amount({ inputTokens: 20, outputTokens: 10, cost: 0.7, turns: 1 }));
  parent.reserve(amount({ turns: 2, cost: 0.2 }));
  expect(ledger.rooms()).toEqual([
    { limit: "totalTokens", most: 100, used: 30, left: 70 },
    { limit: "turns", most: 4, used: 1, left: 3 },
    { limit: "cost", most: 1, used: 0.7, left: 0.1 },
    { limit: "turns", most: 9, used: 1, left: 6 },
  ]);
  expect(ledger.left()).toEqual({ totalTokens: 70, turns: 3, cost: 0.1 });
  ledger.reserve(noAmount).settle(amount({ inputTokens: 90 }));
  expect(ledger.rooms()[0]).toEqual({ limit: "totalTokens", most: 100, used: 120, left: 0 });
});

describe("the cost of a call", () => {
  const price: Price = { input: 2, cachedInput: 0.5, cacheWrite: 4, output: 10 };
  const most = { inputTokens: 1_000, outputTokens: 500 };

  test.each([
    [{ inputTokens: 1_000_000, outputTokens: 100_000 }, 3],
    [{ inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 0 }, 1.4],
    [{ inputTokens: 100, cachedInputTokens: 1_000_000, outputTokens: 0 }, 0.00005],
    [{ inputTokens: 1_000_000, cacheWriteTokens: 100_000, outputTokens: 0 }, 2.2],
    [{ inputTokens: 1_000_000, cachedInputTokens: 900_000, cacheWriteTokens: 400_000, outputTokens: 0 }, 0.85],
    [{}, 0.007],
  ])("%o is %d", (usage, cost) => {
    expect(costOf(usage, price, most)).toBeCloseTo(cost, 12);
  });

  test("counts what comes from a cache like the rest unless there is a price for it", () => {
    const usage = { inputTokens: 1_000_000, cachedInputTokens: 1_000_000, outputTokens: 0 };
    expect(costOf(usage, { input: 2, output: 10 }, most)).toBe(2);
  });
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("an amount of %d is refused, and changes nothing", (wrong) => {
  const ledger = new BudgetLedger({ inputTokens: 10 });
  const held = ledger.reserve(tokens(4));
  for (const work of [() => ledger.reserve(tokens(wrong)), () => held.settle(tokens(wrong))]) {
    const error = thrownBy(work);
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain("amount, inputTokens: This cannot be used. Expected a number from 0 on.");
  }
  held.settle(tokens(3));
  expect(ledger.left()).toEqual({ inputTokens: 7 });
});

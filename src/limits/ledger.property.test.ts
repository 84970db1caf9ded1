/** Ledgers under any order of reserving and settling, against sums. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { WinkError } from "../base/index.ts";
import { type Amount, BudgetLedger, type Reservation } from "./index.ts";

const amount: fc.Arbitrary<Amount> = fc.record({
  inputTokens: fc.nat(20),
  outputTokens: fc.nat(20),
  cost: fc.nat(20).map((n) => n / 10),
  turns: fc.nat(2),
});
const budget = fc.record({
  inputTokens: fc.integer({ min: 1, max: 60 }),
  totalTokens: fc.integer({ min: 1, max: 80 }),
  cost: fc.integer({ min: 1, max: 60 }).map((n) => n / 10),
  turns: fc.integer({ min: 1, max: 6 }),
});

interface Step {
  readonly child: 0 | 1;
  readonly wanted: Amount;
  /** Which of the open reservations is settled by this step, if any is open. */
  readonly settles: number;
  readonly used: Amount;
}
const step: fc.Arbitrary<Step> = fc.record({
  child: fc.constantFrom<0 | 1>(0, 1),
  wanted: amount,
  settles: fc.nat(5),
  used: amount,
});

type MakeLedger = (budget: ConstructorParameters<typeof BudgetLedger>[0], parent?: BudgetLedger) => BudgetLedger;

const measures = {
  inputTokens: (of: Amount) => of.inputTokens,
  totalTokens: (of: Amount) => of.inputTokens + of.outputTokens,
  cost: (of: Amount) => of.cost,
  turns: (of: Amount) => of.turns,
};

const bounded = (make: MakeLedger) =>
  fc.property(budget, fc.tuple(budget, budget), fc.array(step, { maxLength: 30 }), (own, below, steps) => {
    const parent = make(own);
    const children = below.map((one) => make(one, parent));
    const open: { readonly held: Reservation; readonly child: 0 | 1 }[] = [];
    const settled: { readonly child: 0 | 1; readonly reserved: Amount; readonly used: Amount }[] = [];
    for (const { child, wanted, settles, used } of steps) {
      try {
        open.push({ held: children[child]?.reserve(wanted) as Reservation, child }); // as: there are two
      } catch (error) {
        if (!WinkError.is(error, "BUDGET_EXCEEDED")) throw error;
      }
      const [done] = open.splice(settles, 1);
      if (done === undefined) continue;
      done.held.settle(used);
      settled.push({ child: done.child, reserved: done.held.amount, used });
    }
    const accounts = [
      { ledger: parent, limits: own, mine: () => true },
      ...children.map((ledger, child) => ({
        ledger,
        limits: below[child] as typeof own, // as: one for each child
        mine: (one: { readonly child: number }) => one.child === child,
      })),
    ];
    for (const { ledger, limits, mine } of accounts) {
      for (const [name, measure] of Object.entries(measures)) {
        const calls = settled.filter(mine);
        const consumed = calls.reduce((sum, { used }) => sum + measure(used), 0);
        expect(measure(ledger.used)).toBeCloseTo(consumed, 6);
        const beyond = calls.reduce(
          (sum, { used, reserved }) => sum + Math.max(0, measure(used) - measure(reserved)),
          0,
        );
        expect(consumed).toBeLessThanOrEqual(limits[name as keyof typeof limits] + beyond + 1e-6); // as: the keys are the same
      }
    }
  });

test("what is consumed goes over no limit, of a run or its parent, but by what calls use beyond their reservations", () => {
  fc.assert(
    bounded((of, parent) => new BudgetLedger(of, parent)),
    { numRuns: propertyRuns },
  );
});

test.each<[string, MakeLedger]>([
  [
    "a ledger that forgets reservations",
    (of, parent) => {
      const ledger = new BudgetLedger(of, parent);
      const { reserve } = ledger;
      ledger.reserve = (wanted) => {
        const nothing = { inputTokens: 0, outputTokens: 0, cost: 0, turns: 0 };
        const held = reserve.call(ledger, nothing);
        return { amount: wanted, settle: (used) => held.settle(used) };
      };
      return ledger;
    },
  ],
  ["a child that does not ask its parent", (of) => new BudgetLedger(of)],
])("the property sees %s", (_fault, make) => {
  expect(fc.check(bounded(make), { numRuns: 500, endOnFailure: true }).failed).toBe(true);
});

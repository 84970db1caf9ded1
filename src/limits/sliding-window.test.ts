import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { SlidingWindow } from "./sliding-window.ts";

const step = fc.record({
  later: fc.nat(6),
  amount: fc.nat(5),
  changes: fc.option(fc.record({ which: fc.nat(9), to: fc.nat(5) })),
});

test("waits as long as a list of all that was taken says", () => {
  const [most, length] = [5, 10];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const window = new SlidingWindow(most, length);
      const all: { readonly at: number; amount: number; readonly change: (to: number) => void }[] = [];
      let now = 0;
      const counting = () => all.filter(({ at }) => at + length > now);
      const sumAt = (time: number): number =>
        all.filter(({ at }) => at + length > time).reduce((sum, { amount }) => sum + amount, 0);
      for (const { later, amount, changes } of steps) {
        now += later;
        let wait = 0;
        while (sumAt(now + wait) + amount > most && wait < length) wait++;
        expect(window.waitFor(amount, now)).toBe(wait);
        if (wait === 0) all.push({ at: now, amount, change: window.take(amount, now) });
        const changed = changes === null ? undefined : all[changes.which];
        if (changed === undefined || changes === null) continue;
        changed.change(changes.to);
        if (counting().includes(changed)) changed.amount = changes.to;
      }
    }),
    { numRuns: propertyRuns },
  );
});

test("has room for what is never free when nothing is taken any more", () => {
  expect(new SlidingWindow(5, 10).waitFor(6, 0)).toBe(0);
});

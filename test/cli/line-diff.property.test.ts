import fc from "fast-check";
import { expect, test } from "vitest";
import { lineDiff } from "../../src/cli/line-diff.ts";
import { propertyRuns } from "../support/property-runs.ts";

/** So few lines that none is cut away around a change. */
const text = fc
  .array(fc.stringMatching(/^[ab ]{1,3}$/), { minLength: 1, maxLength: 4 })
  .map((lines) => lines.join("\n"));

/** One of the two texts that a difference speaks of. */
const side = (difference: string, sign: "-" | "+"): string =>
  difference
    .split("\n")
    .filter((line) => line.startsWith(sign) || line.startsWith(" "))
    .map((line) => line.slice(2))
    .join("\n");

test("a difference holds both texts", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after);
      const difference = lineDiff(before, after);
      expect(side(difference, "-")).toBe(before);
      expect(side(difference, "+")).toBe(after);
    }),
    { numRuns: propertyRuns },
  );
});

test("what stands far from a change is left out", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const changed = lines.with(10, "changed");
  expect(lineDiff(lines.join("\n"), changed.join("\n"))).toBe(
    [
      "  …",
      "  line 7",
      "  line 8",
      "  line 9",
      "- line 10",
      "+ changed",
      "  line 11",
      "  line 12",
      "  line 13",
      "  …",
      "",
    ].join("\n"),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { suggest } from "./suggest.ts";

/** The distance by its definition: tries every edit, and remembers. Neighbours that were swapped are not edited again. */
function naiveDistance(a: string, b: string, known = new Map<string, number>()): number {
  if (a === "" || b === "") return a.length + b.length;
  const key = `${a.length} ${b.length}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const ways = [
    naiveDistance(a.slice(1), b, known) + 1,
    naiveDistance(a, b.slice(1), known) + 1,
    naiveDistance(a.slice(1), b.slice(1), known) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) {
    ways.push(naiveDistance(a.slice(2), b.slice(2), known) + 1);
  }
  const least = Math.min(...ways);
  known.set(key, least);
  return least;
}

function naiveSuggest(wrong: string, names: readonly string[]): readonly string[] {
  return [...new Set(names)]
    .map((name) => ({ name, distance: naiveDistance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => {
      const longer = Math.max(wrong.length, name.length);
      return distance < longer && distance <= Math.max(2, Math.floor(longer / 3));
    })
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

const name = fc.string({ unit: fc.constantFrom("a", "b", "c", "A", "_"), maxLength: 10 });

test("suggestions are those of a naive search", () => {
  fc.assert(
    fc.property(name, fc.array(name, { maxLength: 6 }), (wrong, names) => {
      expect(suggest(wrong, names)).toEqual(naiveSuggest(wrong, names));
    }),
    { numRuns: propertyRuns },
  );
});

test("a name with one slip is found again among others", () => {
  const slip = fc.tuple(fc.string({ unit: fc.constantFrom(..."abcdefgh"), minLength: 4, maxLength: 12 }), fc.nat());
  fc.assert(
    fc.property(slip, fc.array(name), ([right, seed], others) => {
      const at = seed % right.length;
      const wrong = right.slice(0, at) + right.slice(at + 1);
      expect(suggest(wrong, [...others, right], { most: 100 })).toContain(right);
    }),
    { numRuns: propertyRuns },
  );
});

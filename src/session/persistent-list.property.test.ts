import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { PersistentList } from "./persistent-list.ts";

/** One step of growing a tree of versions; `at` chooses an earlier version, counted round. */
type Step =
  | { readonly do: "append"; readonly at: number }
  | { readonly do: "extend"; readonly at: number; readonly count: number }
  | { readonly do: "branch"; readonly at: number }
  | { readonly do: "read"; readonly at: number };

const at = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("append" as const), at }),
  fc.record({ do: fc.constant("extend" as const), at, count: fc.nat(4) }),
  fc.record({ do: fc.constant("branch" as const), at }),
  fc.record({ do: fc.constant("read" as const), at }),
);
/** Trees that grow anywhere, and chains in which every version is gone on from twice, far deeper than buffers may nest. */
const steps = fc.oneof(
  fc.array(step, { maxLength: 60 }),
  fc.integer({ min: 17, max: 60 }).map((length) => chain(length)),
);

function chain(length: number): Step[] {
  // of the two versions that are made from one, the second has to branch off, and the next two are made from that one
  return Array.from({ length }, (_, index): Step[] => [
    { do: "append", at: 2 * index },
    { do: "append", at: 2 * index },
  ]).flat();
}

interface Version {
  readonly list: PersistentList<number>;
  readonly items: readonly number[];
}

/** Every way of reading a list, beside the same on an array. */
function expectSame({ list, items }: Version): void {
  expect(list.length).toBe(items.length);
  expect(list.all()).toEqual(items);
  expect([...list]).toEqual(items);
  expect(list.latest()).toBe(items.at(-1));
  const places = Array.from({ length: 2 * items.length + 2 }, (_, index) => index - items.length - 1);
  expect(places.map((place) => list.at(place))).toEqual(places.map((place) => items.at(place)));
  expect(list.where((item) => item % 2 === 0)).toEqual(items.filter((item) => item % 2 === 0));
}

function grow(plan: readonly Step[]): readonly Version[] {
  const versions: Version[] = [{ list: PersistentList.empty, items: [] }];
  let next = 0;
  for (const taken of plan) {
    const from = versions[taken.at % versions.length] as Version;
    if (taken.do === "append") {
      versions.push({ list: from.list.append(next), items: [...from.items, next] });
      next++;
    } else if (taken.do === "extend") {
      const more = Array.from({ length: taken.count }, () => next++);
      versions.push({ list: from.list.extend(more), items: [...from.items, ...more] });
    } else if (taken.do === "branch") {
      versions.push({ list: from.list.branch(), items: from.items });
    } else {
      expectSame(from);
    }
  }
  return versions;
}

test("every version reads like an array of its own, however versions branch", () => {
  fc.assert(
    fc.property(steps, (plan) => {
      for (const version of grow(plan)) expectSame(version);
    }),
    { numRuns: propertyRuns },
  );
});

test("the property sees a list whose versions share what they should not", () => {
  const { append } = PersistentList.prototype;
  // The fault: an older version is gone on from in the buffer that newer ones read.
  const newest = new Map<PersistentList<unknown>, PersistentList<unknown>>();
  PersistentList.prototype.append = function (this: PersistentList<unknown>, item: unknown) {
    const made = append.call(newest.get(this) ?? this, item) as PersistentList<unknown>;
    newest.set(this, made);
    return made;
  } as typeof append;
  try {
    const { failed } = fc.check(
      fc.property(steps, (plan) => {
        for (const version of grow(plan)) expectSame(version);
      }),
    );
    expect(failed).toBe(true);
  } finally {
    PersistentList.prototype.append = append;
  }
});

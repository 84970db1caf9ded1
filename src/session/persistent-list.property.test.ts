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
/** Around a full leaf and, rarely, around a full node of leaves, where the tree of a list grows higher. */
const edges = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 30, max: 66 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_020, max: 1_060 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("append" as const), at }),
  fc.record({ do: fc.constant("extend" as const), at, count: fc.nat(4) }),
  fc.record({ do: fc.constant("extend" as const), at, count: edges }),
  fc.record({ do: fc.constant("branch" as const), at }),
  fc.record({ do: fc.constant("read" as const), at }),
);
/** Trees that grow anywhere, and chains in which every version is gone on from twice. */
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
      versions.push({ list: PersistentList.append(from.list, next), items: [...from.items, next] });
      next++;
    } else if (taken.do === "extend") {
      const more = Array.from({ length: taken.count }, () => next++);
      versions.push({ list: PersistentList.extend(from.list, more), items: [...from.items, ...more] });
    } else if (taken.do === "branch") {
      versions.push({ list: PersistentList.branch(from.list), items: from.items });
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
  const { append } = PersistentList;
  // The fault: an older version is gone on from in the tail that newer ones read.
  const newest = new Map<unknown, unknown>();
  PersistentList.append = (list, item) => {
    const made = append((newest.get(list) as typeof list | undefined) ?? list, item); // as: a newer version of the same list
    newest.set(list, made);
    return made;
  };
  try {
    const { failed } = fc.check(
      fc.property(steps, (plan) => {
        for (const version of grow(plan)) expectSame(version);
      }),
    );
    expect(failed).toBe(true);
  } finally {
    PersistentList.append = append;
  }
});

test("lists of any length read like arrays, made at once or item by item", () => {
  for (const length of [0, 1, 31, 32, 33, 64, 65, 1_023, 1_024, 1_025, 1_056, 1_057, 2_049, 32_768, 32_801]) {
    const items = Array.from({ length }, (_, index) => index);
    const lists = [PersistentList.of(items), PersistentList.extend(PersistentList.empty, items)];
    for (const list of lists.map((made) => PersistentList.append<number>(made, -1))) {
      expect(list.all()).toEqual([...items, -1]);
      expect(items.every((item) => list.at(item) === item) && list.latest() === -1).toBe(true);
    }
  }
});

test("going back and on copies less than three leaves a time, however long the list is", () => {
  const { slice } = Array.prototype;
  let copied = 0;
  let list = PersistentList.of<number>(Array.from({ length: 100_000 }, (_, index) => index));
  Array.prototype.slice = function (this: unknown[], ...args) {
    const made = slice.apply(this, args);
    copied += made.length;
    return made;
  };
  try {
    for (let count = 0; count < 1_000; count++) {
      const kept = PersistentList.append(list, count);
      PersistentList.append(PersistentList.branch(kept), -1);
      PersistentList.append(kept, -1);
      list = kept;
    }
  } finally {
    Array.prototype.slice = slice;
  }
  expect(list.length).toBe(101_000);
  expect(copied).toBeGreaterThan(1_000);
  expect(copied).toBeLessThan(96 * 1_000);
});

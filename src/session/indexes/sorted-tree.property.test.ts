import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import { eachItem, firstItem, type SortedTree, withItem, withoutItem } from "./sorted-tree.ts";

type Tree = SortedTree<number> | undefined;

const to = (item: number) => (other: number) => other - item;

function listed(tree: Tree, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY): number[] {
  const found: number[] = [];
  const probe = (item: number): number => (item < low ? -1 : item > high ? 1 : 0);
  eachItem(tree, probe, (item) => found.push(item));
  return found;
}

/** The height of a tree, which must be told right and be balanced at each node. */
function checkedHeight(tree: Tree): number {
  if (tree === undefined) return 0;
  const [left, right] = [checkedHeight(tree.left), checkedHeight(tree.right)];
  expect(Math.abs(left - right)).toBeLessThan(2);
  expect(tree.height).toBe(Math.max(left, right) + 1);
  return tree.height;
}

type Change = (tree: Tree, item: number) => Tree;
const add: Change = (tree, item) => withItem(tree, item, to(item));
const take: Change = (tree, item) => withoutItem(tree, to(item));

/** Adds numbers, takes those away that come again, and then looks at every version. */
const agrees = (added: Change, taken: Change) =>
  fc.property(fc.array(fc.nat(40), { maxLength: 120 }), fc.nat(40), fc.nat(40), (numbers, low, high) => {
    const versions: { readonly tree: Tree; readonly items: readonly number[] }[] = [];
    const items = new Set<number>();
    let tree: Tree;
    for (const item of numbers) {
      tree = (items.has(item) ? taken : added)(tree, item);
      if (!items.delete(item)) items.add(item);
      versions.push({ tree, items: [...items].sort((a, b) => a - b) });
    }
    for (const version of versions) {
      checkedHeight(version.tree);
      expect(listed(version.tree)).toEqual(version.items);
      expect(listed(version.tree, low, high)).toEqual(version.items.filter((item) => item >= low && item <= high));
      expect(firstItem(version.tree, (item) => (item < low ? -1 : 0))).toBe(version.items.find((item) => item >= low));
    }
  });

test("a sorted tree holds what was added and not taken away, in order and in balance, in every version", () => {
  fc.assert(agrees(add, take), { numRuns: propertyRuns });
});

const unbalanced: Change = (tree, item) => {
  if (tree === undefined || tree.item < item)
    return { item, left: tree, right: undefined, height: (tree?.height ?? 0) + 1 };
  return add(tree, item);
};
const faults: readonly (readonly [string, Change, Change])[] = [
  ["an item that stays", add, (tree) => tree],
  ["an item that takes others with it", add, (tree, item) => (tree?.item === item ? tree.left : take(tree, item))],
  ["a tree that grows to one side", unbalanced, take],
];

test.each(faults)("the property sees %s", (_fault, added, taken) => {
  expect(fc.check(agrees(added, taken), { numRuns: 500 }).failed).toBe(true);
});

test("what is not there cannot be taken away", () => {
  const tree = add(add(undefined, 1), 3);
  expect([listed(take(tree, 2)), take(undefined, 1)]).toEqual([[1, 3], undefined]);
});

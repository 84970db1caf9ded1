/**
 * A set in order of which every version stays readable: a balanced binary tree (AVL) whose nodes are never changed, so that
 * versions share all but the path to what differs. Adding, removing and finding cost O(log n).
 *
 * Questions are asked with a probe: it tells of an item whether it stands before what is looked for (negative), in it (0)
 * or behind it (positive).
 */
export interface SortedTree<Item> {
  readonly item: Item;
  readonly left: SortedTree<Item> | undefined;
  readonly right: SortedTree<Item> | undefined;
  readonly height: number;
}

/** A tree, or nothing when it has no items. */
type Branch<Item> = SortedTree<Item> | undefined;
type Probe<Item> = (item: Item) => number;

/** The tree with an item, which must not stand in it; `probe` tells its place. */
export function withItem<Item>(tree: Branch<Item>, item: Item, probe: Probe<Item>): SortedTree<Item> {
  if (tree === undefined) return node(undefined, item, undefined);
  return probe(tree.item) > 0
    ? balanced(withItem(tree.left, item, probe), tree.item, tree.right)
    : balanced(tree.left, tree.item, withItem(tree.right, item, probe));
}

/** The tree without the one item that the probe finds. */
export function withoutItem<Item>(tree: Branch<Item>, probe: Probe<Item>): Branch<Item> {
  if (tree === undefined) return undefined;
  const place = probe(tree.item);
  if (place > 0) return balanced(withoutItem(tree.left, probe), tree.item, tree.right);
  if (place < 0) return balanced(tree.left, tree.item, withoutItem(tree.right, probe));
  if (tree.left === undefined || tree.right === undefined) return tree.left ?? tree.right;
  let next = tree.right;
  while (next.left !== undefined) next = next.left;
  return balanced(tree.left, next.item, withoutFirst(tree.right));
}

/** The first item that the probe finds. */
export function firstItem<Item>(tree: Branch<Item>, probe: Probe<Item>): Item | undefined {
  let found: Item | undefined;
  for (let at = tree; at !== undefined; ) {
    const place = probe(at.item);
    if (place === 0) found = at.item;
    at = place < 0 ? at.right : at.left;
  }
  return found;
}

/** Gives every item that the probe finds, in order. */
export function eachItem<Item>(tree: Branch<Item>, probe: Probe<Item>, visit: (item: Item) => void): void {
  if (tree === undefined) return;
  const place = probe(tree.item);
  if (place >= 0) eachItem(tree.left, probe, visit);
  if (place === 0) visit(tree.item);
  if (place <= 0) eachItem(tree.right, probe, visit);
}

const heightOf = (tree: Branch<unknown>): number => tree?.height ?? 0;

function node<Item>(left: Branch<Item>, item: Item, right: Branch<Item>): SortedTree<Item> {
  return { item, left, right, height: Math.max(heightOf(left), heightOf(right)) + 1 };
}

/** A node over two trees of which one may have become higher than the other by two. */
function balanced<Item>(left: Branch<Item>, item: Item, right: Branch<Item>): SortedTree<Item> {
  const lean = heightOf(left) - heightOf(right);
  if (lean > 1 && left !== undefined) {
    const inner = left.right;
    if (inner === undefined || heightOf(left.left) >= inner.height) {
      return node(left.left, left.item, node(inner, item, right));
    }
    return node(node(left.left, left.item, inner.left), inner.item, node(inner.right, item, right));
  }
  if (lean < -1 && right !== undefined) {
    const inner = right.left;
    if (inner === undefined || heightOf(right.right) >= inner.height) {
      return node(node(left, item, inner), right.item, right.right);
    }
    return node(node(left, item, inner.left), inner.item, node(inner.right, right.item, right.right));
  }
  return node(left, item, right);
}

function withoutFirst<Item>(tree: SortedTree<Item>): Branch<Item> {
  return tree.left === undefined ? tree.right : balanced(withoutFirst(tree.left), tree.item, tree.right);
}

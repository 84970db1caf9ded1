/**
 * An append-only list of which every version stays readable: full leaves in a wide tree, the newest items in a tail that
 * versions share. Appending to the newest version is one push; going on from any other copies one tail. So a version is a
 * snapshot for nothing, and going back and branching cost the same however long the list is and however often it is done.
 */
import type { Index } from "./indexes/define-index.ts";
import { undeclared } from "./indexes/undeclared.ts";
import type { SliceView } from "./view.ts";

/** Items of a leaf and children of a node: 2 to the power of `bits`. */
const bits = 5;
const width = 2 ** bits;

/** A leaf holds `width` items, a node up to `width` children. Neither is changed once it stands in a tree. */
type Leaf<Item> = readonly Item[];
type Node<Item> = readonly (Node<Item> | Leaf<Item>)[];

/** The full leaves of a list, which many versions have in common. */
interface Tree<Item> {
  readonly root: Node<Item>;
  /** Levels of nodes above the leaves. */
  readonly height: number;
  /** How many items stand in the leaves. */
  readonly length: number;
}

const noTree: Tree<never> = { root: [], height: 0, length: 0 };

/** One version of the list. What makes the next version is static, so that who is given a version can only read it. */
export class PersistentList<Item> implements SliceView<Item> {
  /** The version without items. */
  static readonly empty: PersistentList<never> = new PersistentList<never>(noTree, [], 0);

  readonly length: number;
  readonly #tree: Tree<Item>;
  /** The items behind the leaves, and perhaps more that newer versions have pushed. */
  readonly #tail: Item[];

  private constructor(tree: Tree<Item>, tail: Item[], length: number) {
    this.#tree = tree;
    this.#tail = tail;
    this.length = length;
  }

  /** A list of items; the array is copied. */
  static of<Item>(items: readonly Item[]): PersistentList<Item> {
    if (items.length === 0) return PersistentList.empty;
    if (items.length <= width) return new PersistentList<Item>(noTree, items.slice(), items.length);
    const length = items.length - (items.length % width || width);
    let root: Node<Item> = inGroups(items, length);
    let height = 1;
    for (; root.length > width; height++) root = inGroups(root, root.length);
    return new PersistentList({ root, height, length }, items.slice(length), items.length);
  }

  /** A version with one item more. */
  static append<Item>(list: PersistentList<Item>, item: Item): PersistentList<Item> {
    const tree = list.#tree;
    const own = list.length - tree.length;
    if (own === width) return new PersistentList(withLeaf(tree, list.#tail.slice()), [item], list.length + 1);
    // the tail of the empty list is all lists'
    const tail = list.#tail.length === own && own > 0 ? list.#tail : list.#tail.slice(0, own);
    tail.push(item);
    return new PersistentList(tree, tail, list.length + 1);
  }

  /** A version with some items more. */
  static extend<Item>(list: PersistentList<Item>, items: readonly Item[]): PersistentList<Item> {
    let extended = list;
    for (const item of items) extended = PersistentList.append(extended, item);
    return extended;
  }

  /** The same items with a tail of their own: what is appended to it costs the list that it was made from nothing. */
  static branch<Item>(list: PersistentList<Item>): PersistentList<Item> {
    return new PersistentList(list.#tree, list.#tail.slice(0, list.length - list.#tree.length), list.length);
  }

  at(index: number): Item | undefined {
    const wanted = index < 0 ? this.length + index : index;
    if (wanted < 0 || wanted >= this.length) return undefined;
    const { root, height, length } = this.#tree;
    if (wanted >= length) return this.#tail[wanted - length];
    let node = root;
    for (let level = height; level > 0; level--) {
      node = node[(wanted >>> (level * bits)) % width] as Node<Item>; // as: below the last level stands a leaf
    }
    return (node as readonly unknown[] as Leaf<Item>)[wanted % width]; // as: likewise
  }

  latest(): Item | undefined {
    return this.at(-1);
  }

  all(): readonly Item[] {
    const items: Item[] = [];
    for (const leaf of this.#leaves()) items.push(...leaf);
    return items;
  }

  where(fits: (item: Item) => boolean): readonly Item[] {
    const found: Item[] = [];
    for (const leaf of this.#leaves()) for (const item of leaf) if (fits(item)) found.push(item);
    return found;
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const leaf of this.#leaves()) yield* leaf;
  }

  by(index: Index): never {
    throw undeclared(index);
  }

  first(index: Index): never {
    throw undeclared(index);
  }

  range(index: Index): never {
    throw undeclared(index);
  }

  /** All items in runs, oldest first, whatever is pushed meanwhile. */
  *#leaves(): Iterable<Leaf<Item>> {
    yield* leavesBelow(this.#tree.root, this.#tree.height);
    yield this.#tail.slice(0, this.length - this.#tree.length);
  }
}

/** The tree with one leaf more. */
function withLeaf<Item>({ root, height, length }: Tree<Item>, leaf: Leaf<Item>): Tree<Item> {
  if (length < width ** (height + 1) && height > 0) {
    return { root: withChild(root, height, length, leaf), height, length: length + width };
  }
  const higher: Node<Item> = height === 0 ? [] : [root];
  return { root: withChild(higher, height + 1, length, leaf), height: height + 1, length: length + width };
}

/** A node with the leaf that begins at the item `place`; the nodes above it are copied. */
function withChild<Item>(node: Node<Item>, level: number, place: number, leaf: Leaf<Item>): Node<Item> {
  const copy = node.slice();
  const index = (place >>> (level * bits)) % width;
  // as: above the last level stand nodes
  copy[index] = level === 1 ? leaf : withChild((node[index] ?? []) as Node<Item>, level - 1, place, leaf);
  return copy;
}

/** The first `length` items in arrays of `width`. */
function inGroups<Item>(items: readonly Item[], length: number): Item[][] {
  const groups: Item[][] = [];
  for (let start = 0; start < length; start += width) groups.push(items.slice(start, Math.min(start + width, length)));
  return groups;
}

function* leavesBelow<Item>(node: Node<Item>, level: number): Iterable<Leaf<Item>> {
  for (const child of node) {
    if (level === 1)
      yield child as Leaf<Item>; // as: below the last level stand leaves
    else yield* leavesBelow(child as Node<Item>, level - 1); // as: and nodes above it
  }
}

/**
 * An append-only list of which every version stays readable: full leaves in a wide tree, the newest items in a tail. Nodes
 * and tails have room, which versions share: appending to the newest version fills the next place, and older versions do not
 * look there; going on from any other copies what stands before the place. So a version is a snapshot for nothing, and going
 * back and branching cost the same however long the list is and however often it is done.
 */
import type { Index } from "./indexes/define-index.ts";
import { undeclared } from "./indexes/undeclared.ts";
import type { SliceView } from "./view.ts";

/** Items of a leaf and children of a node: 2 to the power of `bits`. */
const bits = 5;
const width = 2 ** bits;

/** Stands at places that nothing has filled yet. */
const free: unique symbol = Symbol("free");

/** A leaf holds `width` items, a node up to `width` children. What is filled is not changed any more. */
type Leaf<Item> = (Item | typeof free)[];
type Node<Item> = (Node<Item> | Leaf<Item> | typeof free)[];

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
  /** The items behind the leaves, and perhaps more that newer versions have added. */
  readonly #tail: Leaf<Item>;

  private constructor(tree: Tree<Item>, tail: Leaf<Item>, length: number) {
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
    const own = list.length - list.#tree.length;
    if (own === width) {
      const tail: Leaf<Item> = withRoom([], 0);
      tail[0] = item;
      return new PersistentList(withLeaf(list.#tree, list.#tail), tail, list.length + 1);
    }
    const tail = list.#tail[own] === free ? list.#tail : withRoom(list.#tail, own);
    tail[own] = item;
    return new PersistentList(list.#tree, tail, list.length + 1);
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
    if (wanted >= length) return this.#tail[wanted - length] as Item; // as: what the version knows of is filled
    let node = root;
    for (let level = height; level > 0; level--) {
      node = node[(wanted >>> (level * bits)) % width] as Node<Item>; // as: below the last level stands a leaf
    }
    return (node as unknown[] as Item[])[wanted % width]; // as: likewise
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

  /** All items in runs, oldest first, whatever is added meanwhile. */
  *#leaves(): Iterable<readonly Item[]> {
    const { root, height, length } = this.#tree;
    yield* leavesBelow<Item>(root, height, length);
    yield this.#tail.slice(0, this.length - length) as Item[]; // as: what the version knows of is filled
  }
}

/** The tree with one leaf more. */
function withLeaf<Item>({ root, height, length }: Tree<Item>, leaf: Leaf<Item>): Tree<Item> {
  if (height > 0 && length < width ** (height + 1)) {
    return { root: withChild(root, height, length, leaf), height, length: length + width };
  }
  const higher: Node<Item> = withRoom<Node<Item>[number]>([root], height === 0 ? 0 : 1);
  return { root: withChild(higher, height + 1, length, leaf), height: height + 1, length: length + width };
}

/** A node with the leaf that begins at the item `place`; what has no room for it is copied. */
function withChild<Item>(node: Node<Item>, level: number, place: number, leaf: Leaf<Item>): Node<Item> {
  const index = (place >>> (level * bits)) % width;
  const known = node[index];
  const child = level === 1 ? leaf : withChild(below(known, level, place), level - 1, place, leaf);
  if (known === child) return node;
  const own = known === free ? node : withRoom(node, index);
  own[index] = child;
  return own;
}

/** The node that stands at a place of one above the last level, or a new one when the leaf is the first below it. */
function below<Item>(known: Node<Item>[number] | undefined, level: number, place: number): Node<Item> {
  return place % width ** level === 0 ? withRoom<Node<Item>[number]>([], 0) : (known as Node<Item>); // as: there stand nodes
}

/** The first `count` of some places, with room behind them. */
function withRoom<T>(places: readonly (T | typeof free)[], count: number): (T | typeof free)[] {
  const copy: (T | typeof free)[] = allFree.slice();
  for (let place = 0; place < count; place++) copy[place] = places[place] as T; // as: they are filled
  return copy;
}

const allFree: readonly (typeof free)[] = Array.from({ length: width }, () => free);

/** The first `length` items in arrays of `width`. */
function inGroups<Item>(items: readonly Item[], length: number): Item[][] {
  const groups: Item[][] = [];
  for (let start = 0; start < length; start += width) groups.push(items.slice(start, Math.min(start + width, length)));
  return groups;
}

/** The leaves that hold the first `count` items. */
function* leavesBelow<Item>(node: Node<Item>, level: number, count: number): Iterable<readonly Item[]> {
  const each = width ** level;
  for (let place = 0; place * each < count; place++) {
    const child = node[place];
    if (level === 1)
      yield child as Item[]; // as: below the last level stand leaves, which are full
    else yield* leavesBelow(child as Node<Item>, level - 1, Math.min(each, count - place * each)); // as: and nodes above it
  }
}

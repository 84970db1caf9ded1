/**
 * An append-only list of which every version stays readable: full leaves in a wide tree, the newest items in a tail that
 * versions share. Appending to the newest version is one push; going on from any other copies one tail. So a version is a
 * snapshot for nothing, and going back and branching cost the same however long the list is and however often it is done.
 */
import type { SliceView } from "./view.ts";

/** Items of a leaf and children of a node: 2 to the power of `bits`. */
const bits = 5;
const width = 2 ** bits;

/** A leaf holds `width` items, a node up to `width` children. Neither is changed once it stands in a tree. */
type Leaf<Item> = readonly Item[];
type Node<Item> = readonly (Node<Item> | Leaf<Item>)[];
const noLeaves: Node<never> = [];

/** One version of the list. What makes the next version is static, so that who is given a version can only read it. */
export class PersistentList<Item> implements SliceView<Item> {
  /** The version without items. */
  static readonly empty: PersistentList<never> = new PersistentList<never>(noLeaves, 0, [], 0, 0);

  readonly length: number;
  /** The full leaves in order, `#height` levels of nodes above them. */
  readonly #root: Node<Item>;
  readonly #height: number;
  /** The items behind the leaves, and perhaps more that newer versions have pushed. */
  readonly #tail: Item[];
  /** How many items stand in leaves. */
  readonly #inLeaves: number;

  private constructor(root: Node<Item>, height: number, tail: Item[], inLeaves: number, length: number) {
    this.#root = root;
    this.#height = height;
    this.#tail = tail;
    this.#inLeaves = inLeaves;
    this.length = length;
  }

  /** A list of items; the array is copied. */
  static of<Item>(items: readonly Item[]): PersistentList<Item> {
    if (items.length === 0) return PersistentList.empty;
    if (items.length <= width) return new PersistentList<Item>(noLeaves, 0, items.slice(), 0, items.length);
    const inLeaves = items.length - (items.length % width || width);
    let nodes: Node<Item> = inGroups(items.slice(0, inLeaves));
    let height = 1;
    for (; nodes.length > width; height++) nodes = inGroups(nodes);
    return new PersistentList(nodes, height, items.slice(inLeaves), inLeaves, items.length);
  }

  /** A version with one item more. */
  static append<Item>(list: PersistentList<Item>, item: Item): PersistentList<Item> {
    const tail = list.#tail;
    const own = list.length - list.#inLeaves;
    if (own === width) return list.#withFullTail(item);
    if (own === 0 || tail.length !== own) {
      const copy = tail.slice(0, own);
      copy.push(item);
      return new PersistentList(list.#root, list.#height, copy, list.#inLeaves, list.length + 1);
    }
    tail.push(item);
    return new PersistentList(list.#root, list.#height, tail, list.#inLeaves, list.length + 1);
  }

  /** A version with some items more. */
  static extend<Item>(list: PersistentList<Item>, items: readonly Item[]): PersistentList<Item> {
    let extended = list;
    for (const item of items) extended = PersistentList.append(extended, item);
    return extended;
  }

  /** The same items with a tail of their own: what is appended to it costs the list that it was made from nothing. */
  static branch<Item>(list: PersistentList<Item>): PersistentList<Item> {
    const tail = list.#tail.slice(0, list.length - list.#inLeaves);
    return new PersistentList(list.#root, list.#height, tail, list.#inLeaves, list.length);
  }

  at(index: number): Item | undefined {
    const wanted = index < 0 ? this.length + index : index;
    if (wanted < 0 || wanted >= this.length) return undefined;
    if (wanted >= this.#inLeaves) return this.#tail[wanted - this.#inLeaves];
    let node: Node<Item> = this.#root;
    for (let level = this.#height; level > 0; level--) {
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

  /** All items in runs, oldest first, whatever is pushed meanwhile. */
  *#leaves(): Iterable<Leaf<Item>> {
    yield* leavesBelow(this.#root, this.#height);
    yield this.#tail.slice(0, this.length - this.#inLeaves);
  }

  /** The tail becomes a leaf, and the item begins a new tail. */
  #withFullTail(item: Item): PersistentList<Item> {
    const leaf = this.#tail.slice();
    const count = this.#inLeaves / width;
    const isFull = count === (this.#height === 0 ? 0 : width ** this.#height);
    const height = isFull ? this.#height + 1 : this.#height;
    const root = isFull && this.#height > 0 ? [this.#root] : this.#root;
    return new PersistentList(withLeaf(root, height, count, leaf), height, [item], this.length, this.length + 1);
  }
}

/** A node with one leaf more, at the place `count` in the order of all leaves; the nodes above it are copied. */
function withLeaf<Item>(node: Node<Item>, height: number, count: number, leaf: Leaf<Item>): Node<Item> {
  const copy = node.slice();
  const place = Math.floor(count / width ** (height - 1)) % width;
  // as: above the last level stand nodes
  copy[place] = height === 1 ? leaf : withLeaf((node[place] ?? []) as Node<Item>, height - 1, count, leaf);
  return copy;
}

function inGroups<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / width) }, (_, index) =>
    items.slice(index * width, (index + 1) * width),
  );
}

function* leavesBelow<Item>(node: Node<Item>, height: number): Iterable<Leaf<Item>> {
  for (const child of node) {
    if (height === 1)
      yield child as Leaf<Item>; // as: below the last level stand leaves
    else yield* leavesBelow(child as Node<Item>, height - 1); // as: and nodes above it
  }
}

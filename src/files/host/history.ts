/**
 * What happened to a host folder, in order: what stood at a path before it was first touched after a snapshot, and captures
 * of the whole. What stood at a path at a snapshot is what the first entry about it after the snapshot tells.
 */
import type { Standing } from "./standing.ts";

/** One thing that happened. */
export type HistoryEntry =
  /** The state has this name. One name may come again, when the folder was taken back to it. */
  | { readonly type: "snapshot"; readonly id: string }
  /** Something is about to change at this path. */
  | { readonly type: "touched"; readonly path: string; readonly before: Standing }
  /** All that was there is kept as this commit of git; what git does not know of stands beside it. */
  | {
      readonly type: "captured";
      readonly commit: string;
      /** How many files and links it holds. */
      readonly files: number;
      readonly empty: readonly string[];
      /** How the unusual permissions differ from those at the capture before; `null` where there are none any more. */
      readonly modes: readonly (readonly [path: string, mode: number | null])[];
      /** What others have made and cannot be kept, such as hard links. */
      readonly unkept: readonly string[];
    };

/** A capture of the whole folder. */
export type Capture = Extract<HistoryEntry, { readonly type: "captured" }>;

/** Permissions that git does not keep, by path: of files other than 0644 and 0755, of directories other than 0755. */
export type UnusualModes = ReadonlyMap<string, number>;

/** The entries in order, with what is needed to look things up. */
export class History {
  readonly #entries: HistoryEntry[] = [];
  readonly #snapshots = new Map<string, number>();
  readonly #touched = new Map<string, number[]>();
  readonly #captures: number[] = [];
  /** The unusual permissions at the last capture. */
  readonly #modes = new Map<string, number>();
  #lastSnapshot = -1;

  /** Adds what happened last. */
  add(entry: HistoryEntry): void {
    const index = this.#entries.push(entry) - 1;
    if (entry.type === "snapshot") {
      this.#snapshots.set(entry.id, index);
      this.#lastSnapshot = index;
    } else if (entry.type === "touched") {
      const indexes = this.#touched.get(entry.path);
      if (indexes === undefined) this.#touched.set(entry.path, [index]);
      else indexes.push(index);
    } else {
      this.#captures.push(index);
      change(this.#modes, entry.modes);
    }
  }

  /** The unusual permissions at a capture; put together anew for any but the last. */
  modesAt(capture: Capture | undefined): UnusualModes {
    if (capture === undefined || capture === this.lastCapture) return this.#modes;
    const modes = new Map<string, number>();
    for (const index of this.#captures) {
      const each = this.#entries[index] as Capture; // as: the indexes are those of captures
      change(modes, each.modes);
      if (each === capture) break;
    }
    return modes;
  }

  /** How many entries there are. */
  get length(): number {
    return this.#entries.length;
  }

  /** Where a snapshot stands among the entries; undefined for one that was not taken here. */
  positionOf(id: string): number | undefined {
    return this.#snapshots.get(id);
  }

  /** Whether what stands at a path must be kept before it is changed, because a snapshot needs it. */
  mustKeep(path: string): boolean {
    return (this.#touched.get(path)?.at(-1) ?? -1) < this.#lastSnapshot;
  }

  /** The paths that were touched after a position. */
  touchedAfter(position: number): ReadonlySet<string> {
    const paths = new Set<string>();
    for (let index = position + 1; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry?.type === "touched") paths.add(entry.path);
    }
    return paths;
  }

  /** The last capture; undefined when there is none. */
  get lastCapture(): Capture | undefined {
    return this.#entries[this.#captures.at(-1) ?? -1] as Capture | undefined; // as: the indexes are those of captures
  }

  /** The first capture after a position. */
  captureAfter(position: number): Capture | undefined {
    return this.#entries[firstAfter(this.#captures, position) ?? -1] as Capture | undefined; // as: the indexes are those of captures
  }

  /**
   * What the entries tell of a path at a position: what stood there before it was first touched after it, or that the first
   * capture after it knows. Undefined when nothing has happened since.
   */
  at(path: string, position: number): Standing | "captured" | undefined {
    const touched = firstAfter(this.#touched.get(path) ?? [], position);
    const captured = firstAfter(this.#captures, position);
    if (touched !== undefined && (captured === undefined || touched < captured)) {
      const entry = this.#entries[touched];
      return entry?.type === "touched" ? entry.before : undefined;
    }
    return captured === undefined ? undefined : "captured";
  }
}

function change(modes: Map<string, number>, changes: Capture["modes"]): void {
  for (const [path, mode] of changes) {
    if (mode === null) modes.delete(path);
    else modes.set(path, mode);
  }
}

/** The first of some growing numbers that is greater. */
function firstAfter(numbers: readonly number[], position: number): number | undefined {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return numbers[low];
}

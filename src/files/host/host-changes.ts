/** Changes what lies in a host folder, each time at once: what was there is kept first, so that it can be put back. */
import { fileError } from "../file-error.ts";
import type { WriteOptions } from "../filesystem.ts";
import { checkPath, joinPath, splitPath } from "../paths.ts";
import { checkSize } from "../size.ts";
import { checkMode, checkMove, checkNewDirectory, checkRemoval, checkTarget, type KindAt } from "../tree-checks.ts";
import { forbidden } from "./host-error.ts";
import type { HostParts } from "./host-parts.ts";
import { type Places, parentOf } from "./places.ts";
import { makeDirectories } from "./put-back.ts";
import { readPieces } from "./read-pieces.ts";
import type { Undo } from "./undo.ts";
import { entriesIn } from "./walk.ts";
import type { HostWriter } from "./writer.ts";

/** Who hears of each path before and after it is changed. */
type Watch = Pick<Undo, "beforeChange" | "afterChange">;

/** The changing half of host files. Each method makes its change before it gives back control. */
export class HostChanges {
  readonly #parts: Pick<HostParts, "places" | "writer">;
  readonly #places: Places;
  readonly #writer: HostWriter;
  readonly #undo: Watch;
  readonly #kindAt: KindAt;

  constructor(parts: Pick<HostParts, "places" | "writer">, undo: Watch) {
    this.#parts = parts;
    this.#places = parts.places;
    this.#writer = parts.writer;
    this.#undo = undo;
    this.#kindAt = (path) => parts.places.kindAt(path);
  }

  /** Writes a file from pieces. */
  write(path: string, pieces: Iterable<Uint8Array>, { mode = "overwrite" }: WriteOptions = {}): void {
    const at = this.checkWrite(path, { mode });
    using old = mode === "append" ? this.#places.openFile(at) : undefined;
    makeDirectories(this.#parts, this.#undo, parentOf(at));
    this.#undo.beforeChange(at);
    const draft = this.#writer.begin(at);
    try {
      if (old !== undefined) for (const piece of readPieces(old)) draft.write(piece);
      for (const piece of pieces) draft.write(piece);
      draft.place();
    } finally {
      draft.discard();
    }
    this.#undo.afterChange(at);
  }

  /** Throws unless a file may be written; gives its path in the normal form. `size` is that of what is added, when it is limited. */
  checkWrite(path: string, { mode = "overwrite" }: WriteOptions = {}, size?: number): string {
    const at = checkPath(path);
    checkTarget(this.#kindAt, at);
    checkMode(this.#kindAt(at), at, mode);
    if (size === undefined) return at;
    const place = mode === "append" ? this.#places.look(at) : undefined;
    checkSize(size + (place?.kind === "file" ? place.stats.size : 0), at);
    return at;
  }

  /** Makes a directory and those above it. */
  makeDirectory(path: string): void {
    const at = checkPath(path);
    if (checkNewDirectory(this.#kindAt, at)) makeDirectories(this.#parts, this.#undo, at);
  }

  /** Gives a file or directory another name. */
  move(from: string, to: string): void {
    const [source, target] = [checkPath(from), checkPath(to)];
    let below: readonly string[] = [];
    checkMove(this.#kindAt, source, target, () => {
      if (this.#places.look(source).kind === "directory") below = this.#below(source);
      const deepest = below.reduce((most, path) => Math.max(most, splitPath(path).length), 0);
      return Math.max(0, deepest - splitPath(source).length);
    });
    const moved = [source, ...below];
    const places = moved.map((path) => target + path.slice(source.length));
    for (const path of places) {
      const why = this.#places.excluded(path);
      if (why !== undefined) throw forbidden(path, why);
    }
    makeDirectories(this.#parts, this.#undo, parentOf(target));
    for (const path of [...moved, ...places]) this.#undo.beforeChange(path);
    this.#writer.rename(source, target);
    for (const path of [...moved, ...places]) this.#undo.afterChange(path);
  }

  /** Removes a file or directory. */
  remove(path: string, recursive: boolean): void {
    const at = checkPath(path);
    const kind = at === "" ? "directory" : this.#places.kindAt(at);
    checkRemoval(kind, at, () => recursive || entriesIn(this.#places, at).length === 0);
    const below = kind === "directory" ? this.#below(at) : [];
    const removed = [at, ...below];
    for (const each of removed) this.#undo.beforeChange(each);
    for (const each of removed.toReversed()) {
      if (this.#places.look(each).kind !== "directory") this.#writer.removeFile(each);
      else if (!this.#writer.removeDirectory(each)) {
        throw fileError("FILE_CHANGED", each, "Somebody else has put something into the directory meanwhile");
      }
      this.#undo.afterChange(each);
    }
  }

  /** All that is in a directory, outer before inner. Throws `PATH_FORBIDDEN` for what cannot be kept, or is not ours to take away. */
  #below(path: string): readonly string[] {
    const found: string[] = [];
    for (const { name } of entriesIn(this.#places, path)) {
      const at = joinPath(path, name);
      const place = this.#places.look(at);
      if (place.kind === "forbidden" && place.target === undefined) throw forbidden(at, place.why);
      found.push(at);
      if (place.kind === "directory") found.push(...this.#below(at));
    }
    return found;
  }
}

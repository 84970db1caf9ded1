/**
 * Snapshots of a host folder and the way back to them. Of our own changes the old content is kept before the first one after
 * a snapshot, so that a snapshot costs nothing; only where others change files is the whole folder captured.
 */
import { lstatSync } from "node:fs";
import { WinkError } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import type { FileChange, FileSnapshot } from "../filesystem.ts";
import type { CaptureOptions } from "./captures.ts";
import { type Contents, differing, standingIn } from "./contents.ts";
import { forbidden } from "./host-error.ts";
import type { HostParts } from "./host-parts.ts";
import { putBack } from "./put-back.ts";
import { hashPieces } from "./read-pieces.ts";
import { changeOf, nothingThere, type Standing } from "./standing.ts";

/** Takes snapshots and goes back to them. Nothing may change the files through us while one of its promises is pending. */
export class Undo {
  readonly #parts: HostParts;
  readonly #snapshots = new Map<string, FileSnapshot>();
  /** How a path looked before our first change, after our last, or at the last capture, to see whether others have changed it since. */
  readonly #looks = new Map<string, string>();
  /** What the last capture could not keep, and nobody has changed since. */
  #unkept: Set<string>;
  /** Whether others may have changed files since the last capture. */
  #dirty: boolean;
  #clean: FileSnapshot | undefined;
  #count: number;

  constructor(parts: HostParts) {
    this.#parts = parts;
    const { history } = parts.keeper;
    this.#dirty = history.lastCapture !== undefined;
    this.#unkept = new Set(history.lastCapture?.unkept);
    this.#count = history.length;
    // what stands there now is kept from here on, so that nothing that was done since the last time can be lost
    if (history.length > 0) this.#name(this.#newId());
  }

  /** Keeps what stands at a path, if a snapshot needs it. To be called before each change. */
  beforeChange(path: string): void {
    this.#clean = undefined;
    const { keeper } = this.#parts;
    if (!keeper.history.mustKeep(path)) return;
    // first, so that what others make from here on counts as theirs, also when the change fails
    this.#looks.set(path, this.#lookAt(path));
    keeper.add({ type: "touched", path, before: this.standingAt(path, "keep") });
  }

  /** Notes how a path looks. To be called after each change. */
  afterChange(path: string): void {
    this.#unkept.delete(path);
    this.#looks.set(path, this.#lookAt(path));
  }

  /** Whether this is what others have made, announced, and nobody could keep. */
  isUnkept(path: string): boolean {
    return this.#unkept.has(path);
  }

  /** Whether a path looks as after our last change of it; also when we have not changed it. */
  isOurs(path: string): boolean {
    const known = this.#looks.get(path);
    return known === undefined || known === this.#lookAt(path);
  }

  /** Takes a snapshot. */
  async snapshot(): Promise<FileSnapshot> {
    if (this.#dirty) await this.#capture({ lenient: true });
    this.#clean ??= this.#name(this.#newId());
    return this.#clean;
  }

  /** Gives the snapshot of a name, also one of an earlier process; undefined when there is none. */
  find(id: string): FileSnapshot | undefined {
    return this.#parts.keeper.history.positionOf(id) === undefined ? undefined : this.#named(id);
  }

  /** Prepares for changes by others: keeps all that is there. */
  async expectOthers(signal: AbortSignal | undefined): Promise<void> {
    if (this.#dirty) return;
    // also when we have changed nothing since the last time: others may have, and that must not count as done by those to come
    await this.#capture({ signal });
    this.#clean = undefined;
    this.#dirty = true;
  }

  /** Throws `SNAPSHOT_FOREIGN` unless a snapshot was taken here. */
  requireOwn(snapshot: FileSnapshot): void {
    this.#positionOf(snapshot);
  }

  /**
   * Goes back. What others have changed without anybody saying so is left as it is, and told by `FILE_CHANGED`; what the system
   * refuses, by `FILE_FAILED`. Throws `SNAPSHOT_FOREIGN` as well.
   */
  async restore(snapshot: FileSnapshot): Promise<void> {
    const position = this.#positionOf(snapshot);
    if (this.#dirty) await this.#capture({ lenient: true });
    await putBack(this.#parts, await this.#goals(position), this);
    this.#clean = this.#name(snapshot.id);
  }

  /** Tells which files differ between two moments; the second is now unless given. Throws `SNAPSHOT_FOREIGN`. */
  async changes(since: FileSnapshot, until: FileSnapshot | undefined): Promise<readonly FileChange[]> {
    const from = this.#positionOf(since);
    const given = until === undefined ? undefined : this.#positionOf(until);
    if (this.#dirty) await this.#capture({ lenient: true });
    const { history } = this.#parts.keeper;
    const to = given ?? history.length;
    const [before, after] = [await this.#contentsAfter(from), await this.#contentsAfter(to)];
    const paths = new Set([...history.touchedAfter(Math.min(from, to)), ...differing(before, after)]);
    const changes: FileChange[] = [];
    for (const path of [...paths].sort()) {
      const kind = changeOf(this.#standing(path, from, before), this.#standing(path, to, after));
      if (kind !== undefined) changes.push({ path, kind });
    }
    return changes;
  }

  /** What stands at a path now; with `keep` its content is kept. Throws `PATH_FORBIDDEN` for what cannot be put back. */
  standingAt(path: string, content: "keep" | "hash"): Standing {
    const { places, keeper } = this.#parts;
    const place = places.lookWithoutWay(path);
    if (place.kind === "nothing") return nothingThere;
    if (place.kind !== "directory" && this.#unkept.has(path)) return { kind: "unkept" };
    if (place.kind === "directory") return { kind: "directory", mode: place.stats.mode & 0o7777 };
    if (place.kind === "forbidden") {
      if (place.target === undefined) throw forbidden(path, place.why);
      return { kind: "link", target: place.target };
    }
    using handle = places.openFile(path);
    if (handle === undefined) return nothingThere;
    const blob = content === "keep" ? keeper.keep(path, handle) : hashPieces(path, handle);
    return { kind: "file", blob, mode: handle.stats.mode & 0o7777 };
  }

  async #capture(options: CaptureOptions): Promise<void> {
    const { keeper, captures } = this.#parts;
    const modes = keeper.history.modesAt(keeper.history.lastCapture);
    const { capture, changed } = await captures.capture(modes, options);
    keeper.add(capture);
    const wasAnnounced = this.#dirty;
    this.#dirty = false;
    this.#clean = undefined;
    // what others change from here on was not announced, so that it is seen by how things look now. What they did before was, if anybody
    // has spoken: also what two captures do not show, as an empty directory in the place of a file that we made between them
    for (const [path, look] of this.#looks)
      if (wasAnnounced || look === isDirectory || look === isNothing) this.afterChange(path);
    for (const path of changed) this.afterChange(path);
    this.#unkept = new Set(capture.unkept);
  }

  /** What must stand at each path that may differ from the position. */
  async #goals(position: number): Promise<ReadonlyMap<string, Standing>> {
    const { history } = this.#parts.keeper;
    const then = await this.#contentsAfter(position);
    const paths = [...differing(then, await this.#contentsAfter(history.length)), ...history.touchedAfter(position)];
    return new Map(paths.map((path) => [path, this.#standing(path, position, then)]));
  }

  /** What stood at a path at a position; `contents` are those of the first capture after it. */
  #standing(path: string, position: number, contents: Contents | undefined): Standing {
    const told = this.#parts.keeper.history.at(path, position);
    if (told === undefined) return this.standingAt(path, "hash");
    return told === "captured" ? standingIn(contents, path) : told;
  }

  /** What the first capture after a position holds, else the last one; undefined when there is none. */
  async #contentsAfter(position: number): Promise<Contents | undefined> {
    const { history } = this.#parts.keeper;
    const capture = history.captureAfter(position) ?? history.lastCapture;
    return capture && (await this.#parts.captures.kept.contents(capture, history.modesAt(capture)));
  }

  #positionOf(snapshot: FileSnapshot): number {
    const position = this.#parts.keeper.history.positionOf(snapshot.id);
    if (position !== undefined && this.#snapshots.get(snapshot.id) === snapshot) return position;
    throw new WinkError("SNAPSHOT_FOREIGN", {
      at: "snapshot",
      problem: "It was not taken from these files",
      expected: "one that these files gave",
      received: shownPath(snapshot.id),
      details: { id: snapshot.id },
    });
  }

  #newId(): string {
    this.#count += 1;
    return `${this.#parts.keeper.id}-${this.#count}`;
  }

  /** Gives the present state a name. */
  #name(id: string): FileSnapshot {
    this.#parts.keeper.add({ type: "snapshot", id });
    return this.#named(id);
  }

  #named(id: string): FileSnapshot {
    const snapshot = this.#snapshots.get(id) ?? Object.freeze({ id });
    this.#snapshots.set(id, snapshot);
    return snapshot;
  }

  /** How something looks without its content. Not rooted: it only compares, and a link on the way is found by whoever changes the path next. */
  #lookAt(path: string): string {
    try {
      const stats = lstatSync(`${this.#parts.places.folder.path}/${path}`, { bigint: true });
      return stats.isDirectory() ? isDirectory : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
    } catch {
      return isNothing; // or nothing that can be seen
    }
  }
}

const isDirectory = "directory";
const isNothing = "nothing";

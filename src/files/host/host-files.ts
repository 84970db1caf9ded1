/** The files of a host folder itself: what is written is there at once, and can be taken back. */
import { type IdSource, systemIds, WinkError } from "../../base/index.ts";
import { checkedText } from "../content.ts";
import { fileError, shownPath } from "../file-error.ts";
import type { FileSnapshot, Filesystem, Waiting } from "../filesystem.ts";
import { compileGlob } from "../glob.ts";
import { linesOf } from "../lines.ts";
import { defaultExclude } from "../mount.ts";
import { checkPath } from "../paths.ts";
import { checkedBytes, takenBack, untilAborted } from "../stream.ts";
import { Captures } from "./captures.ts";
import { HostChanges } from "./host-changes.ts";
import { openHostFolder } from "./host-folder.ts";
import { HostReader } from "./host-reader.ts";
import { removeLeftovers } from "./leftovers.ts";
import { Places } from "./places.ts";
import { inodeOf, openState } from "./state.ts";
import { Undo } from "./undo.ts";
import { HostWriter } from "./writer.ts";

/** Which folder, and what of it may be touched. */
export interface HostOptions {
  /** The folder. */
  readonly root: string;
  /**
   * Globs of files and directories that are not part of these files: they are not read, written, kept or taken back.
   * {@link defaultExclude} unless told; `.git` never is.
   */
  readonly exclude?: readonly string[] | undefined;
  /** Whether files with several names (hard links) may be touched, whose other names may lie outside; `false` unless told. */
  readonly hardLinks?: boolean | undefined;
  /**
   * The folder in which is kept what snapshots need, so that they outlive the process; it lies apart from `root`, and one
   * process uses it at a time. Unless given one is made, and removed at the end.
   */
  readonly state?: string | undefined;
  /** The program `git`, which is needed by `changedOutside` only; looked for on the `PATH` of `environment`, or in usual folders. */
  readonly git?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Makes the name of a new state; random unless given. */
  readonly ids?: IdSource | undefined;
}

/** Files of a host folder. Closed by whoever opened them; snapshots last as long as the state is kept. */
export interface HostFilesystem extends Filesystem, AsyncDisposable {
  /** The folder, with links resolved. */
  readonly root: string;
  /** Gives the snapshot of this id, also one that an earlier process took with the same `state`; undefined when there is none. */
  findSnapshot(id: string): FileSnapshot | undefined;
}

/**
 * Opens a host folder as files. Nothing outside it is read or written: no link is followed, devices and `.git` are not
 * touched. Throws `MOUNT_INVALID`, `PATTERN_INVALID`, `INPUT_INVALID`, `FILES_BUSY`, `FILE_FAILED`, and for a `state` that
 * cannot be used `SNAPSHOT_FOREIGN`, `SNAPSHOT_INVALID` or `SNAPSHOT_NEWER`.
 */
export async function hostFiles(options: HostOptions): Promise<HostFilesystem> {
  const { exclude = defaultExclude, hardLinks = false, ids = systemIds } = options;
  const excludes = exclude.map(compileGlob);
  const folder = openHostFolder(options.root);
  const places = new Places(folder, { isExcluded: (path) => excludes.some((fits) => fits(path)), hardLinks });
  using opened = new DisposableStack();
  const { keeper } = opened.use(await openState(folder, options.state, ids.next("files")));
  removeLeftovers(places, keeper.history.touchedAfter(-1));
  const writer = new HostWriter(places);
  const captures = new Captures(places, { ...options, repository: keeper.repository });
  const parts = { places, writer, keeper, captures };
  const undo = new Undo(parts);
  const changes = new HostChanges(parts, undo);
  const reader = new HostReader(places);
  const state = opened.move();
  let isClosed = false;
  let restores = 0;
  let last: Promise<unknown> = Promise.resolve();

  const check = (waiting: Waiting | undefined): void => {
    waiting?.signal?.throwIfAborted();
    if (isClosed) {
      throw new WinkError("RESOURCE_CLOSED", { at: shownPath(folder.path), problem: "These host files are closed" });
    }
  };
  /** One change after the other, in the order of their calls, so that none comes into a restore or a capture. */
  const inTurn = <Result>(waiting: Waiting | undefined, work: () => Result | Promise<Result>): Promise<Result> => {
    const turn = last.then(() => {
      check(waiting);
      return work();
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    root: folder.path,
    identity: { root: folder.path, inode: String(inodeOf(folder)) },
    readOnly: false,
    async readText(path, waiting = {}) {
      check(waiting);
      const text = reader.text(path);
      return text === undefined ? undefined : linesOf(text, waiting);
    },
    async readBytes(path, waiting) {
      check(waiting);
      return reader.bytes(path);
    },
    async stat(path, waiting) {
      check(waiting);
      return reader.stat(path);
    },
    async list(path = "", waiting) {
      check(waiting);
      return reader.list(path);
    },
    async glob(pattern, given = {}) {
      check(given);
      return await reader.glob(pattern, given);
    },
    async grep(pattern, given = {}) {
      check(given);
      return await reader.grep(pattern, given);
    },
    async *readStream(path, given = {}) {
      check(given);
      yield* reader.stream(path, given);
    },
    writeText: (path, text, given) =>
      inTurn(given, () => {
        const bytes = Buffer.from(checkedText(text, path));
        changes.checkWrite(path, given, bytes.byteLength);
        changes.write(path, [bytes], given);
      }),
    async writeBytes(path, bytes, given) {
      const copy = checkedBytes(bytes).slice(); // the caller may change theirs before its turn comes
      await inTurn(given, () => {
        changes.checkWrite(path, given, copy.byteLength);
        changes.write(path, [copy], given);
      });
    },
    async writeStream(path, pieces, given) {
      check(given);
      const at = changes.checkWrite(path, given);
      const begun = restores;
      using spool = keeper.spool();
      for await (const piece of untilAborted(pieces, given?.signal)) spool.write(piece);
      await inTurn(given, () => {
        if (restores !== begun) throw takenBack(at);
        changes.write(path, spool.pieces(), given);
      });
    },
    editText: (path, change, given) =>
      inTurn(given, () => {
        const text = reader.text(path);
        if (text === undefined) throw fileError("FILE_MISSING", checkPath(path), "There is no such file");
        const changed = change(text);
        if (changed === text) return;
        const bytes = Buffer.from(checkedText(changed, path));
        changes.checkWrite(path, {}, bytes.byteLength);
        changes.write(path, [bytes]);
      }),
    makeDirectory: (path, waiting) => inTurn(waiting, () => changes.makeDirectory(path)),
    move: (from, to, waiting) => inTurn(waiting, () => changes.move(from, to)),
    remove: (path, given) => inTurn(given, () => changes.remove(path, given?.recursive ?? false)),
    snapshot: () => inTurn(undefined, () => undo.snapshot()),
    changedOutside: (waiting) => inTurn(waiting, () => undo.expectOthers(waiting?.signal)),
    async restore(snapshot) {
      undo.requireOwn(snapshot);
      restores += 1; // what is being streamed now was begun before
      await inTurn(undefined, () => undo.restore(snapshot));
    },
    changes: (since, until) => inTurn(undefined, () => undo.changes(since, until)),
    findSnapshot: (id) => undo.find(id),
    async [Symbol.asyncDispose]() {
      await last;
      isClosed = true;
      state.dispose();
    },
  };
}

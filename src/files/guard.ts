import type { Gate } from "../resources/index.ts";
import { readOnlyError } from "./file-error.ts";
import type { Filesystem } from "./filesystem.ts";

/**
 * Files as one tool call sees them. Each use throws `CONTEXT_CLOSED` once the call has settled, also when it settles while
 * the work is under way; each change throws `FILES_READ_ONLY` when the call may not change the workspace. Taking snapshots
 * is reading and going back to one is a change like any other: the call's own transaction holds a snapshot from before.
 */
export function guardFiles(inner: Filesystem, gate: Gate): Filesystem {
  const use = <Result>(work: () => Promise<Result>): Promise<Result> =>
    handled(async () => {
      gate.check();
      const result = await work();
      gate.check();
      return result;
    });
  const change = (path: string, work: () => Promise<void>): Promise<void> =>
    use(() => {
      if (!gate.mayWrite) throw readOnlyError(path, "a call that may write", "one that may only read files");
      return work();
    });
  return {
    readOnly: inner.readOnly || !gate.mayWrite,
    readText: (path, options) => use(() => inner.readText(path, options)),
    readBytes: (path, options) => use(() => inner.readBytes(path, options)),
    stat: (path, options) => use(() => inner.stat(path, options)),
    list: (path, options) => use(() => inner.list(path, options)),
    glob: (pattern, options) => use(() => inner.glob(pattern, options)),
    grep: (pattern, options) => use(() => inner.grep(pattern, options)),
    writeText: (path, text, options) => change(path, () => inner.writeText(path, text, options)),
    writeBytes: (path, bytes, options) => change(path, () => inner.writeBytes(path, bytes, options)),
    readStream: (path, options) => watched(inner.readStream(path, options), gate),
    writeStream: (path, pieces, options) => change(path, () => inner.writeStream(path, watched(pieces, gate), options)),
    editText: (path, edit, options) => change(path, () => inner.editText(path, edit, options)),
    makeDirectory: (path, options) => change(path, () => inner.makeDirectory(path, options)),
    move: (from, to, options) => change(from, () => inner.move(from, to, options)),
    remove: (path, options) => change(path, () => inner.remove(path, options)),
    snapshot: () => use(() => inner.snapshot()),
    changedOutside: (options) => change("", () => inner.changedOutside(options)),
    restore: (snapshot) => change("", () => inner.restore(snapshot)),
    changes: (since, until) => use(() => inner.changes(since, until)),
  };
}

/** Pieces of a stream, as long as the call has not settled. */
async function* watched<Piece>(pieces: AsyncIterable<Piece> | Iterable<Piece>, gate: Gate): AsyncGenerator<Piece> {
  gate.check();
  for await (const piece of pieces) {
    gate.check();
    yield piece;
  }
  gate.check();
}

/** Work that nobody waits for and that fails when the call has settled must not end the process as an unhandled rejection. */
function handled<Result>(work: () => Promise<Result>): Promise<Result> {
  const promise = work();
  promise.catch(() => undefined);
  return promise;
}

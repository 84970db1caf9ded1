/** Content piece by piece: what streams of every filesystem have in common. */
import { WinkError } from "../base/index.ts";
import { fileError } from "./file-error.ts";
import type { ReadStreamOptions } from "./filesystem.ts";

/** The largest piece that a stream gives, in bytes. */
export const largestPiece: number = 64 * 1024;

/** The part of a file that is asked for, held within its size. Throws `INPUT_INVALID`. */
export function rangeOf({ start = 0, end }: ReadStreamOptions, size: number): { readonly start: number; end: number } {
  checkCount(start, "start");
  if (end !== undefined) checkCount(end, "end");
  return { start: Math.min(start, size), end: Math.min(end ?? size, size) };
}

/** Throws `INPUT_INVALID` unless a number is a whole one, 0 or more. */
export function checkCount(value: number, name: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new WinkError("INPUT_INVALID", {
    problem: `\`${name}\` is wrong`,
    expected: "a whole number, 0 or more",
    received: String(value),
  });
}

/** Gives pieces as they come, and ends the wait for the next one when a signal aborts: throws its reason then. */
export async function* untilAborted<Piece>(
  pieces: AsyncIterable<Piece> | Iterable<Piece>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Piece> {
  signal?.throwIfAborted();
  if (signal === undefined) return yield* pieces;
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    void Promise.resolve(iterator.return?.()).catch(() => undefined); // not waited for: it may be what does not come
  }
}

/** Makes the error of something that was begun before files were taken back, and would have changed them after it. */
export function takenBack(path: string): Error {
  return fileError("FILE_CHANGED", path, "The files were taken back while this was being written, so it was given up");
}

/** Content piece by piece: what streams of every filesystem have in common. */
import { WinkError } from "../base/index.ts";
import { checkCount } from "./count.ts";
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

/** Gives bytes that are some; throws `INPUT_INVALID` for anything else, such as text, of which nothing would be written. */
export function checkedBytes(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw new WinkError("INPUT_INVALID", {
    at: "bytes",
    problem: "These are no bytes",
    expected: "a Uint8Array, such as a Buffer",
    received: typeof bytes,
    fix: "Encode text first: new TextEncoder().encode(text).",
  });
}

/** Gives pieces as they come, each of bytes, and ends the wait for the next one when a signal aborts: throws its reason then. */
export async function* untilAborted(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield checkedBytes(next.value);
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    void Promise.resolve(iterator.return?.()).catch(() => undefined); // not waited for: it may be what does not come
  }
}

/** Makes the error of something that was begun before files were taken back, and would have changed them after it. */
export function takenBack(path: string): Error {
  return fileError("FILE_CHANGED", path, "The files were taken back while this was being written, so it was given up");
}

import { readSync } from "node:fs";
import type { HostHandle } from "./host-open.ts";

/** What is read at once, in bytes. */
const pieceSize = 1024 * 1024;

/** An open file with what was known of it when it was opened. */
export type OpenContent = Omit<HostHandle, typeof Symbol.dispose>;

/** Reads an open file from its beginning. A piece is good until the next one is asked for. */
export function* readPieces({ descriptor, stats }: OpenContent): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(Math.min(Math.max(stats.size, 1) + 1, pieceSize));
  for (let at = 0; ; ) {
    const length = readSync(descriptor, buffer, 0, buffer.byteLength, at);
    if (length === 0) return;
    at += length;
    yield buffer.subarray(0, length);
  }
}

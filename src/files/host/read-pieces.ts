import { fstatSync, readSync } from "node:fs";
import type { WinkError } from "../../base/index.ts";
import { fileError } from "../file-error.ts";
import type { HostHandle } from "./host-open.ts";
import { blobHash } from "./standing.ts";

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

/** Hashes an open file as git does, and gives its pieces on. Throws `FILE_CHANGED` for one that is being written. */
export function hashPieces(path: string, content: OpenContent, take?: (piece: Uint8Array) => void): string {
  const hash = blobHash(content.stats.size);
  for (const piece of wholePieces(path, content)) {
    hash.update(piece);
    take?.(piece);
  }
  return hash.digest("hex");
}

/** Reads an open file of which all must be there. Throws `FILE_CHANGED` for one that is being written. */
function* wholePieces(path: string, content: OpenContent): Generator<Uint8Array> {
  yield* firstPieces(path, content);
  if (fstatSync(content.descriptor).size > content.stats.size) throw changedMeanwhile(path);
}

/** Reads an open file up to the size that it had when it was opened. Throws `FILE_CHANGED` for one that has become shorter. */
export function* firstPieces(path: string, content: OpenContent): Generator<Uint8Array> {
  let left = content.stats.size;
  for (const piece of readPieces(content)) {
    yield piece.subarray(0, left);
    left -= piece.byteLength;
    if (left <= 0) return;
  }
  if (left > 0) throw changedMeanwhile(path);
}

const changedMeanwhile = (path: string): WinkError =>
  fileError("FILE_CHANGED", path, "The file was written by somebody else while it was read");

import { crc32 } from "node:zlib";
import type { JournalPlace } from "../journal-place.ts";
import { Block } from "./block.ts";
import { eachChange, readHeader, refuseOther } from "./file-content.ts";
import { type Change, readLine } from "./operation-line.ts";
import type { SliceFile } from "./slice-file.ts";
import type { Source } from "./source.ts";
import { storeInvalid } from "./store-error.ts";
import { StoredList } from "./stored-list.ts";

/** What a file holds, as far as it was read. */
export interface Taken<Item> {
  /** The version in which it has its items. */
  readonly source: Source<Item>;
  readonly list: StoredList<Item>;
  /** Bytes. */
  readonly size: number;
  readonly lines: number;
  /** Items in all these lines; a line without any counts as one. */
  readonly written: number;
  readonly applied: JournalPlace | undefined;
}

/** What is known of a file before any of it was read. */
export function nothingTaken<Item>(source: Source<Item>): Taken<Item> {
  return { source, list: StoredList.of<Item>(source), size: 0, lines: 0, written: 0, applied: undefined };
}

/** How much a change adds to what is written. */
export const weightOf = ({ items }: Change): number => Math.max(1, items.length);

/** What was read, with the whole lines more that the file has up to a length. Throws `STORE_INVALID`, `STORE_NEWER`. */
export function takeMore<Item>(file: SliceFile, before: Taken<Item>, length: number): Taken<Item> {
  const begun = before.size === 0 ? takeHeader(file, before, length) : before;
  let { list, size, lines, written, applied } = begun;
  for (const bytes of file.lines(size, length)) {
    lines = eachChange(bytes, { path: file.path, line: lines + 1 }, (change, line) => {
      list = StoredList.change(list, change, { source: begun.source, line });
      written += weightOf(change);
      applied = change.place ?? applied;
    });
    size += bytes.length;
  }
  return { ...begun, list, size, lines, written, applied };
}

/** What the header says, and the lines that were written at once with it. */
function takeHeader<Item>(file: SliceFile, nothing: Taken<Item>, length: number): Taken<Item> {
  const { path } = file;
  const { slice } = nothing.source;
  const [first] = file.lines(0, length);
  if (first === undefined) {
    refuseOther(slice, path, file.read(0, Math.min(length, 1_000)));
    return nothing;
  }
  const { items: version, written, bytes: size } = readHeader(slice, path, first);
  const source = { ...nothing.source, version };
  const begun = { ...nothingTaken(source), size, lines: 1, applied: written?.applied };
  if (written === undefined) return begun;
  const bytes = file.read(size, Math.min(length, size + written.bytes));
  if (crc32(bytes, written.lines) !== written.crc32) return begun;
  return {
    ...begun,
    list: StoredList.of(source, new Block(source, bytes, written.lines)),
    size: size + bytes.length,
    lines: written.lines + 1,
    written: written.lines,
  };
}

/**
 * The length of a file up to the end of its last whole line: what stands behind it is completed or cut off. Under the lock. Throws
 * `STORE_INVALID` when there is less than was read before.
 */
export function wholeLength<Item>(file: SliceFile, { source, size, lines }: Taken<Item>): number {
  const { length } = file;
  if (length < size) {
    throw storeInvalid(
      { path: file.path, line: lines },
      {
        problem: "The file has become shorter: another program has changed it",
        expected: `${size} bytes or more`,
        received: `${length} bytes`,
        fix: "Open the store anew to take that in; or `compact` writes the file anew, with all that this store holds.",
      },
    );
  }
  const tail = file.tail(size, length);
  if (tail.length === 0) return length;
  const whole = length - tail.length;
  if (whole === 0) refuseOther(source.slice, file.path, tail);
  // whole but for its end, as some editors leave it; nobody can tell that it was torn
  else if (typeof readLine(tail.toString("utf8")) !== "string") return length + file.append("\n", length);
  file.truncate(whole);
  return whole;
}
